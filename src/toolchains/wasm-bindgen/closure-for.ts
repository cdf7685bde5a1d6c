import type { Abi, Shim } from "./abi.ts";
import { type ClosureSignature, type KnownClosure, runs, shimsFor } from "./closures.ts";
import { readClosure } from "./codes.ts";

/**
 * Finds the export that runs a closure which a known import takes.
 *
 * @param abi - The module's conventions.
 * @param code - The code of the closure's type.
 * @param stated - The export that the user states.
 * @returns `undefined` if none or several could run it.
 */
export function closureFor(abi: Abi, code: string, stated: Shim | undefined): KnownClosure | undefined {
  const signature: ClosureSignature | undefined = readClosure(code);
  if (!signature) return undefined;
  if (stated) return runs(abi, signature, stated) ? { signature, shim: stated } : undefined;
  const fitting = shimsFor(abi, signature);
  const [shim] = fitting;
  // A function that destroys closures has the type of one that runs a closure without parameters.
  if (!shim || fitting.length > 1 || abi.destroyers.has(shim.name)) return undefined;
  return { signature, shim };
}
