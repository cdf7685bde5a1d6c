import type { Function as FunctionNode } from "@babel/types";
import type { FunctionType } from "../../../../public/index.ts";
import {
  type Intrinsic,
  intrinsicName,
  intrinsics,
  oldBooleanGet,
} from "../../../../toolchains/wasm-bindgen/intrinsics.ts";
import type { Runtime } from "../../../../toolchains/wasm-bindgen/runtime.ts";
import type { Glue } from "../evaluation.ts";
import { argumentsFor } from "./intrinsic-samples.ts";
import { isReturned, passed, type Words } from "./intrinsic-words.ts";
import { carriedBy } from "./language.ts";
import { bytesOf, type Model } from "./model.ts";
import { Samples } from "./samples.ts";
import { type Call, heapOf, plain, plainAndGrowing, putInHeap, takeFromHeap, texts, tried } from "./trial.ts";
import { ErrorValue, Missing, provide, Thing, Thrown, Unknown, type Value } from "./values.ts";

/** One of wasm-bindgen's own functions in the text. */
interface Named {
  readonly glue: Glue;
  readonly node: FunctionNode;
  /** The import that it is. */
  readonly name: string;
  readonly type: FunctionType | undefined;
}

/**
 * Whether a part of wasm-bindgen's runtime does its task: it is run with values, and does with them what unglue does in its
 * place. The result is `undefined` if the interpreter does not know something that it does.
 *
 * @param named - The function.
 */
export function doesAsNamed(named: Named): boolean | undefined {
  const { glue, node, name } = named;
  const short = intrinsicName(name) ?? "cbunref";
  const special = specials.get(short);
  if (special) return tried(glue, node, (call, model) => special({ ...named, call, model }), plain);
  const intrinsic = name === "__wbindgen_boolean_get" ? oldBooleanGet : intrinsics.get(short);
  if (!intrinsic) return undefined;
  return tried(glue, node, (call, model) => doesAll({ ...named, call, model }, short, intrinsic), plainAndGrowing);
}

/** A trial of such a function. */
interface Trial extends Named {
  readonly call: Call;
  readonly model: Model;
}

/** Whether the values are in a list, by numbers. */
function isHeap({ glue, type }: Named, model: Model): boolean {
  const words = type && [...type.params, ...type.results];
  return words ? !words.includes("externref") : heapOf(glue, model) !== undefined;
}

function doesAll(trial: Trial, short: string, [params, result, action]: Intrinsic): boolean {
  const { glue, model, call } = trial;
  return argumentsFor(short, params).every((args) => {
    const samples = new Samples();
    model.program.steps = 0;
    const calls = model.calls.length;
    const words: Words = { glue, model, samples, isHeap: isHeap(trial, model), calls, places: new Set() };
    const given = args.map((one, at) => passed(words, params[at] ?? "", one));
    const area = /^[?S]/.test(result) && result !== "?b" ? [addressOf(model)] : [];
    const all = [...area, ...given.flatMap((one) => one.words)];
    // None of those that are tried here needs the module.
    const expected = outcomeOf(() => action({} as Runtime, args));
    const before = bytesOf(model).slice();
    const found = outcomeOf(() => call(...all));
    if (area.length === 0 && !isUntouched(trial, before, calls, params)) return false;
    if (expected.isThrown !== found.isThrown) return false;
    const isSame = expected.isThrown
      ? samples.isSame(carriedBy(found.value as Value), expected.value)
      : isReturned(words, result, expected.value, found.value as Value, area[0]);
    return isSame && samples.areKept() && given.every(({ isKept }) => isKept());
  });
}

/** Whether a function that writes no result has neither written to memory, nor called more of the module than it must. */
function isUntouched({ model }: Trial, before: Uint8Array, calls: number, params: readonly string[]): boolean {
  const frees = params.filter((code) => code.startsWith("[")).length;
  return Buffer.compare(before, bytesOf(model)) === 0 && model.calls.length - calls === frees;
}

/** An address at which a function writes its result. */
function addressOf({ malloc }: Model): number {
  return Number(malloc.call([16, 8], undefined, false));
}

function outcomeOf(run: () => unknown): { readonly isThrown: boolean; readonly value: unknown } {
  try {
    return { isThrown: false, value: run() };
  } catch (error) {
    if (error instanceof Unknown) throw error;
    return { isThrown: true, value: error instanceof Thrown ? error.value : error };
  }
}

/** Functions whose tasks are about the module or its handles. */
const specials: ReadonlyMap<string, (trial: Trial) => boolean> = new Map([
  ["cbdrop", dropsClosures],
  ["cbunref", releasesClosures],
  ["throw", throwsTexts],
  ["objectdropref", dropsHandles],
  ["externrefheaplivecount", countsHandles],
  ["initexternreftable", beginsTable],
  ["memory", (trial: Trial) => isResult(trial, (value) => value === trial.model.memory)],
  // The module is not there before it is loaded.
  ["module", (trial: Trial) => isResult(trial, (value) => value === undefined)],
  ["exports", (trial: Trial) => isResult(trial, (value) => value === exportsIn(trial))],
  ["functiontable", (trial: Trial) => isResult(trial, (value) => tablesIn(trial).includes(value))],
]);

function exportsIn({ glue: { exports }, model: { program } }: Trial): Value {
  return exports && program.environments.get(exports.scope)?.variables.get(exports.name)?.value;
}

/** The tables of functions among the exports. */
function tablesIn(trial: Trial): readonly Value[] {
  const exports = exportsIn(trial);
  const tables = trial.glue.shape?.exports.filter((one) => one.kind === "table" && one.type?.element === "funcref");
  if (!(exports instanceof Thing) || !tables) throw new Missing();
  return tables.map(({ name }) => exports.members.get(name));
}

function isResult(trial: Trial, test: (value: Value) => boolean): boolean {
  const { glue, model, call } = trial;
  const result = call();
  const heap = isHeap(trial, model) ? heapOf(glue, model) : undefined;
  return test(heap ? heap.items[Number(result)] : result);
}

function throwsTexts({ call, model }: Trial): boolean {
  return texts.every((text) => {
    model.program.steps = 0;
    const bytes = new TextEncoder().encode(text);
    const address = Number(model.malloc.call([bytes.length, 1], undefined, false));
    bytesOf(model).set(bytes, address);
    const calls = model.calls.length;
    const { isThrown, value } = outcomeOf(() => call(address, bytes.length));
    const error = carriedBy(value as Value);
    const isError = error instanceof ErrorValue && error.type === "Error" && error.members.get("message") === text;
    return isThrown && isError && model.calls.length === calls;
  });
}

function dropsHandles({ glue, call, model }: Trial): boolean {
  const heap = heapOf(glue, model);
  if (!heap) throw new Missing();
  const places = ["one", "two", "three"].map((value) => putInHeap(glue, model, value));
  call(places[1]);
  return places.every((place, at) => (heap.items[place] === ["one", "two", "three"][at]) === (at !== 1));
}

function countsHandles({ glue, call, model }: Trial): boolean {
  if (!heapOf(glue, model)) throw new Missing();
  const first = putInHeap(glue, model, "first");
  const second = putInHeap(glue, model, "second");
  if (call() !== 2) return false;
  if (!takeFromHeap(glue, model, first) || call() !== 1) return false;
  return takeFromHeap(glue, model, second) && call() === 0;
}

/** Whether the table begins with the values that the module knows by their places. */
function beginsTable({ call, model }: Trial): boolean {
  const { table } = model;
  // The newest modules have the places themselves.
  const first = [32, 128, 1024];
  call();
  const values = [undefined, null, true, false];
  const isAt = (at: number): boolean =>
    values.every((value, index) => table.has(at + index) && table.get(at + index) === value);
  const at = first.find(isAt);
  return at !== undefined && table.has(0) && table.get(0) === undefined;
}

/** Whether a closure is released by its own function, and its handle stays. */
function releasesClosures(trial: Trial): boolean {
  const { glue, call, model } = trial;
  const released: Value[] = [];
  const closure = provide(() => undefined);
  closure.members.set(
    "_wbg_cb_unref",
    provide((_, self) => {
      released.push(self);
      return undefined;
    }),
  );
  const heap = isHeap(trial, model) ? heapOf(glue, model) : undefined;
  const place = heap && putInHeap(glue, model, closure);
  call(place ?? closure);
  const isKept = place === undefined || heap?.items[place] === closure;
  return isKept && released.length === 1 && released[0] === closure;
}

/** Whether the last owner of a closure takes its address and is told so, and the others are not. */
function dropsClosures({ glue, call, model }: Trial): boolean {
  const heap = heapOf(glue, model);
  return [1, 2, 3].every((count) => {
    const state = new Thing();
    const members: readonly (readonly [string, Value])[] = [
      ["a", 81_000],
      ["b", 82_000],
      ["cnt", count],
    ];
    for (const [name, value] of members) state.members.set(name, value);
    const closure = new Thing();
    closure.members.set("original", state);
    const place = heap ? heap.items.push(closure) - 1 : undefined;
    const isTaken = call(place ?? closure);
    const isGivenBack = !heap || place === undefined || heap.items[place] !== closure;
    const isLast = count === 1;
    const address = isLast ? 0 : 81_000;
    return (
      isGivenBack && isTaken === isLast && state.members.get("a") === address && state.members.get("cnt") === count - 1
    );
  });
}
