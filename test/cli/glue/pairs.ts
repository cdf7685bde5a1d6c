import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Shape } from "../../../src/node.ts";
import { inspect } from "../../../src/node.ts";

const packages = [
  "prqlc/dist/node/prqlc_js.js",
  "prqlc/dist/web/prqlc_js.js",
  "prqlc/dist/bundler/prqlc_js_bg.js",
  "tiktoken/tiktoken_bg.js",
  "tiktoken/tiktoken_bg.cjs",
  "tiktoken/lite/tiktoken_bg.cjs",
  "ywasm/ywasm.js",
  "gluesql/web/gluesql_js.js",
  "gluesql/nodejs/gluesql_js.js",
  "@matrix-org/matrix-sdk-crypto-wasm/pkg/matrix_sdk_crypto_wasm_bg.js",
  "@matrix-org/matrix-sdk-crypto-wasm/pkg/matrix_sdk_crypto_wasm_bg.cjs",
  "@oxc-parser/wasm/node/oxc_parser_wasm.js",
  "@oxc-parser/wasm/web/oxc_parser_wasm.js",
  "brotli-wasm/pkg.web/brotli_wasm.js",
  "brotli-wasm/pkg.node/brotli_wasm.js",
  "brotli-wasm/pkg.bundler/brotli_wasm_bg.js",
  "lz4-wasm/lz4_wasm_bg.js",
  "@resvg/resvg-wasm/index.js",
  "@resvg/resvg-wasm/index.mjs",
  "@resvg/resvg-wasm/index.min.js",
].map((name) => join("node_modules", name));

const built = "test/fixtures/realm/built";

/** Generated JavaScript of several versions and targets. */
export const paths: readonly string[] = [
  ...packages,
  ...readdirSync(built)
    .filter((name) => name.endsWith(".js"))
    .map((name) => join(built, name)),
];

/** Whether a text is an ES module. */
export const isModule = (text: string): boolean => /^(export|import) /m.test(text);

/** Reads generated JavaScript and the module that it belongs to. */
export function pairOf(path: string): { readonly text: string; readonly shape: Shape } {
  const stem = path.replace(/(_bg)?\.[cm]?js$/, "");
  const candidates = [`${stem}_bg.wasm`, `${stem}.wasm`, join(dirname(path), "index_bg.wasm")];
  const found = candidates.find((one) => existsSync(one));
  if (found === undefined) throw new Error(`${path} has no module`);
  return { text: readFileSync(path, "utf8"), shape: inspect(readFileSync(found)) };
}
