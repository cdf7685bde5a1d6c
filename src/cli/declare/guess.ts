import type { DeclaredName, FunctionType, Shape, ValueType } from "../../public/index.ts";
import { exportNames } from "../../toolchains/wasm-bindgen/calling.ts";
import { noneAmong } from "../../toolchains/wasm-bindgen/none-among.ts";
import { abiExports } from "./abi-names.ts";
import { isNone } from "./convert.ts";
import type { Remark } from "./declared.ts";
import { noDeclarations } from "./dts.ts";
import type { DtsFunction, DtsModule, DtsType } from "./dts-model.ts";
import type { GlueClass, GlueFunction, GlueModule, GlueType } from "./glue/model.ts";
import { shareWords } from "./words.ts";

/** A substitute for generated JavaScript that is not at hand, and the statements in it that nothing proves. */
export interface Guessed {
  readonly glue: GlueModule;
  readonly guesses: readonly Remark[];
  readonly holes: readonly Remark[];
}

/** Combinations of types that are tried for a function, at most. */
const maximumTries = 4096;

/**
 * Guesses how the functions of a module are called. The words of an export tell which types are possible. What the
 * package's types do not mention takes and returns numbers, as its words are.
 *
 * @param shape - The module's shape.
 * @param dts - The package's types.
 * @param takesNumbers - Whether what they do not mention is declared.
 */
export function guessGlue(shape: Shape, dts: DtsModule | undefined, takesNumbers = true): Guessed {
  const guesses: Remark[] = [];
  const exports = exportedFunctions(shape);
  const tried = new Set<string>();
  const finding: Finding = { exports, guesses, tried, dts: dts ?? noDeclarations() };
  const functions = statedFunctions(finding);
  const classes = new Map(
    finding.dts.classes
      .map((one) => [one.name, statedClass(one, finding)] as const)
      .filter(([, one]) => hasMembers(one)),
  );
  const holes = takesNumbers ? rawFunctions(shape, finding, functions) : [];
  return { glue: { functions, classes, enums: new Map(), others: new Set(), imports: new Map() }, guesses, holes };
}

/**
 * Returns the types of a module's exported functions.
 *
 * @param shape - The module's shape.
 */
export function exportedFunctions(shape: Shape): Exports {
  return new Map(
    shape.exports.flatMap((one) => (one.kind === "function" && one.type ? [[one.name, one.type] as const] : [])),
  );
}

type Exports = ReadonlyMap<string, FunctionType>;

/** Everything that guessing shares. */
interface Finding {
  readonly exports: Exports;
  readonly dts: DtsModule;
  readonly guesses: Remark[];
  /** The exports that a declaration names, even if it does not fit. */
  readonly tried: Set<string>;
}

function hasMembers({ free, construct, methods, statics, ...accessors }: GlueClass): boolean {
  const { getters, setters, staticGetters, staticSetters } = accessors;
  const sizes = [methods, statics, getters, setters, staticGetters, staticSetters].map(({ size }) => size);
  return free !== undefined || construct !== undefined || sizes.some((size) => size > 0);
}

const numbers: ReadonlySet<string> = new Set(["i32", "i64", "f32", "f64", "externref"]);

/** Declares each export that no declaration names, by its words. Returns those that words alone cannot declare. */
function rawFunctions(
  shape: Shape,
  { exports, tried, guesses }: Finding,
  functions: Map<string, GlueFunction>,
): readonly Remark[] {
  const holes: Remark[] = [];
  const isAbi = abiExports(shape);
  for (const [name, { params, results }] of exports) {
    if (tried.has(name) || isAbi(name) || functions.has(name)) continue;
    const odd = [...params, ...results].find((word) => !numbers.has(word));
    if (odd !== undefined || results.length > 1) {
      const reason =
        odd === undefined ? `it returns ${results.length} values` : `it takes or returns a value of type ${odd}`;
      holes.push({ member: name, reason: `${reason}, which no declared type stands for: call it by wasm.exports` });
      continue;
    }
    guesses.push({ member: name, reason: "its numbers may be addresses, lengths, texts or objects" });
    functions.set(name, {
      kind: "function",
      export: name,
      params: params.map((_, at) => ({ name: `p${at}`, type: { kind: "plain" } })),
      result: { kind: results.length === 0 ? "void" : "plain" },
      throws: false,
    });
  }
  return holes;
}

/** Of several signatures the first that fits counts. */
function statedFunctions(finding: Finding): Map<string, GlueFunction> {
  const found = new Map<string, GlueFunction>();
  for (const one of finding.dts.functions) {
    if (found.has(one.name)) continue;
    const call = guessCall(one.name, one, nameOf("function", undefined, one.name), finding);
    if (call) found.set(one.name, call);
  }
  return found;
}

function statedClass(
  { name, construct, methods, statics, properties, parent }: DtsModule["classes"][number],
  finding: Finding,
): GlueClass {
  const guessAll = (kind: "method" | "static", all: readonly DtsFunction[]): GlueClass["methods"] => {
    const found = new Map<string, GlueFunction>();
    for (const one of all) {
      if (found.has(one.name)) continue;
      const call = guessCall(`${name}.${one.name}`, one, nameOf(kind, name, one.name), finding, kind === "method");
      if (call) found.set(one.name, call);
    }
    return found;
  };
  const accessors = (kind: "field-get" | "field-set", isStatic: boolean): GlueClass["getters"] =>
    new Map(
      properties.flatMap((one) => {
        const type = kind === "field-get" ? one.read : one.write;
        if (one.isStatic !== isStatic || !type) return [];
        const value = { name: "value", type, isOptional: false, isRest: false };
        const of = kind === "field-get" ? { params: [], result: type } : { params: [value], result: nothing };
        const call = guessCall(`${name}.${one.name}`, of, nameOf(kind, name, one.name), finding, !isStatic);
        return call ? [[one.name, call] as const] : [];
      }),
    );
  const result: DtsType = { kind: "reference", name, args: [], text: name };
  const free = nameOf("free", name, "").find((one) => finding.exports.has(one));
  return {
    free,
    parent,
    construct:
      construct &&
      guessCall(`${name}.constructor`, { ...construct, result }, nameOf("constructor", name, "new"), finding),
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

function nameOf(kind: DeclaredName["kind"], className: string | undefined, name: string): readonly string[] {
  return exportNames({ kind, class: className, prefix: undefined, name });
}

/** Finds the types that use up the words of an export. */
function guessCall(
  path: string,
  { params, result }: Pick<DtsFunction, "params" | "result">,
  names: readonly string[],
  { dts, exports, guesses, tried }: Finding,
  hasSelf = false,
): GlueFunction | undefined {
  const name = names.find((one) => exports.has(one));
  const type = name === undefined ? undefined : exports.get(name);
  if (name === undefined || !type) return undefined;
  tried.add(name);
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
        const isSaid = words && (words.result ?? exports.has("__wbindgen_add_to_stack_pointer"));
        const stated = [...params.map((one) => one.type), result];
        const given = [...types, returned];
        const shared = words && [...words.params, words.result];
        if (isSaid && stated.every((one, at) => isOfWidth(one, given[at], shared?.[at], dts))) fitting.push(call);
      }
    }
  }
  const [call, other] = fitting;
  if (!call) return undefined;
  const unsure = [
    ...(other ? ["other types have the same words"] : []),
    ...(result.kind === "other" ? ["the type of its result is none that is read"] : []),
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

/** Whether a value that is passed as it is has the word of its type: a bigint has 64 bits, and a number never. */
function isOfWidth(
  stated: DtsType,
  passed: GlueType | undefined,
  words: readonly ValueType[] | undefined,
  dts: DtsModule,
): boolean {
  if (passed?.kind === "optional") {
    const item = stated.kind === "union" ? stated.members.filter((one) => !isNone(one)) : [stated];
    return item.length !== 1 || isOfWidth(item[0] ?? stated, passed.item, words?.slice(-1), dts);
  }
  if (passed?.kind !== "plain" || !words) return true;
  const alias = stated.kind === "reference" ? dts.types.find(({ name }) => name === stated.name)?.type : undefined;
  const { name } = alias?.kind === "keyword" ? alias : stated.kind === "keyword" ? stated : { name: "number" };
  return (name === "bigint") === (words[0] === "i64") && words[0] !== "externref";
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
        case "never":
          return [{ kind: "void" }];
        default:
          return [js];
      }
    case "literal":
      return typeof type.value === "string" ? [{ kind: "string" }, js] : [{ kind: "plain" }];
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
        if (texts.length === left.length) return [{ kind: "text-enum", values: texts }, js];
        return left.every((one) => one.kind === "literal" && typeof one.value === typeof firstOf(left))
          ? possible(left[0] ?? type, dts, isGiven, depth + 1)
          : [js];
      }
      const items = left.length === 1 && only ? possible(only, dts, isGiven, depth + 1) : [js];
      return items.flatMap((item) => optionalOf(item, only, dts));
    }
    default:
      return [js];
  }
}

function firstOf([first]: readonly DtsType[]): unknown {
  return first?.kind === "literal" ? first.value : undefined;
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
