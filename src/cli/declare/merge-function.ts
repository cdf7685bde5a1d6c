import { signatureText } from "../../base/type-text.ts";
import type { DeclaredName, DeclaredParameter, DeclaredType, MethodOptions, RestType } from "../../public/index.ts";
import { exportNames } from "../../toolchains/wasm-bindgen/calling.ts";
import { plural } from "../output.ts";
import { contradiction } from "./contradiction.ts";
import { convert, type Converted, type Value } from "./convert.ts";
import type { Signature } from "./declared.ts";
import { orUndefined } from "./dts-types.ts";
import type { DtsFunction, DtsParameter, DtsType } from "./dts-model.ts";
import type { GlueFunction } from "./glue/model.ts";
import { ContradictionError, type Merging } from "./merging.ts";
import { shareWords } from "./words.ts";

/** A function, method, constructor, getter or setter to be combined. */
export interface Call {
  /** Its name with that of its class, for remarks. */
  readonly path: string;
  readonly kind: DeclaredName["kind"];
  readonly class: string | undefined;
  readonly name: string;
  readonly stated: (Pick<DtsFunction, "params" | "generics"> & { readonly result?: DtsType }) | undefined;
  readonly call: GlueFunction;
}

/** The parts of a declared function, and its type. */
export interface MergedFunction {
  readonly params: readonly DeclaredParameter[];
  readonly result: DeclaredType;
  readonly options: MethodOptions;
  readonly signature: Signature;
}

/**
 * Combines what is known of a function.
 *
 * @param merging - The module.
 * @param one - The function.
 * @returns `undefined` for a hole, which is noted.
 */
export function mergeFunction(merging: Merging, one: Call): MergedFunction | undefined {
  const { path, call } = one;
  const { scope, typist, holes } = merging;
  const type = merging.exports.get(call.export);
  if (!type) throw contradictionOf(merging, path, `calls the export ${call.export}, which the bytes do not have`);
  if (one.stated && one.stated.params.length !== call.params.length) {
    // Types that the package wrote by hand may leave parameters out. The JavaScript and the bytes agree.
    const stated = plural(one.stated.params.length, "parameter");
    typist.differ(path, `the .d.ts has ${stated}, the JavaScript ${call.params.length}`);
  }
  if (call.returnsSelf) typist.differ(path, "it returns its object there, and nothing here");
  const stated = one.stated?.params.length === call.params.length ? statedOf(one) : undefined;
  const words = shareWords(call, type);
  if (!words) {
    throw contradictionOf(
      merging,
      path,
      `passes values that are not the words of its export ${call.export}: ${signatureText(type)}`,
    );
  }
  const refused = (what: string, reason: string): undefined => {
    holes.push({ member: path, reason: `${what}: ${reason}` });
    return undefined;
  };
  const generics = typist.genericsOf(stated?.generics ?? [], path);
  const params: {
    name: string;
    type: DeclaredType | RestType<DeclaredType>;
    stated: DtsParameter | undefined;
    text: string;
  }[] = [];
  for (const [at, param] of call.params.entries()) {
    const from = stated?.params[at];
    const given = { glue: param.type, stated: from?.type, words: words.params[at], isGiven: true };
    const value = agreed(merging, path, param.name, given);
    const made = convert(value, scope);
    const name = from?.name ?? param.name;
    if (isHoleOf(made)) {
      refused(`its parameter ${name}`, made.hole);
      return;
    }
    const type: DeclaredType | RestType<DeclaredType> =
      from?.isRest && isCollected(made) ? { type: "rest", of: made } : made;
    params.push({ name, type, stated: from, text: typist.textOf(value.stated, type, true, path, generics) });
  }
  const returned = { glue: call.result, stated: stated?.result, words: words.result, isGiven: false };
  const value = agreed(merging, path, "its result", returned);
  const result = convert(value, scope);
  if (isHoleOf(result)) {
    refused("its result", result.hole);
    return;
  }
  const isPromise = value.stated?.kind === "reference" && value.stated.name === "Promise";
  const declared: DeclaredType = result.type === "js" && isPromise ? { type: "promise", value: result } : result;
  return {
    params: params.map(({ name, type: of }) => ({ type: "param", name, of })),
    result: declared,
    options: {
      ...exportOption(merging, one),
      ...(call.self === "moved" && one.kind !== "constructor" && { consumes: true }),
      ...(call.throws && { throws: true }),
    },
    signature: {
      generics,
      params: params.map(({ name, text, stated: from }, at) => ({
        name,
        text,
        isOptional: from?.isOptional ?? params.slice(at).every(({ type: rest }) => rest.type === "optional"),
        isRest: from?.isRest ?? false,
      })),
      result: typist.textOf(value.stated, declared, false, path, generics),
    },
  };
}

/** The package's type, without that of a result which the JavaScript makes by itself. */
function statedOf({ stated, call }: Call): Call["stated"] {
  if (!stated || !call.returnsSelf) return stated;
  const { params, generics } = stated;
  return { params, ...(generics && { generics }) };
}

function isHoleOf(made: Converted): made is { readonly hole: string } {
  return "hole" in made;
}

function isCollected(type: DeclaredType): type is Extract<DeclaredType, { type: "list" | "array" }> {
  return type.type === "list" || type.type === "array" || type.type === "bytes";
}

/**
 * Compares the package's type of a value with how the value is passed. One that says otherwise is not kept, and the difference
 * is listed: types that were written by hand, or that are of JavaScript around the generated one. A plain type is what the
 * toolchain prints, and another one is of another build.
 *
 * @param merging - The module.
 * @param path - The function.
 * @param name - The value.
 * @param value - How it is passed, and its type.
 * @returns The value, with the type that is right.
 */
function agreed(merging: Merging, path: string, name: string, value: Value): Value {
  const { stated, words } = value;
  // A reference may be any value.
  const isSure = words?.[0] !== "externref";
  // Without JavaScript, the words alone are known: whether a number is a boolean, nothing tells.
  const isGiven = value.isGiven || merging.isGuessed;
  const found = isSure ? contradiction({ ...value, isGiven }, merging.scope) : undefined;
  if (!found || !stated) return value;
  const subject = name === "its result" ? name : `its parameter ${name}`;
  if (found.isNothing) {
    merging.typist.differ(path, `${subject} may be undefined, which the .d.ts leaves out`);
    return { ...value, stated: orUndefined(stated) };
  }
  if (stated.kind === "keyword") throw contradictionOf(merging, path, `(${name}): ${found.reason}`);
  merging.typist.differ(path, `${subject}: ${found.reason}`);
  return { ...value, stated: undefined };
}

/**
 * Makes the error of contradicting evidence.
 *
 * @param merging - The module.
 * @param merging.glueName - The name of the file with the JavaScript.
 * @param path - The member.
 * @param reason - The contradiction, after the member's name.
 */
export function contradictionOf({ glueName }: Merging, path: string, reason: string): ContradictionError {
  return new ContradictionError(
    `${path} in ${glueName} ${reason}. Bytes, JavaScript and .d.ts must be of one build: name them with --glue and --dts.`,
  );
}

/** States the export if the adapter would look for another. */
export function exportOption(
  { exports }: Merging,
  { kind, class: className, name, call }: Pick<Call, "kind" | "class" | "name" | "call">,
): { readonly export?: string } {
  const found = exportNames({ kind, class: className, prefix: undefined, name }).find((one) => exports.has(one));
  return found === call.export ? {} : { export: call.export };
}
