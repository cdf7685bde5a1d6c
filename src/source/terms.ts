import type { Limiter } from "../binary/limiter.ts";
import type { Builtins } from "../builtins/index.ts";
import type { SourceOptions } from "../public/index.ts";
import type { Integrity } from "./integrity.ts";

/** The requirements besides the module itself. */
export interface Terms {
  /** Receives the number of bytes so far. */
  readonly onProgress: SourceOptions["onProgress"];
  /** The hashes to compare with, if `fetch` has not. */
  readonly integrity: Integrity | undefined;
  /** Caps the module's memories and tables. */
  readonly limiter: Limiter | undefined;
  /** The builtins that it is compiled with. */
  readonly builtins: Builtins | undefined;
  /** The maximum number of bytes. */
  readonly ceiling: number | undefined;
}
