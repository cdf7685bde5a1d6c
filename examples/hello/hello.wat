;; const char *greet(const char *name);
;; Returns "Hello, <name>!" in a buffer that the next call overwrites. It takes at most 200 bytes of the name.
(module
  (memory (export "memory") 1)
  (data (i32.const 16) "Hello, ")
  (global $top (mut i32) (i32.const 1024))

  ;; A stack of allocations: freeing one frees all that came after it.
  (func (export "malloc") (param $size i32) (result i32)
    (local $address i32)
    (local.set $address (global.get $top))
    (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get $size)) (i32.const 7)) (i32.const -8)))
    (local.get $address))
  (func (export "free") (param $address i32)
    (global.set $top (local.get $address)))

  (func (export "greet") (param $name i32) (result i32)
    (local $length i32)
    (local $byte i32)
    (block $end
      (loop $next
        (local.set $byte (i32.load8_u (i32.add (local.get $name) (local.get $length))))
        (br_if $end (i32.or (i32.eqz (local.get $byte)) (i32.eq (local.get $length) (i32.const 200))))
        (i32.store8 (i32.add (i32.const 23) (local.get $length)) (local.get $byte))
        (local.set $length (i32.add (local.get $length) (i32.const 1)))
        (br $next)))
    ;; "!" and the terminating zero.
    (i32.store16 (i32.add (i32.const 23) (local.get $length)) (i32.const 0x21))
    (i32.const 16)))
