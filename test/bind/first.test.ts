import { expect, it } from "vitest";
import { load, t } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";

it("prqlc", async () => {
  const api = t.api({
    compile: t.fn([t.string, t.optional(t.owned("CompileOptions"))], t.string),
    get_targets: t.fn([], t.list(t.string)),
    CompileOptions: t.class({ new: t.ctor([]), target: t.field(t.string), signature_comment: t.field(t.bool) }),
  });
  const wasm = await load("node_modules/prqlc/dist/node/prqlc_js_bg.wasm", {
    api,
    adapters: [wasmBindgen({ casts: { __wbindgen_cast_0000000000000001: "s" } })],
  });
  const options = new wasm.api.CompileOptions();
  options.target = "sql.sqlite";
  options.signature_comment = false;
  console.log(options.target, options.signature_comment);
  console.log(wasm.api.compile("from employees | select {name}", options));
  console.log(wasm.api.get_targets());
  try { wasm.api.compile("from x | selct y"); } catch (e) { console.log("thrown", e); }
  try { options.target; } catch (e) { console.log("thrown", (e as Error).message); }
  try { wasm.api.compile(5 as never); } catch (e) { console.log("thrown", (e as Error).message); }
  expect(1).toBe(1);
});

it("misfit", async () => {
  const api = t.api({
    compilr: t.fn([t.string, t.optional(t.owned("CompileOptions"))], t.string),
    get_targets: t.fn([t.u32], t.list(t.string)),
    CompileOptions: t.class({ new: t.ctor([t.string]), tarbet: t.field(t.string), signature_comment: t.field(t.bool) }),
  });
  await load("node_modules/prqlc/dist/node/prqlc_js_bg.wasm", { api }).catch((e) => console.log(e.message));
});
