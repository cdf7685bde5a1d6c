/* global MessageChannel, ReadableStream, setTimeout, structuredClone, WebAssembly */
// The imports of the workers of these tests. Each worker evaluates this once.
const worker = Math.floor(Math.random() * 2 ** 31);
let lives = 0;

class Refused extends Error {
  name = "Refused";
}

/** Nested deeper than one thread or the other can read. */
function deep() {
  let value = [];
  for (let i = 0; i < 200_000; i++) value = [value];
  return value;
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const throwing = (error) => ({
  get value() {
    throw error;
  },
});

function moved() {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

/** A getter that can be read once. */
function once() {
  let reads = 0;
  return {
    get value() {
      if (++reads > 1) throw new Error("read twice");
      return 7;
    },
  };
}

/** Results that cannot be posted. */
const hostile = [
  () => Symbol("s"),
  () => new Proxy({}, {}),
  revoked,
  () => throwing(new Error("no")),
  () => throwing(undefined),
  () => throwing(revoked()),
  () => ({ deep: { function: () => undefined } }),
  () => new MessageChannel().port1,
  () => new ReadableStream(),
  () => new WeakMap(),
  moved,
  deep,
  () => new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))),
  // Good ones, the last in this list.
  once,
];

/** Exceptions in their place; each arrives as something. */
const hostileErrors = [
  () => Object.assign(new RangeError("with a port"), { port: new MessageChannel().port1, cause: () => undefined }),
  () =>
    Object.defineProperty(new Error("x"), "message", {
      get: () => {
        throw new Error("no");
      },
    }),
  revoked,
  () => throwing(new Error("no")),
  () => Symbol("s"),
  () => undefined,
  () => null,
  once,
];

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
      hostile: (which) => hostile[which](),
      throwError: (which) => {
        if (which === 0) throw new RangeError("too far", { cause: new TypeError("the reason") });
        if (which === 1) throw new Refused("by name");
        if (which === 2) throw { plain: "data" };
        if (which === 3) throw () => "a function";
        throw hostileErrors[which - 4]();
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
