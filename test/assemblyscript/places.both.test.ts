import { describe, expect, it } from "vitest";
import { compile, inspect, type InstanceOf, t } from "unglue";
import { assemblyscript } from "unglue/assemblyscript";
import { thrownBy, wat } from "../wat.ts";
import { api, moduleUrl } from "./module.ts";

describe("an AssemblyScript module", () => {
  it("begins again after an abort, and is lent by a pool", async () => {
    const module = await compile(moduleUrl("values.wasm"));
    const wasm: InstanceOf<typeof api> = await module.instantiate({ api, onTrap: "restart" });
    const counter = new wasm.api.Counter(1, "one");
    expect(thrownBy(() => wasm.api.fail("once"))).toMatchObject({ code: "trap", details: { panic: "once" } });
    expect(wasm.api.sort(["b", "a"])).toEqual(["a", "b"]);
    expect(thrownBy(() => counter.add(1))).toMatchObject({ code: "object-unusable", details: { reason: "ended" } });
    counter.free();
    const calls = t.api({ greet: t.fn([t.string], t.string) });
    await using pool = module.pool({ api: calls, max: 2 });
    await Promise.all(
      Array.from({ length: 6 }, async (_, at) => {
        using lease = await pool.take();
        expect(lease.api.greet(`taker ${at}`)).toBe(`Hello, taker ${at}!`);
      }),
    );
  });

  it.each([
    ["memory64", '(memory (export "memory") i64 1)'],
    ["threads", '(import "env" "memory" (memory 1 2 shared))'],
  ])("is refused with %s", async (feature, memory) => {
    const bytes = await wat(`(module ${memory} (func (export "__pin") (param i32) (result i32) local.get 0)
      (func (export "greet") (param i32) (result i32) local.get 0))`);
    // Not every engine compiles such a module.
    expect(thrownBy(() => assemblyscript().calling?.(inspect(bytes)))).toMatchObject({
      code: "unsupported-module",
      details: { toolchain: "assemblyscript", feature },
    });
  });
});
