import { describe, expect, it } from "vitest";
import { inspect, load, loadSync, t } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { type Feature, has, modules } from "./modules.ts";

/** The parts of the engine's API that TypeScript's library lacks. */
interface Exceptions {
  readonly Tag: new (type: { readonly parameters: readonly string[] }) => object;
  readonly Exception: new (tag: object, values: readonly unknown[]) => Exception;
  /** The tag of what JavaScript throws. */
  readonly JSTag?: object;
}
interface Exception {
  is(tag: object): boolean;
  getArg(tag: object, index: number): unknown;
}
const { Exception, JSTag, Tag } = WebAssembly as unknown as Exceptions;

/** Runs a test where the engine has a feature. Elsewhere the load is refused, with the engine's reason. */
const itHas = (feature: Feature, title: string, test: () => Promise<void> | void): void => {
  if (has(feature)) it(title, test);
  else
    it(`${title}: refused, as this engine has none`, async () => {
      const error = await rejectionOf(load(modules[feature]));
      expect(error).toMatchObject({ code: "compile-failed" });
      // The reader does not depend on the engine.
      expect(inspect(modules[feature]).complete).toBe(true);
    });
};

describe("an engine's features", () => {
  it("are all there in the newest engine but those that are known to be missing", () => {
    // Node 20 has no navigator.
    const { navigator } = globalThis as { readonly navigator?: { readonly userAgent: string } };
    const { userAgent } = navigator ?? { userAgent: "" };
    const [, version = 0] = /Chrome\/(\d+)/.exec(userAgent) ?? /^Node\.js\/(\d+)/.exec(userAgent) ?? [];
    const isNewest = userAgent.includes("Chrome/") ? Number(version) >= 150 : Number(version) >= 26;
    const missing = (Object.keys(modules) as Feature[]).filter((feature) => !has(feature));
    // V8 has it behind a flag.
    if (isNewest) expect(missing).toEqual(["custom page sizes"]);
    else expect(missing).toContain("custom page sizes");
  });

  itHas("64-bit memory", "takes addresses above 4 GiB as numbers and bigints, and refuses those outside", () => {
    const api = t.api({
      next: t.fn([t.u64], t.u64),
      size: t.fn([], t.u64),
      store: t.fn([t.u64, t.i32], t.void),
    });
    const wasm = loadSync(modules["64-bit memory"], { api, onTrap: "throw" });
    const far = 5 * 2 ** 30;
    expect(wasm.api.next(BigInt(far))).toBe(BigInt(far) + 1n);
    expect(wasm.api.next(2n ** 64n - 2n)).toBe(2n ** 64n - 1n);
    expect(wasm.api.size()).toBe(1n);
    wasm.api.store(65_532n, 7);
    expect([wasm.memory.i32[65_532 / 4], [...wasm.memory.read(65_532n, 1)]]).toEqual([7, [7]]);
    for (const address of [far, BigInt(far), 2 ** 40, 65_533]) {
      const error = thrownBy(() => wasm.memory.read(address, 4));
      expect(error).toMatchObject({ code: "out-of-bounds", details: { address: Number(address), length: 4 } });
    }
    expect(thrownBy(() => wasm.api.store(BigInt(far), 7))).toMatchObject({ code: "trap" });
    expect(wasm.shape.memories).toMatchObject([{ address: "i64", initial: 1, maximum: 200_000 }]);
  });

  itHas("64-bit tables", "calls elements of a table whose indices are bigints", () => {
    const wasm = loadSync<{ call(at: bigint): number }>(modules["64-bit tables"]);
    expect(wasm.guarded.call(1n)).toBe(7);
    expect([wasm.table.length, wasm.table.get(1)?.()]).toEqual([2, 7]);
    expect(thrownBy(() => wasm.guarded.call(2n ** 40n))).toMatchObject({ code: "trap" });
  });

  itHas("shared memory", "reads and writes memory that threads share", () => {
    const api = t.api({ add: t.fn([t.i32, t.i32], t.i32) });
    const wasm = loadSync(modules["shared memory"], { api });
    const { memory } = wasm;
    expect(memory.raw.buffer).toBeInstanceOf(SharedArrayBuffer);
    memory.i32[2] = 40;
    expect([wasm.api.add(8, 2), memory.i32[2]]).toEqual([40, 42]);
    memory.writeString(64, "é 😀", 16);
    expect(memory.readString(64, 7)).toBe("é 😀");
    memory.grow(1);
    expect(memory.byteLength).toBe(2 * 65_536);
  });

  itHas("several memories", "has each memory by its name", () => {
    const api = t.api({ copy: t.fn([t.u32, t.u32, t.u32], t.void) });
    const wasm = loadSync(modules["several memories"], { api });
    const { a, b } = wasm.memories;
    expect(Object.keys(wasm.memories)).toEqual(["a", "b"]);
    expect([a?.byteLength, b?.byteLength]).toEqual([65_536, 2 * 65_536]);
    b?.writeString(8, "second", 6);
    wasm.api.copy(0, 8, 6);
    expect([a?.readString(0, 6), wasm.memory.readString(0, 6), b?.readString(8, 6)]).toEqual(Array(3).fill("second"));
    expect(thrownBy(() => a?.read(65_536, 1))).toMatchObject({ code: "out-of-bounds" });
    expect(b?.read(65_536, 1)).toEqual(Uint8Array.of(0));
  });

  for (const feature of ["legacy exceptions", "exceptions with references"] as const)
    itHas(feature, `passes an exception of the module on, with its values by its tag: ${feature}`, () => {
      const api = t.api({ throws: t.fn([t.i32], t.void), catches: t.fn([t.i32], t.i32) });
      const wasm = loadSync(modules[feature], { api });
      const tag = wasm.exports["fault"] as unknown as object;
      expect(wasm.api.catches(5)).toBe(5);
      const error = thrownBy(() => wasm.api.throws(42));
      expect(error).toBeInstanceOf(Exception);
      const exception = error as Exception;
      expect([exception.is(tag), exception.getArg(tag, 0)]).toEqual([true, 42]);
      expect(wasm.memory.readString(exception.getArg(tag, 0) as number, 13)).toBe("out of cheese");
      expect([wasm.state, wasm.api.catches(6)]).toEqual(["live", 6]);
    });

  itHas("legacy exceptions", "catches what JavaScript throws by a tag that is imported", async () => {
    const bytes = await wat(`(module
      (import "env" "fault" (tag $fault (param i32)))
      (import "env" "call" (func $call))
      (func (export "caught") (result i32) (try (result i32) (do (call $call) (i32.const 0)) (catch $fault))))`);
    const fault = new Tag({ parameters: ["i32"] });
    const call = (): never => {
      throw new Exception(fault, [42]);
    };
    const api = t.api({ caught: t.fn([], t.i32) });
    const wasm = await load(bytes, { api, onHostThrow: "poison", imports: { env: { fault, call } } });
    expect([wasm.api.caught(), wasm.state]).toEqual([42, "live"]);
    expect(wasm.imports[0]).toMatchObject({ kind: "tag", provider: "user" });
    const other = await load(bytes, { api, imports: { env: { fault: new Tag({ parameters: ["i32"] }), call } } });
    expect((thrownBy(() => other.api.caught()) as Exception).is(fault)).toBe(true);
    const misfit = await rejectionOf(
      load(bytes, { imports: { env: { fault: new Tag({ parameters: ["f64"] }), call } } }),
    );
    expect(misfit).toMatchObject({ code: "import-mismatch" });
  });

  if (JSTag)
    it("gives the module what JavaScript throws, by the engine's tag for it", async () => {
      const bytes = await wat(`(module
        (import "env" "js" (tag $js (param externref)))
        (import "env" "call" (func $call))
        (func (export "caught") (result externref)
          (try (result externref) (do (call $call) (ref.null extern)) (catch $js))))`);
      const thrown = { any: "value" };
      const call = (): never => {
        throw thrown;
      };
      const api = t.api({ caught: t.fn([], t.js) });
      for (const onHostThrow of ["throw", "poison"] as const) {
        const wasm = await load(bytes, { api, onHostThrow, imports: { env: { js: JSTag, call } } });
        expect([wasm.api.caught() === thrown, wasm.state]).toEqual([true, "live"]);
      }
    });

  itHas("SIMD", "reads what JavaScript wrote as vectors", () => {
    const wasm = loadSync(modules.SIMD, { api: t.api({ sum: t.fn([t.u32], t.i32) }) });
    wasm.memory.write(16, new Int32Array([1, 2, 3, 4, 10, 20, 30, 40]));
    expect(wasm.api.sum(16)).toBe(11 + 44);
  });

  itHas("relaxed SIMD", "calls functions that use it", () => {
    const wasm = loadSync(modules["relaxed SIMD"], { api: t.api({ fused: t.fn([t.f32], t.f32) }) });
    expect(wasm.api.fused(3)).toBe(7);
  });

  itHas("custom page sizes", "counts pages of one byte", () => {
    const wasm = loadSync<{ grow(by: number): number }>(modules["custom page sizes"]);
    expect([wasm.memory.byteLength, wasm.guarded.grow(4), wasm.memory.byteLength]).toEqual([1, 1, 5]);
    expect(wasm.memory.grow(5)).toBe(5);
    expect(wasm.memory.read(9, 1)).toEqual(Uint8Array.of(0));
    expect(thrownBy(() => wasm.memory.grow(100))).toMatchObject({ code: "limit-exceeded" });
  });
});
