import type { DeclarationFile, DeclaredType } from "../../public/index.ts";
import type { Declared, Remark } from "./declared.ts";
import type { ForeignHost } from "./foreign.ts";
import { commentLine, keyText, quote } from "./text.ts";

/** The facts of a file's header. */
export interface Header {
  /** The package's name and version, or the module's file. */
  readonly subject: string;
  /** The licence's SPDX name. */
  readonly license: string | undefined;
  /** The module's file in the package. */
  readonly module: string;
  /** The command that writes the file again. */
  readonly command: string;
  /** The tool's version. */
  readonly version: string;
}

/** A function of the package that is given to the module. */
export interface ForeignImport {
  /** The names that the module imports it by. */
  readonly module: string;
  readonly name: string;
  /** The address to import it from. */
  readonly source: string;
  /** The name of its export there, and the members that lead from that to it. */
  readonly path: readonly string[];
  /** How it is called with values; absent if it takes the module's words. */
  readonly host: ForeignHost | undefined;
}

/**
 * Whether a text is a declaration file, or the types of one, as this tool prints them.
 *
 * @param text - The text.
 */
export function isPrinted(text: string): boolean {
  // Git and editors may change the ends of lines, and add a byte order mark.
  return /^\ufeff?\/\*\r?\n \* The interface of /.test(text) && text.slice(0, 40_000).includes("Write it again with: ");
}

/** Columns of a line. */
const width = 120;

/**
 * Prints a declaration file.
 *
 * @param file - Its data.
 * @param declared - The remarks for the header.
 * @param header - The facts for the header.
 * @param foreign - The functions that the package gives the module.
 */
export function printJs(
  file: DeclarationFile<unknown>,
  declared: Pick<Declared, "holes" | "guesses" | "differences" | "notes">,
  header: Header,
  foreign: readonly ForeignImport[],
): string {
  const { names, values } = shared(file);
  const printer = new ValuePrinter(names);
  const definitions = [...names].map(([text, name]) => `const ${name} = ${printer.literal(values.get(text), text)};\n`);
  const main = printer.print(file, 0, "export default ");
  const imports = printImports(foreign, printer);
  return `${printHeader(declared, header)}
${imports.before}${definitions.join("")}${definitions.length > 0 ? "\n" : ""}export default ${main};
${imports.after}`;
}

/**
 * Prints the comment at the start of both files.
 *
 * @param declared - The remarks.
 * @param declared.holes - What is left out.
 * @param declared.guesses - What is not certain.
 * @param declared.differences - Where the types are not those of the package.
 * @param declared.notes - What is neither declared nor needed.
 * @param header - The facts.
 */
export function printHeader(
  { holes, guesses, differences, notes }: Pick<Declared, "holes" | "guesses" | "differences" | "notes">,
  { subject, license, module, command, version }: Header,
): string {
  const list = (title: string, remarks: readonly Remark[]): string[] =>
    remarks.length === 0
      ? []
      : [
          "",
          title,
          ...remarks.map(({ member, reason }) => shortened(`- ${member}: ${reason.replaceAll(/\s+/g, " ")}`)),
        ];
  // The command is whole however long it is, or it would not write the file again.
  const lines = [
    `The interface of ${shortened(subject)}${license === undefined ? "" : `, ${shortened(license)}`}, for unglue.`,
    `Read from ${withoutMiddle(module)} by unglue ${version}. Write it again with: ${command}`,
    ...list("Left out, since it cannot be declared:", holes),
    ...list("Guessed, since nothing says it for certain. Compare with the source:", guesses),
    ...list("Types that differ from those of the package:", differences),
    ...list("Not declared, since it is no part of the package's interface:", notes),
  ];
  return `/*\n${lines.map((line) => ` * ${commentLine(line)}`.trimEnd()).join("\n")}\n */\n`;
}

function shortened(line: string): string {
  return line.length > 400 ? `${line.slice(0, 400)}…` : line;
}

/** Shortens the name of a file, and keeps its end, which tells the kind of file. */
function withoutMiddle(name: string): string {
  return name.length > 400 ? `${name.slice(0, 200)}…${name.slice(-200)}` : name;
}

function printImports(
  foreign: readonly ForeignImport[],
  printer: ValuePrinter,
): { readonly before: string; readonly after: string } {
  if (foreign.length === 0) return { before: "", after: "" };
  const modules = new Map<string, string[]>();
  const sources = new Map<string, Map<string, string>>();
  let count = 0;
  for (const { module, name, source, path, host } of foreign) {
    const [exported = "default", ...members] = path;
    const locals = sources.get(source) ?? new Map<string, string>();
    sources.set(source, locals);
    const local = locals.get(exported) ?? `import${count++}`;
    locals.set(exported, local);
    const value = host ? hostText(host, memberText(local, members), printer) : memberText(local, members);
    modules.set(module, [...(modules.get(module) ?? []), `    ${jsKey(name)}: ${value},\n`]);
  }
  const lines = [...sources].map(([source, locals]) => `${importText(source, locals)}\n`);
  const groups = [...modules].map(([module, members]) => `  ${jsKey(module)}: {\n${members.join("")}  },\n`);
  return {
    before: `${lines.join("")}\n`,
    after: `\n/** The functions of the package that the module imports: a value for the option \`imports\`. */\nexport const imports = {\n${groups.join("")}};\n`,
  };
}

/** Imports names of a module, by local names. */
function importText(source: string, locals: ReadonlyMap<string, string>): string {
  const names = [...locals].map(([exported, local]) => `${quotedName(exported)} as ${local}`);
  const line = `import { ${names.join(", ")} } from ${quote(source)};`;
  return line.length <= width
    ? line
    : `import {\n${names.map((one) => `  ${one},\n`).join("")}} from ${quote(source)};`;
}

/** An expression of a member. */
export function memberText(of: string, path: readonly string[]): string {
  return of + path.map((name) => (isName(name) ? `.${name}` : `[${quote(name)}]`)).join("");
}

/** Prints a host function, as `t.host` makes it, of something that is imported. */
function hostText(
  { params, result, consumes, path, operation, variadic, conversion, ...host }: ForeignHost,
  local: string,
  printer: ValuePrinter,
): string {
  const subject = memberText(local, path);
  // A function that is called alone has no receiver, wherever it was imported from.
  const called = path.length === 0 && /\W/.test(local) ? `(0, ${local})` : subject;
  const args = params.map((_, at) => `arg${at}`);
  const passed = variadic ? [...args.slice(0, -1), `...${args.at(-1) ?? ""}`] : args;
  const operations: Readonly<Record<ForeignHost["operation"], string>> = {
    call: `${called}(${passed.join(", ")})`,
    construct: `new ${subject}(${passed.join(", ")})`,
    get: subject,
    set: `void (${subject} = ${args.join("")})`,
    instanceof: `${args.join("")} instanceof ${subject}`,
  };
  const value = operations[operation];
  const converted =
    conversion === "i32"
      ? `${value} | 0`
      : conversion === "i64"
        ? `BigInt.asIntN(64, ${value})`
        : `${conversion === "number" ? "+" : ""}${value}`;
  const call = `(${args.join(", ")}) => ${converted}`;
  const options = `${consumes.includes(true) || params.some(isCopied) ? `, consumes: ${printer.literal(consumes)}` : ""}${host.catch ? ", catch: true" : ""}`;
  return `{ member: "host", params: ${printer.literal(params)}, result: ${printer.literal(result)}, call: ${call}${options} }`;
}

function isCopied(one: DeclaredType): boolean {
  const { type } = one;
  if (type === "optional") return isCopied(one.item as DeclaredType);
  return type === "string" || type === "bytes" || type === "array" || type === "list";
}

/** The name of an export, which may be any text. */
function quotedName(name: string): string {
  return isName(name) ? name : quote(name);
}

function isName(name: string): boolean {
  return /^[a-z_$][\w$]*$/i.test(name);
}

/** A key of an object. `__proto__` as a plain key would set the prototype. */
export function jsKey(name: string): string {
  return name === "__proto__" ? '["__proto__"]' : keyText(name);
}

/** The types that are used several times, as constants. The texts are JSON. */
interface Shared {
  readonly names: Map<string, string>;
  readonly values: Map<string, unknown>;
}

/** Names of types that are words of the language. */
const renamed: Readonly<Record<string, string>> = { void: "nothing" };

/** Collects the types that are used more than once and deserve a name: plain ones, values, and enumerations. */
function shared(file: unknown): Shared {
  const counts = new Map<string, { value: Readonly<Record<string, unknown>>; count: number }>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { type } = value as { readonly type?: unknown };
    if (typeof type === "string" && (Object.keys(value).length === 1 || type === "js" || type === "enumeration")) {
      const text = JSON.stringify(value);
      const one = counts.get(text);
      if (one) one.count++;
      else counts.set(text, { value: value as Readonly<Record<string, unknown>>, count: 1 });
    }
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(file);
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const [text, { value, count }] of counts) {
    if (count < 2) continue;
    const type = String(value["type"]);
    const base =
      type === "enumeration"
        ? "values"
        : type === "js" && value["borrowed"] === true
          ? "lent"
          : (renamed[type] ?? type);
    let name = base;
    for (let at = 2; taken.has(name); at++) name = `${base}${at}`;
    taken.add(name);
    names.set(text, name);
  }
  return { names, values: new Map([...counts].map(([text, { value }]) => [text, value])) };
}

/** Prints plain data. */
class ValuePrinter {
  private readonly names: ReadonlyMap<string, string>;

  constructor(names: ReadonlyMap<string, string>) {
    this.names = names;
  }

  /** Prints a value in lines that fit: on one line, or with an item on each. */
  print(value: unknown, indent: number, before: string): string {
    const flat = this.literal(value);
    if (typeof value !== "object" || value === null || indent + before.length + flat.length + 1 <= width) return flat;
    const space = " ".repeat(indent + 2);
    const lines = Array.isArray(value)
      ? value.map((one: unknown) => `${space}${this.print(one, indent + 2, "")},\n`)
      : entriesOf(value).map(([key, one]) => {
          const start = `${jsKey(key)}: `;
          return `${space}${start}${this.print(one, indent + 2, start)},\n`;
        });
    const [open, close] = Array.isArray(value) ? "[]" : "{}";
    return `${open}\n${lines.join("")}${" ".repeat(indent)}${close}`;
  }

  /** Prints a value on one line. `self` is the text of a constant that must not stand for itself. */
  literal(value: unknown, self?: string): string {
    if (typeof value === "string") return quote(value);
    if (typeof value !== "object" || value === null) return String(value);
    if (Array.isArray(value)) return `[${value.map((one: unknown) => this.literal(one)).join(", ")}]`;
    const text = this.names.size > 0 && "type" in value ? JSON.stringify(value) : undefined;
    const name = text !== undefined && text !== self ? this.names.get(text) : undefined;
    if (name !== undefined) return name;
    const entries = entriesOf(value).map(([key, one]) => `${jsKey(key)}: ${this.literal(one)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
}

/** The members that JSON keeps. */
function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, one]) => one !== undefined);
}
