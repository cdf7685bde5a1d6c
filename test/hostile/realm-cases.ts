import { describe, expect, it } from "vitest";
import { inspect, load, loadSync, type LoadOptions, t, UnglueError } from "unglue";
import { bindgen, heap, returning } from "../bind/bindgen.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

/**
 * Tests with values of another realm, as test runners and frames have it.
 *
 * @param evaluate - Evaluates an expression in another realm; it sees `value`.
 */
export function describeRealm(evaluate: (expression: string, value?: unknown) => unknown): void {
  const source = wat(`(module
    (import "env" "f" (func $f (result i32)))
    (import "env" "memory" (memory 1)) (import "env" "table" (table 1 funcref)) (import "env" "base" (global f64))
    (func (export "f") (result i32) (call $f))
    (func (export "trap") unreachable)
    (func $recurse (export "recurse") (call $recurse)))`);
  const starting = wat(`(module (func $start unreachable) (start $start))`);
  const trapping = wat(`(module (func (export "trap") (result i32) unreachable))`);
  const compile = async (bytes: Promise<Uint8Array>): Promise<WebAssembly.Module> =>
    evaluate("new WebAssembly.Module(Uint8Array.from(value))", [...(await bytes)]) as WebAssembly.Module;
  const options = (f: string, value?: unknown): LoadOptions =>
    evaluate(
      `({ imports: { env: {
        f: ${f},
        memory: new WebAssembly.Memory({ initial: 1 }),
        table: new WebAssembly.Table({ initial: 1, element: "anyfunc" }),
        base: new WebAssembly.Global({ value: "f64" }, 1.5),
      } } })`,
      value,
    ) as LoadOptions;

  describe("another realm's", () => {
    it("values are another's", () => {
      expect(evaluate("new Uint8Array(1)")).not.toBeInstanceOf(Uint8Array);
      expect(evaluate("new Error()")).not.toBeInstanceOf(Error);
    });

    it("values are arguments of a declared interface", async () => {
      const pair = ["i32", "$0"] as const;
      const several = { ...heap, results: "multi-value" } as const;
      const back = returning("back", ["i32", "i32"], [pair, ["i32", "$1"]], several);
      const members = {
        bytes: t.fn([t.bytes], t.bytes, { export: "back" }),
        wide: t.fn([t.array(t.f64)], t.array(t.f64), { export: "back" }),
        list: t.fn([t.list(t.string)], t.list(t.string), { export: "back" }),
        call: t.fn([t.closure([], t.u32)], t.closure([], t.u32), { export: "same" }),
        wait: t.fn([t.promise(t.u32)], t.promise(t.u32), { export: "same" }),
      };
      const { api } = await load(await bindgen(`${back} ${returning("same", ["i32"], [pair], several)}`, several), {
        api: t.api(members),
      });
      expect([...api.bytes(evaluate("Uint8Array.of(1, 2)") as Uint8Array)]).toEqual([1, 2]);
      expect([...api.wide(evaluate("Float64Array.of(0.5)") as Float64Array)]).toEqual([0.5]);
      expect(api.list(evaluate('["a", "b"]') as string[])).toEqual(["a", "b"]);
      expect(api.call(evaluate("() => 5") as () => number)()).toBe(5);
      expect(await api.wait(evaluate("Promise.resolve(5)") as Promise<number>)).toBe(5);
      const error = thrownBy(() => api.bytes(evaluate("Int8Array.of(1)") as never));
      expect(UnglueError.is(error, "invalid-argument")).toBe(true);
    });

    it("bytes are read and loaded", async () => {
      const bytes = evaluate("Uint8Array.from(value)", [...(await source)]) as Uint8Array;
      expect(inspect(bytes).imports).toHaveLength(4);
      expect(inspect(bytes.buffer).imports).toHaveLength(4);
      expect((await load(bytes, { missing: "zero" })).state).toBe("live");
      expect(loadSync(bytes.buffer, { missing: "zero" }).state).toBe("live");
    });

    it("memories, tables, globals and functions serve", async () => {
      for (const from of [await source, await compile(source)]) {
        const wasm = await load<{ f(): number }>(from, options("() => 5"));
        expect(wasm.exports.f()).toBe(5);
        wasm.memory.writeString(0, "text", 4);
        expect(wasm.memory.readString(0, 4)).toBe("text");
        expect(wasm.callback("i->i", (value) => value)).toBeGreaterThan(0);
      }
    });

    it("misfits are named", async () => {
      const given = options("5");
      expect(await rejectionOf(load(await source, given))).toMatchObject({
        code: "import-mismatch",
        details: { given: "5" },
      });
    });

    it("module traps like any other", async () => {
      const module = await compile(source);
      for (const name of ["trap", "recurse"] as const) {
        const wasm = await load<{ trap(): void; recurse(): void }>(module, options("() => 5"));
        expect(thrownBy(wasm.guarded[name])).toMatchObject({ code: "trap", details: { export: name } });
        expect(wasm.state).toBe("poisoned");
      }
    });

    it("module traps like any other in its start function", async () => {
      const module = await compile(starting);
      expect(await rejectionOf(load(module))).toMatchObject({ code: "trap", details: { export: "(start)" } });
      expect(thrownBy(() => loadSync(module))).toMatchObject({ code: "trap", details: { export: "(start)" } });
    });

    it("module that does not link is said not to", async () => {
      const module = await compile(wat(`(module (import "env" "base" (global i32)))`));
      const imports = { env: { base: 1n } };
      expect(await rejectionOf(load(module, { imports }))).toMatchObject({ code: "link-failed" });
      expect(thrownBy(() => loadSync(module, { imports }))).toMatchObject({ code: "link-failed" });
    });

    it("trap that comes through an import is a trap here as well", async () => {
      const exports = evaluate("new WebAssembly.Instance(value).exports", await compile(trapping));
      const wasm = await load<{ f(): number }>(await source, options("value.trap", exports));
      expect(thrownBy(() => wasm.guarded.f())).toMatchObject({ code: "trap", details: { export: "f" } });
    });

    it("errors pass through as they are", async () => {
      for (const make of ["new Error('mine')", "new RangeError('mine')", "new TypeError('mine')", "'mine'"]) {
        const wasm = await load<{ f(): number }>(await source, options(`() => { throw ${make}; }`));
        const error = thrownBy(() => wasm.guarded.f());
        expect(typeof error === "string" ? error : (error as Error).message).toBe("mine");
        expect([UnglueError.is(error), wasm.state]).toEqual([false, "live"]);
      }
    });
  });
}
