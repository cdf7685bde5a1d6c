import { isSameList } from "../../base/same.ts";
import type {
  Calling,
  Filling,
  FunctionType,
  Hosting,
  InnerObjects,
  Receiving,
  Returning,
  ValueType,
} from "../../public/index.ts";
import { choices, type Form } from "../fit.ts";
import { layOut } from "../layout.ts";
import { neighboursThatFit } from "../neighbours.ts";
import { hintFor, objectUse } from "../plan-function.ts";
import type { TypeNode } from "../types/node.ts";
import { classesIn, declaredSignatureText, isAllocated, typeText } from "../types/types.ts";
import { fillingOfObject, receivingOfObject, returningOfObject } from "./objects.ts";
import type { HostNode } from "./read.ts";

/** A parameter whose value the function receives, or one that points to where its result is written. */
export type HostParam =
  | { readonly at: number; readonly receiving: Receiving; readonly filling: undefined }
  | { readonly at: number; readonly receiving: undefined; readonly filling: Filling };

/** How an import is served by a host function. */
export interface HostPlan {
  /** The parameters, each with the index of its first word. */
  readonly params: readonly HostParam[];
  /** `undefined` for none. */
  readonly result: Returning | undefined;
  readonly form: Form;
  /** The words of the result, and their offsets if they are written to memory. */
  readonly words: readonly ValueType[];
  readonly offsets: readonly number[];
  /** Whether the result is the length that was written to a buffer. */
  readonly returnsLength: boolean;
  /** Whether that length is a bigint, and whether it can be negative. */
  readonly length: { readonly isBig: boolean; readonly isSigned: boolean };
  /** Whether values are copied to memory of the module's allocator. */
  readonly allocates: boolean;
}

/** A host function that does not fit its import. */
export interface HostMisfit {
  /** The declared signature, with the words that it takes. */
  readonly given: string;
  /** The reason and the remedy, as sentences. */
  readonly reason: string;
}

/** The convention that a host function is planned for. */
export interface HostPlanning {
  readonly calling: Calling;
  readonly hosting: Hosting;
  readonly objects: InnerObjects | undefined;
  /** Whether the interface declares a class. */
  readonly isClass: (name: string) => boolean;
  /** Returns the name of the other convention that keeps the objects of a class in boxes of its own, if one does. */
  readonly boxedBy: (name: string) => string | undefined;
}

const integers = /^([iu])(8|16|32|64)$/;

/**
 * Compares a host function with its import.
 *
 * @param node - The host function.
 * @param type - The import's type.
 * @param planning - The convention.
 */
export function planHost(node: HostNode, type: FunctionType, planning: HostPlanning): HostPlan | HostMisfit {
  const { calling } = planning;
  const declared = declaredSignatureText(node.params, node.result);
  const misfit = (reason: string, words = ""): HostMisfit => ({ given: `a host function ${declared}${words}`, reason });
  const unknown = [...node.params, node.result].flatMap(classesIn).find((name) => !planning.isClass(name));
  if (unknown !== undefined)
    return misfit(`The interface declares no class ${unknown}: declare it in the option api of the load.`);
  for (const name of [...node.params, node.result].flatMap(classesIn)) {
    const boxer = planning.boxedBy(name);
    if (boxer !== undefined)
      return misfit(`${boxer} keeps an object of ${name} in a box of its own: declare its address as t.size.`);
  }
  const unable = unableOf(node, planning);
  if (unable !== undefined) return misfit(unable);
  const buffers = node.params.filter(isBuffer);
  const length = integers.exec(node.result.type === "size" ? "u32" : node.result.type);
  if (buffers.length > 1)
    return misfit("Its result is the length that was written, so only one of its outputs can be a buffer.");
  if (buffers.length > 0 && !length)
    return misfit("A buffer is filled as far as its contents reach, so the result must be an integer: that length.");
  const found = fits(node, type, planning);
  if (found.length > 1) return misfit(`It fits in more than one way: ${hintFor([...node.params, node.result])}.`);
  const [plan] = found;
  if (!plan) {
    const near = neighboursThatFit(node, type, 0, (one) => fits({ ...node, ...one }, type, planning).length > 0);
    const texts = near.map((one) => declaredSignatureText(one.params, one.result));
    const words = wordsOf(node, planning);
    return misfit(
      texts.length > 0 ? `Would fit: ${texts.join(", or ")}.` : "Declare the types that the module was built with.",
      words && `, which takes the words ${words} by ${calling.name}'s convention,`,
    );
  }
  return plan;
}

type Signature = Pick<HostNode, "params" | "result" | "consumes" | "owned">;

/** Returns the reason why a type cannot be passed; `undefined` if all can. */
function unableOf(node: HostNode, planning: HostPlanning): string | undefined {
  const { calling, hosting } = planning;
  const { name } = calling;
  const because = (
    type: TypeNode,
    use: "parameter" | "result" | "output",
    stated: boolean | undefined,
    what: string,
  ) => {
    const reason = hosting.refusal(type.type === "out" ? type.item : type, use, stated);
    return `${what}: ${reason ?? `${name}'s convention has no way to ${use === "parameter" ? "pass" : "return"} ${typeText(type)}`}.`;
  };
  for (const [at, type] of node.params.entries()) {
    const use = type.type === "out" ? "output" : "parameter";
    const stated = node.consumes[at];
    const isLent = objectUse(type)?.isOwned === false;
    const has = isLent ? hosting.lendsObjects : waysOf(type, stated, planning).length > 0;
    if (!has) return because(type, use, stated, `Parameter ${at + 1}`);
    if (stated === true && !isAllocated(type) && !takesHandle(type))
      return `Parameter ${at + 1}: consumes is for text, bytes and arrays, and it is ${typeText(type)}.`;
  }
  const { result, owned, error } = node;
  if (result.type === "void")
    return error ? "It returns nothing, so the option error has nothing to return: leave it out." : undefined;
  if (objectUse(result)?.isOwned === false && !hosting.lendsObjects)
    return because(result, "result", owned, "The result");
  if (returningsOf(result, owned, planning).length === 0) return because(result, "result", owned, "The result");
  if (owned !== undefined && !isAllocated(result) && result.type !== "record")
    return `The option owned is for a result in memory, and it returns ${typeText(result)}: leave it out.`;
  return undefined;
}

/** Whether a type may be passed as a JavaScript value that the module gives away. */
function takesHandle(type: TypeNode): boolean {
  const { type: inner } = type.type === "optional" ? type.item : type;
  return inner === "closure" || inner === "promise" || inner === "enumeration";
}

function isBuffer(type: TypeNode): boolean {
  return type.type === "out" && ["string", "cstring", "bytes", "array"].includes(type.item.type);
}

type Way = { readonly words: readonly ValueType[] } & (
  | { readonly receiving: Receiving; readonly filling: undefined }
  | { readonly receiving: undefined; readonly filling: Filling }
);

function waysOf(type: TypeNode, consumes: boolean | undefined, planning: HostPlanning): readonly Way[] {
  const { calling, hosting, objects } = planning;
  if (type.type === "out") {
    const use = objectUse(type.item);
    const fillings = use ? objects && [fillingOfObject(use, objects, calling)] : hosting.fillings(type.item);
    return (fillings ?? []).map((filling) => ({ words: filling.words, filling, receiving: undefined }));
  }
  const use = objectUse(type);
  const receivings = use ? objects && [receivingOfObject(use, objects, calling)] : hosting.receivings(type, consumes);
  return (receivings ?? []).map((receiving) => ({ words: receiving.words, receiving, filling: undefined }));
}

function returningsOf(
  type: TypeNode,
  owned: boolean | undefined,
  { calling, hosting, objects }: HostPlanning,
): readonly Returning[] {
  const use = objectUse(type);
  if (!use) return hosting.returnings(type, owned);
  return objects ? [returningOfObject(use, objects, calling)] : [];
}

function fits(node: Signature, type: FunctionType, planning: HostPlanning): HostPlan[] {
  const ways = node.params.map((param, at) => waysOf(param, node.consumes[at], planning));
  const { result } = node;
  if (result.type === "void") return type.results.length > 0 ? [] : plansOf(node, ways, type, undefined, "direct", []);
  return returningsOf(result, node.owned, planning).flatMap((returning) => {
    const { words, store } = returning;
    const isWritten = store !== undefined || words.length > 1;
    const address = [planning.calling.address];
    if (isWritten && type.results.length === 0) return plansOf(node, ways, type, returning, "return-pointer", address);
    if (store || !isSameList(type.results, words)) return [];
    return plansOf(node, ways, type, returning, isWritten ? "multi-value" : "direct", []);
  });
}

function plansOf(
  { params, result, consumes }: Signature,
  ways: readonly (readonly Way[])[],
  type: FunctionType,
  returning: Returning | undefined,
  form: Form,
  before: readonly ValueType[],
): HostPlan[] {
  const words = returning?.words ?? [];
  const [, sign, bits] = integers.exec(result.type) ?? [];
  return choices(ways, type.params, before).map((chosen) => {
    let at = before.length;
    const planned = chosen.map((way): HostParam => {
      const start = at;
      at += way.words.length;
      return { ...way, at: start };
    });
    return {
      params: planned,
      result: returning,
      form,
      words,
      offsets: layOut(words).offsets,
      returnsLength: params.some(isBuffer),
      length: { isBig: bits === "64", isSigned: sign === "i" },
      allocates:
        returning?.allocates === true || params.some((param, index) => consumes[index] === true && isAllocated(param)),
    };
  });
}

/** The words of a declaration by the first way of each type, as a signature. */
function wordsOf(node: Signature, planning: HostPlanning): string {
  const { result } = node;
  const returning = result.type === "void" ? undefined : returningsOf(result, node.owned, planning)[0];
  const words = node.params.flatMap((param, at) => waysOf(param, node.consumes[at], planning)[0]?.words ?? []);
  const results = returning?.words ?? [];
  const isWritten = results.length > 1 || returning?.store !== undefined;
  const list = (isWritten ? [planning.calling.address, ...words] : words).join(", ");
  return `(${list}) -> ${isWritten || results.length === 0 ? "()" : results.join(", ")}`;
}
