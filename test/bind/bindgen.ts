import { list, sections, text } from "../reflect/assemble.ts";
import { wat } from "../wat.ts";

/** In which of wasm-bindgen's conventions a module is written. */
export interface Bindgen {
  /** Where values are kept. */
  readonly handles: "heap" | "externref";
  /** How several words come back. */
  readonly results: "return-pointer" | "multi-value";
  /** The last number of the CLI's version; without one the module does not tell. */
  readonly version?: number | undefined;
  /** Whether the exported allocator takes no alignment, as in old versions. */
  readonly isUnaligned?: boolean;
}

export const heap: Bindgen = { handles: "heap", results: "return-pointer", version: 92 };
export const externref: Bindgen = { handles: "externref", results: "multi-value", version: 104 };

/** Both ways to keep values, with both ways to return several words. */
export const conventions = [
  ["heap and return pointers", heap],
  ["heap and several results", { ...heap, results: "multi-value" }],
  ["externref and return pointers", { ...externref, results: "return-pointer" }],
  ["externref and several results", externref],
] as const satisfies readonly (readonly [name: string, Bindgen])[];

/** The type of a JavaScript value. */
export const valueOf = ({ handles }: Bindgen) => (handles === "heap" ? "i32" : "externref");

/** Exports that every module of {@link bindgen} has besides its own. */
export interface Helpers {
  /** How many allocations are live. */
  live(): number;
  /** Bytes of the stack that are taken. */
  taken(): number;
  /** How often `count` was called. */
  calls(): number;
  /** Fills the free part of the stack with bytes that are no zeros. */
  soil(): void;
}

/**
 * A module as wasm-bindgen's CLI writes them: memory, an allocator that counts, a stack, a table of values.
 *
 * @param body - Its own functions. They may call `$malloc`, `$free`, `$count` and `$slot`.
 * @param convention - How it is written.
 * @param imports - Its own imports.
 */
export async function bindgen(
  body: string,
  { handles, results, version, isUnaligned = false }: Bindgen,
  imports = "",
): Promise<Uint8Array<ArrayBuffer>> {
  const isTable = handles === "externref";
  const bytes = await wat(`(module
    ${imports}
    ${isTable ? table.imports : ""}
    (memory (export "memory") 2)
    (global $stack (mut i32) (i32.const 65536))
    (global $next (mut i32) (i32.const 65536))
    (global $live (mut i32) (i32.const 0))
    (global $calls (mut i32) (i32.const 0))
    (func (export "live") (result i32) (global.get $live))
    (func (export "calls") (result i32) (global.get $calls))
    (func (export "taken") (result i32) (i32.sub (i32.const 65536) (global.get $stack)))
    (func (export "soil") (memory.fill (i32.const 1024) (i32.const 0xaa) (i32.sub (global.get $stack) (i32.const 1024))))
    (func $count (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
    (func $move (param i32) (result i32)
      (global.set $stack (i32.add (global.get $stack) (local.get 0))) (global.get $stack))
    ${results === "return-pointer" ? '(export "__wbindgen_add_to_stack_pointer" (func $move))' : ""}
    (func $malloc ${isUnaligned ? "" : '(export "__wbindgen_malloc")'} (param $size i32) (param $align i32) (result i32) (local $at i32)
      (if (i32.eqz (local.get $size)) (then (return (local.get $align))))
      (if (i32.eqz (global.get $live)) (then (global.set $next (i32.const 65536))))
      (global.set $live (i32.add (global.get $live) (i32.const 1)))
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
      (global.set $next (i32.add (local.get $at) (local.get $size)))
      (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))
        (then (drop (memory.grow (i32.add (i32.div_u (local.get $size) (i32.const 65536)) (i32.const 1))))))
      (memory.fill (local.get $at) (i32.const 0xbb) (local.get $size))
      (local.get $at))
    (func $free ${isUnaligned ? "" : '(export "__wbindgen_free")'} (param $at i32) (param $size i32) (param $align i32)
      (if (i32.eqz (local.get $size)) (then (return)))
      (if (i32.lt_u (local.get $at) (i32.const 65536)) (then unreachable))
      (global.set $live (i32.sub (global.get $live) (i32.const 1))))
    ${isUnaligned ? unaligned : ""}
    (func (export "__wbindgen_realloc")
      (param $at i32) (param $old i32) (param $new i32) (param $align i32) (result i32) (local $to i32)
      (local.set $to (call $malloc (local.get $new) (local.get $align)))
      (memory.copy (local.get $to) (local.get $at)
        (select (local.get $old) (local.get $new) (i32.lt_u (local.get $old) (local.get $new))))
      (call $free (local.get $at) (local.get $old) (local.get $align))
      (local.get $to))
    ${isTable ? table.functions : ""}
    ${body})`);
  if (version === undefined) return bytes;
  const tools = list([...text("wasm-bindgen"), ...text(`0.2.${version}`)]);
  return Uint8Array.of(...bytes, ...sections.custom("producers", list([...text("processed-by"), ...tools])));
}

const unaligned = `
  (func (export "__wbindgen_malloc") (param i32) (result i32) (call $malloc (local.get 0) (i32.const 4)))
  (func (export "__wbindgen_free") (param i32 i32) (call $free (local.get 0) (local.get 1) (i32.const 4)))`;

const table = {
  imports: '(import "wbg" "__wbindgen_init_externref_table" (func $init))',
  functions: `
    (table $values (export "__wbindgen_externrefs") 128 externref)
    (func $allocate (export "__externref_table_alloc") (result i32) (table.grow $values (ref.null extern) (i32.const 1)))
    (func $vacate (export "__externref_table_dealloc") (param i32)
      (if (i32.ge_u (local.get 0) (i32.const 132)) (then (table.set $values (local.get 0) (ref.null extern)))))
    (func (export "__externref_drop_slice") (param $at i32) (param $length i32)
      (loop $each (if (local.get $length) (then
        (call $vacate (i32.load (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (local.set $length (i32.sub (local.get $length) (i32.const 1)))
        (br $each)))))
    (func $slot (param externref) (result i32) (local $slot i32)
      (local.set $slot (call $allocate))
      (table.set $values (local.get $slot) (local.get 0))
      (local.get $slot))
    (func $take (param $slot i32) (result externref)
      (table.get $values (local.get $slot)) (call $vacate (local.get $slot)))
    (func (export "__wbindgen_start") (call $init))`,
};

/**
 * A function that returns words, by the convention.
 *
 * @param name - Its export's name.
 * @param params - The types of its parameters.
 * @param words - What it returns: the types, and an expression for each, where `$0` stands for the first parameter.
 * @param convention - How several words come back.
 * @param before - What is done first.
 */
export function returning(
  name: string,
  params: readonly string[],
  words: readonly (readonly [type: string, expression: string])[],
  { results }: Bindgen,
  before = "(call $count)",
): string {
  const isWritten = words.length > 1 && results === "return-pointer";
  const shift = isWritten ? 1 : 0;
  const list = [...(isWritten ? ["i32"] : []), ...params].map((type) => `(param ${type})`).join(" ");
  const shifted = (code: string) => code.replaceAll(/\$(\d+)/g, (_, at) => `(local.get ${Number(at) + shift})`);
  const head = `(func (export "${name}") ${list}`;
  if (!isWritten) {
    const types = words.map(([type]) => `(result ${type})`).join(" ");
    return `${head} ${types} ${shifted(before)} ${words.map(([, code]) => shifted(code)).join(" ")})`;
  }
  let end = 0;
  const stores = words.map(([type, code]) => {
    const size = type.endsWith("64") ? 8 : 4;
    const offset = Math.ceil(end / size) * size;
    end = offset + size;
    return `(${type}.store offset=${offset} (local.get 0) ${shifted(code)})`;
  });
  return `${head} ${shifted(before)} ${stores.join(" ")})`;
}
