import { type Instance, load } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { webTable } from "unglue/wasm-bindgen/web";
import { hashed, hasher } from "../../src/toolchains/wasm-bindgen/known/hash.ts";
import { isWithin, versionsOf } from "../../src/toolchains/wasm-bindgen/known/versions.ts";
import { type Bindgen, bindgen } from "../bind/bindgen.ts";
import type { Line } from "./lines.ts";
import { named } from "./recorder.ts";
import { type RustType, rustType, type Word, type World } from "./rust.ts";

/** A line as an import of a module. */
export interface Import {
  readonly line: Line;
  readonly name: string;
  readonly params: readonly RustType[];
  readonly result: RustType | undefined;
  /** The words of its result; more than one go to where the first parameter points. */
  readonly results: readonly string[];
  readonly words: readonly string[];
}

/** The lines as imports in lists for a module each, those of an old version of a crate by themselves. */
export function modulesOf(lines: readonly Line[], { version = 0, handles }: Bindgen): readonly (readonly Import[])[] {
  const groups = new Map<string, Import[]>();
  const counts = new Map<string, number>();
  for (const line of lines) {
    const { item } = line;
    const all = versionsOf(item.crate.versions, version);
    const newest = all.find((one) => item.range === undefined || isWithin(one, item.range));
    if (newest === undefined) throw new Error(`No version has ${line.text}`);
    const hash = hasher(item.crate.name, newest)(hashed(item, version)[0] as string);
    const made = importOf(line, `__wbg_${item.importName.replace(/\W/g, "")}_${hash}`, version, handles === "heap");
    counts.set(made.name, (counts.get(made.name) ?? 0) + 1);
    const group = newest === all[0] ? "" : `${item.crate.name} ${newest}`;
    const list = groups.get(group) ?? [];
    groups.set(group, list);
    list.push(made);
  }
  // Before 0.2.96 the hash is of the name alone, and some names have several signatures; both tables have some types.
  return [...groups.values()].flatMap((group) => {
    const alone = group.filter(({ name }) => counts.get(name) === 1);
    return Array.from({ length: Math.ceil(alone.length / 500) }, (_, at) => alone.slice(at * 500, at * 500 + 500));
  });
}

function importOf(line: Line, name: string, version: number, isHeap: boolean): Import {
  const read = (type: string) => rustType(type, line.enums, version);
  const params = line.params.map((type) => read(type) as RustType);
  const result = read(line.result);
  const results = result ? (result.resultWords ?? result.words(isHeap)) : [];
  return { line, name, params, result, results, words: params.flatMap((param) => param.words(isHeap)) };
}

/** A closure that an import takes. */
export type Closure = NonNullable<RustType["closure"]>;

/** A name for what runs closures of a signature. */
export const shimOf = ({ params, result }: Closure, isHeap: boolean) =>
  `${params.flatMap((one) => one.words(isHeap)).join()}>${(result?.words(isHeap) ?? []).join()}`;

/** A module that imports and exports functions, and what its host has seen. */
export interface Running {
  readonly world: World;
  readonly wasm: Instance;
  /** Exceptions that were handed to the module. */
  readonly stored: unknown[];
  /** Closures that ran. */
  readonly ran: { readonly name: string; readonly words: readonly Word[] }[];
}

/** Makes and loads a module of which the export `fN` is the import at N. */
export async function run(imports: readonly Import[], convention: Bindgen): Promise<Running> {
  const isHeap = convention.handles === "heap";
  const stored: Running["stored"] = [];
  const ran: Running["ran"] = [];
  // Exports that run closures, by signature: they pass their words on.
  const shims = new Map<string, string>();
  for (const closure of imports.flatMap(({ params }) => params.flatMap((one) => one.closure ?? []))) {
    const results = closure.result?.words(isHeap) ?? [];
    if (closure.fails || results.length > 1) continue;
    const words = ["i32", "i32", ...closure.params.flatMap((one) => one.words(isHeap))];
    shims.set(shimOf(closure, isHeap), typeText(words, results));
  }
  const host = Object.fromEntries(
    [...shims.keys()].map((name) => [
      name,
      (...words: Word[]) => {
        ran.push({ name, words });
        return name.endsWith(">externref") ? undefined : 0;
      },
    ]),
  );
  const bytes = await bindgen(
    [
      `(func (export "__wbindgen_exn_store") (param i32) (call $store (local.get 0)))`,
      ...[...shims.keys()].map((_, at) => `(export "wasm_bindgen__convert__closures__invoke${at}" (func $shim${at}))`),
      ...imports.map((_, at) => `(export "f${at}" (func $f${at}))`),
    ].join("\n"),
    convention,
    [
      `(import "host" "store" (func $store (param i32)))`,
      ...[...shims].map(([name, type], at) => `(import "host" "${name}" (func $shim${at} ${type}))`),
      ...imports.map(({ name, words, results }, at) => {
        const type = results.length > 1 ? typeText(["i32", ...words], []) : typeText(words, results);
        return `(import "wbg" "${name}" (func $f${at} ${type}))`;
      }),
    ].join("\n"),
  );
  const wasm: Instance = await load(bytes, {
    adapters: [wasmBindgen({ tables: [webTable] })],
    imports: { host: { ...host, store: (handle: number) => stored.push(wasm.handles.take(handle)) } },
  });
  let count = 0;
  const world = { wasm, isHeap, version: convention.version ?? 0, fresh: () => named(`#${++count}`, {}) };
  return { world, wasm, stored, ran };
}

function typeText(params: readonly string[], results: readonly string[]): string {
  return [...(params.length ? [`(param ${params.join(" ")})`] : []), ...results.map((one) => `(result ${one})`)].join(
    " ",
  );
}
