/** Loads packages' own JavaScript, in Node, so that what it keeps can be counted. */
import { readFile } from "node:fs/promises";
import { moduleBytes } from "./index.mjs";
import { packageFile, requirePackage } from "./modules.mjs";

/** A package, with the instance that its JavaScript has made. */
export interface Glue<Api> {
  readonly api: Api;
  /** Absent if it cannot be had. */
  readonly instance?: GlueInstance;
}

/** An instance, and the functions that it was given. */
export interface GlueInstance {
  readonly exports: WebAssembly.Exports;
  readonly imports: WebAssembly.Imports;
}

/**
 * Loads a package for Node, which makes its instance while it loads.
 *
 * @param name - What its users require.
 */
export function requireGlue<Api>(name: string): Glue<Api> {
  // A new instance each time, which no call has made grow.
  const folder = packageFile(/^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name).pathname;
  for (const path of Object.keys(requirePackage.cache)) {
    if (path.startsWith(folder)) Reflect.deleteProperty(requirePackage.cache, path);
  }
  return watched(() => requirePackage(name) as Api);
}

/** Imports JavaScript of which there is no instance yet. */
function importAnew(source: string): Promise<unknown> {
  return import(`data:text/javascript,${encodeURIComponent(`${source}\n// ${crypto.randomUUID()}`)}`);
}

/** Runs a call, and returns the instance that it makes. */
function watched<Api>(load: () => Api): Glue<Api> {
  const { Instance } = WebAssembly;
  let instance: GlueInstance | undefined;
  WebAssembly.Instance = class extends Instance {
    constructor(module: WebAssembly.Module, imports: WebAssembly.Imports = {}) {
      super(module, imports);
      instance = { exports: this.exports, imports };
    }
  };
  try {
    const api = load();
    return { api, ...(instance && { instance }) };
  } finally {
    WebAssembly.Instance = Instance;
  }
}

/**
 * Loads a package for browsers, whose JavaScript makes its instance of bytes.
 *
 * @param path - Its JavaScript, below node_modules.
 * @param name - The name of its module in the list.
 */
export async function webGlue<Api>(path: string, name: string): Promise<Glue<Api>> {
  const { initSync, ...api } = (await importAnew(await readFile(packageFile(path), "utf8"))) as {
    initSync(options: { readonly module: Uint8Array }): unknown;
  };
  const module = await moduleBytes(name);
  return { ...watched(() => initSync({ module })), api: api as Api };
}

interface Bundled {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

/**
 * Loads a package for bundlers: its JavaScript imports the module as if that were JavaScript too. Only this import is
 * replaced.
 *
 * @param path - Its JavaScript, below node_modules.
 * @param name - The name of its module in the list.
 */
export async function bundledGlue<Api>(path: string, name: string): Promise<Glue<Api>> {
  const bundled = (await readFile(packageFile(path), "utf8")).replace(
    /import \* as wasm from '.*';/,
    "let wasm; export function __wbg_set_wasm(exports) { wasm = exports; }",
  );
  const bindings = (await importAnew(bundled)) as Bundled;
  return { api: bindings as Bundled & Api, instance: bind(path, bindings, await moduleBytes(name)) };
}

/**
 * Instantiates a module with JavaScript that was made for bundlers.
 *
 * @param path - Where the JavaScript is.
 * @param bindings - What it exports.
 * @param bytes - The module.
 */
export function bind(path: string, bindings: Bundled, bytes: Uint8Array): GlueInstance {
  const imports = { [`./${path.replace(/^.*\//, "")}`]: { ...bindings } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), imports);
  bindings.__wbg_set_wasm(exports);
  const { __wbindgen_start: start } = exports;
  if (typeof start === "function") (start as () => void)();
  return { exports, imports };
}

/** More slots than are ever free. */
const enough = 20_000;

/**
 * Counts the slots in use. The JavaScript has a list of values, or the module a table, with free places in it: after many
 * more have been taken, only those are missing from the list that were in use before.
 *
 * @param instance - The instance.
 * @returns 0 if the module takes no slots.
 */
export function slotsInUse({ exports, imports }: GlueInstance): number {
  const given = Object.assign({}, ...Object.values(imports)) as Record<string, unknown>;
  const [take, drop] = ((): [unknown, unknown] => {
    if (typeof exports.__externref_table_alloc === "function") {
      return [exports.__externref_table_alloc, exports.__externref_table_dealloc];
    }
    return [given.__wbindgen_object_clone_ref ?? given.__wbindgen_number_new, given.__wbindgen_object_drop_ref];
  })() as [((from: number) => number) | undefined, ((slot: number) => void) | undefined];
  if (!take || !drop) return 0;
  const taken = Array.from({ length: enough }, () => take(0));
  for (const slot of taken.slice().reverse()) drop(slot);
  return taken.reduce((highest, slot) => Math.max(highest, slot), 0) - enough;
}
