import type { Identify } from "./known/index.ts";
import type { ImportShape } from "../../public/index.ts";
import type { Abi } from "./abi.ts";
import { type KnownClosure, shimsFor } from "./closures.ts";
import type { CastCode } from "./casts.ts";
import { isWrapper, mayCastClosure } from "./makers.ts";
import { readClosure } from "./codes.ts";

/**
 * Finds the closures that need not be stated. If a function is known to take a closure of some type, the module must make
 * such closures. So if only one import may make closures, it makes these, and if only one export fits their type, it runs
 * them.
 *
 * @param functions - The imported functions.
 * @param abi - The module's conventions.
 * @param identify - The knowledge of the imports.
 * @param casts - The possible conversions of the casts among them.
 */
export function decideClosures(
  functions: readonly ImportShape[],
  abi: Abi,
  identify: Identify,
  casts: ReadonlyMap<string, readonly CastCode[]>,
): ReadonlyMap<string, KnownClosure> {
  const decided = new Map<string, KnownClosure>();
  const makers = functions.filter((one) => isWrapper(one) || mayCastClosure(one, casts));
  const [maker] = makers;
  if (!maker || makers.length > 1) return decided;
  const codes = new Set(functions.flatMap((one) => identify.identified(one)?.declaration.closure ?? []));
  const [code] = codes;
  if (code === undefined || codes.size > 1) return decided;
  const signature = readClosure(code);
  const shims = signature ? shimsFor(abi, signature) : [];
  const [shim] = shims;
  if (signature && shim && shims.length === 1) decided.set(maker.name, { signature, shim });
  return decided;
}
