import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { thrownBy, wat } from "../../wat.ts";

/**
 * `print` is snprintf of "hello"; `told` says through a pointer that it wrote 6 bytes with the zero; `unended` fills the
 * buffer without a zero, as strncpy does.
 */
const text = `(module
  (memory (export "memory") 2)
  (global $top (mut i32) (i32.const 4096))
  (data (i32.const 64) "hello\\00")
  (func (export "malloc") (param i32) (result i32)
    (global.set $top (i32.add (global.get $top) (i32.const 64)))
    (i32.sub (global.get $top) (i32.const 64)))
  (func (export "free") (param i32))
  (func $cut (param $to i32) (param $room i32) (local $count i32)
    (if (i32.eqz (local.get $room)) (then (return)))
    (local.set $count (i32.sub (local.get $room) (i32.const 1)))
    (if (i32.gt_u (local.get $count) (i32.const 5)) (then (local.set $count (i32.const 5))))
    (memory.copy (local.get $to) (i32.const 64) (local.get $count))
    (i32.store8 (i32.add (local.get $to) (local.get $count)) (i32.const 0)))
  (func (export "print") (param i32 i32) (result i32)
    (call $cut (local.get 0) (local.get 1))
    (i32.const 5))
  (func (export "told") (param i32 i32)
    (call $cut (local.get 0) (i32.load (local.get 1)))
    (i32.store (local.get 1) (i32.const 6)))
  (func (export "unended") (param i32 i32) (result i32)
    (memory.copy (local.get 0) (i32.const 64) (local.get 1))
    (local.get 1)))`;

describe("text in a buffer that is too small", () => {
  const open = async () =>
    (
      await load(await wat(text), {
        api: t.api({
          print: t.fn([t.buffer(t.cstring), t.length(0)], t.length(0, t.i32)),
          told: t.fn([t.buffer(t.cstring), t.inout(t.length(0))], t.void),
          unended: t.fn([t.buffer(t.cstring), t.length(0)], t.length(0)),
        }),
      })
    ).api;

  it("is refused if it was cut, also where the told length is the capacity, and details.length has room", async () => {
    const { print, told } = await open();
    for (const capacity of [0, 1, 4, 5]) {
      expect(thrownBy(() => print(capacity))).toMatchObject({
        code: "buffer-too-small",
        details: { capacity, length: 6 },
      });
    }
    expect(print(6)).toEqual([5, "hello"]);
    expect(thrownBy(() => told(5))).toMatchObject({ code: "buffer-too-small", details: { length: 7 } });
    // Whether the length includes the zero cannot be told from here, and one more byte settles it.
    expect(thrownBy(() => told(6))).toMatchObject({ code: "buffer-too-small", details: { length: 7 } });
    expect(told(7)).toBe("hello");
  });

  it("is whole where it fills the buffer without a zero", async () => {
    const { unended } = await open();
    expect(unended(5)).toEqual([5, "hello"]);
    expect(unended(3)).toEqual([3, "hel"]);
    expect(unended(0)).toEqual([0, ""]);
  });
});
