import { ownValue } from "../../base/own.ts";
import { describe } from "../../errors/describe.ts";
import { unknownOption } from "../read-options.ts";
import { readParams } from "../read-params.ts";
import { itemsOf, readType } from "../read-type.ts";
import { parametersOf, type TypeNode } from "../types/node.ts";

/** A function of the user's. */
export type HostCall = (...args: readonly unknown[]) => unknown;

/** A host function that has been read. */
export interface HostNode {
  readonly params: readonly TypeNode[];
  /** The names of the parameters, as far as they were declared. */
  readonly labels: readonly (string | undefined)[];
  readonly result: TypeNode;
  readonly call: HostCall;
  readonly convention: string | undefined;
  readonly owned: boolean | undefined;
  /** For each parameter. */
  readonly consumes: readonly (boolean | undefined)[];
  /** Whether it was stated for each. */
  readonly consumesEach: boolean;
  /** The result of a call that failed, or the function that makes it; `undefined` if exceptions pass through. */
  readonly error: { readonly value: unknown } | undefined;
  readonly catches: boolean;
  /** The interface that it was declared with. */
  readonly api: unknown;
  /** Whether it returns a promise, and the engine suspends the module's call until that is settled. */
  readonly suspends: boolean;
}

const parts = ["member", "params", "result", "call"];
const options = ["convention", "owned", "consumes", "error", "catch", "api"];
/** Set by a worker for the functions of its caller's thread. */
const internal = ["suspends"];

/**
 * Reads a host function once. Only own properties count.
 *
 * @param given - The value that was given for an import.
 * @returns The reason for a value that cannot be read, to follow its name.
 */
export function readHost(given: object): HostNode | string {
  const own = (name: string): unknown => ownValue(given, name);
  try {
    const unknown = unknownOption(given, [...parts, ...options, ...internal]);
    if (unknown !== undefined) return `it has no option ${unknown}`;
    const call = own("call");
    if (typeof call !== "function") return `what it calls must be a function, got ${describe(call)}`;
    const declared = readParams(own("params"));
    if (typeof declared === "string") return declared;
    const { types: params, names: labels, hasRest } = parametersOf(declared);
    if (hasRest)
      return "the module passes a fixed number of words, so t.rest has nothing to collect: declare its list or array";
    const result = readType(own("result"));
    if (typeof result === "string") return `the result ${result}`;
    const flags = { owned: own("owned"), catch: own("catch") };
    for (const [name, flag] of Object.entries(flags)) {
      if (flag !== undefined && typeof flag !== "boolean") return `${name} must be a boolean, got ${describe(flag)}`;
    }
    const convention = own("convention");
    if (convention !== undefined && typeof convention !== "string")
      return `convention must be a string, got ${describe(convention)}`;
    const consumes = readConsumes(own("consumes"), params.length);
    if (!consumes) return "consumes must be a boolean, or a list of one boolean for each parameter";
    const error = own("error");
    return {
      params,
      labels,
      result,
      call: call as HostCall,
      convention,
      owned: flags.owned as boolean | undefined,
      consumes,
      consumesEach: typeof own("consumes") === "object",
      error: error === undefined ? undefined : { value: error },
      catches: flags.catch === true,
      api: own("api"),
      suspends: own("suspends") === true,
    };
  } catch {
    // A getter or a proxy may throw anything.
    return "it cannot be read";
  }
}

function readConsumes(given: unknown, count: number): readonly (boolean | undefined)[] | undefined {
  if (given === undefined || typeof given === "boolean") return Array.from({ length: count }, () => given);
  const items = itemsOf(given);
  const isOne = (item: unknown): item is boolean | undefined => item === undefined || typeof item === "boolean";
  return items?.length === count && items.every(isOne) ? items : undefined;
}
