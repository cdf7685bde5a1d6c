import { canvasPart } from "./web/canvas-table.ts";
import { gpuPart } from "./web/gpu-table.ts";
import { languagePart } from "./web/language-table.ts";
import { networkPart } from "./web/network-table.ts";
import { pagePart } from "./web/page-table.ts";
import { sharedPart } from "./web/shared-table.ts";

/**
 * The declarations of js-sys, web-sys and other crates that are not in the table that is always loaded.
 *
 * @example
 * ```ts
 * const wasm = loadSync(bytes, { adapters: [wasmBindgen({ tables: [webTable] })] });
 * ```
 * @category wasm-bindgen
 */
export const webTable = `${sharedPart}\n\n${languagePart}\n\n${networkPart}\n\n${pagePart}\n\n${canvasPart}\n\n${gpuPart}`;
