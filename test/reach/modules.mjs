// The modules that every runtime loads.
import { readFile } from "node:fs/promises";
import wabt from "wabt";
import { moduleBytes } from "../packages/modules.mjs";

const features = { mutable_globals: true, bulk_memory: true, reference_types: true, multi_value: true };

/** A module as clang writes them: an allocator that counts, a text, a table, and what can go wrong. */
const c = `(module
  (import "env" "log" (func $log (param i32 i32)))
  (import "env" "absent" (func $absent (result i32)))
  (memory (export "memory") 1 64)
  (table (export "__indirect_function_table") 2 funcref)
  (type $binary (func (param i32 i32) (result i32)))
  (data (i32.const 16) "gr\\c3\\bcezi \\e2\\82\\ac\\00")
  (global $next (mut i32) (i32.const 4096))
  (global $live (mut i32) (i32.const 0))
  (func $malloc (export "malloc") (param $size i32) (result i32) (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
    (global.set $next (i32.add (local.get $at) (local.get $size)))
    (global.set $live (i32.add (global.get $live) (i32.const 1)))
    (local.get $at))
  (func (export "free") (param i32)
    (if (local.get 0) (then (global.set $live (i32.sub (global.get $live) (i32.const 1))))))
  (func (export "live") (result i32) (global.get $live))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "wide") (param i64) (result i64) (i64.add (local.get 0) (i64.const 1)))
  (func (export "length") (param i32) (result i32) (local $end i32)
    (local.set $end (local.get 0))
    (block $done (loop $each
      (br_if $done (i32.eqz (i32.load8_u (local.get $end))))
      (local.set $end (i32.add (local.get $end) (i32.const 1)))
      (br $each)))
    (i32.sub (local.get $end) (local.get 0)))
  (func (export "version") (result i32) (i32.const 16))
  (func (export "shout") (call $log (i32.const 16) (i32.const 11)))
  (func (export "missing") (result i32) (call $absent))
  (func (export "apply") (param i32 i32 i32) (result i32)
    (call_indirect (type $binary) (local.get 1) (local.get 2) (local.get 0)))
  (func $deep (result i32) (i32.div_s (i32.const 1) (i32.const 0)))
  (func (export "trap") (result i32) (call $deep))
  (func (export "spin") (loop (br 0)))
  (func (export "__proto__") (result i32) (i32.const 7)))`;

/** A module that imports its memory and nothing else. */
const memory = `(module
  (import "env" "memory" (memory 1 2))
  (func (export "first") (result i32) (i32.load8_u (i32.const 0))))`;

/** A module as WASI reactors are, which has to be initialized. */
const reactor = `(module
  (global $value (mut i32) (i32.const 0))
  (func (export "_initialize") (global.set $value (i32.add (global.get $value) (i32.const 7))))
  (func (export "value") (result i32) (global.get $value)))`;

const invoke =
  "_dyn_core__ops__function__FnMut__A____Output___R_as_wasm_bindgen__closure__WasmClosure___describe__invoke__h01";

/** A module as wasm-bindgen 0.2.92 writes them: texts, a class, a closure, errors, and imports of js-sys and web-sys. */
const bindgen = `(module
  (import "wbg" "__wbindgen_closure_wrapper7" (func $wrap (param i32 i32 i32) (result i32)))
  (import "wbg" "__wbindgen_cb_drop" (func $drop (param i32) (result i32)))
  (import "wbg" "__wbindgen_throw" (func $throw (param i32 i32)))
  (import "wbg" "__wbg_get_0ee8ea3c7c984c45" (func $get (param i32 i32) (result i32)))
  (import "wbg" "__wbg_instanceof_Window_e266f02eee43b570" (func $window (param i32) (result i32)))
  (memory (export "memory") 2)
  (table (export "__wbindgen_export_0") 4 funcref)
  (elem (i32.const 3) $destroy)
  (data (i32.const 64) "out of cheese")
  (global $stack (mut i32) (i32.const 65536))
  (global $next (mut i32) (i32.const 65536))
  (global $live (mut i32) (i32.const 0))
  (global $collected (mut i32) (i32.const 0))
  (func (export "__wbindgen_add_to_stack_pointer") (param i32) (result i32)
    (global.set $stack (i32.add (global.get $stack) (local.get 0))) (global.get $stack))
  (func $malloc (export "__wbindgen_malloc") (param $size i32) (param $align i32) (result i32) (local $at i32)
    (if (i32.eqz (local.get $size)) (then (return (local.get $align))))
    (local.set $at (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
    (global.set $next (i32.add (local.get $at) (local.get $size)))
    (global.set $live (i32.add (global.get $live) (i32.const 1)))
    (local.get $at))
  (func $free (export "__wbindgen_free") (param i32 i32 i32)
    (if (local.get 1) (then (global.set $live (i32.sub (global.get $live) (i32.const 1))))))
  (func (export "__wbindgen_realloc") (param $at i32) (param $old i32) (param $new i32) (param $align i32) (result i32)
    (local $to i32)
    (local.set $to (call $malloc (local.get $new) (local.get $align)))
    (memory.copy (local.get $to) (local.get $at) (local.get $old))
    (call $free (local.get $at) (local.get $old) (local.get $align))
    (local.get $to))
  (func (export "live") (result i32) (global.get $live))
  (func (export "collected") (result i32) (global.get $collected))
  (func (export "echo") (param i32 i32 i32)
    (i32.store (local.get 0) (local.get 1)) (i32.store offset=4 (local.get 0) (local.get 2)))
  (func (export "fail") (call $throw (i32.const 64) (i32.const 13)))
  (func (export "counter_new") (param i32) (result i32) (local $at i32)
    (local.set $at (call $malloc (i32.const 4) (i32.const 4)))
    (i32.store (local.get $at) (local.get 0)) (local.get $at))
  (func (export "counter_next") (param i32) (result i32)
    (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1))) (i32.load (local.get 0)))
  (func (export "__wbg_counter_free") (param i32 i32)
    (global.set $collected (i32.add (global.get $collected) (local.get 1)))
    (call $free (local.get 0) (i32.const 4) (i32.const 4)))
  (func (export "make") (param i32) (result i32) (call $wrap (local.get 0) (i32.const 16) (i32.const 0)))
  (func (export "at") (param i32 i32) (result i32) (call $get (local.get 0) (local.get 1)))
  (func (export "isWindow") (param i32) (result i32) (call $window (local.get 0)))
  (func $destroy (param i32 i32))
  (func (export "${invoke}") (param i32 i32 i32) (result i32) (i32.add (local.get 0) (local.get 2))))`;

/**
 * Makes the modules.
 *
 * @returns {Promise<Record<string, Uint8Array>>} Their bytes by name.
 */
export async function makeModules() {
  const { parseWat } = await wabt();
  const assemble = (text) => {
    const module = parseWat("module.wat", text, features);
    try {
      return new Uint8Array(module.toBinary({ write_debug_names: true }).buffer);
    } finally {
      module.destroy();
    }
  };
  const lz4 = await moduleBytes("lz4");
  const { trampolineBytes } = await import("../../dist/node.js");
  return {
    trampoline: trampolineBytes("ii->i"),
    c: assemble(c),
    memory: assemble(memory),
    reactor: assemble(reactor),
    bindgen: withTools(assemble(bindgen)),
    lz4: new Uint8Array(lz4),
    command: await fixture("command"),
    wasiLibrary: await fixture("reactor"),
  };
}

/** Reads a module that clang built for WASI. */
async function fixture(name) {
  return new Uint8Array(await readFile(new URL(`../fixtures/wasi/${name}.wasm`, import.meta.url)));
}

/** Adds the `producers` section by which the toolchain and its version are known. */
function withTools(bytes) {
  const text = (value) => [value.length, ...Buffer.from(value)];
  const tools = [...text("producers"), 1, ...text("processed-by"), 1, ...text("wasm-bindgen"), ...text("0.2.92")];
  return Uint8Array.of(...bytes, 0, tools.length, ...tools);
}

/** The export that runs the closure of `bindgen`. */
export const closure = { import: "__wbindgen_closure_wrapper7", call: invoke };
