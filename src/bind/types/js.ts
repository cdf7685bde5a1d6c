import type { JsType } from "../../public/index.ts";
import { flat, plainDescription, type TypeDescription } from "./description.ts";

/** Any JavaScript value. */
export const js: TypeDescription<JsType> = {
  ...plainDescription,
  members: ["borrowed"],
  flag: "borrowed",
  read: (type, { flag }) => ({ type, borrowed: flag }),
  acceptance: () => flat("any value", () => true),
};
