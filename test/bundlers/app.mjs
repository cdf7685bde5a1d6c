// The modules that the programs and pages load.
import wabt from "wabt";

/** The address of a module that exports `add`. */
export const adding = "data:application/wasm;base64,AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABags=";

/**
 * Assembles a module that imports a function and its memory, has an allocator and a table, and is too long for a bundler
 * to inline it.
 *
 * @returns {Promise<Uint8Array>} Its bytes.
 */
export async function assembleApp() {
  const module = (await wabt()).parseWat("app.wat", text);
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

const text = `(module
  (type $binary (func (param i32 i32) (result i32)))
  (import "env" "log" (func $log (param i32 i32)))
  (import "env" "memory" (memory 1))
  (table (export "table") 1 funcref)
  (global $top (mut i32) (i32.const 16384))
  (data (i32.const 1024) "${"unglue ".repeat(1200)}")

  (func (export "malloc") (param $size i32) (result i32)
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (local.get $size))))
  (func (export "free") (param i32))

  (func (export "apply") (param $function i32) (param $a i32) (param $b i32) (result i32)
    (call_indirect (type $binary) (local.get $a) (local.get $b) (local.get $function)))

  (; Makes ASCII letters capitals, in place, and logs the text. ;)
  (func (export "shout") (param $address i32) (param $length i32)
    (local $at i32) (local $byte i32)
    (local.set $at (local.get $address))
    (loop $next
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 97)) (i32.const 26))
        (then (i32.store8 (local.get $at) (i32.sub (local.get $byte) (i32.const 32)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (i32.add (local.get $address) (local.get $length)))))
    (call $log (local.get $address) (local.get $length))))`;
