import { describe, expect, it } from "vitest";
import { type Instance, load } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

interface Exports {
  next(): number;
  trap(): void;
}

/** Above 8 MB Chromium makes no instance synchronously on the main thread. */
async function large(start = ""): Promise<Uint8Array<ArrayBuffer>> {
  const small = await wat(`(module
    (import "env" "start" (func $start (result i32)))
    (global $n (mut i32) (i32.const 0))
    (memory (export "memory") 1)
    (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
    (func (export "trap") unreachable)
    (func $run (if (call $start) (then unreachable))) ${start})`);
  const size = 9 * 2 ** 20;
  const name = [3, 112, 97, 100];
  const length = size + name.length;
  const custom = [
    0,
    (length & 127) | 128,
    ((length >> 7) & 127) | 128,
    ((length >> 14) & 127) | 128,
    length >> 21,
    ...name,
  ];
  const bytes = new Uint8Array(small.length + custom.length + size);
  bytes.set(small);
  bytes.set(custom, small.length);
  return bytes;
}

const open = async (
  bytes: Uint8Array<ArrayBuffer>,
  start: () => number,
  rest: object = {},
): Promise<Instance<Exports>> => load<Exports>(bytes, { onTrap: "restart", imports: { env: { start } }, ...rest });

describe("where the engine makes no instance at once", () => {
  it("the instance restarts meanwhile, refuses calls, and is ready afterwards", async () => {
    const states: string[] = [];
    const wasm = await open(await large(), () => 0, { onRestart: (again: Instance) => states.push(again.state) });
    for (let round = 1; round <= 3; round++) {
      const { memory } = wasm;
      expect([wasm.guarded.next(), wasm.guarded.next()]).toEqual([1, 2]);
      expect(thrownBy(() => wasm.guarded.trap())).toMatchObject({ code: "trap" });
      expect(wasm.state).toBe("restarting");
      for (const use of [() => wasm.guarded.next(), () => wasm.memory, () => wasm.exports]) {
        expect(thrownBy(use)).toMatchObject({ code: "restarting" });
      }
      await wasm.ready;
      expect(wasm.state).toBe("live");
      expect(thrownBy(() => memory.u8)).toMatchObject({ code: "life-ended" });
      expect(states).toEqual(new Array(round).fill("live"));
    }
  });

  it("a trap in the start function of the next life poisons the instance", async () => {
    let starts = 0;
    const wasm = await open(await large("(start $run)"), () => starts++);
    thrownBy(() => wasm.guarded.trap());
    expect(await rejectionOf(wasm.ready)).toMatchObject({
      code: "poisoned",
      cause: { code: "restart-failed", cause: { code: "trap", details: { export: "(start)" } } },
    });
    expect([starts, wasm.state]).toEqual([2, "poisoned"]);
  });

  it("dispose meanwhile ends it, and no life follows", async () => {
    let starts = 0;
    const wasm = await open(await large("(start $run)"), () => (starts++, 0));
    const { trap, next } = wasm.guarded;
    thrownBy(trap);
    const { ready } = wasm;
    wasm.dispose();
    expect(await rejectionOf(ready)).toMatchObject({ code: "disposed" });
    expect(thrownBy(next)).toMatchObject({ code: "disposed" });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(wasm.state).toBe("disposed");
    // The engine may have begun to instantiate already.
    expect(starts).toBeLessThanOrEqual(2);
  });
});
