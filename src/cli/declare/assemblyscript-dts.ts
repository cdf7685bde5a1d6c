import type { Comment, Node } from "@babel/types";
import type { Remark } from "./declared.ts";
import { type Parsed, parseText } from "./parse.ts";

/** A function of a `.d.ts` of bindings, with AssemblyScript's names of its types. */
export interface BoundFunction {
  readonly name: string;
  readonly docs: string | undefined;
  readonly params: readonly { readonly name: string; readonly type: string; readonly isOptional: boolean }[];
  /** `undefined` for nothing. */
  readonly result: string | undefined;
}

/** The contents of a `.d.ts` of bindings. */
export interface BoundModule {
  readonly functions: readonly BoundFunction[];
  /** The types of the fields of each class that is passed as a plain object. */
  readonly records: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The classes of bindings for plain objects, by the name of their interface. */
  readonly interfaces: ReadonlyMap<string, string>;
  /** The classes whose objects are passed as references. */
  readonly objects: ReadonlySet<string>;
  /** Exports that are no functions. */
  readonly others: readonly Remark[];
}

/**
 * Reads a `.d.ts` that `asc --bindings` wrote: its comments have the types of the module.
 *
 * @param text - The text.
 * @param name - Its name, for messages.
 */
export function readBoundTypes(text: string, name: string): BoundModule {
  const parsed = parseText(text, name, "declarations");
  const functions: BoundFunction[] = [];
  const records = new Map<string, ReadonlyMap<string, string>>();
  const interfaces = new Map<string, string>();
  const objects = new Set<string>();
  const others: Remark[] = [];
  // Bindings of the kind "raw" have the functions in a namespace.
  const statements = parsed.file.program.body.flatMap((one) =>
    one.type === "TSModuleDeclaration" && one.body.type === "TSModuleBlock" ? one.body.body : one,
  );
  for (const statement of statements) {
    const isExported = statement.type === "ExportNamedDeclaration";
    const node = isExported ? statement.declaration : statement;
    const comment = commentOf(statement);
    if (node?.type === "TSDeclareFunction" && node.id) functions.push(functionOf(node, node.id.name, comment));
    else if (node?.type === "TSInterfaceDeclaration") {
      const fields = node.body.body.flatMap((member) =>
        member.type === "TSPropertySignature" && member.key.type === "Identifier"
          ? [[member.key.name, /@type `(.*)`/.exec(commentOf(member))?.[1] ?? ""] as const]
          : [],
      );
      records.set(comment, new Map(fields));
      interfaces.set(node.id.name, comment);
    } else if (node?.type === "ClassDeclaration") objects.add(comment);
    else if (isExported && node) others.push(...remarksOf(node, parsed));
  }
  return { functions, records, interfaces, objects, others };
}

function functionOf(node: Extract<Node, { type: "TSDeclareFunction" }>, name: string, comment: string): BoundFunction {
  const types = new Map([...comment.matchAll(/@param (\S+) `(.*)`/g)].map(([, key = "", type = ""]) => [key, type]));
  const docs = comment
    .split("\n")
    .filter((line) => !line.startsWith("@"))
    .join("\n")
    .trim();
  return {
    name,
    docs: docs.includes("/") && !docs.includes(" ") ? undefined : docs || undefined,
    params: node.params.flatMap((param) =>
      param.type === "Identifier"
        ? [{ name: param.name, type: types.get(param.name) ?? "", isOptional: param.optional === true }]
        : [],
    ),
    result: /@returns `(.*)`/.exec(comment)?.[1],
  };
}

/** Names the exports that are no functions: nothing declares them. */
function remarksOf(node: Node, { textOf }: Parsed): Remark[] {
  if (node.type === "VariableDeclaration") {
    return node.declarations.flatMap(({ id }) => {
      const name = id.type === "Identifier" ? id.name : textOf(id);
      return name === "memory" || name.startsWith("__")
        ? []
        : [{ member: name, reason: "it is a global: read wasm.exports" }];
    });
  }
  return node.type === "TSEnumDeclaration"
    ? [{ member: node.id.name, reason: "its values are globals: read wasm.exports" }]
    : [];
}

/** Returns the text of the last comment before a node, without its marks. */
function commentOf(node: { readonly leadingComments?: readonly Comment[] | null }): string {
  return (node.leadingComments?.at(-1)?.value ?? "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*+\s?/, "").trim())
    .filter((line) => line !== "")
    .join("\n");
}
