import { ownValue } from "../../base/own.ts";
import { messageOf } from "../../errors/caught.ts";
import { UnglueError } from "../../errors/unglue-error.ts";

/** The functions of a promise that the module settles, as its executor received them. */
interface Deferred {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** The state that Node-API needs for one addon: handles, references, scopes. */
export interface EmnapiContext {
  createDeferred?(deferred: Deferred): unknown;
  suppressDestroy?(): void;
}

/** One addon in `@emnapi/core`. */
export interface NapiModule {
  readonly imports: Readonly<Record<"env" | "napi" | "emnapi", Readonly<Record<string, unknown>>>>;
  init(options: {
    readonly instance: { readonly exports: WebAssembly.Exports };
    readonly module: WebAssembly.Module;
    readonly memory: WebAssembly.Memory;
    readonly table: WebAssembly.Table;
  }): unknown;
}

/**
 * The part of the package `@emnapi/core` that is used.
 *
 * @example
 * ```ts
 * import * as core from "@emnapi/core";
 * import * as runtime from "@emnapi/runtime";
 * const adapter = napi({ core, runtime });
 * ```
 * @category Node-API
 */
export interface EmnapiCore {
  /**
   * Makes the functions of Node-API for one addon.
   *
   * @param options - The context, and how many threads work in the background.
   */
  createNapiModule(options: never): unknown;
}

/**
 * The part of the package `@emnapi/runtime` that is used.
 *
 * @example
 * ```ts
 * import * as core from "@emnapi/core";
 * import * as runtime from "@emnapi/runtime";
 * const adapter = napi({ core, runtime });
 * ```
 * @category Node-API
 */
export interface EmnapiRuntime {
  /** Makes the state of one addon. */
  createContext(): unknown;
}

/** Both packages. */
export interface Emnapi {
  readonly core: EmnapiCore;
  readonly runtime: EmnapiRuntime;
}

/** The names of the packages, and the command that installs them. */
const peers = "@emnapi/core and @emnapi/runtime";
const install = "npm install @emnapi/core@1 @emnapi/runtime@1";

/** Loads the packages. Errors: `peer-missing`. */
export async function fetchEmnapi(): Promise<Emnapi> {
  // A bundler that does not find an optional package leaves an import whose failure is handled.
  const [core, runtime] = await Promise.all([
    import("@emnapi/core").catch(refuseMissing),
    import("@emnapi/runtime").catch(refuseMissing),
  ]);
  return { core, runtime };
}

function refuseMissing(cause: unknown): never {
  throw new UnglueError(
    "peer-missing",
    `Addons for Node-API need the packages ${peers}, which could not be loaded: ${messageOf(cause)}. Install them: \`${install}\`.`,
    { package: "@emnapi/core", install },
    { cause },
  );
}

/**
 * Refuses packages of different versions: each calls what the other has only in the same one. Errors: `peer-missing`.
 *
 * @param emnapi - Both packages.
 */
export function requireSameVersion({ core, runtime }: Emnapi): void {
  const [ofCore, ofRuntime] = [core, runtime].map(versionOf);
  // A replacement of the caller's may state none.
  if (ofCore === undefined || ofRuntime === undefined || lineOf(ofCore) === lineOf(ofRuntime)) return;
  throw new UnglueError(
    "peer-missing",
    `@emnapi/core is ${ofCore} and @emnapi/runtime is ${ofRuntime}, and addons for Node-API need both in one version. Install it: \`${install}\`.`,
    { package: "@emnapi/runtime", install },
  );
}

function versionOf(part: object): string | undefined {
  const version: unknown = ownValue(part, "version");
  return typeof version === "string" ? version.slice(0, 40) : undefined;
}

/** The version without its patch. */
function lineOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/**
 * Makes the context of one addon. Contexts are not shared: each addon could use the handles of all others in it.
 *
 * @param runtime - The package.
 */
export function createContext(runtime: EmnapiRuntime): EmnapiContext {
  const { process } = globalThis as unknown as { readonly process?: ProcessEvents };
  const before = new Set(process?.listeners?.("beforeExit"));
  const context = runtime.createContext() as EmnapiContext;
  // It listens for the end of the process, to run the addon's clean-up. With an instance for each tenant that is a leak, and
  // memory alone needs no clean-up.
  for (const listener of process?.listeners?.("beforeExit") ?? []) {
    if (!before.has(listener)) process?.removeListener?.("beforeExit", listener);
  }
  return context;
}

/** The part of Node's `process` that the package touches. */
interface ProcessEvents {
  listeners?(event: "beforeExit"): readonly (() => void)[];
  removeListener?(event: "beforeExit", listener: () => void): void;
}
