/** Meanings of `known` that were compared with their module when they were written are read when they are first used. */
import { compile, inspect, load, loadSync, type LoadOptions, UnglueError } from "unglue";
import { wasmBindgen, type WasmBindgenKnown } from "unglue/wasm-bindgen";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fingerprintOf } from "../../src/reflect/fingerprint.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const [log, scale, made] = ["log", "scale", "new"].map((name) => `__wbg_${name}_0123456789abcdef`) as [
  string,
  string,
  string,
];
const bytes = await wat(`(module
  (import "wbg" "${log}" (func $log (param externref)))
  (import "wbg" "${scale}" (func $scale (param externref f64) (result f64)))
  (import "wbg" "${made}" (func $new (result externref)))
  (import "wbg" "__wbindgen_init_externref_table" (func $init))
  (table (export "__wbindgen_externrefs") 128 externref)
  (export "log" (func $log))
  (export "scale" (func $scale))
  (export "make" (func $new)))`);
const fingerprint = fingerprintOf(inspect(bytes));
const meanings = { [log]: "console.log: (h)", [scale]: ".scale: (d)->d", [made]: "new Map: ()->H" };
interface Exports {
  log(value: unknown): void;
  scale(value: unknown, factor: number): number;
  make(): unknown;
}

const knownOf = (more: object): WasmBindgenKnown => ({ toolchain: "wasm-bindgen", checked: true, meanings, ...more });
const open = (more: object = {}, options: LoadOptions = {}) =>
  load<Exports>(bytes, { known: knownOf(more), fingerprint, ...options });
const withMeaning = (name: string, meaning: unknown) => ({ meanings: { ...meanings, [name]: meaning } });

/** Meanings that are refused, by what is wrong with them. */
const misfits: readonly [title: string, name: string, meaning: unknown, call: (exports: Exports) => unknown][] = [
  ["no text", log, 5, ({ log: call }) => call(1)],
  ["a text that says nothing", log, "", ({ log: call }) => call(1)],
  ["one without types", log, "console.log", ({ log: call }) => call(1)],
  ["one of unknown types", log, "console.log: (nope)", ({ log: call }) => call(1)],
  ["one of another type", log, "console.log: (s)", ({ log: call }) => call(1)],
  ["one that runs text as code", made, "new Function: ()->H", ({ make }) => make()],
  ["one that leads to code", scale, ".constructor.constructor: (d)->d", (exports) => exports.scale(() => 0, 1)],
];

afterEach(() => vi.restoreAllMocks());

describe("meanings that were compared with the module", () => {
  it("serve as those that are read at load, in any order of calls and reports", async () => {
    const written = vi.spyOn(console, "log").mockReturnValue();
    const atLoad = (await open({ checked: false })).imports;
    const calls: ((exports: Exports) => unknown)[] = [
      ({ log: call }) => call("text"),
      (exports) => exports.scale({ scale: (by: number) => by * 2 }, 4),
      ({ make }) => make(),
    ];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const wasm = await open();
      const results = order.map((index) => calls[index]?.(wasm.exports as never));
      expect(results[order.indexOf(1)]).toBe(8);
      expect(results[order.indexOf(2)]).toBeInstanceOf(Map);
      expect(wasm.imports).toEqual(atLoad);
    }
    expect(written.mock.calls).toEqual([["text"], ["text"], ["text"]]);
  });

  it.each(misfits)("are refused at the first call and at each later one: %s", async (_, name, meaning, call) => {
    const atLoad = await rejectionOf(load(bytes, { known: knownOf(withMeaning(name, meaning)) }));
    expect(atLoad).toMatchObject({ code: "invalid-option" });
    const { details } = atLoad as UnglueError;
    const wasm = await open(withMeaning(name, meaning));
    for (let time = 0; time < 2; time++)
      expect(thrownBy(() => call(wasm.exports as never))).toMatchObject({ code: "invalid-option", details });
  });

  it.each(misfits)("are reported as not served, which throws nothing: %s", async (_, name, meaning) => {
    const { imports } = await open(withMeaning(name, meaning));
    const report = imports.find((one) => one.name === name);
    expect(report).toMatchObject({
      provider: "stub",
      evidence: expect.stringContaining("The statement about it must be") as string,
    });
  });

  it.each(misfits)("are never replaced by a stub that returns a value: %s", async (_, name, meaning, call) => {
    for (const missing of ["zero", "warn"] as const) {
      const wasm = await open(withMeaning(name, meaning), { missing });
      expect(thrownBy(() => call(wasm.exports as never))).toMatchObject({ code: "invalid-option" });
    }
  });

  it.each(misfits)("are read at load if a policy needs all of them: %s", async (_, name, meaning) => {
    await expect(open(withMeaning(name, meaning), { missing: "error" })).rejects.toMatchObject({
      code: "invalid-option",
    });
  });

  it.each(misfits)(
    "are read at load without the fingerprint, or if they were not compared: %s",
    async (_, name, meaning) => {
      const given = withMeaning(name, meaning);
      const module = await compile(bytes);
      for (const attempt of [
        () => load(bytes, { known: knownOf(given) }),
        () => load(bytes, { known: knownOf({ ...given, checked: false }), fingerprint }),
        () => load(bytes, { known: knownOf({ ...given, checked: undefined }), fingerprint }),
        () => module.instantiate({ known: knownOf(given), fingerprint }),
      ])
        await expect(attempt()).rejects.toMatchObject({ code: "invalid-option" });
    },
  );

  it("serve where a meaning that is never called does not fit", async () => {
    const wasm = await open(withMeaning(log, "nothing of use"));
    expect(wasm.exports.make()).toBeInstanceOf(Map);
  });

  it("are no different for loadSync", () => {
    const given = { known: knownOf(withMeaning(log, "console.log: (s)")), fingerprint, adapters: [wasmBindgen()] };
    const wasm = loadSync<Exports>(bytes, given);
    expect(wasm.exports.make()).toBeInstanceOf(Map);
    expect(thrownBy(() => wasm.exports.log(1))).toMatchObject({ code: "invalid-option" });
  });

  it("give way to the adapter's own, which need no types", async () => {
    const written = vi.spyOn(console, "error").mockReturnValue();
    const adapters = [wasmBindgen({ meanings: { [log]: "console.error: (h)" } })];
    const wasm = await open(withMeaning(log, "nothing of use"), { adapters });
    wasm.exports.log("text");
    expect(written.mock.calls).toEqual([["text"]]);
  });

  it("do not keep a wrong module from being refused", async () => {
    const attempt = load(bytes, { known: knownOf({}), fingerprint: "0000000000000000" });
    await expect(attempt).rejects.toMatchObject({ code: "declaration-mismatch" });
  });

  it.each([[5], ["yes"], [null]])("say so with a boolean: %j", async (checked) => {
    const error = await rejectionOf(open({ checked }));
    expect(UnglueError.is(error, "invalid-option") && error.details.option).toBe("known.checked");
  });
});
