import { type Called, type Conventions, ofC } from "./conventions.ts";
import type { AskExtras } from "./planning.ts";
import type { Declaration } from "./read.ts";
import { type ClassMemberNode, type FunctionNode, isClassNode, isEnumerationNode, parametersOf } from "./types/node.ts";
import { conventionOf } from "./plan-properties.ts";
import { scalarOf } from "./types/types.ts";

/** A member that is called. */
interface DeclaredCall {
  readonly name: string;
  /** The name of its convention; `undefined` for the module's. */
  readonly convention: string | undefined;
  /** `undefined` for a class, which frees its objects. */
  readonly call: FunctionNode | ClassMemberNode | undefined;
}

/** Yields each member that is called. */
function* callsOf({ members, convention }: Declaration): Iterable<DeclaredCall> {
  for (const [name, member] of Object.entries(members)) {
    if (isEnumerationNode(member)) continue;
    const usual = member.convention ?? convention;
    if (!isClassNode(member)) {
      yield { name, convention: usual, call: member };
      continue;
    }
    yield { name, convention: usual, call: undefined };
    for (const [key, call] of Object.entries(member.members)) {
      yield { name: `${name}.${key}`, convention: conventionOf(call) ?? usual, call };
    }
  }
}

/**
 * Whether C's convention is needed: a member states it, or states none in a module whose adapter has none.
 *
 * @param declaration - What was declared.
 * @param hasOwn - Returns whether the adapter has a convention.
 */
export function needsC(declaration: Declaration, hasOwn: () => boolean): boolean {
  const names = new Set([...callsOf(declaration)].map(({ convention }) => convention));
  return names.has(ofC) || (names.has(undefined) && !hasOwn());
}

/**
 * Refuses an interface that C's convention would call wrongly, because the module's toolchain is known and is not C's.
 * Functions that take and return only numbers are the same in all conventions. Errors: `convention-unavailable`, and the
 * adapter's.
 *
 * @param declaration - What was declared.
 * @param called - The module.
 * @param conventions - Its conventions.
 * @param askExtras - Returns the parts that few declarations need.
 */
export function expectConvention(
  declaration: Declaration,
  called: Called,
  conventions: Conventions,
  askExtras: AskExtras,
): void {
  const { shape, toolchain, adapter, isCallableAsC, registersFunctions } = called;
  // A function that is not exported cannot be called, even if it returns only a number.
  const isHidden = (name: string) => registersFunctions && !shape.exports.some((one) => one.name === name);
  const isNeedy = ({ name, convention, call }: DeclaredCall): boolean => {
    if (convention !== undefined) return convention === toolchain && (convention !== adapter || !conventions.own());
    return (
      (call?.member !== "function" || !isNumeric(call, !called.toolchainAdapter) || isHidden(name)) &&
      !conventions.own()
    );
  };
  const needy = isCallableAsC ? undefined : [...callsOf(declaration)].find(isNeedy);
  if (!needy) return;
  const { name: member, convention } = needy;
  throw askExtras().conventionMissing(member, isHidden(member), convention, called);
}

/**
 * Whether a function takes and returns only numbers, booleans and, if that is asked, JavaScript values, or a promise: these are
 * the same in every convention, and an adapter may know others.
 *
 * @param declared - The types of its parameters and result.
 * @param mayHaveReferences - Whether JavaScript values and a promise count, too.
 */
export function isNumeric(
  { params, result }: Pick<FunctionNode, "params" | "result">,
  mayHaveReferences = false,
): boolean {
  // The engine makes the promise of an export that it suspends, in every convention without promises.
  const returned = mayHaveReferences && result.type === "promise" ? result.value : result;
  return [...parametersOf(params).types, returned].every((node) => {
    const scalar = scalarOf(node, false);
    // A lowered scalar is a text or a character, not a number.
    return node.type === "void" || (mayHaveReferences && node.type === "js") || (scalar && !scalar.lower);
  });
}
