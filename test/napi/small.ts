import { wat } from "../wat.ts";

/** The functions and the class of the small addon. */
export interface Small {
  answer(): number;
  fail(): never;
  later(): Promise<unknown>;
  Thing: new () => { broken(): never };
}

/** An addon that registers functions which answer, trap, and trap later, and a class with a method that traps. */
export const small = await wat(`(module
  (import "env" "napi_create_function" (func $create (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "env" "napi_set_named_property" (func $set (param i32 i32 i32 i32) (result i32)))
  (import "env" "napi_define_class" (func $class (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "env" "napi_create_int32" (func $number (param i32 i32 i32) (result i32)))
  (import "env" "napi_create_promise" (func $promise (param i32 i32 i32) (result i32)))
  (import "env" "napi_create_string_utf8" (func $string (param i32 i32 i32 i32) (result i32)))
  (import "env" "napi_create_async_work" (func $work (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "env" "napi_queue_async_work" (func $queue (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table (export "__indirect_function_table") 8 funcref)
  (elem (i32.const 1) $answer $fail $later $execute $complete $answer $broken)
  (data (i32.const 100) "answer\\00fail\\00\\00\\00later\\00\\00Thing\\00\\00broken\\00")
  ;; napi_property_descriptor of the method broken.
  (data (i32.const 200) "\\80\\00\\00\\00\\00\\00\\00\\00\\07\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00")
  (global $next (mut i32) (i32.const 1024))
  (func (export "malloc") (param i32) (result i32)
    (global.get $next) (global.set $next (i32.add (global.get $next) (i32.const 64))))
  (func (export "free") (param i32))
  (func $answer (param i32 i32) (result i32)
    (drop (call $number (local.get 0) (i32.const 42) (i32.const 16))) (i32.load (i32.const 16)))
  (func $fail (param i32 i32) (result i32) unreachable)
  (func $broken (param i32 i32) (result i32) unreachable)
  (func $execute (param i32 i32) unreachable)
  (func $complete (param i32 i32 i32))
  (func $later (param i32 i32) (result i32)
    (drop (call $promise (local.get 0) (i32.const 20) (i32.const 24)))
    (drop (call $string (local.get 0) (i32.const 100) (i32.const 6) (i32.const 28)))
    (drop (call $work (local.get 0) (i32.const 0) (i32.load (i32.const 28)) (i32.const 4) (i32.const 5) (i32.const 0) (i32.const 32)))
    (drop (call $queue (local.get 0) (i32.load (i32.const 32))))
    (i32.load (i32.const 24)))
  (func $define (param $env i32) (param $exports i32) (param $name i32) (param $index i32)
    (drop (call $create (local.get $env) (local.get $name) (i32.const -1) (local.get $index) (i32.const 0) (i32.const 16)))
    (drop (call $set (local.get $env) (local.get $exports) (local.get $name) (i32.load (i32.const 16)))))
  (func (export "napi_register_wasm_v1") (param $env i32) (param $exports i32) (result i32)
    (call $define (local.get $env) (local.get $exports) (i32.const 100) (i32.const 1))
    (call $define (local.get $env) (local.get $exports) (i32.const 107) (i32.const 2))
    (call $define (local.get $env) (local.get $exports) (i32.const 114) (i32.const 3))
    (drop (call $class (local.get $env) (i32.const 121) (i32.const 5) (i32.const 6) (i32.const 0) (i32.const 1) (i32.const 200) (i32.const 16)))
    (drop (call $set (local.get $env) (local.get $exports) (i32.const 121) (i32.load (i32.const 16))))
    (local.get $exports)))`);
