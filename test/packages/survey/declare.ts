/** The parts of the library and the command that `npm run survey:declare` needs, as one module. */
export { findInputs } from "../../../src/cli/declare/inputs.ts";
export { writeDeclaration } from "../../../src/cli/declare/write.ts";
export { withoutStart } from "../../../src/cli/unstarted.ts";
export { compile, load } from "../../../src/node.ts";
export { checkTypes } from "../../cli/declared-types.ts";
