// Helpers of the checks. Nothing here needs more than the language.

/**
 * @typedef {object} Check - One thing that every runtime must do.
 * @property {string} area - What it is about, a column of docs/runtimes.md.
 * @property {string} name - What must hold, in words.
 * @property {(env: Env) => unknown} run - Throws if it does not.
 */

/**
 * @typedef {object} Env - A runtime, as its host describes it.
 * @property {typeof import("unglue")} unglue - The package.
 * @property {typeof import("unglue/whole")} whole - The package in one file.
 * @property {typeof import("unglue/wasi")} wasi - Its WASI.
 * @property {typeof import("unglue/wasm-bindgen")} bindgen - Its adapter for wasm-bindgen.
 * @property {typeof import("unglue/ledger")} ledger - Its ledger.
 * @property {typeof import("unglue/offload")} [offload] - Its workers.
 * @property {object} [offloadOptions] - What `offload` is given here, such as the worker's script.
 * @property {string} base - The address of the server.
 * @property {string} [folder] - Where the modules are files, ending with a separator.
 * @property {Record<string, Uint8Array>} modules - The modules by name.
 * @property {Record<string, string>} hashes - Their hashes.
 * @property {Record<string, WebAssembly.Module>} [compiled] - The modules, where the host forbids compiling bytes.
 * @property {WebAssembly.Module} [moduleSource] - A module that `import source` gave.
 * @property {{ import: string, call: string }} closure - The names of the closure in the module `bindgen`.
 * @property {() => Promise<unknown>} tick - Waits for a task.
 * @property {(policy: string, name: string) => Promise<unknown>} [frame] - Opens a page under a policy, where there are pages.
 * @property {() => Promise<object>} [jitless] - Runs `jitless.mjs` in a Node without WebAssembly, and takes its answer.
 * @property {() => void} [collect] - Collects garbage.
 */

/** Fails unless a condition holds. */
export function ok(condition, what) {
  if (!condition) throw new Error(`Expected: ${what}.`);
}

/** Fails unless two values are the same as JSON. */
export function same(actual, expected) {
  const [a, b] = [actual, expected].map((value) => print(value));
  if (a !== b) throw new Error(`Expected ${b}, got ${a}.`);
}

/** Fails unless work is refused with a code; returns the error. */
export async function refused(code, work) {
  let result;
  try {
    result = await (typeof work === "function" ? work() : work);
  } catch (error) {
    if (error?.code !== code)
      throw new Error(`Expected ${code}, got ${error?.code ?? ""} ${String(error)}`, { cause: error });
    if (error.name !== "UnglueError") throw new Error(`${code} is no UnglueError: ${error.name}`, { cause: error });
    return error;
  }
  throw new Error(`Expected ${code}, and nothing was thrown: ${print(result)}.`);
}

/**
 * Loads a module from bytes; where the host forbids that, from what it compiled, with the shape of the bytes.
 *
 * @param {Env} env - The runtime.
 * @param {string} name - The module's name.
 * @param {object} [options] - Options of `load`.
 */
export function open(env, name, options = {}) {
  return env.unglue.load(...sourceOf(env, name, options));
}

/** The arguments for `load`, `loadSync` or `compile` with a module. */
export function sourceOf({ unglue, modules, compiled }, name, options = {}) {
  const bytes = modules[name];
  return compiled ? [compiled[name], { shape: unglue.inspect(bytes), ...options }] : [bytes, options];
}

function print(value) {
  if (value === undefined) return "undefined";
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner === "bigint") return `${inner}n`;
    return ArrayBuffer.isView(inner) ? Array.from(inner) : inner;
  });
}
