import { expect, it } from "vitest";
import { loadSync } from "unglue";
import { thrownBy, wat } from "../wat.ts";

interface Exports {
  run(value: number): number;
  fail(): void;
  twice(value: number): number;
}

/** Each function keeps a value on the module's own stack, in memory, while it calls an import. */
const bytes = await wat(`(module
  (import "env" "wait" (func $wait))
  (import "env" "throws" (func $throws))
  (memory (export "memory") 1)
  (global $stack (export "__stack_pointer") (mut i32) (i32.const 65536))
  (func $keep (param $value i32) (result i32)
    (global.set $stack (i32.sub (global.get $stack) (i32.const 16)))
    (i32.store (global.get $stack) (local.get $value))
    (global.get $stack))
  (func $give (param $at i32) (result i32)
    (global.set $stack (i32.add (global.get $stack) (i32.const 16)))
    (i32.load (local.get $at)))
  (func (export "run") (param i32) (result i32) (local $at i32)
    (local.set $at (call $keep (local.get 0))) (call $wait) (call $give (local.get $at)))
  (func (export "fail") (drop (call $keep (i32.const -1))) (call $throws))
  (func (export "twice") (param i32) (result i32) (i32.mul (call $give (call $keep (local.get 0))) (i32.const 2))))`);

interface Switching {
  readonly Suspending?: new (call: () => unknown) => () => void;
  readonly promising?: (call: unknown) => (value: number) => Promise<number>;
}
const { Suspending, promising } = WebAssembly as unknown as Switching;

function open(on: {
  Suspending: NonNullable<Switching["Suspending"]>;
  promising: NonNullable<Switching["promising"]>;
}) {
  const resumed: (() => void)[] = [];
  const wait = new on.Suspending(() => new Promise<void>((resolve) => resumed.push(resolve)));
  const throws = (): never => {
    throw new Error("on purpose");
  };
  const wasm = loadSync<Exports>(bytes, { imports: { env: { wait, throws } } });
  return { wasm, resumed, run: on.promising(wasm.exports.run) };
}

/** Lets a suspended call go on. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

// Engines from before JSPI have neither; Chromium has both.
if (Suspending && promising) {
  const engine = { Suspending, promising };

  it("leave a suspended call's part of the stack alone, also by an exception", async () => {
    const { wasm, resumed, run } = open(engine);
    const first = run(7);
    await turn();
    const pointer = () => (wasm.exports as unknown as { __stack_pointer: { value: number } }).__stack_pointer.value;
    const before = pointer();
    expect(before).toBe(65_536 - 16);
    expect(wasm.guarded.twice(4)).toBe(8);
    expect(thrownBy(() => wasm.guarded.fail())).toMatchObject({ message: "on purpose" });
    expect(pointer()).toBe(before);
    expect(wasm.guarded.twice(5)).toBe(10);
    resumed.shift()?.();
    expect(await first).toBe(7);
    expect(pointer()).toBe(65_536);
  });

  it("overwrite each other's part of the stack if two are suspended, and not one after the other", async () => {
    const together = open(engine);
    const calls = [together.run(1), together.run(2)];
    await turn();
    // The first ends first, so the third call gets the second's part.
    together.resumed.shift()?.();
    expect(await calls[0]).toBe(1);
    calls.push(together.run(3));
    await turn();
    for (const resume of together.resumed) resume();
    expect(await calls[1]).not.toBe(2);

    const inTurn = open(engine);
    let last: Promise<unknown> = Promise.resolve();
    const results = [1, 2, 3].map((value) => {
      const result = last.then(() => inTurn.run(value));
      last = result.catch(() => undefined);
      return result;
    });
    for (const value of [1, 2, 3]) {
      await turn();
      inTurn.resumed.shift()?.();
      expect(await results[value - 1]).toBe(value);
    }
  });
} else {
  it("need an engine with JSPI", () => {
    expect(Suspending ?? promising).toBeUndefined();
  });
}
