import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type * as unglue from "unglue";
import type { CompactShape } from "unglue";
import type { readGlue } from "../../src/cli/declare/glue/read.ts";
import type { expandShape } from "../../src/reflect/compact.ts";
import type { fingerprintOf } from "../../src/reflect/fingerprint.ts";
import type { readMeaning } from "../../src/toolchains/wasm-bindgen/meaning.ts";
import type { api } from "../members/module.ts";
import { buildCounted, type Counted } from "./counted.ts";

// Doubling what a part of the library is given at most doubles its steps. Steps are counted, since wall clocks differ by
// machine.

vi.setConfig({ testTimeout: 120_000 });

interface Parts {
  readonly unglue: typeof unglue;
  readonly readGlue: typeof readGlue;
  readonly expandShape: typeof expandShape;
  readonly fingerprintOf: typeof fingerprintOf;
  readonly readMeaning: typeof readMeaning;
  readonly api: typeof api;
}

let counted: Counted<Parts>;
beforeAll(async () => {
  counted = await buildCounted(`
    export * as unglue from "./src/node.ts";
    export { readGlue } from "./src/cli/declare/glue/read.ts";
    export { expandShape } from "./src/reflect/compact.ts";
    export { fingerprintOf } from "./src/reflect/fingerprint.ts";
    export { readMeaning } from "./src/toolchains/wasm-bindgen/meaning.ts";
    export { api } from "./test/members/module.ts";
  `);
}, 120_000);
afterAll(() => counted.remove());

/** How much more than twice the steps twice the input may take: tables that grow, names with one digit more. */
const tolerance = 1.15;

/** The steps with twice the input, divided by those without. */
async function growth(count: number, run: (count: number) => unknown): Promise<number> {
  // The first run fills caches and parses tables.
  await counted.steps(() => run(count));
  const few = await counted.steps(() => run(count));
  const many = await counted.steps(() => run(2 * count));
  expect(few).toBeGreaterThan(0);
  return many / few;
}

describe("a text of twice the length takes at most twice the steps", () => {
  it.each<[what: string, text: (count: number) => string]>([
    ["variadic parameters", (count) => `f: (${"...h,".repeat(count)}`],
    ["texts as parameters", (count) => `f: (${'"a",'.repeat(count)}`],
    ["wrapped parameters without a comma", (count) => `f: (${"Mut(h)".repeat(count)}`],
    ["spaces before the result", (count) => `f: (h)${" ".repeat(count)}x`],
    ["spaces before a parameter", (count) => `f: (${" ".repeat(count)}x`],
    ["a path", (count) => `${"a.".repeat(count)}: ()`],
    ["words before the path", (count) => "get ".repeat(count)],
    ["spaces before the path", (count) => `${" ".repeat(count)}x`],
    ["question marks", (count) => `f: (${"?".repeat(count)}`],
    ["backslashes in a text", (count) => `f: ("${"\\".repeat(count)}`],
  ])("as a meaning with many %s", async (_, text) => {
    const { readMeaning } = counted.exports;
    expect(readMeaning(text(1000))).toBeUndefined();
    expect(await growth(20_000, (count) => readMeaning(text(count)))).toBeLessThan(2 * tolerance);
  });

  it.each<[what: string, shape: (count: number) => CompactShape]>([
    ["an import with a long name", (count) => ({ imports: [["env", "i".repeat(count)]], exports: [] })],
    [
      "many imports of functions, the last without a type",
      (count) => ({ imports: [["env", ...Array.from({ length: count }, () => ">:f"), ""]], exports: [] }),
    ],
    ["an export that is digits alone", (count) => ({ imports: [], exports: ["1".repeat(count)] })],
    ["nested references", (count) => ({ imports: [], exports: [`${"{(ref ".repeat(count)}>:f`] })],
    ["a memory with many words", (count) => ({ imports: [], exports: [], memories: [" page 1".repeat(count)] })],
    ["a table with many numbers", (count) => ({ imports: [], exports: [], tables: ["1 ".repeat(count)] })],
    ["types of an odd length", (count) => ({ imports: [], exports: [], types: "0".repeat(count + 1) })],
  ])("as a shape with %s", async (_, shape) => {
    const { expandShape } = counted.exports;
    expect(await growth(10_000, (count) => attempt(() => expandShape(shape(count))))).toBeLessThan(2 * tolerance);
  });

  it("as imports whose fingerprint is taken", async () => {
    const { fingerprintOf } = counted.exports;
    const type = { params: Array.from({ length: 1000 }, () => "i32" as const), results: [] };
    const one = { module: "a", name: "b", kind: "function", type } as const;
    const run = (count: number) => fingerprintOf({ imports: Array.from({ length: count }, () => one), exports: [] });
    expect(await growth(5000, run)).toBeLessThan(2 * tolerance);
  });
});

describe("generated JavaScript of twice the length takes at most four times the steps", () => {
  it.each<[what: string, lines: number, body: (count: number) => string]>([
    ["values that double with each line", 100, (count) => `let x = a; ${"x = [x, x];".repeat(count)} return wasm.g(x)`],
    [
      "sums that double with each line",
      100,
      (count) => `let x = a; ${"x = x + x;".repeat(count)} wasm.memory.buffer; return wasm.g(x)`,
    ],
    [
      "choices that double with each line",
      100,
      (count) => `let x = a; ${"if (b.c) x = [x]; else x = [x, b];".repeat(count)} wasm.g(x)`,
    ],
    [
      "equal values that are large",
      50,
      (count) => `let x = a, y = a; ${"x = x + x; y = y + y;".repeat(count)} if (x === y) wasm.g(x); else wasm.g(y);`,
    ],
    ["calls that double with each function", 20, (count) => `${doubling(count)} return wasm.g(f${count}(a))`],
    [
      "as many variables as branches",
      500,
      (count) => `${variables(count)} ${"if (b.c) a = b;".repeat(count)} wasm.g(a)`,
    ],
  ])("with %s", async (_, lines, body) => {
    const { readGlue } = counted.exports;
    const run = (count: number) =>
      attempt(() => readGlue(`let wasm; export function f(a, b) { ${body(count)} }`, "test.js"));
    expect(await growth(lines, run)).toBeLessThan(4 * tolerance);
  });

  function doubling(count: number): string {
    const functions = Array.from({ length: count }, (_, at) => `function f${at + 1}(x) { return f${at}(f${at}(x)); }`);
    return `function f0(x) { return x; } ${functions.join(" ")}`;
  }

  function variables(count: number): string {
    return Array.from({ length: count }, (_, at) => `let v${at} = ${at};`).join(" ");
  }
});

describe("twice as many objects take at most twice the steps", () => {
  const members = () => {
    const { api, unglue } = counted.exports;
    const bytes = readFileSync("test/fixtures/members/members.wasm");
    return unglue.load(bytes, { api });
  };

  it("when one is looked for in a list that has it twice", async () => {
    const { api: bound } = await members();
    const run = (count: number) => {
      const dogs = Array.from({ length: count }, () => bound.Dog.stray());
      attempt(() => bound.adoptAll([...dogs, ...dogs.slice(-1)]));
      bound.adoptAll(dogs);
    };
    expect(await growth(1000, run)).toBeLessThan(2 * tolerance);
  });

  it("when calls of one object's asynchronous method wait for each other", async () => {
    const { api: bound } = await members();
    const run = async (count: number) => {
      using counter = new bound.Counter(0);
      const calls = Array.from({ length: count }, () => counter.add(1));
      expect((await Promise.all(calls)).at(-1)).toBe(count);
    };
    expect(await growth(500, run)).toBeLessThan(2 * tolerance);
  });
});

/** Runs what may refuse its input: a refusal has a cost too. */
function attempt(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
  }
}
