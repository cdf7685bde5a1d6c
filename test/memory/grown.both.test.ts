import fc from "fast-check";
import { expect, it } from "vitest";
import { load } from "unglue";
import { createLedger } from "unglue/ledger";
import { thrownBy, wat } from "../wat.ts";

const bare = await wat(`(module (memory (export "memory") 1 40) (data (i32.const 0) "\\07"))`);
const option = { allocator: "grow" } as const;

it("memory that is grown is allocated in pieces that do not overlap, aligned, and used again", async () => {
  const { memory } = await load(bare, option);
  const step = fc.record({
    size: fc.nat(3000),
    align: fc.constantFrom(1, 2, 8, 16, 64, 4096),
    frees: fc.option(fc.nat(), { freq: 2 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
      const live: { start: number; size: number; mark: number }[] = [];
      const release = (at: number) => {
        const [one] = live.splice(at, 1);
        if (!one) return;
        expect(memory.read(one.start, one.size).every((byte) => byte === one.mark)).toBe(true);
        memory.free(one.start);
      };
      for (const [at, { size, align, frees }] of steps.entries()) {
        if (frees !== null) release(frees % Math.max(live.length, 1));
        const start = memory.alloc(size, align);
        expect([start % align, start >= 65_536, memory.u8[0]]).toEqual([0, true, 7]);
        memory.u8.fill(at, start, start + size);
        live.push({ start, size, mark: at });
      }
      while (live.length > 0) release(0);
    }),
  );
  // All is free, and in one piece again.
  const size = memory.byteLength;
  expect(memory.alloc(size - 65_536, 1)).toBe(65_536);
  expect(memory.byteLength).toBe(size);
});

it("what memory cannot grow by is no memory, and what was not allocated is not freed", async () => {
  const ledger = createLedger();
  const { memory } = await load(bare, { ...option, ledger });
  expect(thrownBy(() => memory.alloc(40 * 65_536))).toMatchObject({ code: "allocation-failed" });
  const address = memory.alloc(8);
  memory.free(address);
  expect(thrownBy(() => memory.free(address))).toMatchObject({ code: "double-free" });
  const plain = await load(bare, option);
  expect(thrownBy(() => plain.memory.free(16))).toMatchObject({ code: "invalid-argument" });
});

it("another word for it is an error that says which there are", async () => {
  await expect(load(bare, { allocator: "own" as never })).rejects.toMatchObject({
    code: "invalid-option",
    message: expect.stringContaining('or "grow"') as string,
  });
});
