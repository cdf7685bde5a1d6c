import { describe, expect, it } from "vitest";
import { thrownBy } from "../wat.ts";
import { expectForward } from "./forward.ts";
import { load } from "./modules.ts";

const text = `(module
  (memory (export "memory") i64 1 4)
  (global $top (mut i64) (i64.const 1024))
  (func (export "malloc") (param $size i64) (result i64)
    (if (i64.gt_u (local.get $size) (i64.const 65536)) (then (return (i64.const -1))))
    (global.get $top)
    (global.set $top (i64.add (global.get $top) (local.get $size))))
  (func (export "free") (param $address i64)
    (if (i64.eq (local.get $address) (i64.sub (global.get $top) (i64.const 8)))
      (then (global.set $top (local.get $address)))))
  (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
  (func (export "load") (param i64) (result i32) (i32.load8_u (local.get 0))))`;

/** Tests of 64-bit memories, for the engines that have them. */
export function describeMemory64(): void {
  describe("a 64-bit memory", () => {
    it("takes addresses as numbers and as bigints, and gives numbers", async () => {
      const { memory, exports } = await load(text);
      memory.write(100n, Uint8Array.of(7, 8));
      expect(exports.load!(101n)).toBe(8);
      expect([...memory.read(100, 2n)]).toEqual([7, 8]);
      const { address, length } = memory.allocString("hello €");
      expect([address, length]).toEqual([1024, 9]);
      expect(memory.readString(BigInt(address), BigInt(length))).toBe("hello €");
    });

    it("is grown by JavaScript and by the module, and keeps to its maximum", async () => {
      for (const typed of [true, false]) {
        const { memory, exports } = await load(text, { typed });
        expect(memory.grow(1)).toBe(1);
        expect(memory.grow(1n)).toBe(2);
        expect(exports.grow!(1n)).toBe(3n);
        expect(memory.byteLength).toBe(4 * 65536);
        expect(memory.u8.length).toBe(4 * 65536);
        expect(thrownBy(() => memory.grow(1))).toMatchObject({
          code: "limit-exceeded",
          details: { asked: 5, allowed: typed ? 4 : 65_536 },
        });
      }
    });

    it("allocates and frees through bigints", async () => {
      const { memory } = await load(text);
      expect(memory.alloc(8)).toBe(1024);
      memory.free(1024);
      expect(memory.alloc(8)).toBe(1024);
      expect(thrownBy(() => memory.alloc(2 ** 33))).toMatchObject({
        code: "allocation-failed",
        details: { size: 2 ** 33 },
      });
    });

    it("allocates what a number that only grows says, for any size and alignment, while it grows", async () => {
      await expectForward({ wide: true });
      await expectForward({ wide: true, natural: 8 });
    });

    it("has no negative addresses and wraps none", async () => {
      const { memory } = await load(text);
      for (const address of [-8, -8n, 2 ** 32 + 8, 2n ** 64n + 8n, -(2n ** 64n) + 8n]) {
        expect(thrownBy(() => memory.read(address, 1))).toMatchObject({ code: "out-of-bounds" });
      }
    });
  });
}
