/* global setTimeout */
// What the workers of these tests import. Each worker evaluates this once.
const worker = Math.floor(Math.random() * 2 ** 31);
let lives = 0;

class Refused extends Error {
  name = "Refused";
}

/**
 * Imports that tell of the worker and fail in every way.
 *
 * @param {{ memory: { readString(address: number, length?: number): string } }} instance - The instance that they are for.
 * @returns {object} What the option `imports` of `load` takes.
 */
export default function imports(instance) {
  const life = ++lives;
  return {
    // A cast whose name does not tell of what: it makes a text.
    "./prqlc_js_bg.js": {
      __wbindgen_cast_0000000000000001: (address, length) => instance.memory.readString(address, length),
    },
    env: {
      worker: () => worker,
      life: () => life,
      length: (bytes) => bytes.byteLength,
      text: () => instance.memory.readString(8),
      function: () => () => undefined,
      throwError: (which) => {
        if (which === 0) throw new RangeError("too far", { cause: new TypeError("the reason") });
        if (which === 1) throw new Refused("by name");
        if (which === 2) throw { plain: "data" };
        throw () => "a function";
      },
      // Nobody catches this, and the call has no answer.
      crash: () => {
        setTimeout(() => {
          throw new Error("nobody catches this");
        });
        return new Promise(() => undefined);
      },
      later: () => new Promise((resolve) => setTimeout(resolve, 0, "later")),
      exit: () => globalThis.process.exit(3),
    },
  };
}
