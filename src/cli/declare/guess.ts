import type { FunctionType, Shape } from "../../public/index.ts";
import { exportNames } from "../../toolchains/wasm-bindgen/calling.ts";
import { noneAmong } from "../../toolchains/wasm-bindgen/none-among.ts";
import { isNone } from "./convert.ts";
import type { Remark } from "./declared.ts";
import type { DtsFunction, DtsModule, DtsType } from "./dts-model.ts";
import type { GlueClass, GlueFunction, GlueModule, GlueType } from "./glue/model.ts";
import { shareWords } from "./words.ts";

/** A substitute for generated JavaScript that is not at hand, and the statements in it that nothing proves. */
export interface Guessed {
  readonly glue: GlueModule;
  readonly guesses: readonly Remark[];
}

/** Combinations of types that are tried for a function, at most. */
const maximumTries = 4096;

/**
 * Guesses how the functions of a module are called. The words of an export tell which types are possible. Where the
 * package's types are unknown, each parameter is a number, as its word is.
 *
 * @param shape - The module's shape.
 * @param dts - The package's types.
 */
export function guessGlue(shape: Shape, dts: DtsModule | undefined): Guessed {
  const guesses: Remark[] = [];
  const exports = new Map(
    shape.exports.flatMap((one) => (one.kind === "function" && one.type ? [[one.name, one.type] as const] : [])),
  );
  const functions = dts ? statedFunctions(dts, exports, guesses) : rawFunctions(exports, guesses);
  const classes = new Map(
    (dts?.classes ?? []).map((one) => [one.name, statedClass(one, dts as DtsModule, exports, guesses)]),
  );
  return { glue: { functions, classes, enums: new Map(), others: new Set(), imports: new Map() }, guesses };
}

type Exports = ReadonlyMap<string, FunctionType>;

/** Declares each export by its words. */
function rawFunctions(exports: Exports, guesses: Remark[]): Map<string, GlueFunction> {
  const found = new Map<string, GlueFunction>();
  for (const [name, { params, results }] of exports) {
    if (/^__(wbg|wbindgen|externref|wasm|indirect)|^_(initialize|start)$/.test(name) || results.length > 1) continue;
    guesses.push({ member: name, reason: "its numbers may be addresses, lengths, texts or objects" });
    found.set(name, {
      kind: "function",
      export: name,
      params: params.map((_, at) => ({ name: `p${at}`, type: { kind: "plain" } })),
      result: { kind: results.length === 0 ? "void" : "plain" },
      throws: false,
    });
  }
  return found;
}

function statedFunctions(dts: DtsModule, exports: Exports, guesses: Remark[]): Map<string, GlueFunction> {
  const found = new Map<string, GlueFunction>();
  for (const one of dts.functions) {
    const call = guessCall(
      one.name,
      one,
      exportNames(nameOf("function", undefined, one.name)),
      false,
      dts,
      exports,
      guesses,
    );
    if (call) found.set(one.name, call);
  }
  return found;
}

function statedClass(
  { name, construct, methods, statics, properties, parent }: DtsModule["classes"][number],
  dts: DtsModule,
  exports: Exports,
  guesses: Remark[],
): GlueClass {
  const guessAll = (kind: "method" | "static", all: readonly DtsFunction[]): GlueClass["methods"] =>
    new Map(
      all.flatMap((one) => {
        const tried = exportNames(nameOf(kind, name, one.name));
        const call = guessCall(`${name}.${one.name}`, one, tried, kind === "method", dts, exports, guesses);
        return call ? [[one.name, call] as const] : [];
      }),
    );
  const accessors = (kind: "field-get" | "field-set", isStatic: boolean): GlueClass["getters"] =>
    new Map(
      properties.flatMap((one) => {
        const type = kind === "field-get" ? one.read : one.write;
        if (one.isStatic !== isStatic || !type) return [];
        const value = { name: "value", type, isOptional: false, isRest: false };
        const of = kind === "field-get" ? { params: [], result: type } : { params: [value], result: nothing };
        const tried = exportNames(nameOf(kind, name, one.name));
        const call = guessCall(`${name}.${one.name}`, of, tried, !isStatic, dts, exports, guesses);
        return call ? [[one.name, call] as const] : [];
      }),
    );
  const result: DtsType = { kind: "reference", name, args: [], text: name };
  const [free = ""] = exportNames(nameOf("free", name, ""));
  return {
    free: exports.has(free) ? free : undefined,
    parent,
    construct:
      construct &&
      guessCall(
        `${name}.constructor`,
        { ...construct, result },
        exportNames(nameOf("constructor", name, "new")),
        false,
        dts,
        exports,
        guesses,
      ),
    methods: guessAll("method", methods),
    statics: guessAll("static", statics),
    getters: accessors("field-get", false),
    setters: accessors("field-set", false),
    staticGetters: accessors("field-get", true),
    staticSetters: accessors("field-set", true),
    others: new Set(),
  };
}

const nothing: DtsType = { kind: "keyword", name: "void", text: "void" };

function nameOf(kind: Parameters<typeof exportNames>[0]["kind"], className: string | undefined, name: string) {
  return { kind, class: className, prefix: undefined, name };
}

/** Finds the types that use up the words of an export. */
function guessCall(
  path: string,
  { params, result }: Pick<DtsFunction, "params" | "result">,
  tried: readonly string[],
  hasSelf: boolean,
  dts: DtsModule,
  exports: Exports,
  guesses: Remark[],
): GlueFunction | undefined {
  const name = tried.find((one) => exports.has(one));
  const type = name === undefined ? undefined : exports.get(name);
  if (name === undefined || !type) return undefined;
  const options = params.map((one) => possible(one.isOptional ? orNone(one.type) : one.type, dts, true));
  const fitting: GlueFunction[] = [];
  let tries = 0;
  for (const throws of [false, true]) {
    for (const returned of possible(result, dts, false)) {
      for (const types of product(options)) {
        if (++tries > maximumTries || fitting.length > 1) break;
        const call: GlueFunction = {
          kind: "function",
          export: name,
          params: params.map((one, at) => ({ name: one.name, type: types[at] ?? { kind: "plain" } })),
          result: returned,
          ...(hasSelf && { self: "lent" as const }),
          throws,
        };
        const words = shareWords(call, type);
        // Without the stack pointer no result can be in memory.
        if (words && (words.result ?? exports.has("__wbindgen_add_to_stack_pointer"))) fitting.push(call);
      }
    }
  }
  const [call, other] = fitting;
  if (!call) return undefined;
  const unsure = [
    ...(other ? ["other types have the same words"] : []),
    ...(hasSelf && type.results.length + call.params.length === 0 ? ["it may take its object away"] : []),
    ...call.params.flatMap(({ name: param, type: of }) => {
      if (of.kind === "object") return [`its parameter ${param} may be lent only`];
      return of.kind === "js" && type.params.every((word) => word !== "externref")
        ? [`its parameter ${param} may be lent only`]
        : [];
    }),
  ];
  if (unsure.length > 0) guesses.push({ member: path, reason: unsure.join("; ") });
  return call;
}

function orNone(type: DtsType): DtsType {
  if (type.kind === "union" && type.members.some(isNone)) return type;
  const none: DtsType = { kind: "keyword", name: "undefined", text: "undefined" };
  return { kind: "union", members: [type, none], text: type.text };
}

/** The combinations of one option for each place, the first options first. */
function* product(options: readonly (readonly GlueType[])[]): Generator<readonly GlueType[]> {
  const [first, ...rest] = options;
  if (!first) yield [];
  else for (const one of first) for (const others of product(rest)) yield [one, ...others];
}

const arrays: Readonly<Record<string, Extract<GlueType, { kind: "array" }>["element"]>> = {
  Int8Array: "i8",
  Uint8Array: "u8",
  Uint8ClampedArray: "u8-clamped",
  Int16Array: "i16",
  Uint16Array: "u16",
  Int32Array: "i32",
  Uint32Array: "u32",
  BigInt64Array: "i64",
  BigUint64Array: "u64",
  Float32Array: "f32",
  Float64Array: "f64",
};

const js: GlueType = { kind: "js", isLent: false };

/** The ways in which a type may be passed, the usual one first. An object or a value that may be lent is taken as given away. */
function possible(type: DtsType, dts: DtsModule, isGiven: boolean, depth = 0): readonly GlueType[] {
  if (depth > 8) return [js];
  switch (type.kind) {
    case "keyword":
      switch (type.name) {
        case "number":
        case "boolean":
          return [{ kind: "plain" }];
        case "bigint":
          return [{ kind: "plain" }, { kind: "int128", isUnsigned: false }];
        case "string":
          return [{ kind: "string" }, { kind: "char" }, js];
        case "void":
        case "undefined":
          return [{ kind: "void" }];
        default:
          return [js];
      }
    case "array": {
      const [item = js] = possible(type.item, dts, false, depth + 1);
      return [{ kind: "list", item: item.kind === "string" || item.kind === "object" ? item : js }, js];
    }
    case "reference": {
      const element = Object.hasOwn(arrays, type.name) ? arrays[type.name] : undefined;
      if (element) {
        const array = { kind: "array", element, isMutable: false } as const;
        return isGiven ? [array, { ...array, isMutable: true }, js] : [array, js];
      }
      if (dts.classes.some(({ name }) => name === type.name))
        return [{ kind: "object", class: type.name, isMoved: true }];
      if (dts.enums.some(({ name }) => name === type.name)) return [{ kind: "plain" }];
      const alias = dts.types.find(({ name }) => name === type.name)?.type;
      return alias ? possible(alias, dts, isGiven, depth + 1) : [js];
    }
    case "union": {
      const left = type.members.filter((one) => !isNone(one));
      const [only] = left;
      if (left.length === type.members.length) {
        const texts = left.flatMap((one) =>
          one.kind === "literal" && typeof one.value === "string" ? [one.value] : [],
        );
        return texts.length === left.length ? [{ kind: "text-enum", values: texts }, js] : [js];
      }
      const items = left.length === 1 && only ? possible(only, dts, isGiven, depth + 1) : [js];
      return items.flatMap((item) => optionalOf(item, only, dts));
    }
    default:
      return [js];
  }
}

function optionalOf(item: GlueType, type: DtsType | undefined, dts: DtsModule): readonly GlueType[] {
  if (item.kind === "js") return [item, { kind: "optional", item }];
  if (item.kind !== "plain") return [{ kind: "optional", item }];
  const enumeration = type?.kind === "reference" ? dts.enums.find(({ name }) => name === type.name) : undefined;
  if (enumeration) return [{ kind: "optional", item, none: noneAmong([...enumeration.values.values()]) }];
  if (type?.kind === "keyword" && type.name === "boolean") return [{ kind: "optional", item, none: 0xffffff }];
  return [
    { kind: "optional", item, none: 0x100000001 },
    { kind: "optional", item },
  ];
}
