import { signatureText } from "../reflect/index.ts";
import type { Advice, ImportShape, Shape } from "../types/index.ts";
import { readAbi } from "./abi.ts";
import { castTypes } from "./casts.ts";
import type { WasmBindgenOptions } from "./options.ts";

/**
 * What only the generated JavaScript knows: which exports run the closures that imports make.
 *
 * @param shape - The module's shape.
 * @param options - What the user has stated.
 */
export function closureAdvice(
  shape: Shape,
  { closures = {}, casts = {} }: Pick<WasmBindgenOptions, "closures" | "casts"> = {},
): readonly Advice[] {
  const open = shape.imports.filter(({ name }) => !Object.hasOwn(closures, name) && !Object.hasOwn(casts, name));
  const wrappers = open.filter(({ name }) => name.startsWith("__wbindgen_closure_wrapper"));
  const casting = open.filter(mayCastClosure);
  if (wrappers.length + casting.length === 0) return [];
  const candidates = some(readAbi(shape).shims, "; ", ({ name, type }) => brief(`${name} ${signatureText(type)}`));
  const names = (list: readonly ImportShape[], verb: string) =>
    list.length > 0 ? `${some(list, ", ", ({ name }) => brief(name))} ${verb} closures` : "";
  return [
    {
      code: "closures",
      message:
        `${[names(wrappers, "make"), names(casting, "may make")].filter(Boolean).join(", and ")}, and the module does not tell ` +
        `which exports run them. State it in the adapter's option \`closures\`. The candidates: ${candidates || "none"}.`,
    },
  ];
}

/** How many imports or exports the message lists, and how much of each: a module may have thousands of any length. */
const shown = 20;
const longest = 200;

function some<Item>(items: readonly Item[], separator: string, text: (item: Item) => string): string {
  const rest = items.length > shown ? `${separator}and ${items.length - shown} more` : "";
  return items.slice(0, shown).map(text).join(separator) + rest;
}

function brief(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** A cast of two words by number: text, bytes or a closure. */
function mayCastClosure(wanted: ImportShape): boolean {
  const [, hash] = /^__wbindgen_(?:cast|generic)_([0-9a-f]+)$/.exec(wanted.name) ?? [];
  if (hash === undefined || castTypes.has(hash)) return false;
  const type = wanted.kind === "function" ? wanted.type : undefined;
  return type?.params.length === 2 && type.params.every((word) => word === "i32");
}
