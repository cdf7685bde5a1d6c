import { hasMembers, memberOf } from "../../base/own.ts";
import { readGiven } from "../../errors/given.ts";
import { invalidOption, requireKnownOptions } from "../../errors/invalid.ts";
import { refuseUncalled } from "../uncalled.ts";
import type { WasiOptions } from "../wasi/options.ts";
import type { Emnapi, EmnapiCore, EmnapiRuntime } from "./emnapi.ts";

/**
 * How addons for Node-API are served.
 *
 * @example
 * ```ts
 * import * as core from "@emnapi/core";
 * import * as runtime from "@emnapi/runtime";
 * const wasm = loadSync(bytes, { adapters: [napi({ core, runtime })] });
 * ```
 * @category Node-API
 */
export interface NapiOptions {
  /** The package `@emnapi/core`. Default: the installed one, which only asynchronous calls can load. */
  readonly core?: EmnapiCore;
  /** The package `@emnapi/runtime` of the same version. Give both or neither. */
  readonly runtime?: EmnapiRuntime;
  /**
   * Arguments, environment and streams of the addon, which runs on WASI without files. For files, pass what `wasi` of
   * `unglue/wasi` makes as `imports`.
   */
  readonly wasi?: Omit<WasiOptions, "preopens">;
}

/** Options that were read and checked. */
export interface CheckedNapiOptions {
  readonly emnapi: Emnapi | undefined;
  readonly wasi: NapiOptions["wasi"];
}

const names = ["core", "runtime", "wasi"] as const;

/**
 * Checks the options. Those of `wasi` are checked by it. Errors: `invalid-option`, `unknown-option`.
 *
 * @param given - The caller's.
 */
export function checkOptions(given: NapiOptions): CheckedNapiOptions {
  refuseUncalled(given, "adapters: [napi()]");
  const options: NapiOptions = readGiven("napi", given);
  requireKnownOptions("napi", Object.keys(options), names);
  const { core, runtime, wasi } = options;
  requireFunction("core", core, "createNapiModule");
  requireFunction("runtime", runtime, "createContext");
  if ((core === undefined) !== (runtime === undefined)) {
    throw invalidOption("napi", core ? "runtime" : "core", "given too: the packages belong together", undefined);
  }
  if (wasi !== undefined && hasMembers(wasi) && Object.hasOwn(wasi, "preopens")) {
    throw invalidOption("napi", "wasi.preopens", 'left out: pass imports: wasi({ preopens }) of "unglue/wasi"', wasi);
  }
  return { emnapi: core && runtime ? { core, runtime } : undefined, wasi };
}

function requireFunction(option: string, given: object | undefined, name: string): void {
  if (given === undefined) return;
  // The namespace of a module, or what CommonJS has of it.
  if (hasMembers(given) && typeof memberOf(given, name) === "function") return;
  throw invalidOption("napi", option, `the package @emnapi/${option}, which has a function ${name}`, given);
}
