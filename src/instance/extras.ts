/**
 * Code that few instances need. It is a separate chunk: most modules import only functions, and most instances do not
 * restart.
 */
export {
  beginCreation,
  describeMisfit,
  describeSeen,
  findMisfit,
  isExported,
  refuseBeyond,
} from "../imports/externs/index.ts";
export { createMeanings } from "../imports/meanings.ts";
export { traced } from "../imports/traced.ts";
export { follow, observed } from "./follow.ts";
export { createLives } from "./restart/index.ts";
export { createThrown } from "./thrown.ts";
export { createGrownAllocator } from "../memory/grown.ts";
export { plainUtf8 } from "../base/utf8.ts";
