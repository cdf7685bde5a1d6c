import type { ImportShape, Shape } from "../../public/index.ts";
import type { Abi, Shim } from "./abi.ts";
import { type KnownClosure, runs, shimsFor } from "./closures.ts";
import { readClosure } from "./codes.ts";
import { signatureFor } from "./stating.ts";
import { closureGrammar } from "./options.ts";
import type { Statements } from "./statements.ts";
import { signatureText } from "../../base/type-text.ts";

/** A closure that the user states. */
export interface Stated extends KnownClosure {
  /** The function that destroys it: an export, or an index in the function table. */
  readonly destroy: string | number | undefined;
}

/** How many exports an error lists. */
const listed = 3;

/**
 * Reads the closures that the user states. Fails with `invalid-option` if a statement matches nothing in the module.
 *
 * @param shape - The module's shape.
 * @param abi - Its conventions.
 * @param statements - The statements.
 */
export function readClosures(shape: Shape, abi: Abi, statements: Statements): ReadonlyMap<string, Stated> {
  const { closures, refuse } = statements;
  const read = new Map<string, Stated>();
  const entries = Object.entries(closures);
  if (entries.length === 0) return read;
  requireImports(
    "closures",
    shape.imports.filter(({ kind }) => kind === "function"),
    statements,
  );
  const exported = new Map<string, Shim>();
  for (const one of shape.exports) {
    if (one.kind === "function" && one.type) exported.set(one.name, { name: one.name, type: one.type });
  }
  for (const [name, stated] of entries) {
    const option = `closures[${JSON.stringify(name)}]`;
    const given: unknown = stated;
    if (typeof given !== "object" || given === null) throw refuse(option, "an object with call and signature", given);
    const { call, signature: code, destroy } = stated;
    const signature = typeof code === "string" ? readClosure(code) : undefined;
    if (!signature) throw refuse(`${option}.signature`, closureGrammar, code);
    const shim = exported.get(call);
    // Without the bytes the types are unknown.
    if (shape.complete && !(shim && runs(abi, signature, shim))) {
      const fitting = shimsFor(abi, signature);
      const names = fitting.slice(0, listed).map((one) => `${one.name} ${signatureText(one.type)}`);
      const more = fitting.length > listed ? ` and ${fitting.length - listed} more` : "";
      const own = shim && signatureFor(abi, shim);
      const other = own === undefined ? "" : `${shim?.name} runs closures such as ${JSON.stringify(own)}`;
      const candidates = names.length > 0 ? ` (the candidates: ${names.join(", ")}${more})` : other && ` (${other})`;
      throw refuse(`${option}.call`, `an export that runs closures of ${code}${candidates}`, call);
    }
    if (!shim) continue;
    const type = typeof destroy === "string" ? exported.get(destroy)?.type : undefined;
    const isDestroyer =
      typeof destroy === "number"
        ? Number.isSafeInteger(destroy) && destroy >= 0 && abi.functions !== undefined
        : type?.params.join() === "i32,i32" && type.results.length === 0;
    if (destroy !== undefined && !isDestroyer) {
      throw refuse(`${option}.destroy`, "an export (i32, i32) -> (), or an index of the exported table", destroy);
    }
    read.set(name, { signature, shim, destroy });
  }
  return read;
}

/**
 * Refuses statements about imports that neither make closures nor take a stated one. Fails with `invalid-option`.
 *
 * @param stated - The statements.
 * @param used - The names whose statements were used.
 * @param statements - All statements, for the error.
 */
export function refuseUnused(
  stated: ReadonlyMap<string, Stated>,
  used: ReadonlySet<string>,
  { refuse }: Statements,
): void {
  const unused = [...stated.keys()].find((name) => !used.has(name));
  if (unused === undefined) return;
  throw refuse("closures", "by the names of imports that make closures, or that are known to take such a one", unused);
}

/**
 * Fails with `invalid-option` if a statement is about a function that the module does not import.
 *
 * @param option - The option.
 * @param functions - The functions that it imports.
 * @param statements - The statements.
 */
export function requireImports(
  option: "meanings" | "casts" | "closures" | "holes",
  functions: readonly ImportShape[],
  statements: Statements,
): void {
  const names = option === "holes" ? [...statements.holes] : Object.keys(statements[option]);
  if (names.length === 0) return;
  const imports = new Set(functions.map(({ name }) => name));
  for (const name of names) {
    if (!imports.has(name)) throw statements.refuse(option, "by the names of functions that the module imports", name);
  }
}
