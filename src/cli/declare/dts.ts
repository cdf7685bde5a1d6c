import type {
  Declaration,
  Identifier,
  Node,
  Statement,
  StringLiteral,
  TSModuleDeclaration,
  TSType,
  TSTypeElement,
} from "@babel/types";
import { docsOf } from "./docs.ts";
import { type Members, readElements, readMembers } from "./dts-class.ts";
import { readEnum } from "./dts-enum.ts";
import type {
  DtsClass,
  DtsEnum,
  DtsFunction,
  DtsImport,
  DtsModule,
  DtsNamedType,
  DtsShape,
  DtsType,
} from "./dts-model.ts";
import { typeOf, readSignature } from "./dts-types.ts";
import { type Parsed, parseText } from "./parse.ts";

/** Functions and types of the generated JavaScript that start a module: they are no part of the module's API. */
const ofTheGlue = /^(default|init|initSync|__wbg_init|InitInput|InitOutput|SyncInitInput|ReadableStreamType)$/;

/**
 * Reads a `.d.ts` as wasm-bindgen writes it, in any of its targets: a list of declarations, or one namespace of them.
 *
 * @param text - The text.
 * @param name - Its name, for messages.
 */
export function readDts(text: string, name: string): DtsModule {
  const parsed = parseText(text, name, "declarations");
  const found = noDeclarations();
  readStatements(parsed.file.program.body, parsed, found, false);
  return found;
}

/**
 * Reads the members of an interface.
 *
 * @param text - Its declaration.
 * @param name - Its name, for messages.
 */
export function readInterface(text: string, name: string): Members {
  const parsed = parseText(text, name, "declarations");
  const [statement] = parsed.file.program.body;
  return readElements(statement?.type === "TSInterfaceDeclaration" ? statement.body.body : [], parsed);
}

/** A module that declares nothing. */
export function noDeclarations(): Found {
  return {
    functions: [],
    classes: [],
    inner: [],
    hidden: [],
    shapes: [],
    enums: [],
    types: [],
    imports: [],
    skipped: [],
  };
}

interface Found {
  readonly functions: DtsFunction[];
  readonly classes: DtsClass[];
  readonly inner: DtsFunction[];
  readonly hidden: DtsClass[];
  readonly shapes: DtsShape[];
  readonly enums: DtsEnum[];
  readonly types: DtsNamedType[];
  readonly imports: DtsImport[];
  readonly skipped: string[];
}

function readStatements(statements: readonly Statement[], parsed: Parsed, found: Found, isNamespace: boolean): void {
  const namespaces: [name: string, members: Found][] = [];
  const exported = exportedNames(statements);
  for (const statement of statements) {
    const imported = importOf(statement);
    const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (imported) found.imports.push(imported);
    else if (declared?.type === "TSModuleDeclaration" && (isGlobal(declared) || !hasBody(declared))) {
      // It declares nothing of this module's.
      continue;
    } else if (declared?.type === "TSModuleDeclaration" && declared.body.type === "TSModuleBlock") {
      const members = noDeclarations();
      readStatements(declared.body.body, parsed, members, true);
      namespaces.push([declared.id.type === "Identifier" ? declared.id.name : declared.id.value, members]);
    } else if (statement.type === "ExportNamedDeclaration" && statement.declaration) {
      readDeclaration(statement.declaration, docsOf(statement), [""], parsed, found);
    } else if (isDeclaration(statement)) {
      // A type that only a list exports may rest on types that are not at hand: it is kept where it is used.
      const isType = statement.type === "TSTypeAliasDeclaration" || statement.type === "TSInterfaceDeclaration";
      const names = isType ? [] : nameOfDeclaration(statement).flatMap((name) => exported.get(name) ?? []);
      readDeclaration(statement, docsOf(statement), isNamespace ? [""] : names, parsed, found);
    } else if (!isEmptyExport(statement)) {
      found.skipped.push(firstWords(parsed.textOf(statement)));
    }
  }
  for (const [name, members] of namespaces) addNamespace(name, members, found);
}

/** Whether a declaration adds to the types of all programs. */
function isGlobal({ kind, id }: TSModuleDeclaration): boolean {
  return kind === "global" || (id.type === "Identifier" && id.name === "global");
}

/** `declare module "x";` has none. */
function hasBody({ body }: { readonly body?: unknown }): boolean {
  return typeof body === "object" && body !== null;
}

/**
 * Adds the members of a namespace. One with the name of a class has static methods of it; without modules, everything stands
 * in a global one.
 */
function addNamespace(name: string, members: Found, found: Found): void {
  const at = found.classes.findIndex((one) => one.name === name);
  const merged = found.classes[at];
  const { functions, classes, inner, hidden, shapes, enums, types, imports, skipped } = members;
  if (merged) found.classes[at] = { ...merged, statics: [...merged.statics, ...functions] };
  else found.functions.push(...functions);
  found.classes.push(...classes);
  found.inner.push(...inner);
  found.hidden.push(...hidden);
  found.shapes.push(...shapes);
  found.enums.push(...enums);
  found.types.push(...types.map((one) => ({ ...one, namespace: `${name}.${one.namespace ?? ""}` })));
  found.imports.push(...imports);
  found.skipped.push(...skipped);
}

function isDeclaration(statement: Statement): statement is Statement & Declaration {
  return /^(TS\w+Declaration|TSDeclareFunction|ClassDeclaration|VariableDeclaration|FunctionDeclaration)$/.test(
    statement.type,
  );
}

/** The names by which `export { name as other }` exports declarations that stand elsewhere. */
function exportedNames(statements: readonly Statement[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, readonly string[]>();
  for (const statement of statements) {
    if (statement.type !== "ExportNamedDeclaration" || statement.source) continue;
    for (const one of statement.specifiers) {
      if (one.type !== "ExportSpecifier") continue;
      const [here, there] = [one.local.name, nameOf(one.exported)];
      // An empty name is the declaration's own.
      if (there !== "default") names.set(here, [...(names.get(here) ?? []), here === there ? "" : there]);
    }
  }
  return names;
}

/** The names that a declaration declares. */
function nameOfDeclaration(declaration: Statement & Declaration): readonly string[] {
  if (declaration.type === "VariableDeclaration") {
    return declaration.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
  }
  return "id" in declaration && declaration.id?.type === "Identifier" ? [declaration.id.name] : [];
}

/** `export = name` says nothing, and lists of exports are read before. */
function isEmptyExport(statement: Statement): boolean {
  return (
    statement.type === "TSExportAssignment" ||
    statement.type === "ExportDefaultDeclaration" ||
    statement.type === "ExportNamedDeclaration"
  );
}

function importOf(statement: Statement): DtsImport | undefined {
  if (statement.type === "ExportAllDeclaration") return { source: statement.source.value, isExport: true };
  const names = new Map<string, string>();
  if (statement.type === "ImportDeclaration") {
    for (const one of statement.specifiers) {
      const there =
        one.type === "ImportSpecifier" ? nameOf(one.imported) : one.type === "ImportDefaultSpecifier" ? "default" : "*";
      names.set(one.local.name, there);
    }
    return { source: statement.source.value, names, isExport: false };
  }
  if (statement.type !== "ExportNamedDeclaration" || !statement.source) return undefined;
  for (const one of statement.specifiers) {
    if (one.type === "ExportSpecifier") names.set(nameOf(one.exported), one.local.name);
    else names.set(nameOf(one.exported), "*");
  }
  return { source: statement.source.value, names, isExport: true };
}

function nameOf(name: Identifier | StringLiteral): string {
  return name.type === "Identifier" ? name.name : name.value;
}

/**
 * Reads a declaration.
 *
 * @param declaration - The declaration.
 * @param docs - Its documentation.
 * @param exportedAs - The names that it is exported by; an empty one is its own.
 * @param parsed - The text.
 * @param found - Takes what is read.
 */
function readDeclaration(
  declaration: Declaration,
  docs: string | undefined,
  exportedAs: readonly string[],
  parsed: Parsed,
  found: Found,
): void {
  const documented = docs === undefined ? {} : { docs };
  const isExported = exportedAs.length > 0;
  switch (declaration.type) {
    case "TSDeclareFunction": {
      const own = declaration.id?.name ?? "";
      const signature = readSignature(declaration, parsed);
      for (const other of isExported ? exportedAs : [own]) {
        const name = other || own;
        if (ofTheGlue.test(name)) continue;
        (isExported ? found.functions : found.inner).push({ name, ...signature, ...documented });
      }
      return;
    }
    case "ClassDeclaration": {
      const parent = declaration.superClass?.type === "Identifier" ? { parent: declaration.superClass.name } : {};
      const own = declaration.id?.name ?? "";
      const one = { ...documented, ...parent, ...readMembers(declaration.body, parsed) };
      if (!isExported) found.hidden.push({ name: own, ...one });
      for (const name of exportedAs) found.classes.push({ name: name || own, ...one });
      return;
    }
    case "TSEnumDeclaration": {
      const at = found.enums.findIndex(({ name }) => name === declaration.id.name);
      const read = { ...readEnum(declaration, found.enums[at]), ...documented };
      if (at < 0) found.enums.push(read);
      else found.enums[at] = read;
      return;
    }
    case "TSTypeAliasDeclaration":
    case "TSInterfaceDeclaration": {
      const { name } = declaration.id;
      if (ofTheGlue.test(name)) return;
      const isAlias = declaration.type === "TSTypeAliasDeclaration";
      const text = parsed.textOf(declaration).replace(/^(declare\s+)?/, "");
      found.types.push({
        name,
        kind: isAlias ? "alias" : "interface",
        isExported,
        ...documented,
        text,
        ...parametersOf(declaration.typeParameters),
        ...(isAlias && { type: typeOf(declaration.typeAnnotation, parsed) }),
      });
      if (!isAlias) addShape(name, declaration.body.body, declaration.extends ?? [], parsed, found);
      else addShapesOf(name, declaration.typeAnnotation, parsed, found);
      return;
    }
    case "VariableDeclaration":
      for (const { id } of declaration.declarations) {
        if (id.type === "Identifier") readVariable(id, documented, exportedAs, parsed, found);
      }
      return;
    default:
      if (isExported) found.skipped.push(firstWords(parsed.textOf(declaration)));
  }
}

/** A variable may hold a function, a class, or an object of functions. */
function readVariable(
  id: Identifier,
  documented: Pick<DtsFunction, "docs">,
  exportedAs: readonly string[],
  parsed: Parsed,
  found: Found,
): void {
  const annotation = id.typeAnnotation?.type === "TSTypeAnnotation" ? id.typeAnnotation.typeAnnotation : undefined;
  if (annotation) addShapesOf(id.name, annotation, parsed, found);
  for (const other of exportedAs) {
    const name = other || id.name;
    if (ofTheGlue.test(name)) continue;
    const calls = annotation ? callablesOf(annotation) : [];
    const made = annotation && classOf(annotation, parsed);
    if (calls.length > 0) {
      for (const call of calls) found.functions.push({ name, ...readSignature(call, parsed), ...documented });
    } else if (made) found.classes.push({ name, ...documented, ...made });
    else found.skipped.push(firstWords(parsed.textOf(id)));
  }
}

/** `export const add: (a: number) => number` is a function, and so is `{ (a: number): number }`, with any number of signatures. */
function callablesOf(type: TSType): readonly Parameters<typeof readSignature>[0][] {
  const members: readonly Node[] = type.type === "TSTypeLiteral" ? type.members : [type];
  const calls = members.flatMap((one) =>
    one.type === "TSFunctionType" || one.type === "TSCallSignatureDeclaration" ? [one] : [],
  );
  if (calls.length < members.length) return [];
  return calls.map(({ parameters, typeAnnotation, typeParameters }) => ({
    params: parameters,
    returnType: typeAnnotation,
    ...(typeParameters && { typeParameters }),
  }));
}

/** `export const App: { new (): { run(): void }; make(): void }` is a class, whose statics are the other members. */
function classOf(type: TSType, parsed: Parsed): Omit<DtsClass, "name" | "docs"> | undefined {
  if (type.type !== "TSTypeLiteral") return undefined;
  const made = type.members.find((one) => one.type === "TSConstructSignatureDeclaration");
  const object = made?.typeAnnotation?.typeAnnotation;
  if (object?.type !== "TSTypeLiteral") return undefined;
  const { construct, methods, properties } = readElements(type.members, parsed);
  const own = readElements(object.members, parsed);
  return {
    ...own,
    ...(construct && { construct }),
    statics: methods,
    properties: [...own.properties, ...properties.map((one) => ({ ...one, isStatic: true }))],
  };
}

/** Keeps the functions of an object type, which may be the exports of a module. */
function addShapesOf(name: string, type: TSType, parsed: Parsed, found: Found): void {
  if (type.type === "TSTypeLiteral") addShape(name, type.members, [], parsed, found);
  if (type.type !== "TSIntersectionType") return;
  const parents = type.types.filter((one) => one.type === "TSTypeReference");
  for (const one of type.types) if (one.type === "TSTypeLiteral") addShape(name, one.members, parents, parsed, found);
}

function addShape(
  name: string,
  elements: readonly TSTypeElement[],
  parents: readonly Node[],
  parsed: Parsed,
  found: Found,
): void {
  const { methods, properties } = readElements(elements, parsed);
  const fields = properties.flatMap(({ name: field, read, docs }): DtsFunction[] => {
    const type = read && withoutNone(read);
    return type?.kind === "function"
      ? [{ name: field, ...signatureOf(type), ...(docs !== undefined && { docs }) }]
      : [];
  });
  const isExports = parents.some((one) => /^WebAssembly\s*\.\s*Exports$/.test(parsed.textOf(one)));
  if (methods.length + fields.length > 0) found.shapes.push({ name, isExports, functions: [...methods, ...fields] });
}

function signatureOf({ params, result, generics }: Extract<DtsType, { kind: "function" }>): Omit<DtsFunction, "name"> {
  return { params, result, ...(generics && { generics }) };
}

/** `f?: () => void` is a function, too. */
function withoutNone(type: DtsType): DtsType {
  const [only, ...others] =
    type.kind === "union" ? type.members.filter((one) => one.kind !== "keyword" || one.name !== "undefined") : [];
  return only && others.length === 0 ? only : type;
}

function parametersOf(node: Node | null | undefined): Pick<DtsNamedType, "parameters"> {
  if (node?.type !== "TSTypeParameterDeclaration") return {};
  const { params } = node;
  return { parameters: [params.filter((one) => !one.default).length, params.length] };
}

function firstWords(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
