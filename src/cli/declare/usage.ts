import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import { typeText } from "../../base/type-text.ts";
import type { ImportShape } from "../../public/index.ts";
import { printable } from "../output.ts";
import type { Inputs } from "./inputs.ts";
import { jsKey, memberText } from "./print-js.ts";
import { isIdentifier, quote } from "./text.ts";
import type { TableTexts } from "./texts.ts";

/** An expression that names the module, and the lines that it needs before it. */
interface Source {
  readonly text: string;
  readonly imports: readonly string[];
  readonly before: readonly string[];
}

/** Names that the printed lines have for something else. */
const taken: ReadonlySet<string> = new Set(["load", "imports", "wasm", "bytes", "pnp", "createRequire"]);

/** How the lines of a program are printed. */
export interface UsageOptions {
  /** The modules of the imports that the declaration file exports. */
  readonly given: readonly string[];
  /** The imports without which a load is refused, and which the program has to give. */
  readonly required?: readonly ImportShape[];
  /** The constant texts that the load needs. */
  readonly texts?: TableTexts | undefined;
  /** Columns of a line. */
  readonly width: number;
  /** The file with the module, if the command has taken it out of a script. */
  readonly written?: string | undefined;
}

/**
 * Returns the lines of a program in the current folder that loads a module with its declaration file.
 *
 * @param inputs - The module.
 * @param path - The declaration file.
 * @param options - How they are printed.
 */
export function usageLines(
  inputs: Inputs,
  path: string,
  { given, required = [], texts, width, written }: UsageOptions,
): string[] {
  const { package: owner } = inputs;
  const variable = variableOf(owner?.name ?? "");
  const { text, imports, before } = written === undefined ? sourceOf(inputs) : plain(pathText(written));
  const hasImports = given.length > 0;
  const values = namedValues(required, variable);
  const members = [
    `...${variable}`,
    ...(values.length > 0 ? [importsText(values, given)] : hasImports ? ["imports"] : []),
  ];
  const options = members.length > 1 ? `{ ${members.join(", ")} }` : variable;
  const call = `  const wasm = await load(${text}, ${options});`;
  const short = ["  const wasm = await load(", `    ${text},`, `    ${options},`, "  );"];
  const isShort = values.length === 0 || short.every((line) => line.length <= width);
  const long = (): readonly string[] => longCall(text, variable, importLines(values, given), texts);
  return [
    ...imports,
    '  import { load } from "unglue";',
    `  import ${variable}${hasImports ? ", { imports }" : ""} from ${JSON.stringify(specifierOf(path))};`,
    "",
    ...before,
    ...values.map(({ local, of }) => `  // ${local}: you supply ${nameText(of)}, ${typeText(of)}`),
    ...textComments(texts),
    ...(texts ? long() : call.length <= width ? [call] : isShort ? short : long()),
  ];
}

/** An import that the program has to give, with the variable that holds it. */
interface NamedValue {
  readonly local: string;
  readonly of: ImportShape;
}

/** Names a variable for each import: like the import, if a variable can have that name. */
function namedValues(required: readonly ImportShape[], variable: string): readonly NamedValue[] {
  const used = new Set([...taken, variable]);
  const seen = new Set<string>();
  const values: NamedValue[] = [];
  for (const one of required) {
    const key = JSON.stringify([one.module, one.name]);
    if (seen.has(key)) continue;
    seen.add(key);
    let count = seen.size;
    let local = one.name;
    while (!isIdentifier(local) || used.has(local)) local = `value${count++}`;
    used.add(local);
    values.push({ local, of: one });
  }
  return values;
}

function nameText({ module, name }: ImportShape): string {
  return `${printable(module)}.${printable(name)}`;
}

/** The members of the option `imports`, by their modules. */
function groupsOf(values: readonly NamedValue[], given: readonly string[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { local, of } of values) {
    const before = given.includes(of.module) ? [`...${memberText("imports", [of.module])}`] : [];
    const members = groups.get(of.module) ?? before;
    const key = jsKey(of.name);
    groups.set(of.module, [...members, key === local ? key : `${key}: ${local}`]);
  }
  return [
    ...(given.length > 0 ? ["...imports"] : []),
    ...[...groups].map(([module, members]) => `${jsKey(module)}: { ${members.join(", ")} }`),
  ];
}

function importsText(values: readonly NamedValue[], given: readonly string[]): string {
  return `imports: { ${groupsOf(values, given).join(", ")} }`;
}

/** The option `imports`, with a line for each module. */
function importLines(values: readonly NamedValue[], given: readonly string[]): readonly string[] {
  if (values.length === 0) return given.length > 0 ? ["    imports,"] : [];
  return ["    imports: {", ...groupsOf(values, given).map((group) => `      ${group},`), "    },"];
}

/** A call with a line for each option. */
function longCall(
  text: string,
  variable: string,
  imports: readonly string[],
  texts: TableTexts | undefined,
): readonly string[] {
  return [
    `  const wasm = await load(${text}, {`,
    `    ...${variable},`,
    ...imports,
    ...(texts ? initializeLines(texts).map((line) => `    ${line}`) : []),
    "  });",
  ];
}

/** The option `initialize` that puts the texts into the table before the module reads them. */
function initializeLines({ table, texts, initializer }: TableTexts): readonly string[] {
  const of = memberText("exports", [table]);
  return [
    "initialize({ exports }) {",
    ...[...texts].map(
      ([place, text]) => `  ${of}.set(${place}, ${text === undefined ? `text${place}` : quote(text)});`,
    ),
    ...(initializer === undefined ? [] : [`  exports.${initializer}();`]),
    "},",
  ];
}

function textComments(texts: TableTexts | undefined): readonly string[] {
  const open = [...(texts?.texts ?? [])].filter(([, text]) => text === undefined);
  return open.map(
    ([place]) => `  // text${place}: you supply a constant text, which only the package's JavaScript has`,
  );
}

/** A variable named like a package, if a variable can have that name. */
function variableOf(name: string): string {
  const words = camelCase(name.replace(/^.*\//, ""));
  const variable = /^\d/.test(words) ? `_${words}` : words;
  return isIdentifier(variable) && !taken.has(variable) ? variable : "declaration";
}

function plain(name: string): Source {
  return { text: JSON.stringify(name), imports: [], before: [] };
}

/** The module as a program names it: an installed package's by its folder in node_modules. */
function sourceOf({ module, package: owner }: Inputs): Source {
  if (module.embedded !== undefined) {
    const script = module.path === undefined ? module.name : place(module.path);
    return { text: "bytes", imports: [], before: [`  // bytes: the module, which ${JSON.stringify(script)} contains`] };
  }
  if (module.path === undefined) return plain(module.name);
  if (owner) {
    const inside = `${owner.name}/${relative(owner.folder, module.path).split(sep).join("/")}`;
    if (existsSync(`node_modules/${inside}`)) return plain(`node_modules/${inside}`);
    if (process.versions["pnp"] !== undefined && module.package) return pnpSource(inside);
  }
  return plain(pathText(module.path));
}

/** A file as a program in the current folder names it. */
function pathText(path: string): string {
  const name = place(path);
  return name.startsWith(".") ? name : `./${name}`;
}

/** Plug'n'Play has no folder of packages. Its API finds the files that a map of `exports` hides. */
function pnpSource(inside: string): Source {
  const text = JSON.stringify(inside);
  const imports = ['  import { createRequire } from "node:module";'];
  try {
    createRequire(join(process.cwd(), "package.json")).resolve(inside);
    return { text: `require.resolve(${text})`, imports, before: ["  const require = createRequire(import.meta.url);"] };
  } catch {
    const pnp = '  const pnp = createRequire(import.meta.url)("pnpapi");';
    return { text: `pnp.resolveToUnqualified(${text}, import.meta.url)`, imports, before: [pnp] };
  }
}

/** A file as an import names it: its path is a part of a URL. */
function specifierOf(path: string): string {
  return pathText(path).replaceAll(/[%#?\\]/g, (one) => encodeURIComponent(one));
}

function camelCase(name: string): string {
  const [first = "", ...others] = name.split(/[^\w$]+/).filter(Boolean);
  return first + others.map((one) => one.charAt(0).toUpperCase() + one.slice(1)).join("");
}

/**
 * Returns a path as it is written in the current folder.
 *
 * @param path - The path.
 */
export function place(path: string): string {
  return relative(process.cwd(), path).split(sep).join("/");
}
