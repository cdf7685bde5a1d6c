import type {
  ClassBody,
  Declaration,
  Identifier,
  Node,
  Statement,
  StringLiteral,
  TSEnumDeclaration,
  TSModuleDeclaration,
  TSType,
  TSTypeAnnotation,
  TypeAnnotation,
  Noop,
} from "@babel/types";
import type {
  DtsClass,
  DtsEnum,
  DtsFunction,
  DtsImport,
  DtsKeyword,
  DtsModule,
  DtsNamedType,
  DtsParameter,
  DtsProperty,
  DtsType,
} from "./dts-model.ts";
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
  const found = nothing();
  readStatements(parsed.file.program.body, parsed, found, false);
  return found;
}

function nothing(): Found {
  return { functions: [], classes: [], enums: [], types: [], imports: [], skipped: [] };
}

interface Found {
  readonly functions: DtsFunction[];
  readonly classes: DtsClass[];
  readonly enums: DtsEnum[];
  readonly types: DtsNamedType[];
  readonly imports: DtsImport[];
  readonly skipped: string[];
}

function readStatements(statements: readonly Statement[], parsed: Parsed, found: Found, isNamespace: boolean): void {
  const namespaces: [name: string, members: Found][] = [];
  for (const statement of statements) {
    const imported = importOf(statement);
    const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (imported) found.imports.push(imported);
    else if (declared?.type === "TSModuleDeclaration" && (isGlobal(declared) || !hasBody(declared))) {
      // It declares nothing of this module's.
      continue;
    } else if (declared?.type === "TSModuleDeclaration" && declared.body.type === "TSModuleBlock") {
      const members = nothing();
      readStatements(declared.body.body, parsed, members, true);
      namespaces.push([declared.id.type === "Identifier" ? declared.id.name : declared.id.value, members]);
    } else if (statement.type === "ExportNamedDeclaration" && statement.declaration) {
      readDeclaration(statement.declaration, docsOf(statement), true, parsed, found);
    } else if (isDeclaration(statement)) {
      readDeclaration(statement, docsOf(statement), isNamespace, parsed, found);
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
  const { functions, classes, enums, types, imports, skipped } = members;
  if (merged) found.classes[at] = { ...merged, statics: [...merged.statics, ...functions] };
  else found.functions.push(...functions);
  found.classes.push(...classes);
  found.enums.push(...enums);
  found.types.push(...types);
  found.imports.push(...imports);
  found.skipped.push(...skipped);
}

function isDeclaration(statement: Statement): statement is Statement & Declaration {
  return /^(TS\w+Declaration|TSDeclareFunction|ClassDeclaration|VariableDeclaration|FunctionDeclaration)$/.test(
    statement.type,
  );
}

/** `export {}` and `export = name` say nothing. */
function isEmptyExport(statement: Statement): boolean {
  return (
    statement.type === "TSExportAssignment" ||
    statement.type === "ExportDefaultDeclaration" ||
    (statement.type === "ExportNamedDeclaration" && statement.specifiers.length === 0)
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

function readDeclaration(
  declaration: Declaration,
  docs: string | undefined,
  isExported: boolean,
  parsed: Parsed,
  found: Found,
): void {
  const documented = docs === undefined ? {} : { docs };
  switch (declaration.type) {
    case "TSDeclareFunction": {
      const name = declaration.id?.name ?? "";
      if (isExported && !ofTheGlue.test(name)) {
        found.functions.push({ name, ...readSignature(declaration, parsed), ...documented });
      }
      return;
    }
    case "ClassDeclaration":
      if (isExported) {
        const parent = declaration.superClass?.type === "Identifier" ? { parent: declaration.superClass.name } : {};
        const name = declaration.id?.name ?? "";
        found.classes.push({ name, ...documented, ...parent, ...readMembers(declaration.body, parsed) });
      }
      return;
    case "TSEnumDeclaration":
      found.enums.push({ name: declaration.id.name, ...documented, ...readEnum(declaration) });
      return;
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
      return;
    }
    default:
      if (!isExported) return;
      if (declaration.type === "VariableDeclaration" && declaration.kind === "const") {
        const functions = declaration.declarations.map(({ id }) => functionOf(id, documented, parsed));
        if (functions.every((one) => one !== undefined)) {
          found.functions.push(...functions);
          return;
        }
      }
      found.skipped.push(firstWords(parsed.textOf(declaration)));
  }
}

/** `export const add: (a: number) => number;` is a function, too. */
function functionOf(id: Node, documented: Pick<DtsFunction, "docs">, parsed: Parsed): DtsFunction | undefined {
  const annotation = id.type === "Identifier" ? id.typeAnnotation : undefined;
  if (id.type !== "Identifier" || annotation?.type !== "TSTypeAnnotation") return undefined;
  const { typeAnnotation: type } = annotation;
  if (type.type !== "TSFunctionType" || ofTheGlue.test(id.name)) return undefined;
  const signature = { params: type.parameters, returnType: type.typeAnnotation, typeParameters: type.typeParameters };
  return { name: id.name, ...readSignature(signature as Signature, parsed), ...documented };
}

function parametersOf(node: Node | null | undefined): Pick<DtsNamedType, "parameters"> {
  if (node?.type !== "TSTypeParameterDeclaration") return {};
  const { params } = node;
  return { parameters: [params.filter((one) => !one.default).length, params.length] };
}

interface Signature {
  readonly params: readonly Node[];
  readonly returnType?: TypeAnnotation | TSTypeAnnotation | Noop | null | undefined;
  readonly typeParameters?: Node | null;
}

function readSignature(
  { params, returnType, typeParameters }: Signature,
  parsed: Parsed,
): Pick<DtsFunction, "params" | "result" | "generics"> {
  const generics =
    typeParameters?.type === "TSTypeParameterDeclaration" ? typeParameters.params.map(({ name }) => name) : [];
  return {
    params: params.filter((param) => !isThis(param)).map((param, at) => readParameter(param, at, parsed)),
    result: annotationOf(returnType, parsed),
    ...(generics.length > 0 && { generics }),
  };
}

/** `this` is a type of the receiver, and no parameter. */
function isThis(param: Node): boolean {
  return param.type === "Identifier" && param.name === "this";
}

function readParameter(param: Node, at: number, parsed: Parsed): DtsParameter {
  const isRest = param.type === "RestElement";
  const inner = isRest ? param.argument : param;
  const annotation = "typeAnnotation" in param ? param.typeAnnotation : undefined;
  const identifier: Identifier | undefined = inner.type === "Identifier" ? inner : undefined;
  return {
    name: identifier?.name ?? `arg${at}`,
    type: annotationOf((annotation ?? identifier?.typeAnnotation) as Signature["returnType"], parsed),
    isOptional: identifier?.optional === true,
    isRest,
  };
}

type Members = Omit<DtsClass, "name" | "docs" | "parent">;

function readMembers({ body }: ClassBody, parsed: Parsed): Members {
  const methods: DtsFunction[] = [];
  const statics: DtsFunction[] = [];
  const properties = new Map<string, DtsProperty>();
  let made: DtsClass["construct"];
  for (const member of body) {
    const docs = docsOf(member);
    const documented = docs === undefined ? {} : { docs };
    if (member.type === "TSDeclareMethod") {
      const name = memberName(member.key, member.computed ?? false);
      if (name === undefined) continue;
      const isStatic = member.static ?? false;
      const signature = readSignature(member, parsed);
      if (member.kind === "constructor") {
        if (member.accessibility !== "private") made = { params: signature.params, ...documented };
      } else if (member.kind === "get" || member.kind === "set") {
        const side =
          member.kind === "get" ? { read: signature.result } : { write: signature.params[0]?.type ?? unknownType };
        addProperty(properties, { name, isStatic, ...documented, ...side });
      } else if (isStatic || name !== "free") {
        (isStatic ? statics : methods).push({ name, ...signature, ...documented });
      }
    } else if (member.type === "ClassProperty") {
      const name = memberName(member.key, member.computed);
      if (name === undefined || member.accessibility === "private") continue;
      const type = annotationOf(member.typeAnnotation, parsed);
      const isOptional = member.optional === true;
      const read = isOptional ? orUndefined(type) : type;
      const isStatic = member.static;
      addProperty(properties, { name, isStatic, ...documented, read, ...(!member.readonly && { write: read }) });
    }
  }
  return { ...(made && { construct: made }), methods, statics, properties: [...properties.values()] };
}

/** A getter and a setter of one name are one property. */
function addProperty(properties: Map<string, DtsProperty>, property: DtsProperty): void {
  const key = `${property.isStatic ? "static " : ""}${property.name}`;
  properties.set(key, { ...properties.get(key), ...property });
}

/** The name of a member; `undefined` for one by a symbol, except the symbol of iterators. */
function memberName(key: Node, isComputed: boolean): string | undefined {
  if (key.type === "StringLiteral") return key.value;
  if (key.type === "NumericLiteral") return String(key.value);
  if (!isComputed) return key.type === "Identifier" ? key.name : undefined;
  return undefined;
}

/** Reads an enumeration. A value that has to be computed is NaN. */
function readEnum(declaration: TSEnumDeclaration): Pick<DtsEnum, "values" | "valueDocs" | "isCounted"> {
  const values = new Map<string, number | string>();
  const valueDocs = new Map<string, string>();
  let next = 0;
  for (const member of declaration.members) {
    const name = member.id.type === "Identifier" ? member.id.name : member.id.value;
    const value = member.initializer ? (valueOf(member.initializer) ?? Number.NaN) : next;
    if (typeof value === "number") next = value + 1;
    values.set(name, value);
    const docs = docsOf(member);
    if (docs !== undefined) valueDocs.set(name, docs);
  }
  const isCounted = declaration.members.every(({ initializer }) => !initializer);
  return { values, valueDocs, isCounted };
}

function valueOf(node: Node | null | undefined): number | string | undefined {
  if (node?.type === "NumericLiteral" || node?.type === "StringLiteral") return node.value;
  if (node?.type === "UnaryExpression" && node.operator === "-" && node.argument.type === "NumericLiteral") {
    return -node.argument.value;
  }
  return undefined;
}

const unknownType: DtsType = { kind: "keyword", name: "unknown", text: "unknown" };

function orUndefined(type: DtsType): DtsType {
  const none: DtsType = { kind: "keyword", name: "undefined", text: "undefined" };
  return { kind: "union", members: [type, none], text: `${type.text} | undefined` };
}

function annotationOf(annotation: Signature["returnType"], parsed: Parsed): DtsType {
  return annotation?.type === "TSTypeAnnotation" ? typeOf(annotation.typeAnnotation, parsed) : unknownType;
}

const keyword = /^TS(Any|BigInt|Boolean|Never|Null|Number|Object|String|Symbol|Undefined|Unknown|Void)Keyword$/;

function typeOf(node: TSType, parsed: Parsed): DtsType {
  const text = parsed.textOf(node);
  const [, name] = keyword.exec(node.type) ?? [];
  if (name !== undefined) return { kind: "keyword", name: name.toLowerCase() as DtsKeyword, text };
  switch (node.type) {
    case "TSParenthesizedType":
      return typeOf(node.typeAnnotation, parsed);
    case "TSLiteralType":
      return "value" in node.literal && typeof node.literal.value !== "object"
        ? { kind: "literal", value: node.literal.value, text }
        : { kind: "other", text };
    case "TSTypeReference": {
      if (node.typeName.type !== "Identifier") return { kind: "other", text };
      const args = (node.typeParameters?.params ?? []).map((arg) => typeOf(arg, parsed));
      const { name } = node.typeName;
      const [item] = args;
      return name === "Array" && item ? { kind: "array", item, text } : { kind: "reference", name, args, text };
    }
    case "TSArrayType":
      return { kind: "array", item: typeOf(node.elementType, parsed), text };
    case "TSUnionType":
      return { kind: "union", members: node.types.map((one) => typeOf(one, parsed)), text };
    case "TSFunctionType": {
      const { params, result } = readSignature({ params: node.parameters, returnType: node.typeAnnotation }, parsed);
      return { kind: "function", params, result, text };
    }
    default:
      return { kind: "other", text };
  }
}

/**
 * Returns the text of the documentation before a node, without its frame.
 *
 * @param node - The node.
 * @param node.leadingComments - The comments before it.
 */
export function docsOf({ leadingComments }: Node): string | undefined {
  const comment = leadingComments?.at(-1);
  if (comment?.type !== "CommentBlock" || !comment.value.startsWith("*")) return undefined;
  const lines = comment.value.slice(1).split("\n");
  const text = lines
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();
  return text === "" ? undefined : text;
}

function firstWords(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
