import { once } from "../../base/once.ts";
import { define } from "../../base/own.ts";
import type { Abi, Helper } from "./abi.ts";

/** Findings from the imports that tell helpers apart. Each takes time, and most modules need none. */
export interface HelperFacts {
  /** Returns the exports that run the closures of imports. */
  readonly ranShims: () => ReadonlySet<string>;
  /** The functions that are stated to destroy closures. */
  readonly destroyers: ReadonlySet<string | number | undefined>;
  /** Whether any import catches exceptions. */
  readonly catches: () => boolean;
  /** Whether any import makes closures. */
  readonly owns: () => boolean;
  /** Whether all imports are known. */
  readonly isWhole: () => boolean;
}

/**
 * Removes candidates that are certainly not helpers. An export that runs a closure, or is stated to destroy one, is
 * not another helper. If an export has the signature of two helpers, the imports may show which one it is; otherwise it is
 * neither.
 *
 * @param abi - The module's conventions, with all candidates.
 * @param facts - The findings from the imports.
 * @returns The helpers. Those that need a finding are settled when they are read.
 */
export function settleHelpers(
  { helpers, shims }: Abi,
  { ranShims, destroyers, catches, owns, isWhole }: HelperFacts,
): Abi["helpers"] {
  const pairs: readonly (readonly [one: Helper, other: Helper, isOne: () => boolean])[] = [
    ["storeException", "freeSlot", catches],
    ["destroyClosure", "dropSlice", owns],
  ];
  const shimNames = new Set(shims.map(({ name }) => name));
  const mayRun = (role: Helper): boolean => helpers[role]?.some((name) => shimNames.has(name)) ?? false;
  const destroys = (role: Helper, name: string): boolean => role !== "destroyClosure" && destroyers.has(name);
  const left = (role: Helper): readonly string[] | undefined => {
    const names = helpers[role]?.filter((name) => !destroys(role, name));
    const others = mayRun(role) ? names?.filter((name) => !ranShims().has(name)) : names;
    return others && others.length > 0 ? others : undefined;
  };
  const settle = (role: Helper): readonly string[] | undefined => {
    const names = left(role);
    const [one, other, isOne] = pairs.find((pair) => pair.includes(role)) ?? [];
    if (!one || !other || !isOne || left(one)?.length !== 1 || left(one)?.[0] !== left(other)?.join()) return names;
    if (isOne()) return role === one ? names : undefined;
    return role === other && isWhole() ? names : undefined;
  };
  const settled = Object.create(null) as { [role in Helper]?: readonly string[] };
  for (const [role, names] of Object.entries(helpers) as [Helper, readonly string[]][]) {
    const isPaired = pairs.some(([one, other]) => (role === one || role === other) && helpers[one] && helpers[other]);
    if (isPaired || mayRun(role) || names.some((name) => destroys(role, name)))
      define(settled, role, { enumerable: true, get: once(() => settle(role)) });
    else settled[role] = names;
  }
  return settled;
}
