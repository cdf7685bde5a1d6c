import type { ObjectType, OwnedType } from "../../public/index.ts";
import { flat, plainDescription, type TypeDescription, type TypeReader } from "./description.ts";

const ofClass = {
  ...plainDescription,
  members: ["class"],
  read: <Name extends string>(type: Name, { own }: TypeReader) => {
    const name = own("class");
    return typeof name === "string" ? { type, class: name } : undefined;
  },
  // Only the class itself can check its objects, and it is made elsewhere.
  acceptance: ({ class: name }: ObjectType | OwnedType) =>
    flat(`an object of the class ${name}`, (value) => typeof value === "object" && value !== null),
} as const;

/** An object of a class of the interface, lent. */
export const object: TypeDescription<ObjectType> = {
  ...ofClass,
  text: ({ class: name }) => name,
};

/** An object of a class of the interface, given away. */
export const owned: TypeDescription<OwnedType> = {
  ...ofClass,
  text: ({ class: name }) => `owned ${name}`,
};
