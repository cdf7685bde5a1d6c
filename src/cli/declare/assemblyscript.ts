import type { DeclaredClass, DeclaredType, ElementName, FunctionMember } from "../../public/index.ts";
import { printable } from "../output.ts";
import { CommandError } from "../command-error.ts";
import type { Declared, DeclaredMember, Remark, Signature } from "./declared.ts";
import { type BoundFunction, type BoundModule, readBoundTypes } from "./assemblyscript-dts.ts";
import { readClassIds } from "./assemblyscript-glue.ts";
import type { Inputs } from "./inputs.ts";
import { isIdentifier } from "./text.ts";

/** A type, as it is declared and as TypeScript has it. */
interface Read {
  readonly type: DeclaredType;
  readonly text: string;
}

/** A type that cannot be declared. */
class Unread extends Error {}

/**
 * Reads the interface of an AssemblyScript module from what `asc --bindings` wrote: the types from the `.d.ts`, and the
 * classes of arguments from the JavaScript. Errors: a `CommandError` without the `.d.ts`.
 *
 * @param inputs - The module, and the texts that belong to it.
 * @param withDocs - Whether the documentation is kept.
 */
export function declareAssemblyscript({ module, dts, glue, shape }: Inputs, withDocs: boolean): Declared {
  if (!dts)
    throw new CommandError(
      `Nothing tells how ${printable(module.name)} is called: name the .d.ts of asc --bindings esm with --dts, or declare by hand what ` +
        "you need, as unglue/docs/assemblyscript.md shows.",
    );
  const bound = readBoundTypes(dts.text, dts.name);
  const ids = glue ? readClassIds(glue.text, glue.name, bound) : new Map<string, number>();
  const reader = new TypeReader(bound, ids);
  const holes: Remark[] = [...bound.others];
  const exported = new Set(shape.exports.flatMap(({ kind, name }) => (kind === "function" ? [name] : [])));
  const isTold = exported.has("__setArgumentsLength");
  const functions = bound.functions.flatMap((one): DeclaredMember[] => {
    // The runtime's functions, and the one that makes an instance.
    if (one.name.startsWith("__") || (one.name === "instantiate" && !exported.has(one.name))) return [];
    if (!exported.has(one.name)) {
      holes.push({ member: one.name, reason: "the module exports no such function" });
      return [];
    }
    try {
      return [functionOf(one, reader, { withDocs, isTold })];
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      holes.push({ member: one.name, reason: error.message });
      return [];
    }
  });
  const members = [...[...reader.classes].map(classNamed), ...functions];
  return { members, holes, guesses: [], differences: [], notes: [], types: [], imports: [] };
}

function functionOf(
  { name, docs, params, result }: BoundFunction,
  reader: TypeReader,
  { withDocs, isTold }: { readonly withDocs: boolean; readonly isTold: boolean },
): DeclaredMember {
  const read = params.map((one) => ({ ...one, ...reader.read(one.type, "parameter") }));
  const returned = result === undefined ? undefined : reader.read(result, "result");
  // Whatever stands at the end may be left out, in a module that is told the number of arguments.
  const isLast = (at: number) => read.slice(at).every((one) => one.isOptional || one.type.type === "optional");
  const data: FunctionMember = {
    member: "function",
    params: read.map((one, at) => ({
      type: "param",
      name: one.name,
      of: (one.type.type === "optional" ? isTold && isLast(at) : one.isOptional)
        ? // Null is a value only of one optional in another.
          { type: "optional", item: one.type }
        : one.type,
    })),
    result: returned?.type ?? { type: "void" },
  };
  const signature: Signature = {
    generics: [],
    params: read.map((one) => ({ name: one.name, text: one.text, isOptional: one.isOptional, isRest: false })),
    result: returned?.text ?? "void",
  };
  return { kind: "function", name, docs: withDocs ? docs : undefined, data, signature };
}

/** A class whose objects the functions take and return. Its members are no exports of the module. */
function classNamed(name: string): DeclaredMember {
  const data: DeclaredClass = { member: "class", members: {} };
  return {
    kind: "class",
    name,
    docs: undefined,
    parent: undefined,
    construct: undefined,
    methods: [],
    statics: [],
    properties: [],
    data,
  };
}

const numbers: ReadonlyMap<string, { readonly type: DeclaredType; readonly text: string }> = new Map(
  (["i8", "u8", "i16", "u16", "i32", "u32", "f32", "f64"] as const)
    .map((type): [string, Read] => [type, { type: { type }, text: "number" }])
    .concat([
      ["isize", { type: { type: "i32" }, text: "number" }],
      ["usize", { type: { type: "u32" }, text: "number" }],
      ["i64", { type: { type: "i64" }, text: "bigint" }],
      ["u64", { type: { type: "u64" }, text: "bigint" }],
      ["bool", { type: { type: "bool" }, text: "boolean" }],
    ]),
);

const elements: ReadonlyMap<string, readonly [ElementName, text: string]> = new Map([
  ["Int8Array", ["i8", "Int8Array"]],
  ["Uint8Array", ["u8", "Uint8Array"]],
  ["Uint8ClampedArray", ["u8", "Uint8Array"]],
  ["Int16Array", ["i16", "Int16Array"]],
  ["Uint16Array", ["u16", "Uint16Array"]],
  ["Int32Array", ["i32", "Int32Array"]],
  ["Uint32Array", ["u32", "Uint32Array"]],
  ["Int64Array", ["i64", "BigInt64Array"]],
  ["Uint64Array", ["u64", "BigUint64Array"]],
  ["Float32Array", ["f32", "Float32Array"]],
  ["Float64Array", ["f64", "Float64Array"]],
]);

/** Turns AssemblyScript's names of types into declared types. */
class TypeReader {
  /** The classes whose objects are passed as they are. */
  readonly classes = new Set<string>();
  private readonly bound: BoundModule;
  private readonly ids: ReadonlyMap<string, number>;

  constructor(bound: BoundModule, ids: ReadonlyMap<string, number>) {
    this.bound = bound;
    this.ids = ids;
  }

  /** Reads a type. `within` has the records around it. Throws `Unread`. */
  read(name: string, use: "parameter" | "result", within: readonly string[] = []): Read {
    const number = numbers.get(name);
    if (number) return number;
    if (/^ref_\w+( \| null)?$/.test(name)) return { type: { type: "js" }, text: "unknown" };
    const inside = /^(.*\S) ?\| ?null$/.exec(name)?.[1];
    if (inside !== undefined) {
      const item = this.read(inside, use, within);
      const none = use === "parameter" ? "null | undefined" : "undefined";
      return { type: { type: "optional", item: item.type }, text: `${item.text} | ${none}` };
    }
    if (name === "~lib/string/String") return { type: { type: "string" }, text: "string" };
    if (name === "~lib/arraybuffer/ArrayBuffer")
      return { type: { type: "array", element: "u8", classId: 1 }, text: "Uint8Array" };
    const [element, text] = elements.get(/^~lib\/typedarray\/(\w+)$/.exec(name)?.[1] ?? "") ?? [];
    if (element !== undefined && text !== undefined)
      return { type: { type: "array", element, ...this.classOf(name) }, text };
    const inner = /^~lib\/(?:array\/Array|staticarray\/StaticArray)<(.*)>$/.exec(name)?.[1];
    if (inner !== undefined) {
      const item = this.read(inner, use, within);
      const shown = /^[\w.]+$/.test(item.text) ? item.text : `(${item.text})`;
      return {
        type: { type: "list", item: item.type, ...this.classOf(name) },
        text: use === "parameter" ? `readonly ${shown}[]` : `${shown}[]`,
      };
    }
    const fields = this.bound.records.get(name);
    if (fields) return this.record(name, fields, use, within);
    if (this.bound.objects.has(name)) return this.object(name, use);
    throw new Unread(`its type ${name} has no declaration`);
  }

  private record(
    name: string,
    fields: ReadonlyMap<string, string>,
    use: "parameter" | "result",
    within: readonly string[],
  ): Read {
    if (within.includes(name)) throw new Unread(`the class ${name} refers to itself, which no declared type does`);
    const read = [...fields].map(([key, type]) => [key, this.read(type, use, [...within, name])] as const);
    const texts = read.map(([key, { type, text }]) => {
      const mark = type.type === "optional" && use === "parameter" ? "?" : "";
      return `${isIdentifier(key) ? key : JSON.stringify(key)}${mark}: ${text}`;
    });
    return {
      type: {
        type: "record",
        fields: Object.fromEntries(read.map(([key, { type }]) => [key, type])),
        ...this.classOf(name),
      },
      text: `{ ${texts.join("; ")} }`,
    };
  }

  private object(name: string, use: "parameter" | "result"): Read {
    const short = name.replace(/<.*$/, "").replace(/^.*\//, "");
    if (!isIdentifier(short) || name.includes("<")) throw new Unread(`the class ${name} has no name for an interface`);
    this.classes.add(short);
    return { type: { type: use === "parameter" ? "object" : "owned", class: short }, text: short };
  }

  private classOf(name: string): { readonly classId?: number } {
    const classId = this.ids.get(name);
    return classId === undefined ? {} : { classId };
  }
}
