import { imports } from "./imports.ts";
import { reader } from "./reader.ts";
import { sources } from "./sources.ts";

/** The messages of whatever can go wrong while a module is loaded. */
// A call, which bundlers drop where it is not needed, as they do not drop a spread.
export const messages = Object.assign({}, reader, sources, imports);
