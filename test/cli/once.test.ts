import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { load } from "../../src/node.ts";
import { slotsInUse } from "../packages/load-glue.ts";
import { bundleForeign, bundleForeignGlue, foreignModulePath } from "./foreign.ts";
import type { ForeignFile } from "./foreign-answers.ts";

type Callback = (value: unknown) => unknown;

/** The two closures that a future takes for one call: it drops both when one has been called. */
interface Pair {
  readonly resolve: Callback;
  readonly reject: Callback;
}

/** A module, and the places that its values take. */
interface Subject {
  readonly later: (value: unknown) => Promise<unknown>;
  readonly slots: () => number;
  readonly awaited: Awaited;
}

/** Imports a text whose host function `later` returns what a function here returns. */
async function importText(text: string, later: (value: unknown) => unknown): Promise<unknown> {
  const name = `later-${Math.random()}`;
  const start = "async function later(value) {";
  expect(text).toContain(start);
  Reflect.set(globalThis, name, later);
  const hook = `function later(value) { return globalThis[${JSON.stringify(name)}](value); }`;
  const hooked = text.replace(start, `${hook}\nasync function laterThere(value) {`);
  return import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(hooked)}`);
}

/** The closures that a module has passed to `then` of the promises that it waits for. */
class Awaited {
  private readonly pairs: Pair[] = [];

  /** Makes a promise that is never settled for the module: the test calls the closures. */
  readonly later = (): Promise<unknown> => {
    const then = (resolve: Callback, reject: Callback): undefined => void this.pairs.push({ resolve, reject });
    return Object.assign(Promise.resolve(), { then });
  };

  async next(): Promise<Pair> {
    for (let turn = 0; turn < 20 && this.pairs.length === 0; turn++) await new Promise((next) => setTimeout(next, 0));
    const pair = this.pairs.shift();
    if (!pair) throw new Error("No closures were passed.");
    return pair;
  }
}

async function ours(name: string): Promise<Subject> {
  const awaited = new Awaited();
  const file = (await importText(await bundleForeign(name), awaited.later)) as ForeignFile;
  const wasm = await load(foreignModulePath(name), { ...file.default, imports: file.imports });
  const { call_later: later } = wasm.api as unknown as { call_later(value: unknown): Promise<unknown> };
  return { later, awaited, slots: () => wasm.handles.size };
}

async function theirs(name: string): Promise<Subject> {
  const awaited = new Awaited();
  const glue = (await importText(await bundleForeignGlue(name), awaited.later)) as {
    default(module: unknown): Promise<WebAssembly.Exports>;
    call_later(value: unknown): Promise<unknown>;
  };
  const module = new WebAssembly.Module(readFileSync(foreignModulePath(name)));
  const { instantiate } = WebAssembly;
  const given: WebAssembly.Imports[] = [];
  WebAssembly.instantiate = ((of: WebAssembly.Module, imports: WebAssembly.Imports) => {
    given.push(imports);
    return instantiate(of, imports);
  }) as typeof instantiate;
  try {
    const exports = await glue.default(name.startsWith("0.2.130") ? { module_or_path: module } : module);
    const [imports = {}] = given;
    return { later: (value) => glue.call_later(value), awaited, slots: () => slotsInUse({ exports, imports }) };
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}

/** Starts a call, and returns the closures that its future passes to `then` of the promise it waits for. */
async function start({ later, awaited }: Subject): Promise<{ readonly result: Promise<unknown>; readonly pair: Pair }> {
  const result = later("x");
  // A rejection is looked at later.
  result.catch(() => undefined);
  return { result, pair: await awaited.next() };
}

/** Calls a closure, and says how that ended. */
function ending(call: () => unknown): string {
  try {
    return `returned ${String(call())}`;
  } catch (error) {
    return `threw ${(error as Error).message}`;
  }
}

async function settled(result: Promise<unknown>): Promise<string> {
  try {
    return `resolved ${String(await result)}`;
  } catch (error) {
    return `rejected ${String(error)}`;
  }
}

/** Calls one of the two closures, then both again. */
async function answersOf(subject: Subject, first: keyof Pair): Promise<readonly string[]> {
  const { result, pair } = await start(subject);
  const other = first === "resolve" ? "reject" : "resolve";
  const once = ending(() => pair[first]("a value"));
  const end = await settled(result);
  return [once, end, ending(() => pair[first]("again")), ending(() => pair[other]("never"))];
}

/** How many places are in use more after many rounds than after some. */
async function growthOver(subject: Subject, rounds: number): Promise<number> {
  const round = async (at: number): Promise<void> => {
    const { result, pair } = await start(subject);
    ending(() => pair[at % 2 === 0 ? "resolve" : "reject"](at));
    await settled(result);
  };
  for (let at = 0; at < 20; at++) await round(at);
  const before = subject.slots();
  for (let at = 0; at < rounds; at++) await round(at);
  return subject.slots() - before;
}

describe.each(["0.2.80-web", "0.2.92-web", "0.2.130-web"])("closures of %s for one call", (name) => {
  it.each(["resolve", "reject"] as const)(
    "end as with the generated JavaScript where %s is called first",
    async (first) => {
      const [here, there] = [await answersOf(await ours(name), first), await answersOf(await theirs(name), first)];
      const end = first === "resolve" ? "resolved a value" : "rejected a value";
      expect([here.slice(0, 2), there.slice(0, 2)]).toEqual(Array(2).fill(["returned undefined", end]));
      // The first was called twice, and the other was dropped without a call.
      for (const one of there.slice(2))
        expect(one).toMatch(/^threw closure invoked recursively or (after being dropped|destroyed already)/);
      for (const one of here.slice(2))
        expect(one).toMatch(/^threw A closure of the module was called after it had been/);
    },
  );

  it("leave no value behind in 1,000 rounds, as with the generated JavaScript", async () => {
    expect(await growthOver(await ours(name), 1000)).toBe(0);
    expect(await growthOver(await theirs(name), 1000)).toBe(0);
  }, 60_000);
});
