import { describe, expect, it } from "vitest";
import { findProviders } from "../../src/cli/providers.ts";
import { verifyKnown } from "../../src/cli/declare/verify.ts";
import { compileUnstarted } from "../../src/cli/unstarted.ts";
import { wat } from "../wat.ts";

const known = {
  toolchain: "wasm-bindgen",
  version: "0.2.126",
  meanings: { __wbg_log_0123456789abcdef: "console.log: (d)" },
};
/** The same, as a file says it. */
const checked = { ...known, checked: true };
/** A declaration file without functions and classes. */
const nothing = { functions: new Set<string>(), classes: new Set<string>() };
const module = (more: string) =>
  wat(`(module
    (import "wbg" "__wbg_log_0123456789abcdef" (func (param f64)))
    ${more}
    (memory (export "memory") 1)
    (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 16)))`);

type Arguments = Parameters<typeof verifyKnown>;
const verified = async (bytes: Uint8Array<ArrayBuffer>, stated: Arguments[1], beside: Arguments[2]) =>
  verifyKnown(await compileUnstarted(bytes), stated, beside);

describe("what is known of imports", () => {
  it("is whole where a load serves each of them", async () => {
    expect(await verified(await module(""), known, nothing)).toEqual({ known: checked, holes: [] });
  });

  it("names an import that a load would serve with a stub", async () => {
    const bytes = await module('(import "wbg" "__wbg_mine_0123456789abcdef" (func (param f64)))');
    const found = await verified(bytes, known, nothing);
    expect(found.holes).toEqual([
      { member: "__wbg_mine_0123456789abcdef", reason: expect.stringContaining("knows no task for it") as string },
    ]);
    expect(found.known).toEqual({ ...checked, holes: ["__wbg_mine_0123456789abcdef"] });
    // The file has a function of the package for it, or it is named already.
    expect(
      (await verified(bytes, known, { ...nothing, functions: new Set(["__wbg_mine_0123456789abcdef"]) })).holes,
    ).toEqual([]);
    expect((await verified(bytes, { ...known, holes: ["__wbg_mine_0123456789abcdef"] }, nothing)).holes).toEqual([]);
  });

  it("is found out without a call of the module", async () => {
    const bytes = await module(`
      (func $run unreachable)
      (start $run)
      (func (export "_initialize") unreachable)
      (func (export "__wbindgen_start") unreachable)
      (func (export "__wbindgen_add_to_stack_pointer") (param i32) (result i32) unreachable)
      (func (export "__externref_table_alloc") (result i32) unreachable)`);
    expect(await verified(bytes, known, nothing)).toEqual({ known: checked, holes: [] });
    expect(await findProviders(bytes, known)).toMatchObject({ reports: [{ provider: "adapter" }] });
    expect(await findProviders(bytes)).toMatchObject({ reports: [{ name: "__wbg_log_0123456789abcdef" }] });
  });

  it("does not need an engine with the tag of JavaScript's exceptions", async () => {
    const bytes = await module('(import "wbg" "__wbindgen_jstag" (tag (param externref)))');
    expect(await verified(bytes, known, nothing)).toEqual({ known: checked, holes: [] });
  });

  it("does not pass objects of a class that is not declared", async () => {
    const name = "__wbg_keep_0123456789abcdef";
    const bytes = await module(`(import "wbg" "${name}" (func (param i32)))`);
    const keeping = { ...known, meanings: { ...known.meanings, [name]: "Keeper.keep: (?@Counter)" } };
    const found = await verified(bytes, keeping, nothing);
    expect(found.holes).toEqual([
      { member: name, reason: "it passes an object of the class Counter, which the package does not export" },
    ]);
    expect(found.known).toEqual({ ...checked, holes: [name] });
    expect(await verified(bytes, keeping, { ...nothing, classes: new Set(["Counter"]) })).toEqual({
      known: { ...keeping, checked: true },
      holes: [],
    });
    // A text of an enumeration is no class.
    const text = { ...known, meanings: { ...known.meanings, [name]: 'Keeper.keep: ("@a|@b")' } };
    expect(await verified(bytes, text, nothing)).toEqual({ known: { ...text, checked: true }, holes: [] });
  });
});
