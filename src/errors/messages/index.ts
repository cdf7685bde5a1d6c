import { imports } from "./imports.ts";
import { reader } from "./reader.ts";
import { sources } from "./sources.ts";

/** The messages of all errors that can occur while a module is loaded. */
// A call rather than a spread, because bundlers drop an unused call but not an unused spread.
export const messages = Object.assign({}, reader, sources, imports);
