import { ownMembers } from "../base/own.ts";
import type { ParamType, RestType } from "../public/index.ts";
import { unknownOption } from "./read-options.ts";
import { itemsOf, readType } from "./read-type.ts";
import type { ParameterNode, TypeNode } from "./types/node.ts";

/**
 * Reads the parameters of a function.
 *
 * @param given - Anything.
 * @returns The reason for a value that is no list of parameters.
 */
export function readParams(given: unknown): readonly ParameterNode[] | string {
  const items = itemsOf(given);
  if (!items) return "its parameters are no list";
  const params: ParameterNode[] = [];
  for (const [at, one] of items.entries()) {
    const type = readParam(one, at === items.length - 1);
    if (typeof type === "string") return `parameter ${at + 1} ${type}`;
    params.push(type);
  }
  return params;
}

function readParam(given: unknown, isLast: boolean): ParameterNode | string {
  const param = copyOf(given);
  if (param?.type !== "param") return readRest(param ?? given, isLast);
  const { name } = param;
  if (typeof name !== "string") return "has a name in t.param that is no string";
  const unknown = unknownOption(param, ["type", "name", "of"]);
  if (unknown !== undefined) return `has in t.param the unknown option ${unknown}`;
  const of = readRest(copyOf(param.of) ?? param.of, isLast);
  return typeof of === "string" ? of : ({ type: "param", name, of } satisfies ParamType<TypeNode | RestType<TypeNode>>);
}

/** `given` has been copied, if it is an object. */
function readRest(given: unknown, isLast: boolean): TypeNode | RestType<TypeNode> | string {
  const rest = given as Copy | undefined | null;
  if (typeof rest !== "object" || rest?.type !== "rest") return readType(given);
  if (!isLast) return "collects the remaining arguments, and is not the last one";
  const unknown = unknownOption(rest, ["type", "of"]);
  if (unknown !== undefined) return `has in t.rest the unknown option ${unknown}`;
  const of = readType(rest.of);
  if (typeof of === "string") return of;
  return ["list", "array", "bytes"].includes(of.type)
    ? { type: "rest", of }
    : `collects the remaining arguments, which only t.list, t.array and t.bytes can: it is t.${of.type}`;
}

/** The own members of a declared parameter, each read once. */
interface Copy {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly of?: unknown;
}

function copyOf(given: unknown): Copy | undefined {
  return typeof given === "object" && given !== null && !Array.isArray(given) ? ownMembers(given) : undefined;
}
