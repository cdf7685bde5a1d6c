import { flat, plain } from "./description.ts";

/** Nothing. */
export const nothing = plain(flat("undefined", (value) => value === undefined));
