import {
  assemble,
  exported,
  externref,
  functionType,
  i32,
  list,
  sections,
  text,
  unsigned,
} from "../reflect/assemble.ts";

/** The value types of the modules: in letters, as in the table of builtins. */
type Letter = "r" | "s" | "a" | "i";

/** The builtins for strings with the types that the specification gives them. */
export const builtins: { readonly [name: string]: readonly [params: string, result: Letter] } = {
  cast: ["r", "s"],
  test: ["r", "i"],
  fromCharCodeArray: ["aii", "s"],
  intoCharCodeArray: ["rai", "i"],
  fromCharCode: ["i", "s"],
  fromCodePoint: ["i", "s"],
  charCodeAt: ["ri", "i"],
  codePointAt: ["ri", "i"],
  length: ["r", "i"],
  concat: ["rr", "s"],
  substring: ["rii", "s"],
  equals: ["rr", "i"],
  compare: ["rr", "i"],
};

/** How much a module needs of the engine: typed references and arrays, or reference types alone. */
export type Level = "gc" | "references";

/** The newest level of this engine. */
export const newest: Level = WebAssembly.validate(assemble(sections.type([0x5e, 0x77, 1]))) ? "gc" : "references";

/** Whether this engine has the builtins itself. */
export const isNative =
  newest === "gc" &&
  WebAssembly.Module.imports(
    new (WebAssembly as unknown as Compiler).Module(stringModule(), { builtins: ["js-string"] }),
  ).length === 0;

/** Whether this engine provides string constants itself. Node 22 has the builtins without them. */
export const hasConstants =
  isNative &&
  WebAssembly.Module.imports(
    new (WebAssembly as unknown as Compiler).Module(constantsModule("'", ["a"]), { importedStringConstants: "'" }),
  ).length === 0;

/** The engine's compiler, which TypeScript's library has without options yet. */
export interface Compiler {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>, options?: object) => WebAssembly.Module;
}

/**
 * A module that imports every builtin of a level, and exports a function for each that calls it. Without typed references, what
 * returns a string returns any reference. `make`, `get` and `set` make arrays of codes and reach into them. `caught` returns 1
 * if it could catch what `length` does to its argument.
 */
export function stringModule(level: Level = "gc"): Uint8Array<ArrayBuffer> {
  const gc = level === "gc";
  const types: { readonly [letter in Letter]: readonly number[] } = {
    i: [i32],
    r: [externref],
    s: gc ? [0x64, externref] : [externref],
    a: [0x63, 0],
  };
  const named = Object.entries(builtins).filter(([, [params]]) => gc || !params.includes("a"));
  const array = gc ? [[0x5e, 0x77, 1]] : [];
  const first = array.length;
  const of = (params: string, result: Letter) =>
    functionType(
      Array.from(params, (letter) => types[letter as Letter]),
      [types[result]],
    );
  const forArrays = gc ? [of("i", "a"), of("ai", "i"), functionType([types.a, i32, i32])] : [];
  const get = (at: number) => [0x20, at];
  const calls = named.map(([, [params]], at) => [...Array.from(params).flatMap((_, i) => get(i)), 0x10, at]);
  const reach = gc
    ? [
        [...get(0), 0xfb, 7, 0],
        [...get(0), ...get(1), 0xfb, 13, 0],
        [...get(0), ...get(1), ...get(2), 0xfb, 14, 0],
      ]
    : [];
  const lengthAt = named.findIndex(([name]) => name === "length");
  const caught = [0x06, i32, ...get(0), 0x10, lengthAt, 0x1a, 0x41, 0, 0x19, 0x41, 1, 0x0b];
  const functions = [...named.map((_, at) => at), ...forArrays.map((_, at) => named.length + at), lengthAt];
  const names = [...named.map(([name]) => name), ...(gc ? ["make", "get", "set"] : []), "caught"];
  return assemble(
    sections.type(...array, ...named.map(([, [params, result]]) => of(params, result)), ...forArrays),
    sections.import(
      ...named.map(([name], at) => [...text("wasm:js-string"), ...text(name), 0, ...unsigned(first + at)]),
    ),
    sections.function(...functions.map((at) => unsigned(first + at))),
    sections.export(...names.map((name, at) => exported(name, 0, named.length + at))),
    sections.code(
      ...[...calls, ...reach, caught].map((code) => {
        const body = [0, ...code, 0x0b];
        return [...unsigned(body.length), ...body];
      }),
    ),
  );
}

/** A module that imports strings by their values, each as a global that it exports by its position. */
export function constantsModule(
  from: string,
  strings: readonly string[],
  type: readonly number[] = [externref],
): Uint8Array<ArrayBuffer> {
  return assemble(
    sections.import(...strings.map((string) => [...text(from), ...text(string), 3, ...type, 0])),
    sections.export(...strings.map((_, at) => exported(`${at}`, 3, at))),
  );
}

/** A module with one import. */
export function importing(
  module: string,
  name: string,
  kindAndType: readonly number[],
  types: readonly (readonly number[])[] = [],
): Uint8Array<ArrayBuffer> {
  return assemble(sections.type(...types), [2, ...sized(list([...text(module), ...text(name), ...kindAndType]))]);
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}
