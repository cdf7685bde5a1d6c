import { assemble, exported, functionType, i32, sections } from "../reflect/assemble.ts";
import { wat } from "../wat.ts";

/** Modules with a feature of the engine, each with functions that use it. */
export const modules = {
  "64-bit memory": await wat(`(module
    (memory (export "memory") i64 1 200000)
    (func (export "next") (param i64) (result i64) (i64.add (local.get 0) (i64.const 1)))
    (func (export "size") (result i64) (memory.size))
    (func (export "store") (param i64 i32) (i32.store (local.get 0) (local.get 1))))`),
  "64-bit tables": await wat(`(module
    (type $f (func (result i32)))
    (table (export "table") i64 2 4 funcref)
    (elem (i64.const 1) func $seven)
    (func $seven (result i32) (i32.const 7))
    (func (export "call") (param i64) (result i32) (call_indirect (type $f) (local.get 0))))`),
  "shared memory": await wat(`(module
    (memory (export "memory") 1 2 shared)
    (func (export "add") (param i32 i32) (result i32) (i32.atomic.rmw.add (local.get 0) (local.get 1))))`),
  "several memories": await wat(`(module
    (memory $a (export "a") 1) (memory $b (export "b") 2)
    (func (export "copy") (param i32 i32 i32) (memory.copy $a $b (local.get 0) (local.get 1) (local.get 2))))`),
  "legacy exceptions": await wat(`(module
    (tag $fault (export "fault") (param i32 f64))
    (memory (export "memory") 1)
    (data (i32.const 42) "out of cheese")
    (func (export "throws") (param i32) (throw $fault (local.get 0) (f64.const 0.5)))
    (func (export "catches") (param i32) (result i32)
      (try (result i32) (do (throw $fault (local.get 0) (f64.const 1))) (catch $fault (drop)))))`),
  "exceptions with references": await wat(`(module
    (tag $fault (export "fault") (param i32))
    (memory (export "memory") 1)
    (data (i32.const 42) "out of cheese")
    (func (export "throws") (param i32) (throw $fault (local.get 0)))
    (func (export "catches") (param i32) (result i32)
      (block $caught (result i32)
        (try_table (catch $fault $caught) (throw $fault (local.get 0)))
        (unreachable))))`),
  SIMD: await wat(`(module
    (memory (export "memory") 1)
    (func (export "sum") (param i32) (result i32)
      (local $sums v128)
      (local.set $sums (i32x4.add (v128.load (local.get 0)) (v128.load offset=16 (local.get 0))))
      (i32.add (i32x4.extract_lane 0 (local.get $sums)) (i32x4.extract_lane 3 (local.get $sums)))))`),
  "relaxed SIMD": await wat(`(module
    (func (export "fused") (param f32) (result f32)
      (f32x4.extract_lane 0 (f32x4.relaxed_madd (f32x4.splat (local.get 0)) (f32x4.splat (f32.const 2)) (f32x4.splat (f32.const 1))))))`),
  // One page of one byte, at most 100.
  "custom page sizes": assemble(
    sections.type(functionType([i32], [i32])),
    sections.function([0]),
    sections.memory([0x09, 1, 100, 0]),
    sections.export(exported("memory", 2), exported("grow", 0)),
    sections.code([6, 0, 0x20, 0, 0x40, 0, 0x0b]),
  ),
} as const;

/** A feature that a module shows. */
export type Feature = keyof typeof modules;

/**
 * Returns whether this engine has a feature.
 *
 * @param feature - The feature.
 */
export const has = (feature: Feature): boolean => WebAssembly.validate(modules[feature]);
