import type { Function as FunctionNode } from "@babel/types";
import { evaluationOf, type Glue } from "../evaluation.ts";
import { sizeOf } from "../memory.ts";
import type { Element } from "../term.ts";
import { variable } from "../variables.ts";
import { makeModel, type Model, type Surroundings } from "./model.ts";
import { environmentOf } from "./program.ts";
import { List, Missing, Thrown, Unknown, type Value, type Variable } from "./values.ts";

/**
 * The helpers of generated JavaScript, tried with values: the outline of a function tells its task, and interpreting it tells
 * whether it does the task. A helper that needs a value of its surroundings is judged by its outline alone.
 */

/** The surroundings of a helper that neither encodes texts nor looks at memory. */
export const plainSurroundings: Surroundings = { hasEncodeInto: true, hasDetached: true, grows: false };
export const plain = [plainSurroundings];

/** Every surrounding that the JavaScript takes account of. */
const growing: Surroundings = { hasEncodeInto: true, hasDetached: true, grows: true };
export const plainAndGrowing = [plainSurroundings, growing];
const surroundings: readonly Surroundings[] = [
  ...plainAndGrowing,
  { hasEncodeInto: false, hasDetached: false, grows: true },
];

/** Texts of every length that UTF-8 has for a character, alone and mixed. */
export const texts = [
  "",
  "abc",
  "é",
  "aé",
  "漢字",
  "x漢😀y\u{10ffff}",
  "a\u007f\u0080\u07ff\u0800",
  "\ufeffa\0b",
  "a".repeat(100),
  `ab${"é漢😀".repeat(40)}`,
];

/** Tries a function in surroundings. JavaScript may need an engine that encodes text in place, and throw in others. */
export function keeps(
  glue: Glue,
  node: FunctionNode,
  keepsHere: (call: Call, model: Model) => boolean,
  within = surroundings,
): boolean {
  // No helper does what the interpreter does not know.
  return tried(glue, node, keepsHere, within) ?? false;
}

/** Tries a function in surroundings. The result is `undefined` if it does what the interpreter does not know. */
export function tried(
  glue: Glue,
  node: FunctionNode,
  keepsHere: (call: Call, model: Model) => boolean,
  within: readonly Surroundings[],
): boolean | undefined {
  const { exports, scopes, shape } = glue;
  if (!exports) return true;
  for (const one of within) {
    try {
      const model = makeModel({ scopes, exports, shape }, one);
      const environment = environmentOf(model.program, scopes.of(node)?.parent);
      if (!environment) return true;
      const made = model.program.makeFunction(node, environment);
      if (!keepsHere((...args) => made.call(args, undefined, false), model) || model.isMisused) return false;
    } catch (error) {
      if (error instanceof Missing || (error instanceof Thrown && !one.hasEncodeInto)) continue;
      if (error instanceof Thrown) return false;
      if (error instanceof Unknown) return undefined;
      throw error;
    }
  }
  return true;
}

/** Calls the function. */
export type Call = (...args: readonly Value[]) => Value;

/** Whether bytes are the same. */
export function isSameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

/** The bytes of numbers in memory. */
export function bytesFor(element: Element, values: readonly (number | bigint)[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * sizeOf(element)));
  values.forEach((value, index) => {
    const at = index * sizeOf(element);
    if (typeof value === "bigint") view.setBigInt64(at, value, true);
    else if (element === "f32") view.setFloat32(at, value, true);
    else if (element === "f64") view.setFloat64(at, value, true);
    else if (sizeOf(element) === 1) view.setUint8(at, value);
    else if (sizeOf(element) === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** The value that a handle stands for. */
export function valueAt(glue: Glue, model: Model, at: Value): Value {
  if (typeof at !== "number") return undefined;
  return model.table.has(at) ? model.table.get(at) : heapOf(glue, model)?.items[at];
}

/** The list of handles. */
export function heapOf(glue: Glue, model: Model): List | undefined {
  const value = variableOfKind(glue, model, "heap")?.value;
  return value instanceof List ? value : undefined;
}

/** Puts a value at a new place of the list of handles, as the program would. */
export function putInHeap(glue: Glue, model: Model, value: Value): number {
  const heap = heapOf(glue, model);
  if (!heap) throw new Missing();
  const place = heap.items.push(value) - 1;
  const next = variableOfKind(glue, model, "free-place");
  if (next) next.value = heap.items.length;
  return place;
}

/** Makes a place of the list of handles free, as the program would. Returns whether it has a list of free places. */
export function takeFromHeap(glue: Glue, model: Model, place: number): boolean {
  const heap = heapOf(glue, model);
  const next = variableOfKind(glue, model, "free-place");
  if (!heap || !next) return false;
  heap.items[place] = next.value;
  next.value = place;
  return true;
}

function variableOfKind(glue: Glue, { program }: Model, kind: "heap" | "free-place"): Variable | undefined {
  const evaluation = evaluationOf(glue, true);
  for (const binding of glue.exports?.scope.bindings.values() ?? []) {
    const found = program.environments.get(binding.scope)?.variables.get(binding.name);
    const isWanted = kind === "heap" ? found?.value instanceof List : typeof found?.value === "number";
    if (isWanted && variable(evaluation, binding).kind === kind) return found;
  }
  return undefined;
}
