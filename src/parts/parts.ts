import type * as externs from "../externs/index.ts";
import type * as memory from "../memory/index.ts";
import type * as tables from "../table/index.ts";

/**
 * The parts of the library that only some modules need, as their shape tells. An asynchronous call fetches those that
 * its module needs; a synchronous one has them all at hand.
 */
export interface Parts {
  /** Creates and checks memories, tables, globals and tags. For modules that import one. */
  readonly externs?: typeof externs | undefined;
  /** Views, strings and allocation. For modules that have a memory. */
  readonly memory?: typeof memory | undefined;
  /** Tables and callbacks. For modules that have a table. */
  readonly tables?: typeof tables | undefined;
}
