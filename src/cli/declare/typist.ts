import type { DeclaredType } from "../../public/index.ts";
import type { GenericText, NamedTypeText, Remark, TypeImport } from "./declared.ts";
import type { DtsModule, DtsType, DtsTypeParameter } from "./dts-model.ts";
import { webTable } from "../../toolchains/wasm-bindgen/known/web-table.ts";
import { printNamedType, printType } from "./safe-types.ts";
import { isIdentifier, quote } from "./text.ts";
import { type CheckUse, useChecker } from "./type-uses.ts";

/** A declared type, or a last parameter that takes the rest. */
export type AnyType = DeclaredType | { readonly type: "rest"; readonly of: DeclaredType };

/** Prints the TypeScript types of members, and keeps what they mention. */
export class Typist {
  readonly differences: Remark[] = [];
  private readonly mentioned = new Set<string>();
  private readonly dts: DtsModule | undefined;
  private readonly withDocs: boolean;
  private readonly check: CheckUse | undefined;

  constructor(dts: DtsModule | undefined, withDocs: boolean) {
    this.dts = dts;
    this.check = dts && useChecker(dts);
    this.withDocs = withDocs;
  }

  /**
   * Prints the package's type of a value; or that which follows from how it is passed, if the package states none or one
   * that cannot be taken over.
   *
   * @param stated - The package's type.
   * @param passed - How it is passed.
   * @param isGiven - Whether the caller gives it.
   * @param member - The member, for remarks.
   * @param generics - The type parameters of the function.
   */
  textOf(
    stated: DtsType | undefined,
    passed: AnyType,
    isGiven: boolean,
    member: string,
    generics: readonly GenericText[] = [],
  ): string {
    const own = textOfDeclared(passed, isGiven);
    if (!stated) return own;
    if (/\bUint8ClampedArray\b/.test(stated.text)) {
      this.differ(member, "a Uint8ClampedArray there is a Uint8Array here");
      return own;
    }
    const printed = printType(withoutAny(stated), this.check, { generics: limitsOf(generics) });
    if ("reason" in printed) {
      this.differ(member, `its type \`${shortened(stated.text)}\` is ${own} here: ${printed.reason}`);
      return own;
    }
    for (const name of printed.names) this.mentioned.add(name);
    for (const reason of printed.unknown) this.differ(member, `a part of its type is unknown here: ${reason}`);
    for (const reason of printed.others) this.differ(member, reason);
    return printed.text;
  }

  /**
   * Prints the type parameters of a function. A limit that cannot be taken over is left out: then the function takes more.
   *
   * @param stated - The type parameters.
   * @param member - The function, for remarks.
   */
  genericsOf(stated: readonly DtsTypeParameter[], member: string): readonly GenericText[] {
    // A limit may name any of them, also one that follows.
    const generics = new Map<string, string | undefined>(stated.map(({ name, limit }) => [name, limit?.text]));
    const print = (name: string, type: DtsType | undefined): string | undefined => {
      if (!type) return undefined;
      const printed = printType(type.text, this.check, { generics });
      const reason = "reason" in printed ? printed.reason : printed.unknown[0];
      if (reason !== undefined) {
        this.differ(member, `\`${shortened(type.text)}\` is not stated of its type parameter ${name} here: ${reason}`);
        return undefined;
      }
      for (const other of "names" in printed ? printed.names : []) this.mentioned.add(other);
      return "text" in printed ? printed.text : undefined;
    };
    return withDefaults(
      stated.map((one) => ({
        name: one.name,
        limit: print(one.name, one.limit),
        default: print(one.name, one.default),
        isConst: one.isConst,
      })),
    );
  }

  /**
   * Prints the aliases and interfaces that have been mentioned.
   *
   * @param declared - The names that the file declares besides.
   */
  namedTypes(declared: ReadonlySet<string>): { readonly types: NamedTypeText[]; readonly imports: TypeImport[] } {
    const types: NamedTypeText[] = [];
    const { types: named = [], imports = [] } = this.dts ?? {};
    const printed = named.map((one) => ({
      ...one,
      // The names of namespaces are not kept, and types of one name in several would be one type.
      ...(named.some(({ name, namespace }) => name === one.name && namespace !== one.namespace)
        ? { reason: "several namespaces have a type of this name" }
        : printNamedType(one.text, this.withDocs, this.check)),
    }));
    // A printed type may mention others.
    const found = new Set<(typeof printed)[number]>();
    for (let before = -1; before !== found.size;) {
      before = found.size;
      for (const one of printed) {
        if (found.has(one) || declared.has(one.name) || !(one.isExported || this.mentioned.has(one.name))) continue;
        found.add(one);
        if (!("reason" in one)) for (const name of one.names) this.mentioned.add(name);
      }
    }
    for (const one of printed) {
      if (!found.has(one) || !isIdentifier(one.name)) continue;
      // Only interfaces of one name are one type.
      const isFirst = !types.some(({ name }) => name === one.name);
      if (!isFirst && one.kind === "alias") continue;
      const docs = this.withDocs ? one.docs : undefined;
      if (!("reason" in one)) {
        types.push({ name: one.name, docs, text: one.text });
        for (const reason of one.unknown) this.differ(one.name, `a part of this type is unknown here: ${reason}`);
      } else {
        this.differ(one.name, `this type is unknown here: ${one.reason}`);
        if (isFirst) types.push({ name: one.name, docs, text: `type ${one.name} = unknown;` });
      }
    }
    const imported = imports.flatMap((one) => this.importOf(one, declared, types));
    const here = new Set([
      ...declared,
      ...types.map(({ name }) => name),
      ...imported.flatMap(({ names }) => [...names.keys()]),
    ]);
    for (const name of this.mentioned) {
      const isOwn = this.dts?.enums.some((one) => one.name === name) ?? false;
      if (here.has(name) || !isIdentifier(name) || (!isOwn && isGlobalType(name))) continue;
      const texts = this.textsOf(name);
      if (texts) {
        this.differ(name, "this enumeration is a union of its texts here: it is a type, and no object");
        types.push({ name, ...texts });
      } else {
        const reason = isOwn
          ? "its values are no whole numbers, or no texts"
          : "the package's .d.ts does not declare it";
        this.differ(name, `this type is unknown here: ${reason}`);
        types.push({ name, docs: undefined, text: `type ${name} = unknown;` });
      }
    }
    return { types, imports: imported };
  }

  /** The type of an enumeration of texts. */
  private textsOf(name: string): Pick<NamedTypeText, "docs" | "text"> | undefined {
    const found = this.dts?.enums.find((one) => one.name === name);
    const values = [...(found?.values.values() ?? [])];
    if (values.length === 0 || !values.every((one) => typeof one === "string")) return undefined;
    return { docs: this.withDocs ? found?.docs : undefined, text: `type ${name} = ${values.map(quote).join(" | ")};` };
  }

  private importOf(
    { source, names, isExport }: DtsModule["imports"][number],
    declared: ReadonlySet<string>,
    types: NamedTypeText[],
  ): TypeImport[] {
    const wanted = [...(names ?? [])].filter(
      ([name]) => !isExport && this.mentioned.has(name) && !declared.has(name) && isIdentifier(name),
    );
    if (wanted.length === 0) return [];
    if (/^(@[\w.-]+\/)?[\w-][\w.-]*(\/[\w.-]+)*$/.test(source)) return [{ source, names: new Map(wanted) }];
    for (const [name] of wanted) {
      this.differ(name, `this type is unknown here: it is imported from ${quote(source)}`);
      types.push({ name, docs: undefined, text: `type ${name} = unknown;` });
    }
    return [];
  }

  /** Notes that a type is not the package's. */
  differ(member: string, reason: string): void {
    if (!this.differences.some((one) => one.member === member && one.reason === reason)) {
      this.differences.push({ member, reason });
    }
  }
}

/**
 * Returns type parameters without the defaults that would be errors: one before a parameter that has none, and one whose limit is
 * not stated, since it may be of another kind.
 *
 * @param generics - The type parameters.
 */
export function withDefaults(generics: readonly GenericText[]): readonly GenericText[] {
  const last = generics.map((one) => one.default === undefined).lastIndexOf(true);
  return generics.map((one, at) => (at > last ? one : { ...one, default: undefined }));
}

/**
 * Returns what type parameters have to extend, by their names.
 *
 * @param generics - The type parameters.
 */
export function limitsOf(generics: readonly GenericText[]): ReadonlyMap<string, string | undefined> {
  return new Map(generics.map(({ name, limit }) => [name, limit]));
}

/** Names of types that are values neither here nor in the web's interfaces. */
const utilities = new Set(
  (
    "AsyncGenerator AsyncIterable AsyncIterableIterator AsyncIterator Awaited BufferSource ConstructorParameters Exclude Extract " +
    "Generator InstanceType Iterable IterableIterator Iterator NonNullable Omit Parameters Partial Pick PromiseLike ReadonlyArray " +
    "ReadonlyMap ReadonlySet Readonly Record Required ReturnType ThisType ArrayLike ArrayBufferLike ArrayBufferView BlobPart " +
    "PropertyKey NodeJS Uppercase Lowercase Capitalize Uncapitalize NoInfer Disposable AsyncDisposable BodyInit HeadersInit"
  ).split(" "),
);

/**
 * Whether the language or the web declares a type: as a value of this runtime, or as an interface that web-sys has.
 *
 * @param name - The type's name.
 */
export function isGlobalType(name: string): boolean {
  return (
    utilities.has(name) ||
    Object.hasOwn(globalThis, name) ||
    // Shorter words of the table are codes.
    new RegExp(`\\b(?=\\w{3})${name.replaceAll("$", "\\$")}\\b`).test(webTable)
  );
}

/** The words of a type, with `unknown` where `any` would disable checks of a whole value or of its items. */
function withoutAny(type: DtsType): string {
  if (type.kind === "keyword" && type.name === "any") return "unknown";
  if (type.kind === "array" && /^any$/.test(type.item.text)) return "unknown[]";
  if (type.kind === "reference" && type.name === "Promise" && type.args[0]?.text === "any") return "Promise<unknown>";
  return type.text;
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

const arrays = {
  i8: "Int8Array",
  u8: "Uint8Array",
  i16: "Int16Array",
  u16: "Uint16Array",
  i32: "Int32Array",
  u32: "Uint32Array",
  i64: "BigInt64Array",
  u64: "BigUint64Array",
  f32: "Float32Array",
  f64: "Float64Array",
} as const;

/**
 * Prints the TypeScript type that follows from a declared type.
 *
 * @param type - The declared type.
 * @param isGiven - Whether the caller gives the value.
 */
export function textOfDeclared(type: AnyType, isGiven: boolean): string {
  switch (type.type) {
    case "void":
      return "void";
    case "bool":
      return "boolean";
    case "char":
    case "string":
    case "cstring":
      return "string";
    case "bytes":
      return "Uint8Array";
    case "i64":
    case "u64":
    case "bits64":
    case "i128":
    case "u128":
      return "bigint";
    case "js":
      return "unknown";
    case "array":
      return arrays[type.element];
    case "rest":
      return type.of.type === "list" || type.of.type === "optional" ? textOfDeclared(type.of, isGiven) : "number[]";
    case "list":
      return `${grouped(textOfDeclared(type.item as DeclaredType, isGiven))}[]`;
    case "optional":
      return `${textOfDeclared(type.item as DeclaredType, isGiven)} | ${isGiven ? "null | undefined" : "undefined"}`;
    case "enumeration":
      return type.values.map((one) => (typeof one === "number" ? String(one) : quote(one))).join(" | ") || "never";
    case "object":
    case "owned":
      return type.class;
    case "promise":
      return `Promise<${textOfDeclared(type.value as DeclaredType, isGiven)}>`;
    default:
      return "number";
  }
}

function grouped(text: string): string {
  return text.includes("|") ? `(${text})` : text;
}
