/** Modules in the text format, one for each feature that wabt can assemble. */
export const texts: Readonly<Record<string, string>> = {
  empty: `(module)`,
  "a function of each number type": `(module
    (func (export "i") (param i32) (result i32) (local.get 0))
    (func (export "j") (param i64) (result i64) (local.get 0))
    (func (export "f") (param f32) (result f32) (local.get 0))
    (func (export "d") (param f64) (result f64) (local.get 0))
    (func (export "all") (param i32 i64 f32 f64)))`,
  "imports of every kind": `(module
    (import "env" "log" (func (param i32 i32)))
    (import "env" "table" (table 1 10 funcref))
    (import "env" "memory" (memory 1 100))
    (import "env" "constant" (global i32))
    (import "env" "variable" (global (mut i64)))
    (import "env" "thrown" (tag (param i32 f64)))
    (export "log" (func 0)) (export "table" (table 0)) (export "memory" (memory 0))
    (export "constant" (global 0)) (export "variable" (global 1)) (export "thrown" (tag 0)))`,
  "exports of every kind": `(module
    (memory (export "memory") 1) (table (export "table") 2 funcref)
    (global (export "constant") i32 (i32.const 7)) (global (export "variable") (mut f64) (f64.const 0.5))
    (tag (export "thrown") (param i32)) (func (export "run")))`,
  "an item with many names": `(module
    (func $f (export "a") (export "b") (export "c") (result i32) (i32.const 1))
    (export "d" (func $f)) (memory (export "m") (export "n") 0 0))`,
  "names that mean something to JavaScript": `(module
    (import "__proto__" "constructor" (func)) (import "" "" (func)) (import "then" "toString" (func (result i32)))
    (func (export "__proto__")) (func (export "constructor")) (func (export "then")) (func (export ""))
    (global (export "length") i32 (i32.const 0)))`,
  "names beyond ASCII": `(module
    (import "\\c3\\a9t\\c3\\a9" "\\e2\\82\\ac" (func)) (import "\\f0\\9f\\8d\\80" "\\ef\\bb\\bfbom" (func))
    (func (export "\\e6\\97\\a5\\e6\\9c\\ac")) (func (export "a\\00b")) (func (export "\\ed\\9f\\bf")))`,
  "one import several times": `(module
    (import "env" "f" (func)) (import "env" "f" (func (param i32))) (import "env" "f" (global i32))
    (import "env" "f" (func)) (func (export "f")))`,
  "a start function": `(module (import "env" "log" (func)) (func $start (call 0)) (start $start))`,
  "tables with elements": `(module
    (table $t (export "t") 8 8 funcref) (func $f) (func $g)
    (elem (i32.const 0) $f $g) (elem func $f) (elem declare func $g)
    (elem (table $t) (offset (i32.const 4)) funcref (ref.func $f) (ref.null func)))`,
  "data of every form": `(module
    (memory (export "memory") 1 2) (data (i32.const 8) "text") (data "passive")
    (func (export "init") (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 4)) (data.drop 1)))`,
  references: `(module
    (import "env" "r" (global externref)) (table (export "t") 1 externref)
    (global $f (export "f") funcref (ref.null func)) (global (export "e") (mut externref) (ref.null extern))
    (global (export "own") funcref (ref.func $pass))
    (func $pass (export "pass") (param externref funcref) (result funcref externref) (local.get 1) (local.get 0)))`,
  "several results": `(module
    (func (export "swap") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
    (func (export "five") (result i32 i64 f32 f64 i32)
      (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (i32.const 5)))`,
  vectors: `(module
    (global (export "v") v128 (v128.const i32x4 1 2 3 4))
    (func (export "splat") (param i32) (result v128) (i32x4.splat (local.get 0))))`,
  "shared memory": `(module (import "env" "memory" (memory 1 4 shared)) (memory $two (export "own") 2 2 shared))`,
  "one shared memory": `(module (memory (export "memory") 1 4 shared)
    (func (export "add") (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))`,
  tags: `(module
    (import "env" "e" (tag (param i32))) (tag $own (export "own") (param i64 f32)) (tag (export "bare"))
    (func (export "fail") (throw $own (i64.const 1) (f32.const 2))))`,
  "tail calls": `(module (func $f (export "f") (param i32) (result i32) (return_call $f (local.get 0))))`,
  "extended constants": `(module
    (import "env" "base" (global $base i32)) (memory 1)
    (global (export "sum") i32 (i32.add (global.get $base) (i32.mul (i32.const 4) (i32.const 6))))
    (global (export "long") i64 (i64.sub (i64.const -9223372036854775808) (i64.const 1)))
    (data (i32.add (global.get $base) (i32.const 8)) "x"))`,
  "a 64-bit memory": `(module (memory (export "memory") i64 1 65536) (func (export "size") (result i64) (memory.size)))`,
  "an imported 64-bit memory": `(module (import "env" "memory" (memory i64 1)) (export "memory" (memory 0)))`,
  "several memories": `(module
    (import "env" "a" (memory 1)) (memory $b (export "b") 2 3) (memory (export "c") 0)
    (func (export "load") (result i32) (i32.load $b (i32.const 0))))`,
  "a large limit": `(module (memory (export "memory") 0 65536) (table (export "table") 0 4294967295 funcref))`,
  "sign extension and saturation": `(module
    (func (export "f") (param f32) (result i32) (i32.extend8_s (i32.trunc_sat_f32_s (local.get 0)))))`,
  "constants of many bytes": `(module
    (global (export "a") i32 (i32.const -2147483648)) (global (export "b") i64 (i64.const 9223372036854775807))
    (global (export "c") f32 (f32.const nan)) (global (export "d") f64 (f64.const -inf))
    (global (export "e") i32 (i32.const 127)) (global (export "f") i32 (i32.const 128)))`,
  "what C compilers export": `(module
    (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 2) (table (export "__indirect_function_table") 1 1 funcref)
    (global $__stack_pointer (mut i32) (i32.const 66560)) (global (export "__heap_base") i32 (i32.const 66560))
    (func (export "_initialize")) (func (export "malloc") (param i32) (result i32) (i32.const 0))
    (func (export "free") (param i32)))`,
};
