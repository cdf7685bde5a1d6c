import {
  at,
  checkCastsAndClosures,
  type Checked,
  entries,
  invalid,
  isMeaningOfTypes,
  isTexts,
  requireObject,
} from "./check.ts";
import { readableMeaning, readableTable, type WasmBindgenOptions } from "./options.ts";

/**
 * Checks statements as far as possible without a module. Errors: `invalid-option`, `unknown-option`.
 *
 * @param options - The options, with own properties only.
 */
export function checkOptions(options: WasmBindgenOptions): void {
  const checked: Checked = ["wasmBindgen", ""];
  requireObject(checked, "options", options, ["meanings", "closures", "casts", "tables"], "");
  for (const [name, meaning] of entries(checked, "meanings", options.meanings)) {
    if (typeof meaning !== "string" || !isMeaningOfTypes(meaning))
      throw invalid(checked, at("meanings", name), readableMeaning, meaning);
  }
  checkCastsAndClosures(checked, options);
  const { tables } = options;
  if (tables !== undefined && !isTexts(tables))
    throw invalid(checked, "tables", "an array of texts, such as [webTable]", tables);
  for (const [index, text] of (tables ?? []).entries()) {
    if (!text.split("\n\n").every(hasHeader))
      throw invalid(checked, `tables[${index}]`, readableTable, text.slice(0, 80));
  }
}

/** Whether a table begins with a crate, its versions, and the number of its first type, which older formats lack. */
function hasHeader(table: string): boolean {
  return /^!\S+ \S+ \d+( ::)?(\n|$)/.test(table);
}
