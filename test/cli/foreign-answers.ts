import type { DeclarationFile, InstantiateOptions } from "unglue";
import { load } from "unglue";

/** A declaration file with functions, as it is imported. */
export interface ForeignFile {
  readonly default: DeclarationFile;
  readonly imports: NonNullable<InstantiateOptions["imports"]>;
}

type Call = (...args: unknown[]) => unknown;

/** The results of the crate if each of its imports is called with the right values and returns them. */
export const answers = {
  join: "ä€-ä€!-4294967295",
  total: 258 + 2 + 3,
  double: [3, -1],
  find: ["found x", undefined],
  orNothing: [6, 4, undefined],
  wide: -6n,
  fail: ["ok 1", "error broken"],
  all: "a+1+b",
  later: "later 5",
  keep: 42,
  make: ["<x>", "<2>"],
  default: "default of 7",
  shape: "triangle of 3 sides; square of 5 edges; true false 2",
  greet: "tools greets Ada; nested greets Grace",
  statics: "a title 3",
  inlined: "inlined: 8",
  path: "b.txt b b",
  words: -1.5,
};

/**
 * Loads a build of the crate with its declaration file, and lets it call what it imports.
 *
 * @param source - The module.
 * @param file - The declaration file.
 */
export async function foreignAnswers(source: string | Uint8Array, file: ForeignFile): Promise<object> {
  const wasm = await load(source, { ...file.default, imports: file.imports });
  const api = wasm.api as unknown as Readonly<Record<string, Call>>;
  const call = (name: string, ...args: unknown[]): unknown => (api[`call_${name}`] as Call)(...args);
  return {
    join: call("join", "ä€"),
    total: call("total"),
    double: [...(call("double", Float32Array.of(1.5, -0.5)) as Float32Array)],
    find: [call("find", "x"), call("find", "none")],
    orNothing: [call("or_nothing", 5, true), call("or_nothing", 5, false), call("or_nothing", undefined, true)],
    wide: call("wide"),
    fail: [call("fail", "fine"), call("fail", "broken")],
    all: call("all"),
    later: await call("later", 5),
    keep: call("keep"),
    make: call("make"),
    default: call("default", 7),
    shape: call("shape"),
    greet: call("greet"),
    statics: call("statics"),
    inlined: call("inlined", 8),
    path: call("path"),
    words: call("words"),
  };
}
