import { mixed } from "../bind/mixed.ts";
import { bindgen, externref } from "../bind/bindgen.ts";
import { wat } from "../wat.ts";

/** The modules of these tests, by name. */
export async function assemble(): Promise<Readonly<Record<string, Uint8Array<ArrayBuffer>>>> {
  const texts = {
    math: `(module
      (memory (export "memory") 1) (global $count (mut i32) (i32.const 0))
      (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
      (func (export "wide") (param i64) (result i64) (i64.add (local.get 0) (i64.const 1)))
      (func (export "both") (result i32 f64) (i32.const 1) (f64.const 2.5))
      (func (export "nothing"))
      (func (export "count") (result i32) (global.set $count (i32.add (global.get $count) (i32.const 1))) (global.get $count))
      (func (export "spin") (loop (br 0)))
      (func (export "trap") unreachable)
      (func (export "__proto__") (result i32) (i32.const 7))
      (func (export "then") (result i32) (i32.const 8))
      (func (export "") (result i32) (i32.const 9)))`,
    env: `(module
      (import "env" "worker" (func $worker (result i32))) (export "worker" (func $worker))
      (import "env" "life" (func $life (result i32))) (export "life" (func $life))
      (import "env" "length" (func $length (param externref) (result i32))) (export "length" (func $length))
      (import "env" "text" (func $text (result externref))) (export "text" (func $text))
      (import "env" "function" (func $function (result externref))) (export "function" (func $function))
      (import "env" "throwError" (func $throw (param i32))) (export "throw" (func $throw))
      (import "env" "crash" (func $crash (result externref))) (export "crash" (func $crash))
      (import "env" "later" (func $later (result externref))) (export "later" (func $later))
      (import "env" "exit" (func $exit)) (export "exit" (func $exit))
      (import "env" "hostile" (func $hostile (param i32) (result externref))) (export "hostile" (func $hostile))
      (import "missing" "import" (func $missing (param i64)))
      (func (export "missing") (call $missing (i64.const 1)))
      (memory (export "memory") 1) (data (i32.const 8) "from memory")
      (func (export "spin") (loop (br 0)))
      (func (export "trap") unreachable))`,
    strings: `(module
      (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
      (import "'" "four" (global $four externref))
      (func (export "size") (result i32) (call $length (global.get $four)))
      (func (export "size_of") (param externref) (result i32) (call $length (local.get 0))))`,
    counter: `(module
      (memory (export "memory") 1)
      (global $top (mut i32) (i32.const 1024)) (global $freed (mut i32) (i32.const 0)) (global $last (mut i32) (i32.const 0))
      (func $malloc (export "malloc") (param i32) (result i32)
        (global.get $top)
        (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get 0)) (i32.const 15)) (i32.const -16))))
      (func (export "free") (param i32))
      (func (export "freed") (result i32) (global.get $freed))
      (func $new (export "counter_new") (param i32) (result i32)
        (global.set $last (call $malloc (i32.const 8)))
        (i32.store (global.get $last) (local.get 0)) (global.get $last))
      (func (export "counter_from_text") (param i32 i32) (result i32) (call $new (local.get 1)))
      (func $free (export "counter_free") (param i32) (global.set $freed (i32.add (global.get $freed) (i32.const 1))))
      (func (export "counter_last") (result i32) (global.get $last))
      (func (export "counter_none") (result i32) (i32.const 0))
      (func $add (export "counter_add") (param i32 i32) (result i32)
        (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (local.get 1))) (i32.load (local.get 0)))
      (func (export "counter_merge") (param i32 i32) (result i32)
        (if (i32.eqz (local.get 1)) (then (return (i32.const -1))))
        (call $add (local.get 0) (i32.load (local.get 1))))
      (func (export "counter_itself") (param i32) (result i32) (local.get 0))
      (func (export "counter_then") (param i32) (result i32) (i32.const 5))
      (func (export "counter_end") (param i32) (result i32) (i32.load (local.get 0)))
      (func (export "counter_spin") (param i32) (loop (br 0)))
      (func (export "counter_value") (param i32) (result i32) (i32.load (local.get 0)))
      (func (export "counter_get_mark") (param i32) (result i32) (i32.load offset=4 (local.get 0)))
      (func (export "counter_set_mark") (param i32 i32) (i32.store offset=4 (local.get 0) (local.get 1)))
      (func (export "absorb") (param i32 i32) (result i32)
        (drop (call $add (local.get 0) (i32.load (local.get 1)))) (call $free (local.get 1)) (local.get 0))
      (func (export "other_new") (result i32) (call $malloc (i32.const 4)))
      (func (export "other_free") (param i32))
      (func (export "sum") (param $at i32) (param $length i32) (result i32) (local $sum i32)
        (loop $next (if (local.get $length) (then
          (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (local.set $length (i32.sub (local.get $length) (i32.const 1)))
          (br $next))))
        (local.get $sum))
      (func (export "double") (param $at i32) (param $length i32)
        (loop $next (if (local.get $length) (then
          (f32.store (local.get $at) (f32.mul (f32.load (local.get $at)) (f32.const 2)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (local.set $length (i32.sub (local.get $length) (i32.const 1)))
          (br $next)))))
      (func (export "split") (param i32 i32 i32) (result i32)
        (i32.store (local.get 1) (i32.const 6)) (i32.store (local.get 2) (call $new (local.get 0))) (i32.const 5))
      (func (export "chars") (param $at i32) (param $capacity i32) (param $length i32) (param $seed i32) (result i32)
        (i32.store (local.get $seed) (i32.add (i32.load (local.get $seed)) (i32.const 1)))
        (i32.store (local.get $length) (i32.const 2))
        (i32.store16 (local.get $at) (i32.const 0x6261))
        (local.get $capacity))
      (func (export "spin") (loop (br 0)))
      (func (export "trap") unreachable))`,
    names: `(module (memory (export "memory") 1) (global $thens (mut i32) (i32.const 0))
      (func (export "__proto__") (result i32) (i32.const 1))
      (func (export "then") (result i32) (global.set $thens (i32.add (global.get $thens) (i32.const 1))) (i32.const 2))
      (func (export "constructor") (result i32) (i32.const 3))
      (func (export "") (result i32) (i32.const 4))
      (func (export "toString") (result i32) (i32.const 5))
      (func (export "hasOwnProperty") (result i32) (i32.const 6))
      (func (export "thens") (result i32) (global.get $thens))
      (func (export "malloc") (param i32) (result i32) (i32.const 1024))
      (func (export "free") (param i32))
      (func (export "difference") (param i32) (result i32)
        (i32.sub (i32.load (local.get 0)) (i32.load offset=4 (local.get 0))))
      (func (export "odd_new") (result i32) (i32.const 16))
      (func (export "odd_free") (param i32))
      (func (export "odd_get") (param i32) (result i32) (i32.add (local.get 0) (i32.const 7))))`,
    host: `(module
      (type $ask (func (param i32) (result i32))) (type $tell (func (param i32)))
      (import "env" "save" (func $save (param i32 i32 i32) (result i32)))
      (import "env" "log" (func $log (param i32 i32)))
      (import "env" "raw" (func $raw (param i32 i64 f64) (result f64)))
      (import "env" "wide" (func $wide (param i64) (result i64))) (export "wide" (func $wide))
      (import "env" "scale" (func $scale (param i32 i32)))
      (import "env" "fill" (func $fill (param i32 i32) (result i32)))
      (import "env" "any" (func $any (param externref) (result externref))) (export "any" (func $any))
      (import "env" "note" (func $note (param i32)))
      (import "env" "limit" (global $limit i32))
      (memory (export "memory") 1) (table (export "__indirect_function_table") 2 funcref)
      (global $top (mut i32) (i32.const 1024)) (global $steps (mut i32) (i32.const 0))
      (func (export "malloc") (param i32) (result i32) (global.get $top)
        (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get 0)) (i32.const 15)) (i32.const -16))))
      (func (export "free") (param i32))
      (data (i32.const 8) "hello")
      (func (export "limit") (result i32) (global.get $limit))
      (func (export "steps") (result i32) (global.get $steps))
      (func (export "save") (param i32) (result i32) (call $save (i32.const 8) (i32.const 5) (local.get 0)))
      (func (export "raw") (param i32 i64 f64) (result f64) (call $raw (local.get 0) (local.get 1) (local.get 2)))
      (func (export "scale") (result f32)
        (f32.store (i32.const 64) (f32.const 1.5)) (f32.store (i32.const 68) (f32.const 0.25))
        (call $scale (i32.const 64) (i32.const 2)) (f32.add (f32.load (i32.const 64)) (f32.load (i32.const 68))))
      (func (export "fill") (param $size i32) (result i32)
        (if (i32.gt_u (i32.add (local.get $size) (i32.const 1024)) (i32.mul (memory.size) (i32.const 65536)))
          (then (drop (memory.grow (i32.add (i32.div_u (local.get $size) (i32.const 65536)) (i32.const 1))))))
        (if (i32.ne (call $fill (i32.const 1024) (local.get $size)) (local.get $size)) (then (return (i32.const -1))))
        (i32.load8_u offset=1023 (local.get $size)))
      (func (export "say") (param $times i32)
        (loop $next
          (global.set $steps (i32.add (global.get $steps) (i32.const 1)))
          (call $log (i32.const 8) (i32.const 5))
          (call $note (local.get $times))
          (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
      (func (export "ask") (param $f i32) (param $x i32) (result i32)
        (global.set $steps (i32.add (global.get $steps) (i32.const 1)))
        (i32.add (call_indirect (type $ask) (local.get $x) (local.get $f))
          (call_indirect (type $ask) (i32.add (local.get $x) (i32.const 1)) (local.get $f))))
      (func (export "tell") (param $f i32) (param $times i32)
        (loop $next
          (global.set $steps (i32.add (global.get $steps) (i32.const 1)))
          (call_indirect (type $tell) (local.get $times) (local.get $f))
          (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
      (func (export "box_new") (param i32) (result i32) (local $at i32)
        (local.set $at (i32.and (global.get $top) (i32.const -4)))
        (global.set $top (i32.add (global.get $top) (i32.const 16)))
        (i32.store (local.get $at) (local.get 0)) (local.get $at))
      (func (export "box_free") (param i32))
      (func (export "box_value") (param i32) (result i32) (i32.load (local.get 0)))
      (func (export "pick") (param $f i32) (param $a i32) (result i32)
        (call_indirect (type $ask) (local.get $a) (local.get $f))))`,
    early: `(module (import "env" "log" (func $log (param i32))) (import "env" "ask" (func $ask (result i32)))
      (global $got (mut i32) (i32.const 0)) (func (export "got") (result i32) (global.get $got))
      (func $start (call $log (i32.const 1)) (global.set $got (call $ask))) (start $start))`,
    endless: `(module (func $start (loop (br 0))) (start $start))`,
    trapping: `(module (func $start unreachable) (start $start))`,
  };
  const values = await bindgen(
    `(func $make (param i32) (result i32) (local $at i32)
      (local.set $at (call $malloc (i32.const 4) (i32.const 4)))
      (i32.store (local.get $at) (local.get 0)) (local.get $at))
    (export "counter_new" (func $make))
    (func (export "__wbg_counter_free") (param i32 i32) (call $free (local.get 0) (i32.const 4) (i32.const 4)))
    (func (export "counter_value") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "some") (param i32) (result externref) (call $wrap (call $make (local.get 0))))
    (func (export "pair") (param i32) (result i32 i32) (local $at i32)
      (local.set $at (call $malloc (i32.const 8) (i32.const 4)))
      (i32.store (local.get $at) (call $slot (call $wrap (call $make (local.get 0)))))
      (i32.store offset=4 (local.get $at) (call $slot (call $wrap (call $make (i32.add (local.get 0) (i32.const 1))))))
      (local.get $at) (i32.const 2))
    (func (export "worth") (param externref) (result i32) (i32.load (call $unwrap (local.get 0))))
    (func (export "echo") (param externref) (result externref) (local.get 0))
    (func (export "wait") (param externref) (result externref) (local.get 0))
    (func (export "each") (param externref))`,
    externref,
    `(import "wbg" "__wbg_counter_new" (func $wrap (param i32) (result externref)))
    (import "wbg" "__wbg_counter_unwrap" (func $unwrap (param externref) (result i32)))
    (import "env" "later" (func $later (result externref))) (export "later" (func $later))
    (import "env" "function" (func $function (result externref))) (export "function" (func $function))`,
  );
  const assembled = await Promise.all(
    Object.entries(texts).map(async ([name, text]) => [name, await wat(text)] as const),
  );
  const stated = await bindgen(
    `(data (i32.const 1024) "stated")
    (func (export "text") (result externref) (call $cast (i32.const 1024) (i32.const 6)))
    (func (export "kept") (result i32) (call $store (i32.const 1024) (i32.const 6) (i32.const 40)))
    (func (export "told") (result f64) (call $log (i32.const 1024) (i32.const 6)) (call $now))`,
    externref,
    `(import "wbg" "__wbindgen_cast_0000000000000001" (func $cast (param i32 i32) (result externref)))
    (import "wbg" "__wbg_log_0000000000000001" (func $log (param i32 i32)))
    (import "wbg" "__wbg_now_0000000000000001" (func $now (result f64)))
    (import "env" "store" (func $store (param i32 i32 i32) (result i32)))`,
  );
  return { ...Object.fromEntries(assembled), values, mixed: await mixed(externref), stated };
}
