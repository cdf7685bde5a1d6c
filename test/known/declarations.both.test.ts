import { webTable } from "unglue/wasm-bindgen/web";
import { describe, expect, it } from "vitest";
import { knownTable } from "../../src/toolchains/wasm-bindgen/known/index.ts";
import { type Bindgen, externref, heap } from "../bind/bindgen.ts";
import { type Closure, type Import, modulesOf, run, type Running, shimOf } from "./imports.ts";
import { type Line, linesOf } from "./lines.ts";
import { nameOf, type Recording, recorder } from "./recorder.ts";
import { aFunction, closurePointer, type Passed, type RustType, type Word, type World } from "./rust.ts";

// The globals that are used while others stand in their places.
const { defineProperty, getOwnPropertyDescriptor, assign } = Object;
const { deleteProperty } = Reflect;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const { stringify } = JSON;
const [text, FunctionClass] = [String, Function];

const conventions: readonly (readonly [string, Bindgen])[] = [
  ["0.2.92 with values by number", heap],
  ["0.2.120 with values by number", { ...heap, version: 120 }],
  ["0.2.128 with values as they are", { ...externref, version: 128 }],
];

describe.each(conventions)("each declaration, as a module of wasm-bindgen %s imports it,", (_, convention) => {
  it(
    "does what its line says, as the JavaScript that wasm-bindgen writes for it does",
    { timeout: 180_000 },
    async () => {
      const lines = [...linesOf(knownTable), ...linesOf(webTable)];
      const wrong: string[] = [];
      const open: string[] = [];
      let right = 0;
      for (const imports of modulesOf(lines, convention)) {
        const running = await run(imports, convention);
        const reports = new Map(running.wasm.imports.map((one) => [one.name, one]));
        for (const [at, one] of imports.entries()) {
          const [, , line = one.line.text] = one.line.text.split("\n");
          const { provider, evidence = "" } = reports.get(one.name) ?? {};
          if (provider !== "adapter" || isOpen(line)) {
            open.push(line);
            continue;
          }
          const isByHash = evidence.startsWith("hash: ") || line.endsWith("_wbg_cb_unref(js:&_)");
          const call = running.wasm.exports[`f${at}`] as (...words: Word[]) => Word;
          const problem = isByHash ? tryImport(one, call, running) : `is known otherwise: ${evidence}`;
          if (problem === undefined) right++;
          else wrong.push(`${one.line.text}\n${problem}`);
        }
      }
      expect(wrong).toEqual([]);
      expect(open.filter((line) => !isOpen(line))).toEqual([]);
      expect(open.length).toBeLessThan(45);
      expect(right).toBeGreaterThan(9_600);
    },
  );
});

/**
 * Declarations that take a closure which returns several words, and those that suspend. How the first are run is tested with closures that
 * are stated: here, what runs one would have to be written for each convention.
 */
function isOpen(line: string): boolean {
  return /dyn FnMut\(.*\)->(Result|Vec)<|_jspi_suspend/.test(line);
}

/** Calls a function that runs a closure, and compares what the module gets. */
function runClosure(run: unknown, { params, ...rest }: Closure, world: World, ran: Running["ran"]): string | undefined {
  const given = params.map((param) => param.give(world)[0]);
  (run as (...values: unknown[]) => unknown)(...given.map((one) => one?.value));
  const [{ name, words } = { name: "nothing", words: [] }] = ran.splice(0);
  const expected = shimOf({ params, ...rest }, world.isHeap);
  if (name !== expected) return `a closure ran ${name} instead of ${expected}`;
  let at = 2;
  const isSame = given.every((one, index) => {
    const { length } = (params[index] as RustType).words(world.isHeap);
    at += length;
    return one?.isSame(words.slice(at - length, at), world);
  });
  return isSame && words[0] === closurePointer[0] && words[1] === closurePointer[1]
    ? undefined
    : `a closure ran with ${words.map(shown).join()}`;
}

/** Calls an import with each kind of argument and result, and once with an exception. */
function tryImport(
  one: Import,
  call: (...words: Word[]) => Word,
  { world, wasm, stored, ran }: Running,
): string | undefined {
  const { line, params, result } = one;
  const rounds = Math.max(
    1,
    ...params.map((param, at) => (isReceiver(line, at) ? 1 : param.pass(world).length)),
    result?.give(world).length ?? 1,
  );
  const live = wasm.exports["live"] as () => number;
  const [handles, allocated] = [wasm.handles.size, live()];
  for (let round = 0; round <= rounds; round++) {
    const fails = round === rounds;
    const recording: Recording = { log: [], show: shown, left: Infinity, end: () => undefined };
    const current = () => recording;
    const passed = params.map((param, at) => passOne(one, param, at, round, world, current));
    const given = result?.give(world);
    const returned = given?.[round % given.length];
    const boom = new Error("boom");
    const args = passed.map(({ value }) => (value === aFunction ? () => undefined : value));
    const environment = install(line, current, returned?.value);
    if (!environment) return undefined;
    let expected: Outcome;
    let got: Outcome & { readonly words?: readonly Word[] };
    let log: readonly string[];
    let closureProblem: string | undefined;
    try {
      const script = new FunctionClass(...args.map((_, at) => `a${at}`), `return ${line.script}`) as (
        ...a: unknown[]
      ) => unknown;
      outcome(() => script(...args));
      const deeds = recording.log.length;
      const end = () => {
        if (fails) throw boom;
        return returned?.value;
      };
      assign(recording, { log: [], left: deeds - 1, end });
      expected = outcome(() => script(...args));
      log = recording.log;
      const endOfCall = (values: readonly unknown[]) => {
        const at = params.findIndex((param) => param.closure);
        if (at >= 0)
          closureProblem = runClosure(
            values[at - (isReceiver(line, 0) ? 1 : 0)],
            (params[at] as RustType).closure as Closure,
            world,
            ran,
          );
        return end();
      };
      assign(recording, { log: [], left: deeds - 1, end: endOfCall });
      // The library asks `Object` itself while it handles an exception, and would meet the one that stands in its place.
      if (fails && (deeds === 0 || line.root[0] === "Object")) {
        environment.restore();
        return undefined;
      }
      const area = one.results.length > 1 ? [malloc(world, 32, 8)] : [];
      got = outcome(() => call(...area, ...passed.flatMap(({ words }) => words)));
      const words = area.length ? readArea(world, area[0] as number, one.results) : [got.value];
      got = { ...got, words };
      if (area.length) free(world, area[0] as number, 32, 8);
    } finally {
      environment.restore();
    }
    // Once the import has done its deed, the library may look something up in the global whose place is taken.
    const lookedUp = recording.log.slice(log.length).every((deed) => deed.startsWith("get "));
    const did = (lookedUp ? recording.log.slice(0, log.length) : recording.log).join("; ");
    if (did !== log.join("; ")) return `round ${round}: did\n    ${did}\n  instead of\n    ${log.join("; ")}`;
    if (closureProblem !== undefined) return closureProblem;
    if (expected.thrown !== undefined) {
      if (!fails) return `round ${round}: the script throws ${text(expected.thrown)}`;
      const kept = stored.splice(0);
      const isCaught = kept.length === 1 && kept[0] === boom && got.thrown === undefined;
      const isThrown = kept.length === 0 && got.thrown === boom;
      if (line.catches ? !isCaught : !isThrown) return `an exception is ${line.catches ? "not " : ""}caught`;
    } else if (got.thrown !== undefined) {
      return `round ${round}: throws ${text(got.thrown)}`;
    } else if (returned) {
      const words = got.words ?? [];
      const [word] = words;
      const isSame = fails
        ? word === 0 // A check that fails.
        : line.root.at(-1) === "globalThis"
          ? (typeof word === "number" ? wasm.handles.take(word) : word) === globalThis
          : returned.isSame(words, world);
      if (!isSame) return `round ${round}: returned ${words.map(shown).join()} for ${shown(returned.value)}`;
    }
    for (const { lent = [], handles: kept = [] } of passed) {
      for (const { at, size, align } of lent) free(world, at, size, align);
      for (const handle of kept) wasm.handles.take(handle);
    }
    if (wasm.handles.size !== handles) return `round ${round}: ${wasm.handles.size - handles} handles are left`;
    if (live() !== allocated) return `round ${round}: ${live() - allocated} allocations are left`;
  }
  return undefined;
}

const isReceiver = (line: Line, at: number) => line.root.length === 0 && at === 0;

function passOne(
  one: Import,
  param: RustType,
  at: number,
  round: number,
  world: World,
  current: () => Recording,
): Passed {
  const { line } = one;
  const { wasm, isHeap, fresh } = world;
  const isSpread = line.isVariadic && at === one.params.length - 1 && param.words(false)[0] === "externref";
  if (isReceiver(line, at) && line.script.includes("instanceof")) return pick(param.pass(world), round);
  if (isReceiver(line, at) || isSpread) {
    const value = isSpread ? [fresh(), fresh()] : recorder("receiver", current);
    const word = isHeap ? wasm.handles.add(value) : value;
    const isOwned = !(line.params[at] as string).startsWith("&");
    return { words: [word], value, ...(isHeap && !isOwned && { handles: [word as number] }) };
  }
  return pick(param.pass(world), round);
}

const pick = (list: readonly (() => Passed)[], round: number) => (list[round % list.length] as () => Passed)();

interface Outcome {
  readonly value?: unknown;
  readonly thrown?: unknown;
}

function outcome(body: () => unknown): Outcome {
  try {
    return { value: body() };
  } catch (thrown) {
    return { thrown };
  }
}

/** Puts a recorder in the place of the global that a line begins at. */
function install(
  { root, isRead, script }: Line,
  current: () => Recording,
  value: unknown,
): { restore(): void } | undefined {
  const path = root[0] === "globalThis" && root.length > 1 ? root.slice(1) : root;
  const [name, member] = path;
  if (name === undefined || name === "globalThis") return { restore: () => undefined };
  const before = getOwnPropertyDescriptor(globalThis, name);
  if (before?.configurable === false) return undefined;
  const real = Reflect.get(globalThis, name) as object | undefined;
  const isCheck = script.includes(" instanceof ");
  const members = new Set<PropertyKey>(member !== undefined ? [member] : isCheck ? [Symbol.hasInstance] : []);
  const stand =
    isRead && path.length === 1
      ? value
      : recorder(name, current, { value: real ?? {}, members, calls: member === undefined && !isCheck });
  defineProperty(globalThis, name, { value: stand, configurable: true, writable: true });
  return {
    restore: () => {
      if (before) defineProperty(globalThis, name, before);
      else deleteProperty(globalThis, name);
    },
  };
}

function shown(value: unknown): string {
  const name = nameOf(value);
  if (name !== undefined) return name;
  if (typeof value === "function") return "a function";
  if (isView(value)) return `${value.constructor.name} ${text(value)}`;
  if (isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value === "object" && value !== null) return "an object";
  if (value === undefined) return "undefined";
  return typeof value === "bigint" ? `${value}n` : stringify(value);
}

function malloc({ wasm }: World, size: number, align: number): number {
  return (wasm.exports["__wbindgen_malloc"] as (size: number, align: number) => number)(size, align);
}

function free({ wasm }: World, at: number, size: number, align: number): void {
  (wasm.exports["__wbindgen_free"] as (...words: number[]) => void)(at, size, align);
}

function readArea({ wasm }: World, area: number, types: readonly string[]): Word[] {
  const { view } = wasm.memory;
  let at = area;
  return types.map((type) => {
    const size = type === "i64" || type === "f64" ? 8 : 4;
    at = Math.ceil(at / size) * size;
    const word =
      type === "i64"
        ? view.getBigInt64(at, true)
        : type === "f64"
          ? view.getFloat64(at, true)
          : type === "f32"
            ? view.getFloat32(at, true)
            : view.getInt32(at, true);
    at += size;
    return word;
  });
}
