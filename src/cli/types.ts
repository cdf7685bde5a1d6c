import { typeText } from "../base/type-text.ts";
import { inspect } from "../node.ts";
import type { Extern, FunctionType, Shape, ValueType } from "../public/index.ts";
import { type BuiltinFlags, builtinsFrom } from "./builtins.ts";
import { exitCodes } from "./command-error.ts";
import { replaceOutput } from "./files.ts";
import { readInput } from "./input.ts";
import { type Output, printable, toJson } from "./output.ts";

/** The beginning of a file that this command writes. */
const firstWords = "// The raw exports and imports of";

/**
 * Runs `unglue types`.
 *
 * @param argument - The module.
 * @param options - Where to write, and how.
 * @param output - The terminal.
 */
export async function typesCommand(
  argument: string,
  { output: file, json = false, ...flags }: BuiltinFlags & { readonly output?: string; readonly json?: boolean },
  output: Output,
): Promise<number> {
  const { name, path, bytes } = await readInput(argument);
  const shape = inspect(bytes, builtinsFrom(flags));
  const text = declareTypes(shape, name);
  if (file !== undefined) replaceOutput(file, text, path, (one) => one.startsWith(firstWords));
  if (json) output.write(toJson({ name, exports: shape.exports.length, imports: shape.imports.length, text }));
  else if (file === undefined) output.write(text);
  return exitCodes.fine;
}

/**
 * Writes the types of a module's exports and imports.
 *
 * @param shape - The module's shape.
 * @param name - Its name, for the first line.
 */
export function declareTypes({ exports, imports }: Shape, name: string): string {
  const modules = new Map<string, Map<string, Extern[]>>();
  for (const one of imports) {
    const members = modules.get(one.module) ?? new Map<string, Extern[]>();
    modules.set(one.module, members.set(one.name, [...(members.get(one.name) ?? []), one]));
  }
  const exported = exports.map(
    (one) => `${comment(one, "  ")}  readonly ${key(one.name)}: ${typeOf(one, "export")};\n`,
  );
  const imported = [...modules].map(([module, members]) => {
    const lines = [...members].map(([member, externs]) => memberText(member, externs));
    return `  readonly ${key(module)}: {\n${lines.join("")}  };\n`;
  });
  return `${firstWords} ${printable(name).replaceAll(/[^ -~]/g, "?")}, written by \`unglue types\`.

/** The exports, as in \`load<Exports>(…)\`. */
export interface Exports {
${exported.join("")}}

/** The imports that the module declares. */
export interface Imports {
${imported.join("")}}
`;
}

/** A module may import one name with several types: a value that is given has to fit all of them. */
function memberText(member: string, externs: readonly Extern[]): string {
  const comments = new Set(externs.map((one) => comment(one, "    ")));
  const types = [...new Set(externs.map((one) => typeOf(one, "import")))];
  const type = types.length === 1 ? types[0] : types.map((one) => `(${one})`).join(" & ");
  return `${[...comments].join("")}    readonly ${key(member)}: ${type};\n`;
}

function comment(extern: Extern, indent: string): string {
  return `${indent}/** \`${typeText(extern)}\` */\n`;
}

/** A property's name: in quotes unless it is plain, and in ASCII alone. */
function key(name: string): string {
  if (/^[a-z_$][\w$]*$/i.test(name)) return name;
  return JSON.stringify(name).replaceAll(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function typeOf(extern: Extern, side: "import" | "export"): string {
  switch (extern.kind) {
    case "function":
      return extern.type ? functionText(extern.type, side) : "(...args: never[]) => unknown";
    case "memory":
      return "WebAssembly.Memory";
    case "table":
      return "WebAssembly.Table";
    case "global":
      return side === "import" && extern.type && !extern.type.mutable
        ? `WebAssembly.Global | ${valueText(extern.type.value)}`
        : "WebAssembly.Global";
    case "tag":
      return "object";
  }
}

function functionText({ params, results }: FunctionType, side: "import" | "export"): string {
  // JavaScript cannot pass a vector: the engine throws at each call.
  if ([...params, ...results].includes("v128")) return "(...args: never[]) => never";
  const list = params.map((type, at) => `p${at}: ${valueText(type)}`).join(", ");
  const [first, ...others] = results;
  const result = first === undefined ? "void" : others.length === 0 ? valueText(first) : tupleText(results, side);
  return `(${list}) => ${result}`;
}

/** An export returns an array of several results; an import may return anything that can be iterated. */
function tupleText(results: readonly ValueType[], side: "import" | "export"): string {
  const types = results.map(valueText);
  return side === "export" ? `[${types.join(", ")}]` : `Iterable<${[...new Set(types)].join(" | ")}>`;
}

function valueText(type: ValueType): string {
  switch (type) {
    case "i32":
    case "f32":
    case "f64":
      return "number";
    case "i64":
      return "bigint";
    case "v128":
      return "never";
    case "funcref":
      return "((...args: never[]) => unknown) | null";
    case "nullref":
    case "nullfuncref":
    case "nullexternref":
      return "null";
    default:
      return "unknown";
  }
}
