import { isSameList } from "../../base/same.ts";
import type { LengthType, Returning, ValueType } from "../../public/index.ts";
import { choices, type Form } from "../fit.ts";
import { layOut } from "../layout.ts";
import { lengthIn, linkParameters } from "../links.ts";
import { neighboursThatFit } from "../neighbours.ts";
import { hintFor, objectUse } from "../plan-function.ts";
import type { Links } from "../planning.ts";
import type { TypeNode } from "../types/node.ts";
import { innermost } from "../types/transfer.ts";
import { withReturnings } from "../values/index.ts";
import { classesIn, declaredSignatureText, isAllocated, typeText } from "../types/types.ts";
import { returningOfObject } from "./objects.ts";
import { type HostParam, type HostPlanning, paramsOf, type Way, waysOf } from "./params.ts";
import type { HostNode } from "./read.ts";

/** How an import is served by a host function. */
export interface HostPlan {
  readonly params: readonly HostParam[];
  /** `undefined` for none. */
  readonly result: Returning | undefined;
  readonly form: Form;
  /** The words of the result, and their offsets if they are written to memory. */
  readonly words: readonly ValueType[];
  readonly offsets: readonly number[];
  /** The length that the result is, if the function does not return it. */
  readonly length: LengthType | undefined;
  /** Whether the result is an object, which the module then owns. */
  readonly givesObject: boolean;
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

/**
 * Compares a host function with its import.
 *
 * @param node - The host function.
 * @param planning - The import and the convention.
 */
export function planHost(node: HostNode, planning: HostPlanning): HostPlan | HostMisfit {
  const { calling, type } = planning;
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
  const links = linkParameters(node.params, node.result);
  if (typeof links === "string") return misfit(`It cannot be: ${links}.`);
  const unable = unableOf(node, links, planning);
  if (unable !== undefined) return misfit(unable);
  const found = fits(node, links, planning);
  if (found.length > 1) return misfit(`It fits in more than one way${hintFor([...node.params, node.result])}.`);
  const [plan] = found;
  if (plan) return plan;
  const near = neighboursThatFit(node, type, 0, (one) => {
    const other = { ...node, ...one };
    const linked = linkParameters(one.params, one.result);
    if (typeof linked === "string" || unableOf(other, linked, planning) !== undefined) return false;
    return fits(other, linked, planning).length > 0;
  });
  const texts = near.map((one) => declaredSignatureText(one.params, one.result));
  return misfit(
    texts.length > 0 ? `Would fit: ${texts.join(", or ")}.` : "Declare the types that the module was built with.",
    `, which takes the words ${wordsOf(node, links, planning)} by ${calling.name}'s convention,`,
  );
}

type Signature = Pick<HostNode, "params" | "labels" | "result" | "consumes" | "owned">;

/** Returns the reason why a type cannot be passed; `undefined` if all can. */
function unableOf(node: HostNode, links: Links, planning: HostPlanning): string | undefined {
  const { calling, hosting } = planning;
  const because = (
    type: TypeNode,
    use: "parameter" | "result" | "output",
    stated: boolean | undefined,
    what: string,
  ) => {
    const reason = hosting.refusal(type.type === "out" || type.type === "inout" ? type.item : type, use, stated);
    return `${what}: ${reason ?? `${calling.name}'s convention has no way to ${use === "parameter" ? "pass" : "return"} ${typeText(type)}`}.`;
  };
  for (const [at, type] of node.params.entries()) {
    const use = type.type === "out" || type.type === "inout" ? "output" : "parameter";
    const stated = node.consumes[at];
    if (type.type === "optional" && innermost(type).type === "buffer")
      return `Parameter ${at + 1}: null is a buffer without room, so declare ${typeText(innermost(type))}.`;
    const isLent = objectUse(type)?.isOwned === false;
    const has = isLent ? hosting.lendsObjects : waysOf(node, at, links, planning).length > 0;
    if (!has) return because(type, use, stated, `Parameter ${at + 1}`);
    if (stated === true && node.consumesEach && !isConsumed(type))
      return `Parameter ${at + 1}: consumes is for text, bytes and arrays, and it is ${typeText(type)}.`;
    if (type.type === "buffer" && capacityOf(node, at) === undefined)
      return `Parameter ${at + 1}: nothing tells how much room the buffer has, so declare its t.length(${at}).`;
  }
  const { result, owned, error } = node;
  if (result.type === "void")
    return error ? "It returns nothing, so the option error has nothing to return: leave it out." : undefined;
  const isLent = objectUse(result)?.isOwned === false;
  if (isLent ? !hosting.lendsObjects : returningsOf(result, owned, planning).length === 0)
    return because(result, "result", owned, "The result");
  if (owned !== undefined && !isAllocated(result) && result.type !== "record")
    return `The option owned is for a result in memory, and it returns ${typeText(result)}: leave it out.`;
  return undefined;
}

/** Whether a type may be given away: it lies in memory, or is a JavaScript value. */
function isConsumed(type: TypeNode): boolean {
  return isAllocated(type) || ["closure", "promise", "enumeration"].includes(innermost(type).type);
}

/** Returns the parameter that tells the capacity of a buffer. */
function capacityOf({ params }: Signature, of: number): TypeNode | undefined {
  return params.find((type) => lengthIn(type)?.of === of);
}

function returningsOf(
  type: TypeNode,
  owned: boolean | undefined,
  { calling, hosting, objects, type: imported }: HostPlanning,
): readonly Returning[] {
  if (type.type === "js") return withReturnings(hosting.returnings(type, owned), [imported]);
  if (type.type === "length") return hosting.returnings({ type: type.as }, undefined);
  const use = objectUse(type);
  if (!use) return hosting.returnings(type, owned);
  return objects ? [returningOfObject(use, objects, calling)] : [];
}

function fits(node: Signature, links: Links, planning: HostPlanning): HostPlan[] {
  const { type } = planning;
  const ways = node.params.map((_, at) => waysOf(node, at, links, planning));
  const { result } = node;
  const plansOf = (returning: Returning | undefined, form: Form, before: readonly ValueType[]): HostPlan[] => {
    const words = returning?.words ?? [];
    return choices(ways, type.params, before).map((chosen: Way[]) => ({
      params: paramsOf(node, chosen, before.length, links, planning),
      result: returning,
      form,
      words,
      offsets: layOut(words).offsets,
      length: result.type === "length" ? result : undefined,
      givesObject: objectUse(result)?.isOwned === true,
      allocates:
        returning?.allocates === true ||
        node.params.some((param, at) => node.consumes[at] === true && isAllocated(param)),
    }));
  };
  if (result.type === "void") return type.results.length > 0 ? [] : plansOf(undefined, "direct", []);
  return returningsOf(result, node.owned, planning).flatMap((returning) => {
    const { words, store } = returning;
    const isWritten = store !== undefined || words.length > 1;
    if (isWritten && type.results.length === 0) return plansOf(returning, "return-pointer", [planning.calling.address]);
    if (store || !isSameList(type.results, words)) return [];
    return plansOf(returning, isWritten ? "multi-value" : "direct", []);
  });
}

/** The words of a declaration by the first way of each type, as a signature. */
function wordsOf(node: Signature, links: Links, planning: HostPlanning): string {
  const { result } = node;
  const returning = result.type === "void" ? undefined : returningsOf(result, node.owned, planning)[0];
  const words = node.params.flatMap((_, at) => waysOf(node, at, links, planning)[0]?.words ?? []);
  const results = returning?.words ?? [];
  const isWritten = results.length > 1 || returning?.store !== undefined;
  const list = (isWritten ? [planning.calling.address, ...words] : words).join(", ");
  return `(${list}) -> ${isWritten || results.length === 0 ? "()" : results.join(", ")}`;
}
