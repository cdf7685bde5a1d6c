import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { wat } from "../../wat.ts";

/** An allocator that counts what lives, and an export that calls the import. */
const text = `(module
  (import "env" "name" (func $name (param i32) (result i32)))
  (memory (export "memory") 2)
  (global $top (mut i32) (i32.const 4096))
  (global $live (mut i32) (i32.const 0))
  (func (export "live") (result i32) (global.get $live))
  (func (export "malloc") (param i32) (result i32)
    (global.set $live (i32.add (global.get $live) (i32.const 1)))
    (global.set $top (i32.add (global.get $top) (i32.const 64)))
    (i32.sub (global.get $top) (i32.const 64)))
  (func (export "free") (param i32) (global.set $live (i32.sub (global.get $live) (i32.const 1))))
  (func (export "call") (param i32) (result i32) (call $name (local.get 0))))`;

describe("a host function that is called again while it runs", () => {
  it("frees each text that it returned, once the module can no longer use it", async () => {
    const seen: string[] = [];
    const call = (depth: number): string => wasm.api.call(depth);
    const name = t.host(
      [t.i32],
      t.cstring,
      (depth) => {
        if (depth > 0) seen.push(call(depth - 1));
        return `depth ${depth}`;
      },
      { owned: false },
    );
    const wasm = await load(await wat(text), {
      api: t.api({ call: t.fn([t.i32], t.cstring), live: t.fn([], t.i32) }),
      imports: { env: { name } },
    });
    for (let round = 0; round < 20; round++) expect(call(3)).toBe("depth 3");
    expect(seen.slice(0, 3)).toEqual(["depth 0", "depth 1", "depth 2"]);
    expect(call(0)).toBe("depth 0");
    expect(wasm.api.live()).toBe(1);
  });
});
