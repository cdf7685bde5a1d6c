/** The jobs that the packages do for their users: the same calls for a package's own JavaScript and for this library. */

const bytes = (length, seed = 7) => Uint8Array.from({ length }, (_, at) => (at * seed + (at >> 3) * 31 + seed) & 0xff);
const hex = (value) => value && Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
const sizes = [0, 1, 31, 32, 55, 56, 63, 64, 65, 127, 128, 511, 512, 513, 1000, 4096, 70_001];

/** Programs, whose results are text. */
const programs = [
  "1 + 1 + ''",
  "[3, 1, 2].sort().join()",
  "JSON.stringify({ a: [1, 2.5, null, 'Zoë 🎲'], b: new Map([[1, 2]]).size })",
  "'Straße'.toUpperCase() + '\\u{1F3B2}'.length",
  "let s = 0; for (let i = 0; i < 100000; i++) s = (s * 31 + i) % 1000003; String(s)",
  "(2n ** 200n).toString(36)",
  "class A { #x = 3; get x() { return this.#x } } String(new A().x)",
  "[..._ = (function* () { yield* [1, 2, 3] })()].join('-')",
  "new Date(86400000).toISOString()",
  "/(?<year>\\d{4})/.exec('in 2026').groups.year",
  "'x'.repeat(20000)",
  "throw new RangeError('no luck')",
  "null.x",
  "(",
];

export const jobs = {
  quickjs: ({ evaluate }) => programs.map((program) => evaluate(program)),

  sha256: ({ digest }) => sizes.flatMap((size) => [hex(digest(bytes(size))), hex(digest(bytes(size, 11)))]),

  chacha: ({ seal, open }) =>
    sizes.flatMap((size) => {
      const [key, nonce, text] = [bytes(32, 3), bytes(12, 5), bytes(size)];
      return [new Uint8Array(), bytes(16)].flatMap((more) => {
        const sealed = seal(key, nonce, text, more);
        const changed = sealed.slice();
        changed[0] ^= 1;
        return [hex(sealed), hex(open(key, nonce, sealed, more)), open(key, nonce, changed, more)];
      });
    }),

  rabin: ({ fingerprint }) =>
    [
      [1000, 12, 64, 512, 16],
      [60_000, 10, 256, 4096, 64],
      [300_000, 13, 2048, 65_536, 64],
    ].flatMap(([size, ...settings]) => [7, 11, 251].map((seed) => fingerprint(settings, noise(size, seed)))),
};

/** Bytes without a period, which a fingerprint would find. */
function noise(length, seed) {
  let state = seed;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 24);
}

/** Returns the functions that a package's own JavaScript has for its job. */
export const ownJavaScript = {
  async quickjs(load, require) {
    const { readFile } = await load("node:fs/promises");
    const { QuickJS } = await load("quickjs-wasi");
    const vm = await QuickJS.create({ wasm: await readFile(require.resolve("quickjs-wasi/quickjs.wasm")) });
    return {
      evaluate(program) {
        try {
          return vm.evalCode(program).toString();
        } catch (error) {
          return `thrown: ${error.handle.toString()}`;
        }
      },
    };
  },

  sha256: (load) => load("@chainsafe/as-sha256"),

  async chacha(_, require) {
    const { ChaCha20Poly1305, newInstance } = require("@chainsafe/as-chacha20poly1305");
    const cipher = new ChaCha20Poly1305(newInstance());
    return { seal: cipher.seal.bind(cipher), open: cipher.open.bind(cipher) };
  },

  async rabin(_, require) {
    const { create } = require("rabin-wasm");
    const makers = new Map();
    // Making one is asynchronous, and the job is not.
    for (const settings of [
      [12, 64, 512, 16],
      [10, 256, 4096, 64],
      [13, 2048, 65_536, 64],
    ]) {
      const all = [await create(...settings), await create(...settings), await create(...settings)];
      makers.set(String(settings), all);
    }
    return { fingerprint: (settings, input) => [...makers.get(String(settings)).pop().fingerprint(input)] };
  },
};
