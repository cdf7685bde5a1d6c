/** Real packages through a declaration file, with the answers of their own JavaScript. */
import { compile, compileSync, type DeclarationFile, inspect, load } from "unglue";
import { describe, expect, it } from "vitest";
import { itAnswersAsItsGlue } from "../packages/compare.ts";
import { api as gluesqlApi } from "../packages/gluesql/api.ts";
import { gluesqlScenario } from "../packages/gluesql/scenario.ts";
import { api as prqlcApi } from "../packages/prqlc/api.ts";
import { prqlcScenario } from "../packages/prqlc/scenario.ts";
import { moduleBytes, moduleUrl } from "../packages/served.ts";
import { api as tiktokenApi } from "../packages/tiktoken/api.ts";
import { tiktokenScenario } from "../packages/tiktoken/scenario.ts";
import { api as ywasmApi } from "../packages/ywasm/api.ts";
import { ywasmScenario } from "../packages/ywasm/scenario.ts";
import { declare } from "./declare.ts";

const prqlc = declare(await moduleBytes("prqlc"), prqlcApi, {
  casts: { __wbindgen_cast_0000000000000001: "s" },
});
const tiktoken = declare(await moduleBytes("tiktoken"), tiktokenApi);
const ywasm = declare(await moduleBytes("ywasm"), ywasmApi, {
  meanings: { __wbg_self_05040bd9523805b9: "get self.self: ()->!H" },
});
const gluesql = declare(await moduleBytes("gluesql"), gluesqlApi, {
  meanings: { __wbg_log_ad3161670ab77d95: "console.log: (s)" },
  closures: { __wbindgen_closure_wrapper999: { call: "__wbindgen_export_1", signature: "mut (H)", destroy: 98 } },
});

/** Loads a module in each way in which a declaration file is used. */
const ways = {
  "load(url, file)": (name: string, file: DeclarationFile) => load(moduleUrl(name), file),
  "module.instantiate(file)": async (name: string, file: DeclarationFile) =>
    (await compile(moduleUrl(name))).instantiate(file),
  "load(module, file), which has no bytes": async (name: string, file: DeclarationFile) =>
    load(await WebAssembly.compile((await moduleBytes(name)) as Uint8Array<ArrayBuffer>), file),
};

describe.each(Object.entries(ways))("%s", (_, open) => {
  const quiet = { importsByMeaning: { "console.log": () => undefined } };

  describe("prqlc", () => {
    itAnswersAsItsGlue("prqlc", prqlcScenario, async () => (await open("prqlc", prqlc)) as never);
  });

  describe("tiktoken", () => {
    itAnswersAsItsGlue("tiktoken", tiktokenScenario, async () => (await open("tiktoken", tiktoken)) as never);
  });

  describe("ywasm", () => {
    const lost = { "undoes and does again": 8 };
    itAnswersAsItsGlue("ywasm", ywasmScenario, async () => (await open("ywasm", ywasm)) as never, lost);
  });

  describe("gluesql", () => {
    const options = { ...gluesql, ...quiet };
    itAnswersAsItsGlue("gluesql", gluesqlScenario, async () => (await open("gluesql", options)) as never);
  });
});

const files: readonly (readonly [name: string, file: DeclarationFile])[] = [
  ["prqlc", prqlc],
  ["tiktoken", tiktoken],
  ["ywasm", ywasm],
  ["gluesql", gluesql],
];

describe.each(files)("%s", (name, file) => {
  it("is served as without a file, with the same meanings, and states what the file states as evidence", async () => {
    const [stated, found] = await Promise.all([load(moduleUrl(name), file), load(moduleUrl(name))]);
    const meaningOf = ({ name, meaning }: { readonly name: string; readonly meaning?: string }) => [name, meaning];
    const identified = found.imports.filter(({ meaning }) => meaning !== undefined);
    expect(stated.imports.map(meaningOf)).toEqual(expect.arrayContaining(identified.map(meaningOf)));
    const evidence = stated.imports.filter(({ meaning }) => meaning !== undefined).map((one) => one.evidence);
    expect(evidence.length).toBeGreaterThan(0);
    for (const text of evidence) expect(text).toMatch(/^as the option known states$|^console_error_panic_hook/);
  });

  it("has the shape of its bytes, from the compiled module and the file", async () => {
    const bytes = (await moduleBytes(name)) as Uint8Array<ArrayBuffer>;
    const module = await WebAssembly.compile(bytes);
    const options = { shape: file.shape ?? { imports: [], exports: [] } };
    const { shape } = await compile(module, options);
    const streamed = (await compile(moduleUrl(name))).shape;
    const exports = streamed.exports.map(({ name, kind, type }) => ({ name, kind, type }));
    // The engine lists only the sections that it is asked for.
    expect(shape).toMatchObject({ ...streamed, exports, customSections: shape.customSections });
    expect(compileSync(module, options).shape).toMatchObject({ imports: inspect(bytes).imports, exports });
  });
});
