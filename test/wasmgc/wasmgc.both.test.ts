import { beforeAll, describe, expect, it, vi } from "vitest";
import { type BuiltinOptions, inspect, load, loadSync, type Imports, t } from "unglue";
import { newest } from "../builtins/modules.ts";
import { rejectionOf, thrownBy } from "../wat.ts";
import { bytesOf, urlOf } from "./fixture.ts";

const adviceOf = (bytes: Uint8Array, options?: BuiltinOptions): string =>
  inspect(bytes, options)
    .advice.map(({ code, message }) => `${code}: ${message}`)
    .join("\n");

/** Whether this engine has garbage-collected types. Without them it compiles none of these modules. */
const runs = newest === "gc";

describe("Kotlin", () => {
  let bytes: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    bytes = await bytesOf("kotlin/app.wasm");
  });
  const options = { builtins: ["js-string"], importedStringConstants: "'" } as const;
  const open = async () => {
    const { importObject } = (await import(/* @vite-ignore */ urlOf("kotlin/app.import-object.mjs").href)) as {
      importObject: Imports;
    };
    return { ...options, imports: importObject };
  };

  it("is recognised, with the line that loads it", () => {
    expect(inspect(bytes).toolchain).toEqual({
      name: "kotlin",
      evidence: ["import js_code.kotlin.createJsError (externref, externref) -> externref"],
    });
    expect(adviceOf(bytes)).toContain('import { importObject } from "./NAME.import-object.mjs"');
    expect(adviceOf(bytes)).toContain(`{ builtins: ["js-string"], importedStringConstants: "'" }`);
    expect(adviceOf(bytes, options)).not.toContain("js-string");
    expect(adviceOf(bytes, options)).not.toContain("importedStringConstants");
  });

  if (!runs) return;

  it("runs with the imports that its compiler wrote, and passes text by t.js", async () => {
    const api = t.api({
      add: t.fn([t.i32, t.i32], t.i32),
      greet: t.fn([t.js], t.js),
      total: t.fn([t.i32], t.i64),
    });
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const wasm = await load(bytes, { ...(await open()), api });
    Reflect.apply(wasm.exports["_start"] as () => void, undefined, []);
    expect(log.mock.calls).toEqual([["started"]]);
    log.mockRestore();
    expect(wasm.api.add(40, 2)).toBe(42);
    expect(wasm.api.greet("Zoë 😀 \ud83d")).toBe("Hello, Zoë 😀 \ud83d!");
    expect(wasm.api.total(100_000)).toBe(5_000_050_000n);
    expect(wasm.imports.filter(({ provider }) => provider === "stub")).toEqual([]);
    expect(
      new Set(wasm.imports.map(({ module, provider }) => `${module} ${provider === "user" ? "user" : "builtin"}`)),
    ).toEqual(new Set(["js_code user", "intrinsics user", "' builtin", "wasm:js-string builtin"]));
  });

  it("has two instances, and its exceptions as errors of JavaScript, after which it goes on", async () => {
    interface Exports {
      fail(message: string): number;
      add(a: number, b: number): number;
    }
    const [one, other] = [await load<Exports>(bytes, await open()), await load<Exports>(bytes, await open())];
    for (const call of [one.exports, one.guarded]) {
      expect(thrownBy(() => call.fail("on purpose"))).toMatchObject({
        name: "IllegalStateException",
        message: "on purpose",
      });
    }
    expect([one.state, other.state, one.guarded.add(1, 2), other.exports.add(3, 4)]).toEqual(["live", "live", 3, 7]);
  });

  it("tells in the errors of missing imports where they are", async () => {
    const { memory, tag } = ((await open()).imports as Record<string, Imports[string]>)[
      "intrinsics"
    ] as Imports[string] & {
      tag: never;
    };
    const wasm = await load<{ fail(message: unknown): void }>(bytes, {
      ...options,
      imports: { intrinsics: { memory, tag } } as Imports,
    });
    expect((thrownBy(() => wasm.guarded.fail("x")) as Error).message).toContain("NAME.import-object.mjs");
  });

  it("refuses a declaration that needs a convention", async () => {
    const api = t.api({ greet: t.fn([t.string], t.string) });
    expect(await rejectionOf(load(bytes, { ...(await open()), api }))).toMatchObject({
      code: "convention-unavailable",
    });
  });
});

describe("MoonBit", () => {
  let bytes: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    bytes = await bytesOf("moonbit/app.wasm");
  });

  it("leaves no evidence in a module without the functions of moonbit:ffi", () => {
    expect(inspect(bytes).toolchain).toEqual({ name: "unknown", evidence: [] });
    expect(inspect(bytes).exports.find(({ name }) => name === "greet")?.type).toEqual({
      params: ["(ref 0)"],
      results: ["(ref 0)"],
    });
  });

  if (!runs) return;

  it("runs, with numbers by declaration and its own strings as references", () => {
    const shouted: unknown[] = [];
    const api = t.api({ add: t.fn([t.i32, t.i32], t.i32), half: t.fn([t.f64], t.f64) });
    const wasm = loadSync(bytes, { api, imports: { env: { log: (text: unknown) => shouted.push(text) } } });
    expect([wasm.api.add(1, 2), wasm.api.half(3)]).toEqual([3, 1.5]);
    const { greet, length, shout, hello } = wasm.exports as unknown as Record<string, (text: unknown) => unknown>;
    const greeting = greet?.(hello?.(undefined));
    expect(length?.(greeting)).toBe("Hello, hello!".length);
    shout?.(greeting);
    expect(shouted).toEqual([greeting]);
    expect(thrownBy(() => length?.("text of JavaScript"))).toBeInstanceOf(TypeError);
  });
});

describe.each([
  ["Scala.js", "scala-js", "import __scalaJSHelpers.JSTag tag", 'importedStringConstants: ""', "main.js"],
  ["TeaVM", "teavm", "import teavmJso.defineFunction", 'builtins: ["js-string"]', "NAME.wasm-runtime.js"],
])("%s", (_language, name, evidence, option, own) => {
  let bytes: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    bytes = await bytesOf(`${name}/app.wasm`);
  });

  it("is recognised, with its types, its builtins, and the JavaScript that instantiates it", () => {
    const { toolchain, imports, complete } = inspect(bytes);
    expect(toolchain.name).toBe(name);
    expect(toolchain.evidence[0]).toContain(evidence);
    expect(complete).toBe(true);
    expect(imports.every(({ type }) => type !== undefined)).toBe(true);
    expect(adviceOf(bytes)).toContain(option);
    expect(adviceOf(bytes)).toContain(own);
  });

  if (!runs) return;

  it("is refused without that JavaScript, and the error names it", async () => {
    const options = { builtins: ["js-string"], importedStringConstants: "" } as const;
    const error = (await rejectionOf(load(bytes, options))) as Error;
    expect(error.message).toContain(own);
  });
});
