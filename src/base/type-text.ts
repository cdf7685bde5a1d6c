import { ownValue } from "./own.ts";
import type { Extern, FunctionType, ValueType } from "../public/index.ts";

/**
 * Formats a type in the text format, for messages.
 *
 * @param extern - A kind with its type.
 * @returns For example `(func (param i32 i32) (result i64))`, `(memory 1 2 shared)`, `(table 1 funcref)`,
 *   `(global (mut i32))`, `(tag (param i32))`; `(memory)` and the like if the type is not known.
 */
export function typeText(extern: Extern): string {
  const { kind, type } = extern;
  const words: (string | number | bigint | false | undefined)[] = [kind === "function" ? "func" : kind];
  if (!type) return `(${words.join("")})`;
  if (kind === "memory" || kind === "table") {
    words.push(type.address === "i64" && "i64", type.initial, ownValue(type, "maximum"), type.shared && "shared");
    if (kind === "table") words.push(type.element);
    else if (type.pageSize !== 0x10000) words.push(`(pagesize ${type.pageSize})`);
  } else if (kind === "global") {
    words.push(type.mutable ? `(mut ${type.value})` : type.value);
  } else {
    words.push(listText("param", type.params), kind === "function" && listText("result", type.results));
  }
  return `(${words.filter((word) => word !== false && word !== undefined).join(" ")})`;
}

/**
 * Formats a function's type in brief, for messages.
 *
 * @param type - The type.
 * @returns For example `(i32, i32) -> i64`, `() -> ()`, `(f64) -> (i32, i32)`.
 */
export function signatureText({ params, results }: FunctionType): string {
  const text = results.join(", ");
  return `(${params.join(", ")}) -> ${results.length === 1 ? text : `(${text})`}`;
}

function listText(word: string, types: readonly ValueType[]): string | false {
  return types.length > 0 && `(${word} ${types.join(" ")})`;
}
