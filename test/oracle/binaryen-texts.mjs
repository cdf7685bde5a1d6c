/** Modules with newer features than wabt can assemble, in the text format. `make-binaryen.mjs` assembles them. */
export const binaryenTexts = {
  structs: `(module
    (type $point (struct (field $x f64) (field $y (mut f64)) (field i8) (field (mut i16))))
    (import "env" "p" (global $p (ref null $point)))
    (func (export "x") (param (ref $point)) (result f64) (struct.get $point $x (local.get 0)))
    (global (export "made") (ref $point)
      (struct.new $point (f64.const 1) (f64.const 2) (i32.const 3) (i32.const 4)))
    (global (export "zeroed") (mut (ref null $point)) (struct.new_default $point)))`,
  arrays: `(module
    (type $bytes (array (mut i8))) (type $words (array i32)) (type $lists (array (mut (ref null $bytes))))
    (global (export "fixed") (ref $words) (array.new_fixed $words 3 (i32.const 1) (i32.const 2) (i32.const 300)))
    (global (export "filled") (ref $bytes) (array.new $bytes (i32.const 7) (i32.const 16)))
    (global (export "empty") (ref $lists) (array.new_default $lists (i32.const 2)))
    (func (export "length") (param (ref null $bytes) (ref null array)) (result i32) (array.len (local.get 0))))`,
  "recursive types": `(module
    (rec (type $tree (sub (struct (field (ref null $tree)) (field (ref null $forest)))))
         (type $forest (array (mut (ref null $tree))))
         (type $visit (func (param (ref $tree) (ref null $visit)) (result (ref null $forest)))))
    (import "env" "visit" (func $given (type $visit)))
    (func (export "own") (type $visit) (unreachable)) (export "given" (func $given))
    (table (export "table") 1 4 (ref null $visit)))`,
  subtypes: `(module
    (type $base (sub (struct (field i32)))) (type $mid (sub $base (struct (field i32) (field i64))))
    (type $leaf (sub final $mid (struct (field i32) (field i64) (field (ref null $base)))))
    (type $call (sub (func (param (ref $leaf)) (result (ref $base)))))
    (func (export "up") (type $call) (local.get 0))
    (global (export "g") (ref null $mid) (ref.null none)))`,
  "abstract heap types": `(module
    (func (export "nullable") (param anyref eqref i31ref structref arrayref funcref externref))
    (func (export "bottoms") (param nullref nullfuncref nullexternref))
    (func (export "given") (param (ref any) (ref eq) (ref i31) (ref struct) (ref array) (ref func) (ref extern)))
    (func (export "none") (result (ref none)) (unreachable))
    (global (export "a") anyref (ref.null none)) (global (export "b") (ref i31) (ref.i31 (i32.const 5)))
    (table (export "t") 3 anyref) (table (export "u") 1 i31ref))`,
  "conversions in constants": `(module
    (import "env" "x" (global $x externref))
    (global (export "any") anyref (any.convert_extern (global.get $x)))
    (global (export "extern") externref (extern.convert_any (ref.i31 (i32.const -1)))))`,
  "typed function references": `(module
    (type $f (func (param i32) (result i32))) (import "env" "taken" (func (param (ref $f) (ref null $f))))
    (func $own (export "own") (type $f) (local.get 0))
    (table (export "table") 2 (ref $f) (ref.func $own)) (global (export "g") (ref $f) (ref.func $own)))`,
  "exception references": `(module
    (import "env" "e" (tag $e (param i32))) (tag (export "own") (param externref (ref null any)))
    (global (export "g") exnref (ref.null noexn)) (table (export "t") 1 exnref)
    (func (export "catch") (result i32 exnref)
      (block $caught (result i32 exnref) (try_table (catch_ref $e $caught) (throw $e (i32.const 1))) (unreachable))))`,
  "64-bit memories and tables": `(module
    (import "env" "m" (memory i64 1 16)) (import "env" "t" (table i64 2 8 funcref))
    (memory (export "own") i64 0 281474976710656) (table (export "o") i64 1 externref)
    (func (export "f") (param i64) (result i32) (i32.load (local.get 0))))`,
  "several memories": `(module
    (import "env" "a" (memory 1 2)) (memory (export "b") 0) (memory (export "c") i64 3 4)
    (memory (export "d") 1 1 shared))`,
  "pages of one byte": `(module (memory (export "m") 100 1000 (pagesize 1)) (memory (export "n") i64 5 (pagesize 1)))`,
  "tags of every type": `(module
    (type $s (struct)) (import "env" "d" (tag (param externref)))
    (tag (export "a")) (tag (export "b") (param i32 i64 f32 f64 v128))
    (tag (export "c") (param (ref null $s) (ref $s))))`,
  continuations: `(module
    (type $f (func (param i32) (result i32))) (type $c (cont $f))
    (import "env" "g" (func (param nullcontref))) (func (export "f") (param (ref null $c) (ref $c) contref))
    (global (export "n") (ref null $c) (ref.null nocont)))`,
  "exact types": `(module
    (type $s (struct (field i32))) (type $f (func (param (ref (exact $s))) (result (ref null (exact $s)))))
    (import "env" "f" (func $f (exact (type $f)))) (export "f" (func $f))
    (global (export "g") (ref (exact $s)) (struct.new $s (i32.const 1))))`,
  descriptors: `(module
    (rec (type $object (descriptor $meta) (struct (field i32))) (type $meta (describes $object) (struct (field i32))))
    (global $meta (ref (exact $meta)) (struct.new $meta (i32.const 3)))
    (global (export "o") (ref $object) (struct.new_desc $object (i32.const 1) (global.get $meta)))
    (func (export "f") (param (ref null $object) (ref null $meta))))`,
  "shared types": `(module
    (type $s (shared (struct (field (mut i32))))) (type $a (shared (array i8)))
    (func (export "f") (param (ref null $s) (ref $a) (ref null (shared any)) (ref (shared i31))))
    (global (export "g") (ref null (shared eq)) (ref.null (shared none))))`,
  strings: `(module (func (export "f") (param stringref) (result stringref) (local.get 0)))`,
  "all in one": `(module
    (rec (type $node (sub (struct (field (ref null $node)) (field (mut i32)) (field (ref null $make)))))
         (type $make (func (param i32) (result (ref $node)))))
    (import "a" "make" (func $make (type $make))) (import "a" "memory" (memory 1 2)) (import "a" "e" (tag (param i32)))
    (import "a" "g" (global (mut (ref null $node))))
    (table $t (export "t") 4 8 (ref null $make)) (memory (export "m") 0)
    (global (export "n") (ref $node) (struct.new $node (ref.null none) (i32.const 4) (ref.null nofunc)))
    (func (export "f") (type $make) (return_call $make (local.get 0)))
    (elem (table $t) (i32.const 0) (ref null $make) (ref.func $make) (ref.null nofunc)) (data (i32.const 0) "x")
    (start $begin) (func $begin))`,
};
