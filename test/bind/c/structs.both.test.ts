import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { rejectionOf } from "../../wat.ts";
import { fixture } from "./shapes.ts";
import { describeStructs } from "./structs-cases.ts";

describeStructs("shapes");

describe("a layout that cannot be", () => {
  const { i32, u8 } = t;
  it.each([
    [
      "overlapping fields",
      t.record({ a: i32, b: i32 }, { offsets: { a: 0, b: 2 } }),
      "declare members that share bytes as a t.union",
    ],
    [
      "fields beyond the size",
      t.record({ a: i32, b: i32 }, { offsets: { a: 0, b: 4 }, size: 6 }),
      "go beyond its size",
    ],
    ["too small a size", t.record({ a: i32 }, { size: 2 }), "go beyond its size"],
    [
      "offsets of some fields",
      t.record({ a: i32, b: i32 }, { offsets: { a: 0 } as never }),
      "offsets that are not one for each field",
    ],
    [
      "offsets of other fields",
      t.record({ a: i32 }, { offsets: { toString: 0 } as never }),
      "offsets that are not one for each field",
    ],
    ["a negative offset", t.record({ a: i32 }, { offsets: { a: -4 } }), "offsets that are not one for each field"],
    ["packed offsets", t.record({ a: i32 }, { offsets: { a: 0 }, packed: true }), "both packed and offsets"],
    ["an odd alignment", t.record({ a: i32 }, { align: 3 }), "an align that is no power of two"],
    ["a size that is none", t.record({ a: i32 }, { size: 0.5 }), "a size that is no whole number"],
    ["an unknown option", t.record({ a: i32 }, { pack: true } as never), 'the unknown option "pack"'],
    ["text in a union", t.union({ a: i32, b: t.cstring }), "every member of union(i32, cstring) must be a number"],
    ["an enumeration in a union", t.union({ a: t.record({ b: t.enumeration(["x"]) }) }), "every member of union("],
    ["an empty array", t.fixed(u8, 0), "a length that is no whole number from 1"],
    ["an endless array", t.fixed(u8, 2 ** 40), "a length that is no whole number from 1"],
    ["an array of huge arrays", t.fixed(t.fixed(i32, 2 ** 20), 2 ** 20), "has no way to pass"],
    ["text of no length", t.chars(-1), "a length that is no whole number from 1"],
    ["an array of objects", t.fixed(t.js, 2), "has no way to pass"],
  ])("is refused: %s", async (_, type, reason) => {
    const error = await rejectionOf(load(fixture("shapes"), { api: t.api({ key_sum: t.fn([type as never], t.u32) }) }));
    expect(error).toMatchObject({ code: "interface-mismatch" });
    expect(String(error)).toContain(reason);
  });

  it("is refused for a union in a field that can be written", async () => {
    const members = (readonly: boolean) => ({
      value: t.field(t.union({ i: t.i32, f: t.f32 }), { offset: 0, readonly }),
    });
    const open = (readonly: boolean) =>
      load(fixture("shapes"), { api: t.api({ Stream: t.class(members(readonly), { free: false }) }) });
    expect(String(await rejectionOf(open(false)))).toContain("declare each member as a field of its own");
    await open(true);
  });
});
