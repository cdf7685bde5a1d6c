import { describe, expect, it } from "vitest";
import { findProviders } from "../../src/cli/providers.ts";
import { verifyKnown } from "../../src/cli/declare/verify.ts";
import { wat } from "../wat.ts";

const known = {
  toolchain: "wasm-bindgen",
  version: "0.2.126",
  meanings: { __wbg_log_0123456789abcdef: "console.log: (d)" },
};
const module = (more: string) =>
  wat(`(module
    (import "wbg" "__wbg_log_0123456789abcdef" (func (param f64)))
    ${more}
    (memory (export "memory") 1)
    (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 16)))`);

describe("what is known of imports", () => {
  it("is whole where a load serves each of them", async () => {
    expect(await verifyKnown(await module(""), known)).toEqual({ known, holes: [] });
  });

  it("names an import that a load would serve with a stub", async () => {
    const bytes = await module('(import "wbg" "__wbg_mine_0123456789abcdef" (func (param f64)))');
    const found = await verifyKnown(bytes, known);
    expect(found.holes).toEqual([
      { member: "__wbg_mine_0123456789abcdef", reason: expect.stringContaining("knows no task for it") as string },
    ]);
    expect(found.known).toEqual({ ...known, holes: ["__wbg_mine_0123456789abcdef"] });
    // The file has a function of the package for it, or it is named already.
    expect((await verifyKnown(bytes, known, new Set(["__wbg_mine_0123456789abcdef"]))).holes).toEqual([]);
    expect((await verifyKnown(bytes, { ...known, holes: ["__wbg_mine_0123456789abcdef"] })).holes).toEqual([]);
  });

  it("is found out without a call of the module", async () => {
    const bytes = await module(`
      (func $run unreachable)
      (start $run)
      (func (export "_initialize") unreachable)
      (func (export "__wbindgen_start") unreachable)
      (func (export "__wbindgen_add_to_stack_pointer") (param i32) (result i32) unreachable)
      (func (export "__externref_table_alloc") (result i32) unreachable)`);
    expect(await verifyKnown(bytes, known)).toEqual({ known, holes: [] });
    expect(await findProviders(bytes, known)).toMatchObject({ reports: [{ provider: "adapter" }] });
    expect(await findProviders(bytes)).toMatchObject({ reports: [{ name: "__wbg_log_0123456789abcdef" }] });
  });

  it("does not need an engine with the tag of JavaScript's exceptions", async () => {
    const bytes = await module('(import "wbg" "__wbindgen_jstag" (tag (param externref)))');
    expect(await verifyKnown(bytes, known)).toEqual({ known, holes: [] });
  });
});
