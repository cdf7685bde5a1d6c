/** Finds declarations that fit and resemble one that does not, for its error. */
import type { FunctionType, ValueType } from "../public/index.ts";
import { fit, type FitContext } from "./fit.ts";
import type { Compared, Comparison, Passing } from "./planning.ts";
import type { TypeNode } from "./types/node.ts";
import { isPassed } from "./types/transfer.ts";
import { declaredSignatureText } from "./types/types.ts";

/** A function as declared. */
interface Declared {
  readonly params: readonly TypeNode[];
  readonly result: TypeNode;
}

/** A longer list would not help. */
const most = 2;
/** Functions with more parameters are skipped: every parameter adds neighbours. */
const mostParameters = 16;

/**
 * Compares a declared function with the export that it does not fit.
 *
 * @param declared - The function.
 * @param type - The type of the export.
 * @param passing - How types are passed.
 */
export function compareDeclared(
  { params, result, isConstructor, isProperty }: Compared,
  type: FunctionType,
  passing: Passing,
): Comparison {
  // A constructor always returns an object of its own class, and a property has one value.
  const isDeclarable = (one: Declared): boolean =>
    isProperty ? one.params.length === params.length : !isConstructor || one.result === result;
  const near = neighboursThatFit(
    { params, result },
    type,
    passing.self.length,
    (one) => isDeclarable(one) && fitsAs(one, type, passing),
  );
  return {
    words: wordsOf({ params, result }, passing),
    fitting: near.map((one) => declaredSignatureText(one.params, isConstructor ? undefined : one.result)),
  };
}

/**
 * Finds declarations that fit an export and differ from a misfit by one type, or by one parameter less. If there are none
 * and the export takes only numbers, its own words are offered.
 *
 * @param declared - The declaration.
 * @param type - The type of the export, or of the import.
 * @param self - How many words come before the parameters.
 * @param fits - Whether a declaration fits it, and the member can be declared so.
 */
export function neighboursThatFit(
  { params, result }: Declared,
  type: FunctionType,
  self: number,
  fits: (declared: Declared) => boolean,
): readonly Declared[] {
  if (params.length > mostParameters) return [];
  // By their text: without one of two equal parameters, a declaration is the same, whichever it is.
  const found = new Map<string, Declared>();
  for (const one of neighbours({ params, result })) {
    if (found.size < most && fits(one)) found.set(JSON.stringify(one), one);
  }
  if (found.size > 0) return [...found.values()];
  const plain = inNumbers(type, self);
  // A constructor keeps its result.
  const both = plain ? [plain, { ...plain, result }] : [];
  return both.filter(fits).slice(0, 1);
}

/**
 * Returns the words that the export of a declared function would have, by the first way of each type.
 *
 * @param declared - The declaration.
 * @param passing - How types are passed.
 * @returns `undefined` if a type has no way.
 */
function wordsOf({ params, result }: Declared, { calling, self, ...passing }: Passing): FunctionType | undefined {
  const before: ValueType[] = [];
  const words: ValueType[] = [...self];
  for (const param of params) {
    const [way] = passing.lowerings(param);
    if (!way) return undefined;
    words.push(...way.words);
  }
  if (result.type === "void") return { params: words, results: [] };
  const [way] = passing.liftings(result);
  if (!way) return undefined;
  const results = way.alone ?? way.words;
  const isWritten = way.stored !== undefined || (results.length > 1 && calling.hasAreas !== false);
  if (isWritten) before.push(calling.address);
  return { params: [...before, ...words], results: isWritten ? [] : results };
}

/**
 * Whether an export can be called as declared.
 *
 * @param declared - The declaration.
 * @param type - The export's type.
 * @param passing - How types are passed.
 */
function fitsAs({ params, result }: Declared, type: FunctionType, { calling, self, ...passing }: Passing): boolean {
  const lowerings = params.map((param) => passing.lowerings(param));
  const liftings = result.type === "void" ? [undefined] : passing.liftings(result);
  if (lowerings.some((ways) => ways.length === 0) || liftings.length === 0) return false;
  const context: FitContext = { calling, self, lowerings, liftings };
  return fit(context, type).length > 0;
}

/** Yields the likelier ones first. */
function* neighbours({ params, result }: Declared): Iterable<Declared> {
  for (const likeType of [likelyTypes, otherTypes]) {
    for (const [at, param] of params.entries()) {
      for (const other of likeType(param)) yield { params: params.map((one, i) => (i === at ? other : one)), result };
    }
    for (const other of likeType(result)) yield { params, result: other };
    if (likeType === likelyTypes)
      for (const at of params.keys()) yield { params: params.filter((_, i) => i !== at), result };
  }
}

/** Yields the types that are easily mistaken for a type. */
function* likelyTypes(type: TypeNode): Iterable<TypeNode> {
  if (type.type === "optional") yield type.item;
  else if (isPassed(type) && type.type !== "void" && type.type !== "inout") yield { type: "optional", item: type };
  if (type.type === "object") yield { type: "owned", class: type.class };
  if (type.type === "owned") yield { type: "object", class: type.class };
  if (type.type === "list") yield type.item;
  if (type.type === "string") yield { type: "cstring" };
  if (type.type === "cstring") yield { type: "string" };
}

function* otherTypes(type: TypeNode): Iterable<TypeNode> {
  if (type.type !== "string") yield { type: "string" };
  for (const name of ["i32", "i64", "f64", "f32"] as const) if (name !== type.type) yield { type: name };
  yield { type: "js", borrowed: false };
  if (type.type !== "list") yield { type: "list", item: type };
}

function inNumbers({ params, results }: FunctionType, self: number): Declared | undefined {
  const words = [...params.slice(self), ...results];
  if (results.length > 1 || !words.every(isNumber)) return undefined;
  const [result] = results.filter(isNumber);
  return {
    params: params
      .slice(self)
      .filter(isNumber)
      .map((type) => ({ type })),
    result: { type: result ?? "void" },
  };
}

function isNumber(type: ValueType): type is "i32" | "i64" | "f32" | "f64" {
  return type === "i32" || type === "i64" || type === "f32" || type === "f64";
}
