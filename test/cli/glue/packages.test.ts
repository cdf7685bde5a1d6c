import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { inspect } from "../../../src/node.ts";
import { readAbi } from "../../../src/toolchains/wasm-bindgen/abi.ts";
import { createIdentify, knownTable } from "../../../src/toolchains/wasm-bindgen/known/index.ts";
import { webTable } from "../../../src/toolchains/wasm-bindgen/known/web-table.ts";
import { holesIn, visible } from "./same.ts";

/** Generated JavaScript of several versions and targets, and the module that it belongs to. */
const pairs = [
  ...["node", "web", "bundler"].map((target) =>
    pair(`prqlc/dist/${target}/prqlc_js${target === "bundler" ? "_bg" : ""}.js`),
  ),
  pair("tiktoken/tiktoken_bg.js"),
  pair("tiktoken/tiktoken_bg.cjs"),
  pair("tiktoken/lite/tiktoken_bg.cjs"),
  pair("ywasm/ywasm.js"),
  pair("gluesql/web/gluesql_js.js"),
  pair("gluesql/nodejs/gluesql_js.js"),
  pair("@matrix-org/matrix-sdk-crypto-wasm/pkg/matrix_sdk_crypto_wasm_bg.js"),
  pair("@matrix-org/matrix-sdk-crypto-wasm/pkg/matrix_sdk_crypto_wasm_bg.cjs"),
  pair("@oxc-parser/wasm/node/oxc_parser_wasm.js"),
  pair("@oxc-parser/wasm/web/oxc_parser_wasm.js"),
  pair("brotli-wasm/pkg.web/brotli_wasm.js"),
  pair("brotli-wasm/pkg.node/brotli_wasm.js"),
  pair("brotli-wasm/pkg.bundler/brotli_wasm_bg.js"),
  pair("lz4-wasm/lz4_wasm_bg.js"),
  pair("@resvg/resvg-wasm/index.js"),
  pair("@resvg/resvg-wasm/index.mjs"),
  pair("@resvg/resvg-wasm/index.min.js"),
  ...readdirSync("test/fixtures/realm/built")
    .filter((name) => name.endsWith(".js"))
    .map((name) => [name, join("test/fixtures/realm/built", name)] as const),
];

function pair(path: string): readonly [string, string] {
  return [path, join("node_modules", path)];
}

/** The module beside generated JavaScript. */
function moduleOf(path: string): string {
  const stem = path.replace(/(_bg)?\.[cm]?js$/, "");
  const candidates = [`${stem}_bg.wasm`, `${stem}.wasm`, join(dirname(path), "index_bg.wasm")];
  const found = candidates.find((one) => existsSync(one));
  if (found === undefined) throw new Error(`${path} has no module`);
  return found;
}

/** The package whose exports are classes of its own around the generated ones. */
const wrapped = "@resvg";

describe.each(pairs)("the generated JavaScript %s", (name, path) => {
  const shape = inspect(readFileSync(moduleOf(path)));
  const glue = readGlue(readFileSync(path, "utf8"), name, { shape });

  it("is read whole", () => {
    expect(holesIn(glue)).toEqual([]);
    const functions = shape.imports.flatMap((one) => (one.kind === "function" ? [one.name] : []));
    expect([...glue.imports.keys()].sort()).toEqual([...new Set(functions)].sort());
    if (!name.startsWith(wrapped)) expect(glue.functions.size + glue.classes.size).toBeGreaterThan(0);
  });

  it("calls exports with the words that they take", () => {
    const names = new Set(shape.exports.map((one) => one.name));
    for (const one of glue.functions.values()) {
      if (one.kind === "function") expect(names).toContain(one.export);
    }
    for (const { free } of name.startsWith(wrapped) ? [] : glue.classes.values()) expect(names).toContain(free);
  });

  it("agrees with the declarations of crates about every import that these identify", () => {
    const identify = createIdentify([knownTable, webTable], shape);
    const { handles, helpers } = readAbi(shape);
    const facts = { isHeap: handles === "heap", stores: helpers.storeException !== undefined };
    let compared = 0;
    for (const wanted of shape.imports) {
      const read = glue.imports.get(wanted.name);
      const known = identify.identified(wanted)?.declaration;
      if (read?.kind !== "meaning" || !known) continue;
      compared++;
      const { crate, ...declared } = known;
      expect(visible(read.declaration, facts), `${wanted.name} of ${crate}`).toEqual(visible(declared, facts));
    }
    expect(compared).toBeGreaterThanOrEqual(shape.imports.length > 8 ? 2 : 0);
  });
});
