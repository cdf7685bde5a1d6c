import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { thrownBy, wat } from "../../wat.ts";

interface Exports {
  byResult(to: number, capacity: number): number;
  byPointer(to: number, length: number): number;
  untold(to: number, capacity: number): void;
}

const bytes = await wat(`(module
  (import "env" "byResult" (func $byResult (param i32 i32) (result i32)))
  (import "env" "byPointer" (func $byPointer (param i32 i32) (result i32)))
  (import "env" "untold" (func $untold (param i32 i32)))
  (memory (export "memory") 1)
  (export "byResult" (func $byResult))
  (export "byPointer" (func $byPointer))
  (export "untold" (func $untold)))`);

const contents = new Uint8Array([5, 6, 7]);
const untold = t.host([t.buffer(t.u8), t.length(0)], t.void, () => contents);
const byPointer = t.host([t.buffer(t.u8), t.inout(t.length(0, t.u32))], t.i32, () => [0, contents]);
const env = { byResult: t.host([t.buffer(t.u8), t.length(0)], t.length(0, t.i32), () => contents), byPointer, untold };

const open = async (byResult: object = env.byResult) => {
  const wasm = await load<Exports>(bytes, { imports: { env: { ...env, byResult } } });
  wasm.memory.u8.fill(9);
  return wasm;
};

describe("a host function is asked for the size by null with a capacity of 0", () => {
  it.each([
    ["signed", t.host([t.buffer(t.u8), t.length(0)], t.length(0, t.i32), () => contents), 3],
    ["unsigned", t.host([t.buffer(t.u8), t.length(0)], t.length(0, t.u32), () => contents), 3],
    [
      "with an error value",
      t.host([t.buffer(t.u8), t.length(0)], t.length(0, t.i32), () => contents, { error: -1 }),
      3,
    ],
    ["of text, without its zero", t.host([t.buffer(t.cstring), t.length(0)], t.length(0, t.i32), () => "four"), 4],
    ["in elements", t.host([t.buffer(t.f32), t.length(0)], t.length(0, t.i32), () => new Float32Array(2)), 2],
    ["of nothing", t.host([t.buffer(t.u8), t.length(0)], t.length(0, t.i32), () => new Uint8Array()), 0],
  ] as const)("by a result: %s", async (_, byResult, size) => {
    const wasm = await open(byResult);
    expect(wasm.guarded.byResult(0, 0)).toBe(size);
    expect(wasm.hostError).toBeUndefined();
    expect(wasm.memory.u8.every((byte) => byte === 9)).toBe(true);
    expect(wasm.guarded.byResult(64, 16)).toBe(size);
    expect(wasm.hostError).toBeUndefined();
  });

  it("by a pointer to the length", async () => {
    const wasm = await open();
    wasm.memory.u32[2] = 0;
    expect(wasm.guarded.byPointer(0, 8)).toBe(0);
    expect(wasm.memory.u32[2]).toBe(3);
    expect(wasm.guarded.byPointer(64, 8)).toBe(0);
    expect([...wasm.memory.u8.slice(64, 68)]).toEqual([5, 6, 7, 9]);
  });

  it("which is an error if nothing tells it", async () => {
    const wasm = await open();
    expect(thrownBy(() => wasm.guarded.untold(0, 0))).toMatchObject({ code: "buffer-too-small" });
  });
});

it("a buffer that is too small is none, and null with a capacity is too small", async () => {
  const stated = t.host([t.buffer(t.u8), t.length(0)], t.length(0, t.i32), () => contents, { error: -1 });
  const [plain, failing] = [await open(), await open(stated)];
  for (const [to, capacity] of [
    [64, 0],
    [64, 2],
    [0, 16],
  ] as const) {
    expect(plain.guarded.byResult(to, capacity)).toBe(-3);
    expect(failing.guarded.byResult(to, capacity)).toBe(-1);
    expect(failing.hostError).toMatchObject({ code: "buffer-too-small" });
  }
  expect(thrownBy(() => plain.guarded.untold(0, 3))).toMatchObject({ code: "buffer-too-small" });
  expect(plain.memory.u8.every((byte) => byte === 9)).toBe(true);
});
