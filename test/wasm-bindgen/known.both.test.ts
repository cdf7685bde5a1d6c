import { describe, expect, it } from "vitest";
import { load, loadSync } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { moduleBytes, moduleUrl } from "../packages/served.ts";
import { wat } from "../wat.ts";

/** What no table knows, by package: each is a stub, which names the import when it is called. */
const unknown: Readonly<Record<string, readonly string[]>> = {
  "@oxc-parser/wasm/web/oxc_parser_wasm_bg.wasm": [],
  "@resvg/resvg-wasm/index_bg.wasm": [],
  "brotli-wasm/pkg.web/brotli_wasm_bg.wasm": [],
  "lz4-wasm/lz4_wasm_bg.wasm": [],
  "prqlc/dist/web/prqlc_js_bg.wasm": ["__wbindgen_cast_0000000000000001"],
  "tiktoken/tiktoken_bg.wasm": [],
  "ywasm/ywasm_bg.wasm": [
    "__wbg_self_05040bd9523805b9",
    "__wbg_window_adc720039f2cb14f",
    "__wbg_globalThis_622105db80c1457d",
    "__wbg_global_f56b013ed9bcf359",
  ],
};

describe.each(Object.entries(unknown))("the imports of %s", (name, expected) => {
  it("are known, but for those that are listed", async () => {
    const { imports } = await load(moduleUrl(name));
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter(({ provider }) => provider !== "adapter").map((one) => one.name)).toEqual(expected);
  });

  it("are the same to a call that cannot wait, which is given the adapter", async () => {
    const known = loadSync(await moduleBytes(name), { adapters: [wasmBindgen()] }).imports;
    expect(known).toEqual((await load(moduleUrl(name))).imports);
  });
});

describe("an import called new", () => {
  // Of js-sys 0.3.69; the hashes are those in @resvg/resvg-wasm 2.6.2.
  it.each([
    ["16b304a2cfa7ff4a", "(result i32)", "new Array()"],
    ["63b92bc8671ed464", "(param i32) (result i32)", "new Uint8Array()"],
    ["28c511d9baebfa89", "(param i32 i32) (result i32)", "new Error()"],
  ])("with the hash %s is told from the others", async (hash, type, meaning) => {
    const bytes = await wat(`(module (import "wbg" "__wbg_new_${hash}" (func ${type})) (memory (export "memory") 1))`);
    const [report] = (await load(bytes)).imports;
    expect(report).toMatchObject({ provider: "adapter", evidence: `hash: js-sys 0.3.69, ${meaning}` });
  });

  it("with another hash is a stub that lists what it could be, until it is stated", async () => {
    const name = "__wbg_new_0123456789abcdef";
    const bytes = await wat(
      `(module (import "wbg" "${name}" (func $it (result i32))) (export "call" (func $it)) (memory (export "memory") 1))`,
    );
    const wasm = await load(bytes);
    expect(wasm.imports).toMatchObject([{ provider: "stub" }]);
    expect(() => wasm.exports["call"]?.()).toThrow("new Array()");
    expect(() => wasm.exports["call"]?.()).toThrow("new Map()");
    const stated = await load(bytes, { adapters: [wasmBindgen({ meanings: { [name]: "new Map()" } })] });
    expect(stated.handles.take(stated.exports["call"]?.() as number)).toEqual(new Map());
  });
});
