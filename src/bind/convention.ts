import { invalidOption } from "../errors/invalid.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { plainLifting, plainLowering } from "./values/index.ts";
import { memberOf, ownValue } from "../base/own.ts";
import type { FunctionNode, InterfaceNodes } from "./types/node.ts";
import { scalarOf } from "./types/types.ts";
import type { Calling, Shape } from "../public/index.ts";

/**
 * Reads the calling convention that an adapter gives. Anyone can write an adapter: a value that is not a convention is
 * refused, and members left out become `undefined`. Fails with `invalid-option`.
 *
 * @param calling - The adapter's convention; `undefined` for none.
 */
export function readCalling(calling: unknown): Calling | undefined {
  if (calling === undefined) return undefined;
  const functions = ["exportNames", "lowerings", "liftings", "takeArea", "giveArea", "takeError"];
  if (
    typeof calling === "object" &&
    calling !== null &&
    functions.every((name) => typeof memberOf(calling, name) === "function") &&
    Array.isArray(memberOf(calling, "freeing"))
  )
    return completeCalling(calling as Calling);
  throw invalidOption("instantiate", "what calling of an adapter returns", "a calling convention", calling);
}

/** The members that a convention may leave out: functions, and the rest. */
const optionalFunctions = ["refusal", "canFree", "begin"] as const;
const optionalFacts = [
  "addressKey",
  "hasAreas",
  "areaAllocates",
  "ownAllocator",
  "allocators",
  "givesAway",
  "hosting",
] as const;

/** A convention that inherits nothing from `Object.prototype`, and neither do its liftings and lowerings. */
function completeCalling(given: Calling): Calling {
  const called = (name: (typeof optionalFunctions)[number]) =>
    (memberOf(given, name) as ((...args: never[]) => unknown) | undefined)?.bind(given);
  const complete: object = {
    ...Object.fromEntries(optionalFunctions.map((name) => [name, called(name)])),
    ...Object.fromEntries(optionalFacts.map((name) => [name, memberOf(given, name)])),
    name: given.name,
    address: given.address,
    hasErrors: given.hasErrors,
    hasInPlace: given.hasInPlace,
    freeing: given.freeing.map((one) => ({ ...one, waits: ownValue(one, "waits") })),
    exportNames: given.exportNames.bind(given),
    lowerings: (...args: Parameters<Calling["lowerings"]>) =>
      given.lowerings(...args).map((one) => {
        const lowering = { ...plainLowering, ...one };
        return lowering.out
          ? { ...lowering, out: { ...lowering.out, write: ownValue(lowering.out, "write") } }
          : lowering;
      }),
    liftings: (...args: Parameters<Calling["liftings"]>) =>
      given.liftings(...args).map((one) => ({ ...plainLifting, ...one })),
    takeArea: given.takeArea.bind(given),
    giveArea: given.giveArea.bind(given),
    takeError: given.takeError.bind(given),
  };
  return complete as Calling;
}

/** The facts about a module that tell its calling convention. */
export interface Called {
  readonly shape: Pick<Shape, "exports">;
  /** The toolchain that its bytes show. */
  readonly toolchain: string;
  /** The name of the adapter that serves it, which has no convention. */
  readonly adapter: string | undefined;
  /** Whether the toolchain uses C's convention. Any other convention is its adapter's, or unknown. */
  readonly isCallableAsC: boolean;
  /** Whether its modules register their functions with a runtime instead of exporting them. */
  readonly registersFunctions: boolean;
  /** The toolchain's adapter: the line that imports it, and the expression that makes it. */
  readonly toolchainAdapter: { readonly importLine: string; readonly call: string } | undefined;
}

/**
 * Refuses an interface that C's convention would call wrongly, because the module's toolchain is known and is not C's.
 * Functions that take and return only numbers are the same in all conventions. Errors: `convention-unavailable`.
 *
 * @param members - What was declared.
 * @param called - The module.
 */
export function expectConvention(members: InterfaceNodes, called: Called): void {
  const { shape, toolchain } = called;
  if (called.isCallableAsC) return;
  // A function that is not exported cannot be called, even if it returns only a number.
  const isHidden = (name: string) => called.registersFunctions && !shape.exports.some((one) => one.name === name);
  const needy = Object.entries(members).find(
    ([name, one]) => one.member === "class" || !isNumeric(one) || isHidden(name),
  );
  if (!needy) return;
  const [member] = needy;
  throw conventionUnavailable(
    member,
    isHidden(member)
      ? `${member} is no export of the module: those of ${toolchain} give their functions to a runtime.`
      : `${member} is declared with more than numbers, and only ${toolchain}'s convention can call it.`,
    called,
    `There is none for ${toolchain} yet. Declare functions of numbers and booleans, pass the rest by hand with wasm.memory ` +
      "and wasm.guarded, or give an adapter whose `calling` has the convention.",
  );
}

/**
 * Makes the error for a declaration that needs a convention which is not at hand.
 *
 * @param member - The declared member, or the import.
 * @param reason - Why it needs the convention: a sentence.
 * @param called - The module.
 * @param remedy - What to do if there is no adapter that has it: sentences.
 */
export function conventionUnavailable(
  member: string,
  reason: string,
  { toolchain, adapter, toolchainAdapter }: Pick<Called, "toolchain" | "adapter" | "toolchainAdapter">,
  remedy: string,
): UnglueError<"convention-unavailable"> {
  const line = toolchainAdapter?.importLine;
  return new UnglueError(
    "convention-unavailable",
    `${reason} ${toolchainAdapter ? withAdapter(toolchainAdapter, adapter) : remedy}`,
    { toolchain, member, ...(line !== undefined && { import: line }), ...(adapter !== undefined && { adapter }) },
  );
}

function withAdapter(
  { importLine, call }: NonNullable<Called["toolchainAdapter"]>,
  adapter: string | undefined,
): string {
  return adapter === undefined
    ? `A synchronous call needs the adapter given: ${importLine} and adapters: [${call}]. load() and compile() fetch it by themselves.`
    : `The adapter ${JSON.stringify(adapter)}, which serves this module, has none. Put the other before it: ${importLine} and adapters: [${call}, …].`;
}

/**
 * Whether a function takes and returns only numbers and booleans.
 *
 * @param declared - The types of its parameters and result.
 */
export function isNumeric({ params, result }: Pick<FunctionNode, "params" | "result">): boolean {
  return [...params, result].every((node) => {
    const scalar = scalarOf(node, false);
    // A lowered scalar is a text or a character, not a number.
    return node.type === "void" || (scalar && !scalar.lower);
  });
}
