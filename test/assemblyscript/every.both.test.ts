import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, load, t } from "unglue";
import { thrownBy } from "../wat.ts";
import { type Every, fits, type Functions, hostileValues, openEvery, type Ours, valuesOf } from "./every.ts";
import { moduleUrl } from "./module.ts";

let every: Every;
let ours: readonly [Ours, Ours];
let theirs: readonly [Functions, Functions];
beforeAll(async () => {
  every = await openEvery();
  ours = [await every.ours(), await every.ours()];
  theirs = [await every.theirs(), await every.theirs()];
});

/** None is `undefined` here and `null` there, and bytes are a `Uint8Array` here and another class there. */
function alike(value: unknown): unknown {
  if (value === null) return undefined;
  if (value instanceof ArrayBuffer || value instanceof Uint8ClampedArray) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(alike);
  if (typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, alike(one)]));
}

/** The bindings take an `ArrayBuffer` where this library takes its bytes. */
function givenTo(name: string, values: readonly unknown[]): readonly unknown[] {
  const buffer = (one: unknown): unknown =>
    Array.isArray(one) ? one.map(buffer) : ArrayBuffer.isView(one) ? new Uint8Array(one as Uint8Array).buffer : one;
  return /buffer/i.test(name) ? values.map(buffer) : values;
}

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

const call = (of: Functions, name: string, args: readonly unknown[]): unknown => of[name]?.(...args);
/** Objects are tested one by one; the bindings do not tell this one how many arguments there are. */
const others = /[bB]ox(es)?$|^numbersOr$|^counted$/;
const isGeneric = (name: string): boolean => !others.test(name);

describe("every type of the bindings, as unglue declare writes it", () => {
  it("is declared, and only what no declared type has is left out", () => {
    const names = every.functions.map(({ name }) => name);
    expect(names.filter(isGeneric).length).toBeGreaterThan(65);
    const missing = Object.entries(theirs[0]).filter(
      ([name, one]) => typeof one === "function" && !names.includes(name),
    );
    const isRuntime = /^__|^(memory)$/;
    expect(missing.map(([name]) => name).filter((name) => !isRuntime.test(name))).toEqual(
      expect.arrayContaining(["table", "look", "apply", "echoLink"]),
    );
  });

  it("has equal results for seeded values, in two instances by turns", { timeout: 120_000 }, () => {
    let turn = 0;
    for (const { name, params } of every.functions.filter((one) => isGeneric(one.name))) {
      fc.assert(
        fc.property(fc.tuple(...params.map(valuesOf)), (given) => {
          // A default follows from the number of arguments there, and from undefined here.
          const args = name.endsWith("Or") && given.at(-1) === undefined ? given.slice(0, -1) : given;
          const at = turn++ % 2 === 0 ? 0 : 1;
          const own = call(ours[at].api, name, args);
          if (name === "echoRef") return own === args[0] && call(theirs[at], name, args) === args[0];
          expect([name, alike(own)]).toEqual([name, alike(call(theirs[at], name, givenTo(name, args)))]);
          return true;
        }),
        { seed: 20, numRuns: 60 },
      );
    }
  });

  it("refuses hostile values before the call, and nothing else", { timeout: 120_000 }, async () => {
    const count = hostileValues().length;
    const own = await every.ours();
    let refused = 0;
    for (const { name, params } of every.functions.filter((one) => isGeneric(one.name))) {
      const [type] = params;
      if (!type) continue;
      for (let at = 0; at < count; at++) {
        const [value, again, fresh] = [hostileValues()[at], hostileValues()[at], hostileValues()[at]];
        const error = caught(() => call(own.api, name, [value]));
        if (!fits(type, fresh)) {
          expect([name, at, error]).toMatchObject([name, at, { code: "invalid-argument" }]);
          refused++;
          continue;
        }
        expect([name, at, error]).toEqual([name, at, undefined]);
        // The bindings may have been left with anything by a value before.
        const args = name.endsWith("Or") && again === undefined ? [] : givenTo(name, [again]);
        const result = call(await every.theirs(), name, args);
        const answer = call(own.api, name, [hostileValues()[at]]);
        if (name !== "echoRef") expect([name, at, alike(answer)]).toEqual([name, at, alike(result)]);
      }
    }
    expect(refused).toBeGreaterThan(4000);
    expect(own.bytes()).toBeLessThan(2 ** 20);
  });

  it.each([
    ["wraps integers", "echoI8", 300, 44],
    ["wraps integers", "echoU8", -1, 255],
    ["cuts fractions off", "echoI32", 1.9, 1],
    ["reads numbers from text", "echoI32", "7", 7],
    ["takes nothing for zero", "echoI32", undefined, 0],
    ["makes anything a number", "echoF64", {}, NaN],
    ["wraps bigints", "echoI64", 2n ** 63n, -(2n ** 63n)],
    ["wraps bigints", "echoU64", -1n, 2n ** 64n - 1n],
    ["takes text for true", "echoBool", "false", true],
    ["takes what has no text for an empty one", "echoString", [], ""],
    ["takes what has no text for an empty one", "echoString", 5, ""],
    ["wraps values of arrays", "echoUint8Array", [1, 300, "2"], Uint8Array.of(1, 44, 2)],
    ["takes other arrays", "echoUint8ClampedArray", [300], Uint8ClampedArray.of(255)],
    ["takes other arrays", "echoInt16Array", new Float64Array([1.5]), Int16Array.of(1)],
    ["takes holes for zero", "i32s", [1, undefined, "3", 2.5], [1, 0, 3, 2]],
    ["takes text for a list", "i32s", "12", [1, 2]],
    ["wraps values of lists", "u8s", [256], [0]],
    ["takes missing fields for zero or not a number", "echoSmall", { a: 1 }, { a: 1, b: 0, c: false, d: NaN }],
    ["takes anything for an object", "echoSmall", "text", { a: 0, b: 0, c: false, d: NaN }],
  ] as const)("refuses what they convert without a word: %s, as %s does", async (what, name, value, converted) => {
    expect([what, call(await every.theirs(), name, [value])]).toEqual([what, converted]);
    expect(thrownBy(() => call(ours[0].api, name, [value]))).toMatchObject({ code: "invalid-argument" });
  });

  it("tells numbers that were left out, which they do not", () => {
    expect([call(ours[0].api, "numbersOr", []), call(ours[0].api, "numbersOr", [2])]).toEqual([1.5, 2.5]);
    expect([call(theirs[0], "numbersOr", []), call(theirs[0], "numbersOr", [2])]).not.toEqual([1.5, 2.5]);
    for (const args of [[], [undefined], [5n]]) expect(call(ours[0].api, "wideOr", args)).toBe(args[0] ?? 7n);
    for (const args of [[], [false]]) expect(call(ours[0].api, "boolOr", args)).toBe(call(theirs[0], "boolOr", args));
    for (const args of [[1], [1, null], [1, "em"]])
      expect(call(ours[0].api, "textOr", args)).toBe(call(theirs[0], "textOr", args));
  });
});

describe("objects of classes", () => {
  it("pass as references, in two instances by turns", () => {
    for (let value = 0; value < 100; value++) {
      const at = value % 2 === 0 ? 0 : 1;
      const [own, their] = [ours[at].api, theirs[at]];
      const [box, reference] = [call(own, "box", [value]), call(their, "box", [value])];
      for (const name of ["unbox", "maybeUnbox"]) {
        expect([call(own, name, [box]), call(their, name, [reference])]).toEqual([value, value]);
      }
      expect([call(own, "maybeUnbox", [null]), call(their, "maybeUnbox", [null])]).toEqual([-1, -1]);
      expect(call(own, "sameBox", [box])).toBe(box);
      const all = call(own, "boxes", [5]) as { free(): void }[];
      expect(call(own, "sumBoxes", [all])).toBe(call(their, "sumBoxes", [call(their, "boxes", [5])]));
      for (const one of [...all, box as { free(): void }]) one.free();
    }
  });

  it("refuse objects of another instance, and whatever is no object", () => {
    const box = call(ours[0].api, "box", [1]) as { free(): void };
    expect(() => call(theirs[1], "unbox", [call(theirs[0], "box", [1])])).toThrow("internref expected");
    expect(thrownBy(() => call(ours[1].api, "unbox", [box]))).toMatchObject({
      code: "object-unusable",
      details: { reason: "foreign" },
    });
    for (const value of hostileValues()) {
      expect(thrownBy(() => call(ours[0].api, "unbox", [value]))).toMatchObject({ code: "invalid-argument" });
      expect(thrownBy(() => call(ours[0].api, "sumBoxes", [[box, value]]))).toMatchObject({ code: "invalid-argument" });
    }
    box.free();
  });
});

describe("what a declaration by hand has besides", () => {
  it("passes maps and functions by reference, as the bindings do", async () => {
    const api = t.api({
      Table: t.class({}),
      Adder: t.class({}),
      table: t.fn([], t.owned("Table")),
      look: t.fn([t.object("Table"), t.string], t.i32),
      adder: t.fn([], t.owned("Adder")),
      apply: t.fn([t.object("Adder"), t.i32], t.i32),
    });
    const wasm = await load(moduleUrl("every.wasm"), { api });
    using table = wasm.api.table();
    using adder = wasm.api.adder();
    const [map, function_] = [call(theirs[0], "table", []), call(theirs[0], "adder", [])];
    for (const key of ["one", "two", ""]) expect(wasm.api.look(table, key)).toBe(call(theirs[0], "look", [map, key]));
    for (const value of [0, 41, -1])
      expect(wasm.api.apply(adder, value)).toBe(call(theirs[0], "apply", [function_, value]));
  });

  it("has enumerations as numbers, and globals as exports", async () => {
    const Color = t.enumeration({ Red: 0, Green: 5, Blue: 6 });
    const api = t.api({ Color, nextColor: t.fn([Color], Color), counted: t.fn([], t.i32) });
    const { instantiate } = await compile(moduleUrl("every.wasm"));
    const wasm = await instantiate({ api });
    const { Color: named } = theirs[0] as unknown as { readonly Color: Record<string, number> };
    for (const name of ["Red", "Green"] as const) {
      expect(wasm.api.Color[name]).toBe(named[name]);
      expect(wasm.api.nextColor(wasm.api.Color[name])).toBe(call(theirs[0], "nextColor", [named[name]]));
    }
    expect(thrownBy(() => wasm.api.nextColor(4 as never))).toMatchObject({ code: "invalid-argument" });
    const globals = wasm.exports as unknown as Record<string, WebAssembly.Global>;
    const theirGlobals = (await every.theirs()) as unknown as Record<string, { value: unknown }>;
    expect(globals["LIMIT"]?.value).toBe(theirGlobals["LIMIT"]?.value);
    expect(Number(globals["UNSIGNED"]?.value) >>> 0).toBe(theirGlobals["UNSIGNED"]?.value);
    expect(BigInt.asUintN(64, globals["BIG"]?.value as bigint)).toBe(theirGlobals["BIG"]?.value);
    expect(Boolean(globals["isOn"]?.value)).toBe(theirGlobals["isOn"]?.value);
    expect(wasm.api.counted()).toBe(2);
    expect(globals["count"]?.value).toBe(2);
  });
});
