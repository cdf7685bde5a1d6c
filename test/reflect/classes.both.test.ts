import { inspect } from "unglue";
import { describe, expect, it } from "vitest";
import { moduleBytes } from "../packages/served.ts";
import { wat } from "../wat.ts";

describe("the classes that inspect lists", () => {
  it("are those of a wasm-bindgen module with return pointers, with the pattern of each constructor", async () => {
    const { classes = [] } = inspect(await moduleBytes("ywasm"));
    const of = (name: string) => classes.find((one) => one.name === name);
    expect(of("ydoc")).toMatchObject({
      free: "__wbg_ydoc_free",
      constructors: [{ name: "new", export: "ydoc_new", pattern: "return-pointer" }],
    });
    expect(of("ytext")?.constructors).toMatchObject([{ pattern: "direct" }]);
    expect(of("ydoc")?.methods.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["beginTransaction", "getText"]),
    );
    // YXmlText and YXml are classes too: a function is of the longest name that fits.
    for (const { name, methods } of classes) {
      for (const { export: exported } of methods) expect(exported.startsWith(`${name}_`)).toBe(true);
    }
  });

  it("have their public fields", async () => {
    const { classes = [] } = inspect(await moduleBytes("prqlc"));
    expect(classes.find(({ name }) => name === "compileoptions")).toMatchObject({
      constructors: [{ export: "compileoptions_new", pattern: "direct", type: { params: [], results: ["i32"] } }],
      fields: expect.arrayContaining([
        {
          name: "signature_comment",
          get: "__wbg_get_compileoptions_signature_comment",
          set: "__wbg_set_compileoptions_signature_comment",
        },
      ]) as unknown,
    });
  });

  it("are told multi-value from the others by three results", async () => {
    const bytes = await wat(`(module
      (func (export "session_new") (param i32) (result i32 i32 i32) unreachable)
      (func (export "__wbg_session_free") (param i32 i32))
      (func (export "__wbindgen_malloc") (param i32 i32) (result i32) unreachable))`);
    expect(inspect(bytes).classes).toMatchObject([
      { name: "session", constructors: [{ pattern: "multi-value" }], free: "__wbg_session_free" },
    ]);
  });

  it("are those of C by what makes and frees, and of C++ by mangled names", async () => {
    const bytes = await wat(`(module
      (func (export "counter_new") (param i32) (result i32) unreachable)
      (func (export "counter_add") (param i32 i32))
      (func (export "counter_free") (param i32))
      (func (export "ring_init") (param i32 i32))
      (func (export "ring_destroy") (param i32))
      (func (export "lone_free") (param i32))
      (func (export "_ZN3app5PointC1Eii") (param i32 i32 i32) (result i32) unreachable)
      (func (export "_ZN3app5PointD1Ev") (param i32) (result i32) unreachable)
      (func (export "_ZNK3app5Point3sumEv") (param i32) (result i32) unreachable)
      (func (export "_ZN99") (param i32)))`);
    expect(inspect(bytes).classes).toMatchObject([
      {
        name: "app::Point",
        constructors: [{ name: "Point", export: "_ZN3app5PointC1Eii", pattern: "in-place" }],
        methods: [{ name: "sum" }],
        free: "_ZN3app5PointD1Ev",
      },
      {
        name: "counter",
        constructors: [{ name: "new", pattern: "factory" }],
        methods: [{ name: "add", export: "counter_add" }],
        free: "counter_free",
      },
      { name: "ring", constructors: [{ name: "init", pattern: "in-place" }], free: "ring_destroy" },
    ]);
  });

  it("have the functions of the longest prefix that is a class, and of whole objects where a base class has its own", async () => {
    const bytes = await wat(`(module
      (func (export "app_new") (result i32) unreachable)
      (func (export "app_free") (param i32))
      (func (export "app_view_open") (result i32) unreachable)
      (func (export "app_view_close") (param i32))
      (func (export "app_view_draw_now") (param i32))
      (func (export "app_list_free") (param i32))
      (func (export "_ZN3AppC2Ev") (param i32))
      (func (export "_ZN3AppC1Ev") (param i32))
      (func (export "_ZN3AppD2Ev") (param i32))
      (func (export "_ZN3AppC2C2EC2E\\0a") (param i32)))`);
    const { classes = [] } = inspect(bytes);
    expect(
      classes.map(({ name, constructors, methods, free }) => [
        name,
        constructors.map((one) => one.export),
        methods.map((one) => one.name),
        free,
      ]),
    ).toEqual([
      ["App", ["_ZN3AppC1Ev", "_ZN3AppC2C2EC2E\n"], [], "_ZN3AppD2Ev"],
      // A name with a free function and no constructor is no class.
      ["app", ["app_new"], ["list_free"], "app_free"],
      ["app_view", ["app_view_open"], ["draw_now"], "app_view_close"],
    ]);
  });

  it("are those of wasm-bindgen by the longest name, fields included", async () => {
    const bytes = await wat(`(module
      (func (export "__wbg_map_free") (param i32 i32)) (func (export "__wbg_map_entry_free") (param i32 i32))
      (func (export "map_entry_new") (result i32) unreachable) (func (export "map_entry") (param i32))
      (func (export "map_entryKey") (param i32)) (func (export "mapper_run") (param i32))
      (func (export "__wbg_get_map_entry_key") (param i32) (result i32) unreachable)
      (func (export "__wbg_set_map_size") (param i32 i32)))`);
    expect(inspect(bytes).classes).toMatchObject([
      { name: "map", constructors: [], methods: [{ name: "entry" }, { name: "entryKey" }], fields: [{ name: "size" }] },
      { name: "map_entry", constructors: [{ name: "new", pattern: "direct" }], methods: [], fields: [{ name: "key" }] },
    ]);
  });

  it("are none where there are none", async () => {
    expect(inspect(await wat('(module (func (export "add")))')).classes).toEqual([]);
  });
});

describe("the advice of inspect", () => {
  it("lists the exports that may run the closures of a wasm-bindgen module", async () => {
    const bytes = await wat(`(module
      (import "wbg" "__wbindgen_closure_wrapper12" (func (param i32 i32 i32) (result i32)))
      (import "wbg" "__wbindgen_cast_0000000000000001" (func (param i32 i32) (result i32)))
      (func (export "_dyn_core__ops__function__FnMut__A") (param i32 i32 i32))
      (func (export "__wbindgen_malloc") (param i32 i32) (result i32) unreachable))`);
    expect(inspect(bytes).advice).toMatchObject([
      {
        code: "closures",
        message: expect.stringMatching(
          /wrapper12 make closures, and \w+0001 may make .* candidates: _dyn_core\w+ \(i32, i32, i32\) -> \(\)\.$/,
        ) as unknown,
      },
    ]);
  });
});
