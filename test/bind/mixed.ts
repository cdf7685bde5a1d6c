import { t } from "unglue";
import { type Bindgen, bindgen } from "./bindgen.ts";

/** Exports that count what is allocated, besides those of every module of {@link bindgen}. */
export interface Counts {
  /** How many allocations of wasm-bindgen's allocator are live. */
  live(): number;
  /** How many allocations of C's library are live. */
  c_live(): number;
}

/** An allocator of C's library, in a place of its own: to free what is another's is a trap. */
const library = `
  (global $c_next (mut i32) (i32.const 16384))
  (global $c_live (mut i32) (i32.const 0))
  (func (export "c_live") (result i32) (global.get $c_live))
  (func $c_malloc (export "malloc") (param $size i32) (result i32)
    (if (i32.eqz (global.get $c_live)) (then (global.set $c_next (i32.const 16384))))
    (global.set $c_live (i32.add (global.get $c_live) (i32.const 1)))
    (global.get $c_next)
    (global.set $c_next (i32.add (global.get $c_next)
      (i32.and (i32.add (local.get $size) (i32.const 15)) (i32.const -16)))))
  (func $c_free (export "free") (param $at i32)
    (if (i32.lt_u (local.get $at) (i32.const 16384)) (then unreachable))
    (if (i32.ge_u (local.get $at) (i32.const 49152)) (then unreachable))
    (global.set $c_live (i32.sub (global.get $c_live) (i32.const 1))))`;

const helpers = `
  (func (export "c_live") (result i32) (i32.const 0))
  (func $c_malloc (param $size i32) (result i32) (call $malloc (local.get $size) (i32.const 1)))`;

/**
 * A module with a class and a function of wasm-bindgen beside functions of C.
 *
 * @param convention - How wasm-bindgen's are written.
 * @param hasLibrary - Whether it exports the allocator of C's library.
 */
export function mixed(convention: Bindgen, hasLibrary = false): Promise<Uint8Array<ArrayBuffer>> {
  return bindgen(
    `
    (table $functions (export "__indirect_function_table") 1 funcref)
    (type $unary (func (param i32) (result i32)))
    (data (i32.const 1024) "a greeting\\00no\\00")
    ${hasLibrary ? library : helpers}
    ;; wasm-bindgen's
    (func (export "greet") (param $at i32) (param $size i32) (result i32) (local $first i32)
      (local.set $first (i32.load8_u (local.get $at)))
      (call $free (local.get $at) (local.get $size) (i32.const 1))
      (local.get $first))
    (func (export "realm_new") (result i32) (call $malloc (i32.const 8) (i32.const 4)))
    (func (export "realm_level") (param i32) (result i32) (i32.const 9))
    (func (export "realm_hash") (param $at i32) (result i32) (call $length (local.get $at)))
    (func (export "realm_peek") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "__wbg_realm_free") (param i32 i32) (call $free (local.get 0) (i32.const 8) (i32.const 4)))
    (func (export "fail") (param $text i32) (result i32) (call $throw (i32.const 1035) (i32.const 2)) (i32.const 0))
    (func (export "crash") (param $text i32) unreachable)
    ;; C's
    (func $length (export "text_length") (param $at i32) (result i32) (local $end i32)
      (local.set $end (local.get $at))
      (block $done (loop $next
        (br_if $done (i32.eqz (i32.load8_u (local.get $end))))
        (local.set $end (i32.add (local.get $end) (i32.const 1)))
        (br $next)))
      (i32.sub (local.get $end) (local.get $at)))
    (func (export "sum") (param $at i32) (param $count i32) (result i32) (local $sum i32)
      (block $done (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (local.set $sum (i32.add (local.get $sum)
          (i32.load (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 2))))))
        (br $next)))
      (local.get $sum))
    (func (export "divide") (param i32 i32 i32) (result i32)
      (i32.store (local.get 2) (i32.rem_u (local.get 0) (local.get 1)))
      (i32.div_u (local.get 0) (local.get 1)))
    (func (export "flip") (param $out i32) (param $in i32)
      (i32.store (local.get $out) (i32.load offset=4 (local.get $in)))
      (i32.store offset=4 (local.get $out) (i32.load (local.get $in))))
    (func (export "greeting") (result i32) (i32.const 1024))
    (func (export "initial") (param $text i32) (result i32) (local $at i32)
      (local.set $at (call $c_malloc (i32.const 2)))
      (i32.store16 (local.get $at) (i32.load8_u (local.get $text)))
      (local.get $at))
    (func (export "apply") (param $call i32) (param i32) (result i32)
      (call_indirect $functions (type $unary) (local.get 1) (local.get $call)))
    (func (export "counter_new") (param $start i32) (result i32) (local $at i32)
      (local.set $at (call $malloc (i32.const 4) (i32.const 4)))
      (i32.store (local.get $at) (local.get $start))
      (local.get $at))
    (func (export "counter_add") (param i32 i32)
      (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (local.get 1))))
    (func (export "counter_value") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "counter_free") (param i32) (call $free (local.get 0) (i32.const 4) (i32.const 4)))`,
    convention,
    '(import "wbg" "__wbindgen_throw" (func $throw (param i32 i32)))',
  );
}

const c = { convention: "c" } as const;
const Point = t.record({ x: t.i32, y: t.i32 });

/** The declaration of the module. */
export const members = {
  greet: t.fn([t.string], t.u32),
  Realm: t.class({
    new: t.ctor([]),
    level: t.getter(t.u32),
    hash: t.static([t.cstring], t.u32, c),
  }),
  textLength: t.fn([t.cstring], t.u32, c),
  sum: t.fn([t.array(t.u32)], t.u32, c),
  divide: t.fn([t.u32, t.u32, t.out(t.u32)], t.u32, c),
  flip: t.fn([Point], Point, c),
  greeting: t.fn([], t.cstring, c),
  initial: t.fn([t.cstring], t.cstring, { ...c, owned: true }),
  apply: t.fn([t.closure([t.i32], t.i32, { lent: true }), t.i32], t.i32, c),
  fail: t.fn([t.cstring], t.u32, c),
  crash: t.fn([t.cstring], t.void, c),
  Counter: t.class({ new: t.ctor([t.u32]), add: t.method([t.u32], t.void), value: t.getter(t.u32) }, c),
};
