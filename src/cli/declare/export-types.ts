import type { FunctionType } from "../../public/index.ts";
import { plural } from "../output.ts";
import type { Remark } from "./declared.ts";
import type { DtsFunction, DtsModule, DtsType } from "./dts-model.ts";

/** The types that an object type of a `.d.ts` gives a module's exports. */
export interface ExportTypes {
  readonly functions: readonly DtsFunction[];
  /** The exports that it gives types which no word has. */
  readonly holes: readonly Remark[];
}

/**
 * Finds the types of a module's exports in an object type: `interface App extends WebAssembly.Exports { add(a: number): number }`,
 * a type literal, or the type of a variable. The values are those that the module itself takes: a word each.
 *
 * @param dts - The declarations.
 * @param exports - The types of the exported functions.
 */
export function readExportTypes(dts: DtsModule, exports: ReadonlyMap<string, FunctionType>): ExportTypes | undefined {
  const rated = dts.shapes
    .map(({ name, isExports, functions }) => {
      const fitting = functions.filter((one) => exports.has(one.name));
      return { name, isExports, functions: fitting, share: fitting.length / functions.length };
    })
    // Another interface may have a method by the name of an export. All of one that extends the exports' are the module's.
    .filter(({ functions, isExports, share }) => functions.length > 0 && (isExports || share === 1))
    .sort((a, b) => Number(b.isExports) - Number(a.isExports) || b.functions.length - a.functions.length);
  const [best] = rated;
  if (!best) return undefined;
  const functions = new Map<string, DtsFunction>();
  const holes: Remark[] = [];
  for (const one of best.functions) {
    if (functions.has(one.name)) continue;
    const reason = misfit(one, exports.get(one.name) as FunctionType, dts);
    if (reason === undefined) functions.set(one.name, one);
    else holes.push({ member: one.name, reason: `${best.name} gives it ${reason}` });
  }
  return { functions: [...functions.values()], holes };
}

/** Explains why the words of an export are not those of a type; `undefined` if they are. */
function misfit({ params, result }: DtsFunction, type: FunctionType, dts: DtsModule): string | undefined {
  if (params.length !== type.params.length) {
    return `${plural(params.length, "parameter")}, and the export has ${type.params.length}`;
  }
  for (const [at, one] of params.entries()) {
    if (!isWord(one.type, type.params[at], dts))
      return `a parameter ${one.name} that is no ${type.params[at] ?? "word"}`;
  }
  const [word, ...others] = type.results;
  if (others.length > 0) return "one result, and the export has several";
  const isNothing = result.kind === "keyword" && /^(void|undefined|never)$/.test(result.name);
  if (isNothing === (word === undefined) && (isNothing || isWord(result, word, dts))) return undefined;
  return `a result that is no ${word ?? "void"}`;
}

/** Whether a value of a type is passed as a word without any conversion. */
function isWord(type: DtsType, word: string | undefined, dts: DtsModule, depth = 0): boolean {
  if (depth > 8 || word === undefined) return false;
  switch (type.kind) {
    case "keyword":
      if (word === "externref") return type.name !== "void";
      if (type.name === "bigint") return word === "i64";
      if (type.name === "boolean") return word === "i32";
      return type.name === "number" && /^(i32|f32|f64)$/.test(word);
    case "literal":
      return typeof type.value === "number" && /^(i32|f32|f64)$/.test(word);
    case "reference": {
      if (dts.enums.some(({ name }) => name === type.name)) return word === "i32";
      const alias = dts.types.find(({ name }) => name === type.name)?.type;
      return alias ? isWord(alias, word, dts, depth + 1) : word === "externref";
    }
    case "union":
      return type.members.every((one) => isWord(one, word, dts, depth + 1));
    default:
      return word === "externref";
  }
}
