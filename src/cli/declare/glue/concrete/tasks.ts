import type { Function as FunctionNode } from "@babel/types";
import type { Glue, Helper } from "../evaluation.ts";
import { sizeOf } from "../memory.ts";
import { bytesOf, type Model } from "./model.ts";
import { bytesFor, type Call, heapOf, isSameBytes, keeps, texts, valueAt } from "./trial.ts";
import { type Callable, List, Missing, Thrown, type Value } from "./values.ts";

/** Whether a helper does its task, as far as can be tried. */
export function doesItsTask(glue: Glue, node: FunctionNode, helper: Helper): boolean {
  switch (helper.kind) {
    case "pass":
      if (helper.type === "text") return passesTexts(glue, node, helper);
      return helper.type === "list" ? passesLists(glue, node, helper) : passesArrays(glue, node, helper);
    case "list":
      return makesLists(glue, node);
    default:
      return true;
  }
}

type Pass = Extract<Helper, { kind: "pass" }>;

/** Whether the variables of a helper have a length. */
function haveLength({ lengths }: Pass, { program }: Model, length: number): boolean {
  return lengths.every(({ scope, name }) => {
    const found = program.environments.get(scope)?.variables.get(name);
    if (!found) throw new Missing();
    return found.value === length;
  });
}

/** Whether an address is that of a block of a size or more. */
function isBlock({ blocks }: Model, at: Value, size: number, align: number, isExact = true): at is number {
  const block = typeof at === "number" ? blocks.get(at) : undefined;
  const isLarge = block !== undefined && (isExact ? block.size === size : block.size >= size);
  return isLarge && (block.align === undefined || block.align === align);
}

function passesTexts(glue: Glue, node: FunctionNode, helper: Pass): boolean {
  const isPassed = (call: Call, model: Model, text: string, ...allocators: Callable[]): boolean => {
    const at = call(text, ...allocators);
    const expected = new TextEncoder().encode(text);
    if (!haveLength(helper, model, expected.length) || !isBlock(model, at, expected.length, 1, false)) return false;
    return isSameBytes(bytesOf(model).subarray(at, at + expected.length), expected);
  };
  return keeps(glue, node, (call, model) => {
    const { malloc, realloc } = model;
    if (!texts.every((text) => isPassed(call, model, text, malloc, realloc))) return false;
    try {
      return node.params.length < 3 || texts.every((text) => isPassed(call, model, text, malloc));
    } catch (error) {
      // Some text is only for modules that can reallocate.
      if (error instanceof Thrown) return true;
      throw error;
    }
  });
}

function passesArrays(glue: Glue, node: FunctionNode, helper: Pass): boolean {
  const { element = "u8" } = helper;
  const isWide = /^[iu]64$/.test(element);
  return keeps(glue, node, (call, model) =>
    [[], [1, 2, 3], [7, 0, 100, 9, 5]].every((numbers) => {
      const values = numbers.map((one) => (isWide ? BigInt(one) : one));
      const at = call(new List([...values]), model.malloc);
      const size = sizeOf(element);
      if (!haveLength(helper, model, values.length) || !isBlock(model, at, values.length * size, size)) return false;
      return isSameBytes(bytesOf(model).subarray(at, at + values.length * size), bytesFor(element, values));
    }),
  );
}

function passesLists(glue: Glue, node: FunctionNode, helper: Pass): boolean {
  return keeps(glue, node, (call, model) =>
    [[], ["one", "two", "three"]].every((values) => {
      const at = call(new List([...values]), model.malloc);
      if (!haveLength(helper, model, values.length) || !isBlock(model, at, values.length * 4, 4)) return false;
      const words = new DataView(bytesOf(model).buffer);
      return values.every((value, index) => valueAt(glue, model, words.getUint32(at + 4 * index, true)) === value);
    }),
  );
}

function makesLists(glue: Glue, node: FunctionNode): boolean {
  const values = ["one", "two", "three"];
  return keeps(glue, node, (call, model) => {
    const heap = heapOf(glue, model);
    const places = values.map((value, index) => {
      if (heap) return heap.items.push(value) - 1;
      model.table.set(200 + index, value);
      return 200 + index;
    });
    const words = new DataView(bytesOf(model).buffer);
    places.forEach((place, index) => words.setUint32(4096 + 4 * index, place, true));
    const made = call(4096, values.length);
    const isMade =
      made instanceof List && made.items.length === values.length && values.every((one, at) => made.items[at] === one);
    // The places are given back, one by one or all together; or none, if the list is lent.
    const left = heap ? places.filter((place, index) => heap.items[place] === values[index]).length : undefined;
    const isLent = heap ? left === places.length : model.calls.length === 0;
    return isMade && (isLent || (heap ? left === 0 : givenBack(model, places)));
  });
}

function givenBack({ calls }: Model, places: readonly number[]): boolean {
  const [first, ...others] = calls;
  if (first?.length === 2) return others.length === 0 && first[0] === 4096 && first[1] === places.length;
  return calls.length === places.length && places.every((place) => calls.some(([one]) => one === place));
}
