import { bindgen, externref } from "../bind/bindgen.ts";
import { wat } from "../wat.ts";

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

const plain = await wat(`(module
  (import "env" "now" (func (result f64))) (import "env" "log" (func (param i32)))
  (import "env" "table" (table 2 funcref)) (import "env" "base" (global i32))
  (type $callback (func (param i32) (result i32)))
  (memory (export "memory") 1) (data (i32.const 16) "text") (export "table" (table 0))
  (global $top (mut i32) (i32.const 4096))
  (func (export "malloc") (param i32) (result i32)
    (global.set $top (i32.add (global.get $top) (i32.and (i32.add (local.get 0) (i32.const 15)) (i32.const -16))))
    (i32.sub (global.get $top) (i32.and (i32.add (local.get 0) (i32.const 15)) (i32.const -16))))
  (func (export "free") (param i32))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "length") (param i32 i32) (result i32) (local.get 1))
  (func (export "sum") (param i32 i32) (result i32) (local $sum i32)
    (block $done (loop $next
      (br_if $done (i32.eqz (local.get 1)))
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get 0))))
      (local.set 0 (i32.add (local.get 0) (i32.const 4)))
      (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
      (br $next)))
    (local.get $sum))
  (func (export "pair") (param i32) (result i32) (i32.add (i32.load (local.get 0)) (i32.load offset=4 (local.get 0))))
  (func (export "split") (param i32 i32) (i32.store (local.get 1) (local.get 0)))
  (func (export "call") (param i32 i32) (result i32) (call_indirect (type $callback) (local.get 1) (local.get 0)))
  (func (export "counter_new") (param i32) (result i32)
    (i32.store (i32.const 64) (local.get 0)) (i32.const 64))
  (func (export "counter_get") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "counter_get_step") (param i32) (result i32) (i32.const 3))
  (func (export "counter_free") (param i32))
  (func (export "trap") unreachable))`);
const rust = await bindgen(
  `(func (export "counter_new") (param i32) (result i32) (i32.store (i32.const 64) (local.get 0)) (i32.const 64))
   (func (export "counter_add") (param i32 i32) (result i32) (i32.add (i32.load (local.get 0)) (local.get 1)))
   (func (export "__wbg_counter_free") (param i32 i32))
   (func (export "count") (param i32 i32) (result i32) (local.get 1))
   (func (export "same") (param externref) (result externref) (local.get 0))
   (func (export "which") (param i32) (result i32) (local.get 0))`,
  externref,
  `(import "wbg" "__wbg_now_00112233445566aa" (func (result f64)))
   (import "wbg" "__wbindgen_throw" (func (param i32 i32)))`,
);
const minified = await wat(`(module (import "a" "a" (func)) (memory (export "b") 1) (func (export "c")))`);

/** The modules that are used where `Object.prototype` has more members, in base64. */
export const modules = { plain: base64(plain), rust: base64(rust), minified: base64(minified) };
