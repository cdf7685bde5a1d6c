import * as bind from "../bind/index.ts";
import * as externs from "../imports/externs/index.ts";
import * as imports from "../imports/index.ts";
import * as memory from "../memory/index.ts";
import * as restart from "./restart/index.ts";
import * as tables from "../table/index.ts";
import { lacksCoders, type Parts } from "./parts.ts";
import { plainUtf8 } from "../base/utf8.ts";

/** All parts, for calls that cannot wait for a chunk. */
export const allParts: Parts = {
  adapters: undefined,
  bind,
  imports,
  externs,
  memory,
  restart,
  tables,
  get utf8() {
    return lacksCoders() ? plainUtf8 : undefined;
  },
};
