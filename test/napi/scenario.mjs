/** The jobs that packages of napi-rs do for their users: the same calls for a package's own JavaScript and for this library. */

/** The packages, and the jobs that they do. */
export const scenarios = {
  crc32: (api) =>
    Promise.all([
      ...texts.flatMap((text) => [attempt(() => api.crc32(text)), attempt(() => api.crc32c(text, 7))]),
      ...inputs.map((input) => attempt(() => api.crc32(input))),
      ...strangers.map((value) => attempt(() => api.crc32(value))),
      attempt(() => api.crc32c("a", "b")),
      attempt(() => api.crc32()),
    ]),

  bcrypt: async (api) => {
    const salt = Uint8Array.from({ length: 16 }, (_, at) => at);
    const hashes = await Promise.all(texts.slice(0, 4).map((text) => attempt(() => api.hashSync(text, 4, salt))));
    const later = await Promise.all(texts.slice(0, 4).map((text) => attempt(() => api.hash(text, 4, salt))));
    return [
      ...hashes,
      ...later,
      ...(await Promise.all(hashes.map((hash, at) => attempt(() => api.verify(texts[at], hash))))),
      ...(await Promise.all(hashes.map((hash) => attempt(() => api.verifySync("other", hash))))),
      await attempt(() => api.verify("a", "not a hash")),
      await attempt(() => api.hash("a", 99)),
      await attempt(() => api.hash(Symbol("a"), 4)),
      await attempt(() => api.hashSync(5n, 4)),
      await attempt(() => api.DEFAULT_COST),
    ];
  },

  xxhash: async (api) => {
    const { Xxh32, Xxh64 } = api;
    const results = [];
    for (const text of texts) {
      results.push(await attempt(() => api.xxh32(text)), await attempt(() => api.xxh64(text, 5n)));
    }
    for (const Hasher of [Xxh32, Xxh64]) {
      results.push(
        await attempt(() => {
          const hasher = new Hasher();
          for (const text of texts) hasher.update(text);
          for (const input of inputs) hasher.update(input);
          return hasher.digest();
        }),
        await attempt(() => {
          const hasher = new Hasher();
          hasher.update("a");
          hasher.reset();
          return [hasher.digest(), hasher instanceof Hasher, Object.keys(hasher), Hasher.name];
        }),
        await attempt(() => Hasher.prototype.update.call({}, "a")),
        await attempt(() => new Hasher("seed")),
      );
    }
    return results;
  },

  lzma: async (api) => {
    const results = [];
    for (const format of [api.xz, api.lzma, api.lzma2]) {
      for (const input of [...inputs, encode(texts[2]), encode(texts[5])]) {
        const packed = await attempt(() => format.compress(input));
        results.push(packed, await attempt(() => format.decompress(Uint8Array.from(packed.result))));
      }
      results.push(await attempt(() => format.decompress(Uint8Array.of(1, 2, 3))));
      results.push(await attempt(() => format.compress(5n)));
    }
    return results;
  },

  rrule: async ({ RRule, RRuleSet, Frequency, Weekday }) => [
    plain(Object.entries(Frequency)),
    plain(Object.entries(Weekday)),
    await attempt(() => new RRule(Frequency.Daily).toString()),
    await attempt(() => new RRule(Frequency.Weekly, 2, 10).toString()),
    await attempt(() => RRuleSet.parse("DTSTART;TZID=UTC:20240101T100000\nRRULE:FREQ=DAILY;COUNT=3").toString()),
    await attempt(() => RRuleSet.parse("DTSTART;TZID=UTC:20240101T100000\nRRULE:FREQ=DAILY;COUNT=3").all()),
    await attempt(() => RRuleSet.parse("nonsense")),
    await attempt(() => new RRule("x")),
  ],

  // The others run in threads of the addon.
  parser: async (api) =>
    Promise.all(
      [
        ["a.ts", "let x: number = 1; export { x }"],
        ["b.js", "import a, { b as c } from 'd'; await import('e'); const f = `g${a}` ?? c?.h;"],
        ["c.jsx", "const a = <b c={1}>é 世界</b>"],
        ["d.js", "let = ;"],
        ["e.ts", "class A<T> { #b!: T; static { this.c } @d e() {} }"],
        ["f.js", "x;".repeat(3000)],
      ].map(([name, text]) =>
        attempt(() => {
          const { program, errors, comments, module } = api.parseSync(name, text);
          return [program, JSON.stringify(errors), comments.length, JSON.stringify(module)];
        }),
      ),
    ),

  snappy: async (api) => {
    const results = [];
    for (const input of [...inputs, encode(texts[2]), encode(texts[5])]) {
      const packed = await attempt(() => api.compressSync(input));
      results.push(packed, await attempt(() => api.uncompressSync(Uint8Array.from(packed.result), {})));
    }
    results.push(await attempt(() => api.uncompressSync(Uint8Array.of(9, 9, 9), {})));
    results.push(await attempt(() => api.compressSync(Symbol("s"))));
    return results;
  },
};

const encode = (text) => new TextEncoder().encode(text);

const texts = ["", "hello", "Grüße, 世界 👩‍👩‍👧", "a\0b", "\ud800", "x".repeat(100_000)];
const inputs = [
  new Uint8Array(),
  new Uint8Array([0, 255, 128]),
  new Uint8Array(new ArrayBuffer(64), 3, 5).fill(9),
  new Uint8Array(70_000).map((_, at) => at % 251),
];
const strangers = [undefined, null, 1, 5n, true, {}, [], Symbol("s"), () => 1, new Date(0), [1, 2]];

/** Runs a call, and describes what came of it as JSON. */
async function attempt(call) {
  try {
    return { result: plain(await call()) };
  } catch (error) {
    const { name, message, code } = error;
    return { name, message, code };
  }
}

function plain(value) {
  if (value === undefined) return "undefined";
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return Array.from(value);
  return Array.isArray(value) ? value.map(plain) : value;
}
