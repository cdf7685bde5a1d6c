import { signatureText } from "../reflect/index.ts";
import type { Advice, ImportShape, Shape } from "../types/index.ts";
import { readAbi } from "./abi.ts";
import { isWrapper, mayCastClosure } from "./makers.ts";
import type { WasmBindgenOptions } from "./options.ts";

/**
 * What only the generated JavaScript knows: which exports run the closures that imports make.
 *
 * @param shape - The module's shape.
 * @param options - What the user has stated.
 * @param decided - The imports whose closures are known.
 */
export function closureAdvice(
  shape: Shape,
  { closures = {}, casts = {} }: Pick<WasmBindgenOptions, "closures" | "casts"> = {},
  decided: () => ReadonlySet<string> = () => new Set(),
): readonly Advice[] {
  const unstated = shape.imports.filter(({ name }) => !Object.hasOwn(closures, name) && !Object.hasOwn(casts, name));
  const makers = unstated.filter((one) => isWrapper(one) || mayCastClosure(one));
  if (makers.length === 0) return [];
  const known = decided();
  const open = makers.filter(({ name }) => !known.has(name));
  if (open.length === 0) return [];
  const wrappers = open.filter(isWrapper);
  const casting = open.filter(mayCastClosure);
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
