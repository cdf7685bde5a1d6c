import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../../src/cli/command-error.ts";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { pairOf } from "./pairs.ts";
import { holesIn } from "./same.ts";

/** Reads a text that may be anything. Fails unless it is read, or refused with an error of the command. */
function survives(text: string, shape?: Parameters<typeof readGlue>[2]): boolean {
  try {
    holesIn(readGlue(text, "test.js", shape));
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(CommandError);
    return false;
  }
}

/** A generator of the same numbers each time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

describe("changed generated JavaScript", () => {
  const names = ["0.2.80-web", "0.2.92-server", "0.2.130-web"].map((name) => `test/fixtures/realm/built/${name}.js`);

  it.each(names)(
    "is read, or refused in words, with names and numbers of %s exchanged",
    (path) => {
      const { text, shape } = pairOf(path);
      const words = text.split(/\b/);
      const names = words.flatMap((word, at) => (/^[\w$]+$/.test(word) ? [at] : []));
      const next = random(7);
      let read = 0;
      for (let round = 0; round < 150; round++) {
        const changed = [...words];
        for (let count = 0; count < 1 + (round % 4); count++) {
          changed[names[next(names.length)] ?? 0] = words[names[next(names.length)] ?? 0] ?? "";
        }
        if (survives(changed.join(""), { shape })) read++;
      }
      expect(read).toBeGreaterThan(10);
    },
    60_000,
  );

  it.each(names)(
    "is read, or refused in words, with lines of %s missing or doubled",
    (path) => {
      const { text, shape } = pairOf(path);
      const lines = text.split("\n");
      const next = random(11);
      let read = 0;
      for (let round = 0; round < 150; round++) {
        const changed = [...lines];
        for (let count = 0; count < 1 + (round % 5); count++) {
          const at = next(lines.length);
          if (next(2)) changed.splice(at, 1);
          else changed.splice(at, 0, lines[next(lines.length)] ?? "");
        }
        if (survives(changed.join("\n"), { shape })) read++;
      }
      expect(read).toBeGreaterThan(10);
    },
    60_000,
  );
});

describe("hostile texts", () => {
  const exported = (body: string) =>
    `let wasm; export function f(a, b) { ${body} } wasm = x.exports; wasm.memory.buffer;`;

  it.each([
    ["a function that calls itself", exported("return f(f(a, b), wasm.__wbindgen_malloc(b))")],
    ["a variable that is its own value", "let wasm = wasm; const a = b, b = a; export { a, wasm };"],
    ["deep nesting", `export const x = ${"(".repeat(20_000)}1${")".repeat(20_000)};`],
    ["a deep function", exported(`${"if (a) {".repeat(3000)}${"}".repeat(3000)}`)],
    ["a long sum", exported(`return wasm.g(${"a + ".repeat(5000)} a)`)],
    [
      "names of Object.prototype",
      "export function constructor() {} export class __proto__ {} export const toString = {};",
    ],
    ["a name that no object must have", exported("return wasm.__proto__.constructor(a, b)")],
    ["a class that extends itself", "export class A extends A { free() { wasm.x(this.free()); } } let wasm;"],
  ])("with %s come to an end", (_, text) => {
    survives(text);
  });

  it("of another module are refused with the difference", () => {
    const { shape } = pairOf("test/fixtures/realm/built/0.2.130-web.js");
    const other = readFileSync("test/fixtures/realm/built/0.2.92-server.js", "utf8");
    expect(() => readGlue(other, "app.js", { shape })).toThrow(
      /^app\.js:\d+:\d+: \S+ (passes \d+ words to the export \w+, which takes \d+|calls the export \w+, which the module does not have|expects .*)\. The JavaScript and the module come from different builds: give files of one\.$/,
    );
    expect(() => readGlue(other, "app.js", { shape })).toThrow(CommandError);
  });

  it("that wait for the initializer are no calls of the module", () => {
    const text = `let wasm;
      async function start(path) { wasm = (await load(path)).instance.exports; wasm.memory.buffer; return wasm; }
      export function init(path) { return start(path).then(() => wasm); }`;
    const { shape } = pairOf("test/fixtures/realm/built/0.2.130-web.js");
    expect(readGlue(text, "app.js", { shape }).functions.has("init")).toBe(false);
  });
});
