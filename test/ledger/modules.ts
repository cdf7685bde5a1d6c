import { wat } from "../wat.ts";

/**
 * A module with a real allocator: what is freed is given again, the last first, where it is large enough. It has `malloc`
 * and `free`; `frees` counts the calls of the latter. `eat` frees what it is passed, and `give` allocates for the caller.
 */
export const reusing = await wat(`(module
  (memory (export "memory") 1 100)
  (global $top (mut i32) (i32.const 1024))
  (global $free (mut i32) (i32.const 0))
  (global $frees (export "frees") (mut i32) (i32.const 0))
  ;; Each block has eight bytes before it: its size, and the next free block.
  (func $malloc (export "malloc") (param $size i32) (result i32)
    (local $before i32) (local $block i32)
    (local.set $size (i32.and (i32.add (local.get $size) (i32.const 15)) (i32.const -8)))
    (local.set $block (global.get $free))
    (block $none (loop $next
      (br_if $none (i32.eqz (local.get $block)))
      (if (i32.ge_u (i32.load (local.get $block)) (local.get $size)) (then
        (if (local.get $before)
          (then (i32.store offset=4 (local.get $before) (i32.load offset=4 (local.get $block))))
          (else (global.set $free (i32.load offset=4 (local.get $block)))))
        (return (i32.add (local.get $block) (i32.const 8)))))
      (local.set $before (local.get $block))
      (local.set $block (i32.load offset=4 (local.get $block)))
      (br $next)))
    (local.set $block (global.get $top))
    (global.set $top (i32.add (global.get $top) (i32.add (local.get $size) (i32.const 8))))
    (block $fits (loop $more
      (br_if $fits (i32.le_u (global.get $top) (i32.mul (memory.size) (i32.const 65536))))
      (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (return (i32.const 0))))
      (br $more)))
    (i32.store (local.get $block) (local.get $size))
    (i32.add (local.get $block) (i32.const 8)))
  (func $release (export "free") (param $address i32)
    (global.set $frees (i32.add (global.get $frees) (i32.const 1)))
    (i32.store offset=4 (i32.sub (local.get $address) (i32.const 8)) (global.get $free))
    (global.set $free (i32.sub (local.get $address) (i32.const 8))))
  (func (export "eat") (param i32) (call $release (local.get 0)))
  (func (export "give") (param i32) (result i32) (call $malloc (local.get 0))))`);

/** The exports of {@link reusing}. */
export interface Reusing {
  readonly frees: WebAssembly.Global;
  malloc(size: number): number;
  free(address: number): void;
  eat(address: number): void;
  give(size: number): number;
}

/** A module whose function that frees takes size and alignment, as wasm-bindgen's does. Nothing is given again. */
export const sized = await wat(`(module
  (memory (export "memory") 10)
  (global $top (mut i32) (i32.const 1024))
  (global $frees (export "frees") (mut i32) (i32.const 0))
  (func (export "__wbindgen_malloc") (param $size i32) (param $align i32) (result i32)
    ;; No bytes need no place of their own.
    (if (i32.eqz (local.get $size)) (then (return (local.get $align))))
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (i32.and (i32.add (local.get $size) (i32.const 7)) (i32.const -8)))))
  (func (export "__wbindgen_free") (param i32 i32 i32)
    (global.set $frees (i32.add (global.get $frees) (i32.const 1)))))`);

/** A module whose allocator traps for 666 bytes and has null for 0 and 65,536, and whose function that frees traps. */
export const trapping = await wat(`(module
  (memory (export "memory") 1)
  (func (export "malloc") (param i32) (result i32)
    (if (i32.eq (local.get 0) (i32.const 666)) (then unreachable))
    (select (i32.const 0) (i32.const 656) (i32.eqz (i32.and (local.get 0) (i32.const 65535)))))
  (func (export "free") (param i32) unreachable))`);
