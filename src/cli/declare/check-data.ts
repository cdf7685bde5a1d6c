import { isDeepStrictEqual } from "node:util";
import { typeText } from "../../base/type-text.ts";
import { UnglueError } from "../../node.ts";
import type { CompactShape, Extern, Shape } from "../../public/index.ts";
import { expandShape } from "../../reflect/compact.ts";
import { printable } from "../output.ts";
import { shortened } from "./check-code.ts";
import { Unread } from "./check-script.ts";

type Data = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** Names that one sentence lists, at most. */
const listed = 3;

/**
 * Compares the data of two declaration files.
 *
 * @param before - The data that stands there.
 * @param after - The data that would be written.
 * @returns The differences in words: of the module first, then of the interface, then of the rest.
 */
export function compareData(before: unknown, after: unknown): readonly string[] {
  if (!isData(before) || !isData(after)) return [...values(before, after, [])];
  const { fingerprint, shape, ...rest } = before;
  const { fingerprint: fingerprintNow, shape: shapeNow, ...restNow } = after;
  return [
    ...(isDeepStrictEqual(fingerprint, fingerprintNow) ? [] : fingerprints(fingerprint, fingerprintNow)),
    ...shapes(shape, shapeNow),
    ...values(rest, restNow, []),
  ];
}

function* fingerprints(before: unknown, after: unknown): Generator<string> {
  if (before === undefined) yield "fingerprint is missing";
  else {
    const reason =
      typeof before === "string" ? ": the module has other imports or exports, or other types of them" : "";
    yield `fingerprint is ${textOf(before)}, and would be ${textOf(after)}${reason}`;
  }
}

function* shapes(before: unknown, after: unknown): Generator<string> {
  if (before === undefined || after === undefined || before instanceof Unread || hasUnread(before)) {
    yield* values({ shape: before }, { shape: after }, []);
    return;
  }
  if (isDeepStrictEqual(before, after)) return;
  const [was, is] = [expanded(before), expanded(after)];
  if (!was || !is) {
    yield "shape cannot be read";
    return;
  }
  const found = [
    ...externs("import", was.imports.map(named), is.imports.map(named)),
    ...externs("export", was.exports, is.exports),
  ];
  yield* found;
  if (found.length === 0) yield* values(before, after, ["shape"]);
}

function expanded(shape: unknown): Pick<Shape, "imports" | "exports"> | undefined {
  try {
    return expandShape(shape as CompactShape);
  } catch (error) {
    if (error instanceof UnglueError) return undefined;
    throw error;
  }
}

function named({ module, name, ...extern }: Shape["imports"][number]): Extern & { readonly name: string } {
  return { ...extern, name: `${module}.${name}` };
}

function* externs(
  kind: "import" | "export",
  before: readonly (Extern & { readonly name: string })[],
  after: readonly (Extern & { readonly name: string })[],
): Generator<string> {
  const [was, is] = [before, after].map((all) => new Map(all.map((one) => [one.name, typeText(one)]))) as [
    Map<string, string>,
    Map<string, string>,
  ];
  for (const [name, type] of was) {
    const now = is.get(name);
    if (now !== undefined && now !== type) yield `the ${kind} ${printable(name)} is ${type}, and would be ${now}`;
  }
  yield* absent(
    `the ${kind}`,
    [...is.keys()].filter((name) => !was.has(name)),
    [...was.keys()].filter((name) => !is.has(name)),
  );
}

/** Says which names are missing and which are too many. */
function* absent(kind: string, missing: readonly string[], other: readonly string[]): Generator<string> {
  const list = (names: readonly string[]): string => {
    const shown = names.slice(0, listed).map(printable).join(", ");
    const rest = names.length > listed ? ` and ${names.length - listed} more` : "";
    return `${kind}${names.length === 1 ? "" : "s"} ${shown}${rest}`;
  };
  if (missing.length > 0) yield `${list(missing)} ${missing.length === 1 ? "is" : "are"} missing`;
  if (other.length > 0) yield `${list(other)} would not be there`;
}

/** The maps whose names are listed together, with what is in them. */
const groups: ReadonlyMap<string, string> = new Map([
  ["known.meanings", "the meaning of the import"],
  ["known.closures", "the closure"],
  ["known.casts", "the cast"],
]);

/** Names what was added, removed and changed. */
function* values(before: unknown, after: unknown, path: Path): Generator<string> {
  if (isDeepStrictEqual(before, after)) return;
  if (before instanceof Unread) {
    yield `${placeOf(path)} is ${before.text} in line ${before.line}, which is no plain data and cannot be compared`;
  } else if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    for (const [at, one] of before.entries()) yield* values(one, after[at], [...path, at]);
  } else if (isData(before) && isData(after) && isOfOneKind(before, after)) {
    const missing = Object.keys(after).filter((key) => !has(before, key));
    const other = Object.keys(before).filter((key) => !has(after, key) && !(before[key] instanceof Unread));
    const group = groups.get(path.join("."));
    if (group !== undefined) yield* absent(group, missing, other);
    else {
      for (const key of missing) yield `${placeOf([...path, key])} is missing`;
      for (const key of other) yield `${placeOf([...path, key])} would not be there`;
    }
    for (const [key, one] of Object.entries(before)) {
      if (one instanceof Unread || has(after, key)) yield* values(one, after[key], [...path, key]);
    }
  } else yield `${placeOf(path)} is ${textOf(before)}, and would be ${textOf(after)}`;
}

/** Whether an object has a member that JSON keeps. */
function has(data: Data, key: string): boolean {
  return Object.hasOwn(data, key) && data[key] !== undefined;
}

/** A type or a member of another kind is another one as a whole. */
function isOfOneKind(before: Data, after: Data): boolean {
  return before["type"] === after["type"] && before["member"] === after["member"];
}

function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unread);
}

function hasUnread(value: unknown): boolean {
  if (value instanceof Unread) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnread);
}

/** `Realm.load, parameter 2` for the type of a parameter. */
function placeOf(path: Path): string {
  const [first, ...rest] = path;
  if (first === undefined) return "the default export";
  const names: string[] = [];
  let at = 0;
  if (first === "api") {
    for (; rest[at] === "members" && at + 1 < rest.length; at += 2) names.push(String(rest[at + 1]));
    if (names.length === 0) return path.join(".");
  } else if (groups.has(path.slice(0, 2).join(".")) && path.length > 2) {
    names.push(`${groups.get(path.slice(0, 2).join(".")) ?? ""} ${printable(String(path[2]))}`);
    at = 2;
  } else return path.map((one) => printable(String(one))).join(".");
  const inner = rest.slice(at).flatMap((one, index, all) => {
    if (typeof one === "number") return all[index - 1] === "params" ? [`parameter ${one + 1}`] : [String(one)];
    return one === "params" || one === "of" ? [] : [printable(one)];
  });
  return [names.map((one) => (one.startsWith("the ") ? one : printable(one))).join("."), ...inner].join(", ");
}

/** Data as text: a plain type by its name. */
function textOf(value: unknown): string {
  if (isData(value) && typeof value["type"] === "string" && Object.keys(value).length === 1) return value["type"];
  return value === undefined ? "not there" : shortened(JSON.stringify(value));
}
