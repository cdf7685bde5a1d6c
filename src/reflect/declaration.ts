/** The parts of declaration files that only some calls need: for compiled modules, and for files of other modules. */
export { expandShape } from "./compact.ts";
export { declarationMismatch } from "./difference.ts";
