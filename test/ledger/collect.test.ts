import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compile, type Memory } from "unglue";
import { createLedger } from "unglue/ledger";
import { describe, expect, it } from "vitest";
import { reusing, sized } from "./modules.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Waits until the engine has collected so many of the objects that a test watches. */
function watch() {
  let collected = 0;
  const registry = new FinalizationRegistry(() => (collected += 1));
  return {
    add: (object: object) => registry.register(object, undefined),
    async count(expected: number): Promise<number> {
      for (let round = 0; round < 50 && collected < expected; round += 1) {
        collect();
        await setTimeout(10);
      }
      return collected;
    },
  };
}

/** An object that owns memory, as those do that free it when they are collected. */
class Row {
  readonly address: number;
  constructor(memory: Memory) {
    this.address = memory.alloc(8);
  }
  free(memory: Memory): void {
    memory.free(this.address);
  }
}

describe("a ledger holds on to", () => {
  it("no object whose methods allocated or freed", async () => {
    const ledger = createLedger();
    const { memory } = await (await compile(reusing)).instantiate({ ledger });
    const rows = watch();
    (function make() {
      for (let at = 0; at < 20; at += 1) {
        const row = new Row(memory);
        if (at % 2) row.free(memory);
        rows.add(row);
      }
    })();
    expect(await rows.count(20)).toBe(20);
    expect(ledger.live).toHaveLength(10);
  });

  it("no instance, be it disposed or just dropped, and be its allocations freed or not", async () => {
    const ledger = createLedger();
    const module = await compile(reusing);
    const instances = watch();
    (function make() {
      for (let at = 0; at < 8; at += 1) {
        const wasm = module.instantiateSync({ ledger });
        const address = wasm.memory.alloc(8);
        if (at % 2) wasm.memory.free(address);
        if (at % 4 > 1) wasm.dispose();
        instances.add(wasm);
      }
    })();
    expect(await instances.count(8)).toBe(8);
    expect(ledger.live.map(({ instance, disposed }) => [instance, disposed])).toEqual([
      [1, false],
      [3, true],
      [5, false],
      [7, true],
    ]);
  });

  it("no more than its history of what is freed", async () => {
    const ledger = createLedger({ history: 10 });
    const { memory } = await (await compile(sized)).instantiate({ ledger });
    const round = async (): Promise<number> => {
      for (let batch = 0; batch < 8; batch += 1) {
        const all = Array.from({ length: 200 }, () => memory.alloc(8));
        await Promise.resolve();
        for (const address of all) memory.free(address, 8);
        await Promise.resolve();
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    await round();
    const before = await round();
    for (let at = 0; at < 4; at += 1) await round();
    // Each of 8,000 stacks would take a kilobyte.
    expect((await round()) - before).toBeLessThan(2_000_000);
  });
});
