import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const bytes = await wat(`(module
  (import "env" "ask" (func $ask (param i32) (result i32)))
  (func (export "run") (param i32) (result i32) (i32.add (call $ask (local.get 0)) (i32.const 1)))
  (func (export "fail") (param i32) (result i32) (drop (call $ask (local.get 0))) (unreachable)))`);

interface Switching {
  readonly Suspending?: new (call: (value: number) => unknown) => (value: number) => number;
  readonly promising?: (call: unknown) => (value: number) => Promise<number>;
}
const { Suspending, promising } = WebAssembly as unknown as Switching;
interface Exports {
  run(value: number): number;
  fail(value: number): number;
}
const later = (value: number): Promise<number> => new Promise((resolve) => setTimeout(() => resolve(value * 2), 1));

describe("a promise in C's convention", () => {
  it("is refused as a parameter, with what to do instead", async () => {
    const api = t.api({ run: t.fn([t.promise(t.i32)], t.i32) });
    const error = (await rejectionOf(load(bytes, { api }))) as Error;
    expect(error).toMatchObject({ code: "interface-mismatch" });
    expect(error.message).toMatch(/await it before the call, or let the module wait for it in an import/);
  });
});

if (Suspending && promising)
  describe("an import that suspends", () => {
    const open = () => load<Exports>(bytes, { imports: { env: { ask: new Suspending(later) } } });

    it("is passed on to the engine, and reported as the user's", async () => {
      const wasm = await open();
      expect(wasm.imports[0]).toMatchObject({ name: "ask", provider: "user" });
      const run = promising(wasm.exports.run);
      expect(await run(20)).toBe(41);
      expect(await run(-1)).toBe(-1);
    });

    it("serves two instances at the same time", async () => {
      const [one, other] = [await open(), await open()];
      const calls = [promising(one.exports.run)(1), promising(other.exports.run)(2)];
      expect(await Promise.all(calls)).toEqual([3, 5]);
    });

    it("rejects with the engine's trap, since the exports are the engine's own", async () => {
      const wasm = await open();
      expect(await rejectionOf(promising(wasm.exports.fail)(1))).toBeInstanceOf(WebAssembly.RuntimeError);
      expect(wasm.state).toBe("live");
    });

    it("cannot suspend a plain call, and the engine says so", async () => {
      const wasm = await open();
      expect(String(thrownBy(() => wasm.guarded.run(1)))).toMatch(/suspend/i);
      expect(wasm.state).toBe("live");
    });
  });
