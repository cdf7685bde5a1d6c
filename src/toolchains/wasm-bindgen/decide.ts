import type { Identify } from "./known/index.ts";
import type { ImportShape } from "../../public/index.ts";
import type { Abi, Shim } from "./abi.ts";
import { type ClosureSignature, type KnownClosure, shimsFor } from "./closures.ts";
import type { CastCode } from "./casts.ts";
import type { Descriptor } from "./descriptors.ts";
import { isWrapper, mayCastClosure } from "./makers.ts";
import { readClosure } from "./codes.ts";

/** A closure that need not be stated. */
export interface Decided extends KnownClosure {
  /** Whether JavaScript destroys it. */
  readonly isOwned: boolean;
  /** The index of the function that destroys it, in the function table. */
  readonly destroy: number | undefined;
  /** How it is known, as text. */
  readonly evidence: string;
}

/**
 * Finds the closures that need not be stated.
 *
 * @param functions - The imported functions.
 * @param abi - The module's conventions.
 * @param identify - The knowledge of the imports.
 * @param casts - The possible conversions of the casts among them.
 * @param descriptors - The casts that the `name` section describes.
 */
export function decideClosures(
  functions: readonly ImportShape[],
  abi: Abi,
  identify: Identify,
  casts: ReadonlyMap<string, readonly CastCode[]>,
  descriptors: ReadonlyMap<string, Descriptor>,
): ReadonlyMap<string, Decided> {
  const makers = functions.filter((one) => isWrapper(one) || mayCastClosure(one, casts));
  const [maker] = makers;
  const only = maker && makers.length === 1 && !descriptors.has(maker.name) ? decideOnly(functions, abi, identify) : [];
  return new Map([
    ...decideDescribed(abi, descriptors),
    ...only.map((closure): [string, Decided] => [maker?.name ?? "", closure]),
  ]);
}

/**
 * Decides about the only import that may make closures. If a function is known to take a closure of some type, the module
 * must make such closures, so this import makes these, and if only one export fits their type, it runs them.
 */
function decideOnly(functions: readonly ImportShape[], abi: Abi, identify: Identify): readonly Decided[] {
  const takers = functions.filter((one) => identify.candidates(one).some((item) => item.takesClosure));
  const codes = new Set(takers.flatMap((one) => identify.identified(one)?.declaration.closure ?? []));
  const [code] = codes;
  if (code === undefined || codes.size > 1) return [];
  const signature = readClosure(code);
  const shims = signature ? shimsFor(abi, signature) : [];
  const [shim] = shims;
  if (!signature || !shim || shims.length > 1) return [];
  const evidence = `a closure: no other import makes one, and only ${shim.name} runs its type`;
  return [{ signature, shim, isOwned: true, destroy: undefined, evidence }];
}

/**
 * Decides about closures whose types the `name` section describes. The exports that run them have their WebAssembly types,
 * which types in Rust may share: a value and a reference to one, `Fn` and `FnMut`. An export runs every closure of its types in
 * Rust, so any of the exports that fit will do if all of them run the same.
 */
function decideDescribed(abi: Abi, descriptors: ReadonlyMap<string, Descriptor>): ReadonlyMap<string, Decided> {
  const groups = new Map<readonly Shim[], [name: string, signature: ClosureSignature, descriptor: Descriptor][]>();
  for (const [name, descriptor] of descriptors) {
    const signature = descriptor.closure && readClosure(descriptor.code ?? "");
    if (!signature) continue;
    const shims = shimsFor(abi, signature);
    groups.set(shims, [...(groups.get(shims) ?? []), [name, signature, descriptor]]);
  }
  const decided = new Map<string, Decided>();
  for (const [shims, closures] of groups) {
    const [shim] = shims;
    const codes = new Set(closures.map(([, , { code }]) => code));
    const own = new Set(closures.map(([, , { closure }]) => closure?.shim));
    const isSame = codes.size === 1 && (shims.length === 1 || shims.length === own.size);
    // A function that destroys closures has the type of one that runs a closure without parameters.
    if (!shim || !isSame || shims.some(({ name }) => abi.destroyers.has(name))) continue;
    for (const [name, signature, { text, closure }] of closures) {
      decided.set(name, {
        signature,
        shim,
        isOwned: closure?.isOwned ?? true,
        destroy: abi.functions === undefined ? undefined : closure?.destroy,
        evidence: `a closure, as the name section describes it: ${text}`,
      });
    }
  }
  return decided;
}
