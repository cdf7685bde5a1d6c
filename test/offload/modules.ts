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
      (import "missing" "import" (func $missing (param i64)))
      (func (export "missing") (call $missing (i64.const 1)))
      (memory (export "memory") 1) (data (i32.const 8) "from memory")
      (func (export "spin") (loop (br 0)))
      (func (export "trap") unreachable))`,
    endless: `(module (func $start (loop (br 0))) (start $start))`,
    trapping: `(module (func $start unreachable) (start $start))`,
  };
  return Object.fromEntries(
    await Promise.all(Object.entries(texts).map(async ([name, text]) => [name, await wat(text)] as const)),
  );
}
