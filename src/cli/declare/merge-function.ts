import { signatureText } from "../../base/type-text.ts";
import type { DeclaredName, DeclaredParameter, DeclaredType, MethodOptions, ValueType } from "../../public/index.ts";
import { exportNames } from "../../toolchains/wasm-bindgen/calling.ts";
import { contradiction, convert, type Converted } from "./convert.ts";
import type { Signature } from "./declared.ts";
import type { DtsFunction, DtsParameter, DtsType } from "./dts-model.ts";
import type { GlueFunction, GlueParameter } from "./glue/model.ts";
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
    typist.differ(path, `the .d.ts has ${one.stated.params.length} parameters, the JavaScript ${call.params.length}`);
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
  const params: { name: string; type: DeclaredType; stated: DtsParameter | undefined }[] = [];
  for (const [at, param] of call.params.entries()) {
    const from = stated?.params[at];
    checkAgainst(merging, path, param, from?.type, words.params[at]);
    const made = convert({ glue: param.type, stated: from?.type, words: words.params[at], isGiven: true }, scope);
    const name = from?.name ?? param.name;
    if (isHoleOf(made)) {
      refused(`its parameter ${name}`, made.hole);
      return;
    }
    params.push({ name, type: made, stated: from });
  }
  checkAgainst(merging, path, { name: "its result", type: call.result }, stated?.result, words.result);
  const result = convert({ glue: call.result, stated: stated?.result, words: words.result, isGiven: false }, scope);
  if (isHoleOf(result)) {
    refused("its result", result.hole);
    return;
  }
  const isPromise = stated?.result?.kind === "reference" && stated.result.name === "Promise";
  const declared: DeclaredType = result.type === "js" && isPromise ? { type: "promise", value: result } : result;
  return {
    params: params.map(({ name, type: of, stated: from }) => ({
      type: "param",
      name,
      of: from?.isRest && isCollected(of) ? { type: "rest", of } : of,
    })),
    result: declared,
    options: {
      ...exportOption(merging, one),
      ...(call.self === "moved" && one.kind !== "constructor" && { consumes: true }),
      ...(call.throws && { throws: true }),
    },
    signature: {
      generics: stated?.generics ?? [],
      params: params.map(({ name, type: of, stated: from }, at) => ({
        name,
        text: typist.textOf(from?.type, from?.isRest && isCollected(of) ? { type: "rest", of } : of, true, path),
        isOptional: from?.isOptional ?? params.slice(at).every(({ type: rest }) => rest.type === "optional"),
        isRest: from?.isRest ?? false,
      })),
      result: typist.textOf(stated?.result, declared, false, path),
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

function checkAgainst(
  merging: Merging,
  path: string,
  { name, type }: GlueParameter,
  stated: DtsType | undefined,
  words: readonly ValueType[] | undefined,
): void {
  // A reference may be any value.
  const reason = words?.[0] === "externref" ? undefined : contradiction({ glue: type, stated });
  if (reason !== undefined) throw contradictionOf(merging, path, `(${name}): ${reason}`);
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
