import { readFileSync } from "node:fs";
import { addonBytes } from "./napi/addons.ts";
import { wat } from "./wat.ts";

/**
 * Modules that stand in for the reader's own, which the documentation names by a relative path: their text by page and path,
 * a file of the repository, or an addon that npm fetches.
 */
const texts: { readonly [page: string]: { readonly [path: string]: string } } = {
  "docs/sources.md": {
    "./app.wasm": `(module (memory (export "memory") 1))`,
    "./tenant.wasm": `(module (memory (export "memory") 1))`,
  },
  "docs/imports.md": {
    "./app.wasm": `(module
      (import "env" "log" (func $log (param i32 i32)))
      (import "env" "log_error" (func (param i32)))
      (import "env" "now" (func (result f64)))
      (memory (export "memory") 1)
      (func (export "run") (call $log (i32.const 0) (i32.const 0))))`,
    "./llhttp.wasm": `(module
      (import "env" "wasm_on_url" (func $url (param i32 i32 i32) (result i32)))
      (import "env" "wasm_on_body" (func (param i32 i32 i32) (result i32)))
      (func (export "parse") (result i32) (call $url (i32.const 0) (i32.const 0) (i32.const 0))))`,
    "./reactor.wasm": reactor(),
    "./strings.wasm": `(module
      (import "wasm:js-string" "test" (func $test (param externref) (result i32)))
      (import "_" "hello, world" (global $greeting externref))
      (func (export "greeting") (param externref) (result externref)
        (drop (call $test (local.get 0))) (global.get $greeting)))`,
  },
  "docs/host-functions.md": {
    "./tenant.wasm": `(module
      (import "env" "log" (func $log (param i32 i32 i32)))
      (import "env" "get" (func $get (param i32 i32 i32 i32) (result i32)))
      (import "env" "store" (func $store (param i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 16) "starting") (data (i32.const 32) "mode")
      (func (export "run") (result i32) (local $length i32)
        (call $log (i32.const -1) (i32.const 16) (i32.const 8))
        (local.set $length (call $get (i32.const 32) (i32.const 4) (i32.const 64) (i32.const 16)))
        (if (i32.le_s (local.get $length) (i32.const 0)) (then (return (local.get $length))))
        (call $store (i32.const 64) (local.get $length) (i32.const -1))))`,
  },
  "docs/asynchronous.md": {
    "./counter_bg.wasm": "test/fixtures/members/members.wasm",
  },
  "docs/declaration-files.md": {
    "./math.wasm": `(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))`,
  },
  "docs/traps.md": {
    "./app.wasm": `(module (func $parse unreachable) (func (export "run") (param i32) (result i32) (call $parse) (i32.const 1)))`,
    "./counter.wasm": `(module
      (import "env" "log" (func $log (param i32 i32)))
      (memory (export "memory") 1)
      (global $count (mut i32) (i32.const 0))
      (func (export "set") (param i32) (global.set $count (local.get 0)))
      (func (export "increment") (result i32)
        (call $log (i32.const 0) (i32.const 0))
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (global.get $count)))`,
  },
  "docs/from-a-loader.md": { "./realm_bg.wasm": "test/fixtures/realm/built/0.2.92-web.wasm" },
  "docs/pools.md": {
    "./render.wasm": `(module
      (func (export "render") (param i32) (result i32) (local.get 0))
      (func (export "parse") (result i32) (i32.const 1))
      (func (export "reset")))`,
    "./tenant.wasm": `(module (memory (export "memory") 1) (table (export "table") 1 funcref))`,
  },
  "docs/workers.md": {
    "./math.wasm": `(module
      (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))`,
    "./scales.wasm": `(module
      (memory (export "memory") 32)
      (global $top (mut i32) (i32.const 1024))
      (func $malloc (export "malloc") (param i32) (result i32)
        (global.get $top)
        (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get 0)) (i32.const 15)) (i32.const -16))))
      (func (export "free") (param i32))
      (func (export "scales_new") (result i32) (call $malloc (i32.const 8)))
      (func (export "scales_free") (param i32))
      (func (export "scales_weigh") (param i32 i32 i32) (result i32) (local.get 2)))`,
    "./app.wasm": `(module
      (import "env" "log" (func (param i32 i32)))
      (import "env" "debug_mark" (func))
      (memory (export "memory") 1))`,
    "./generator.wasm": `(module
      (memory (export "memory") 1) (table (export "__indirect_function_table") 1 funcref)
      (global $top (mut i32) (i32.const 1024))
      (func (export "malloc") (param i32) (result i32)
        (global.get $top)
        (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get 0)) (i32.const 15)) (i32.const -16))))
      (func (export "free") (param i32))
      (func (export "generate") (param i32 i32 i32) (result i32) (local $token i32)
        (loop $next
          (call_indirect (param i32) (local.tee $token (i32.add (local.get $token) (i32.const 1))) (local.get 2))
          (br_if $next (i32.lt_u (local.get $token) (i32.const 3))))
        (local.get $token)))`,
    "./model.wasm": `(module
      (import "env" "log" (func $log (param i32 i32)))
      (import "env" "fetch_model" (func $fetch (param i32 i32 i32) (result i32)))
      (import "env" "get_factor" (func (param i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 8) "loading")
      (func (export "load") (param i32) (result i32)
        (call $log (i32.const 8) (i32.const 7))
        (call $fetch (local.get 0) (i32.const 64) (i32.const 1024))))`,
  },
  "docs/memory.md": {
    "./app.wasm": `(module
      (memory (export "memory") 1)
      (global $top (mut i32) (i32.const 1024))
      (func $malloc (export "malloc") (param i32) (result i32)
        (global.get $top)
        (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get 0)) (i32.const 15)) (i32.const -16))))
      (func (export "free") (param i32))
      (func (export "fill") (param i32 i32))
      (func (export "count") (param i32 i32) (result i32) (local.get 1))
      (func (export "sort") (param i32 i32 i32)))`,
  },
  "docs/napi.md": { "./crc32.wasm32-wasi.wasm": "addon crc32" },
  "docs/wasi.md": {
    "./words.wasm": "test/fixtures/wasi/program.wasm",
    "./tool.wasm": "test/fixtures/wasi/command.wasm",
    "./library.wasm": "test/fixtures/wasi/reactor.wasm",
    "./reactor.wasm": reactor(),
  },
  "docs/go.md": { "./reactor.wasm": reactor() },
  "docs/assemblyscript.md": { "./script.wasm": "test/fixtures/assemblyscript/values.wasm" },
  "docs/other-toolchains.md": { "./library.wasm": adder() },
  "docs/emscripten.md": {
    "./library.wasm": `(module
      (import "env" "__syscall_openat" (func (param i32 i32 i32 i32) (result i32)))
      (import "env" "emscripten_resize_heap" (func (param i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
      (memory (export "memory") 1))`,
  },
};

/**
 * The modules for a page of the documentation.
 *
 * @param page - Its path.
 * @returns The bytes by relative path; empty for a page without any.
 */
export async function modulesFor(page: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const modules = new Map<string, Uint8Array>();
  for (const [path, text] of Object.entries(texts[page] ?? {})) {
    const [, addon] = /^addon (\w+)$/.exec(text) ?? [];
    const bytes = addon === undefined ? undefined : await addonBytes(addon);
    modules.set(path, bytes ?? (text.endsWith(".wasm") ? readFileSync(text) : await wat(text)));
  }
  return modules;
}

/** Whether every module that a program names by a relative path is at hand. */
export function hasModules(page: string, program: string): boolean {
  const paths = [...program.matchAll(/"(\.?\/?[\w./-]*\.wasm)"/g)].map(([, path = ""]) => path);
  const isAtHand = (path: string): boolean => Object.hasOwn(texts[page] ?? {}, path);
  return (
    paths.every(isAtHand) &&
    (paths.length > 0 || (program.includes("https://example.com/app.wasm") && isAtHand("./app.wasm")))
  );
}

function reactor(): string {
  return `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\\08\\00\\00\\00\\06\\00\\00\\00hello\\0a")
    (func (export "_initialize"))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "print") (result i32) (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16))))`;
}

function adder(): string {
  return `(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))`;
}
