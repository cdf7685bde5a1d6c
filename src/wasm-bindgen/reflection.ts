import { importText } from "../describe.ts";
import { UnglueError } from "../errors.ts";
import type { FunctionType, ImportShape } from "../types/index.ts";
import type { Abi } from "./abi.ts";
import type { Action } from "./lowered.ts";
import type { Intrinsic } from "./intrinsics.ts";

const codes: { readonly [word: string]: string } = { externref: "h", f64: "d", f32: "f", i64: "I" };

/**
 * An import that no table knows, as a method of its first argument. Only where values are told apart from numbers by
 * their types, so that nothing is guessed: and at each call the argument must have a method of that name.
 *
 * @param name - The import's name without prefix and hash.
 * @param wanted - The import.
 * @param type - Its type.
 * @param abi - The module's conventions.
 * @returns `undefined` where the types leave more than one reading.
 */
export function reflect(name: string, wanted: ImportShape, type: FunctionType, abi: Abi): Intrinsic | undefined {
  const { params, results } = type;
  if (abi.handles !== "externref" || params[0] !== "externref" || results.length > 1) return undefined;
  const taken = params.map((word) => codes[word]);
  const [result = ""] = results.map((word) => (word === "i32" ? undefined : codes[word]?.replace("h", "H")));
  if (taken.includes(undefined) || (results.length > 0 && result === "")) return undefined;
  const action: Action = (_, [receiver, ...args]) => {
    const method = (receiver as Record<string, unknown> | undefined | null)?.[name];
    if (typeof method === "function") return Reflect.apply(method, receiver, args) as unknown;
    const type = wanted.kind === "function" ? wanted.type : undefined;
    throw new UnglueError(
      "missing-import-called",
      `The module called its import ${importText(wanted)}, which is no method of what it was called on. Give it in \`imports\`.`,
      { module: wanted.module, name: wanted.name, ...(type && { type }) },
    );
  };
  return [taken as readonly string[], result, action];
}
