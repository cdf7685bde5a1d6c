import { expect, it } from "vitest";
import { load, t, UnglueError } from "unglue";
import { assemble, exported, functionType, sections, text, unsigned } from "../../reflect/assemble.ts";
import { type Random, randomOf } from "../random.ts";

const { env } = (globalThis as { readonly process?: { readonly env: Record<string, string | undefined> } }).process ?? {
  env: {},
};

// `npm run fuzz` sets these.
const seed = Number(env.UNGLUE_FUZZ_SEED ?? 20_260_101);
const runs = 20 * Number(env.UNGLUE_FUZZ_CALLS ?? 60);

// i32, i64, f32 and f64; most words are i32.
const words = [...Array<number>(30).fill(0x7f), 0x7e, 0x7d, 0x7c];

/** Makes a module that passes the words of its export `call` on to its import `env.f`, and returns what that returns. */
function passingOn(params: readonly number[], results: readonly number[]): Uint8Array<ArrayBuffer> {
  const bodies = [
    [0, ...params.flatMap((_, at) => [0x20, at]), 0x10, 0, 0x0b],
    // An allocator that hands out the same address each time.
    [0, 0x41, 32, 0x0b],
    [0, 0x0b],
  ];
  return assemble(
    sections.type(functionType(params, results), functionType([0x7f], [0x7f]), functionType([0x7f])),
    sections.import([...text("env"), ...text("f"), 0, 0]),
    sections.function([0], [1], [2]),
    sections.table([0x70, 0, 1]),
    sections.memory([0, 1]),
    sections.export(
      exported("memory", 2),
      exported("call", 0, 1),
      exported("malloc", 0, 2),
      exported("free", 0, 3),
      exported("item_new", 0, 2),
      exported("item_free", 0, 3),
      exported("__indirect_function_table", 1),
    ),
    sections.code(...bodies.map((code) => [...unsigned(code.length), ...code])),
  );
}

const { i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, size, bool, char, string, cstring, bytes } = t;
const simple = [i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, size, bool, char, string, cstring, bytes] as const;
const numbers = [i8, u8, i16, u16, i32, u32, f32, f64] as const;
const lengths = [size, u32, i32, u8, u64] as const;

/** Makes a type that `t` can make, and that may be wrong where it stands. */
function typeOf(random: Random, depth = 0): unknown {
  const inner = (): never => (depth < 2 ? typeOf(random, depth + 1) : random.one(simple)) as never;
  const makers: readonly (() => unknown)[] = [
    () => random.one(simple),
    () => random.one(simple),
    () => t.array(random.one(numbers), random.chance(0.3) ? { mutable: true } : {}),
    () => t.buffer(random.chance(0.3) ? cstring : random.one(numbers)),
    () => t.length(random.below(4), random.one(lengths)),
    () => t.length(random.below(4), random.one(lengths)),
    () => t.out(inner()),
    () => t.inout(inner()),
    () => t.optional(inner()),
    () => t.record({ a: inner(), b: inner() }),
    () => t.record({ only: inner() }),
    () => t.closure([inner()], random.chance(0.5) ? t.void : inner(), { lent: random.chance(0.5) }),
    () => t.enumeration(["a", "b"]),
    () => t.fixed(random.one(numbers), 3),
    () => t.chars(4),
    () => t.union({ a: u8, b: inner() }),
    () => t.list(inner()),
    () => t.promise(inner()),
    () => t.js,
    () => t.js.lent,
    () => t.object("Item"),
    () => t.owned("Item"),
    () => t.void,
    () => t.param("name", inner()),
  ];
  return random.one(makers)();
}

/** Makes a signature whose parameters belong together, as those of real functions, with the number of its i32 words. */
function signatureOf(random: Random) {
  const params: unknown[] = [];
  let count = 0;
  const add = (words: number, ...types: unknown[]) => {
    params.push(...types);
    count += words;
  };
  const makers: readonly ((at: number) => void)[] = [
    () => add(1, u32),
    () => add(2, string),
    () => add(1, cstring),
    () => add(2, bytes),
    () => add(1, t.out(i32)),
    () => add(1, t.record({ a: u32, b: u32 })),
    () => add(1, t.closure([i32], i32)),
    (at) => add(2, t.buffer(u8), t.length(at)),
    (at) => add(2, t.length(at + 1, u32), t.buffer(f32)),
    (at) => add(2, t.buffer(cstring), t.inout(t.length(at))),
    (at) => add(3, t.buffer(u8), t.length(at), t.out(t.length(at))),
    (at) => add(2, t.array(f32, { mutable: random.chance(0.5) }), t.length(at)),
  ];
  for (let left = 1 + random.below(3); left > 0; left--) random.one(makers)(params.length);
  return { params, count };
}

const answers = [
  undefined,
  null,
  0,
  1,
  -1,
  5n,
  "text",
  true,
  new Uint8Array(3),
  new Float32Array(9),
  {},
  { a: 1, b: 2 },
];

/** Returns a value that a host function may return, right or wrong. */
function answerOf(random: Random): unknown {
  const some = () => random.one(answers);
  return random.chance(0.4) ? Array.from({ length: random.below(4) }, some) : some();
}

/** Declares the import, or the export, with the same types, loads the module and calls it; returns how far it came. */
async function declare(random: Random, isHost: boolean): Promise<string> {
  const of = <Item>(most: number, make: () => Item) => Array.from({ length: random.below(most) }, make);
  const signature = random.chance(0.6)
    ? signatureOf(random)
    : { params: of(6, () => typeOf(random)), count: random.below(6) };
  const declared = signature.params as never;
  const count = Math.max(0, signature.count + random.one([-1, 0, 0, 1]));
  const params = Array.from({ length: count }, () => random.one(words));
  const results = of(2, () => random.one(words));
  const result = (random.chance(0.3) ? t.void : random.chance(0.5) ? i32 : typeOf(random)) as never;
  const flag = () => random.one([undefined, true, false]);
  const options = { owned: flag(), ...(random.chance(0.2) && { error: answerOf(random) }), consumes: flag() } as never;
  const answer = () => answerOf(random) as never;
  const members = { Item: t.class({ new: t.ctor([t.i32]) }), ...(!isHost && { call: t.fn(declared, result) }) };
  const api = t.api<Record<never, never>>(members);
  const f = isHost ? t.host(declared, result, answer, options) : () => (results[0] === 0x7e ? 0n : 0);
  const wasm = await load(passingOn(params, results), { api, imports: { env: { f } } });
  const functions: object = isHost ? wasm.guarded : wasm.api;
  const { call } = functions as { readonly call: (...args: unknown[]) => unknown };
  const word = (type: number) => (type === 0x7e ? BigInt(random.below(9)) : random.one([0, 8, 8, 64, -1, 70_000]));
  call(...(isHost ? params.map(word) : of(5, answer)));
  return "called";
}

it.each([
  ["host functions", true],
  ["functions", false],
] as const)(
  `${runs} random declarations of %s bind or give an error with a code`,
  async (_, isHost) => {
    const ends: Record<string, number> = {};
    for (let number = 0; number < runs; number++) {
      let end: string;
      try {
        end = await declare(randomOf(seed, number), isHost);
      } catch (error) {
        if (!UnglueError.is(error)) throw new Error(`The declaration ${number} of seed ${seed}`, { cause: error });
        end = error.code;
        expect(error.message).not.toBe("");
      }
      ends[end] = (ends[end] ?? 0) + 1;
    }
    expect(ends.called).toBeGreaterThan(0);
  },
  // Each loads a module, which takes a few milliseconds, and several times that on a busy machine.
  Math.max(20_000, 30 * runs),
);
