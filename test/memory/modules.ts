import wabt from "wabt";
import { inspect } from "../reflect/reader.ts";
import { type Allocator, createMemory, findAllocator, type MemoryContext } from "../../src/memory/index.ts";
import { allocators } from "../../src/toolchains/registry.ts";
import type { AllocatorNames, Memory } from "../../src/public/index.ts";

/** An instance whose memory is wrapped, and what its imports `env.called` were passed. */
export interface Loaded {
  readonly memory: Memory;
  readonly raw: WebAssembly.Memory;
  readonly exports: Record<string, (...args: (number | bigint)[]) => number | bigint>;
  readonly allocator: () => Allocator;
  /** The arguments that the module passed to `env.called`, call by call. */
  readonly calls: (number | bigint)[][];
}

/** How {@link load} makes an instance. */
export interface LoadOptions extends Partial<Omit<MemoryContext, "allocator">> {
  readonly names?: AllocatorNames;
  /** Stands in for the import `env.called`. */
  readonly called?: (...args: number[]) => void;
  /** Whether the types are known. Default true. */
  readonly typed?: boolean;
}

const features = { threads: true, multi_value: true, bulk_memory: true, reference_types: true, memory64: true };

/** Instantiates a module of the text format that exports `memory`, and may import `env.called`. */
export async function load(
  text: string,
  { names, called, typed = true, ...context }: LoadOptions = {},
): Promise<Loaded> {
  const module = (await wabt()).parseWat("test.wat", text, features);
  const bytes = new Uint8Array(module.toBinary({}).buffer);
  module.destroy();
  const complete = inspect(bytes);
  const shape = typed
    ? complete
    : { ...complete, complete: false, exports: complete.exports.map(({ name, kind }) => ({ name, kind })) };
  const calls: (number | bigint)[][] = [];
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { called: (...args: number[]) => (calls.push(args), called?.(...args)) },
  });
  const raw = instance.exports.memory as WebAssembly.Memory;
  let allocator: Allocator | undefined;
  const find = () => (allocator ??= findAllocator(instance.exports, shape, names, allocators));
  const type = shape.memories[0]!;
  const memory = createMemory(raw, { ...(typed && { type }), ...context, allocator: find });
  return { memory, raw, exports: instance.exports as Loaded["exports"], allocator: find, calls };
}

/**
 * A module with an allocator that only goes forward and grows the memory by need. Addresses are those of the convention
 * of wasm-bindgen; what is freed is told to `env.called`. With `align` it keeps to that alignment, whatever is asked.
 */
export function bumpModule({ memory = "1 4", start = 1024, align = "(local.get $align)" } = {}): string {
  return `(module
    (import "env" "called" (func $called (param i32 i32 i32)))
    (memory (export "memory") ${memory})
    (global $top (mut i32) (i32.const ${start}))
    (func (export "__wbindgen_malloc") (param $size i32) (param $align i32) (result i32)
      (local $address i32)
      (local $end i32)
      (local.set $align ${align})
      (local.set $address (i32.and
        (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (local.set $end (i32.add (local.get $address) (local.get $size)))
      (if (i32.lt_u (local.get $end) (local.get $address)) (then (return (i32.const 0))))
      (block $fits (loop $more
        (br_if $fits (i32.le_u (local.get $end) (i32.mul (memory.size) (i32.const 65536))))
        (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (return (i32.const 0))))
        (br $more)))
      (global.set $top (local.get $end))
      (local.get $address))
    (func (export "__wbindgen_free") (param i32 i32 i32)
      (call $called (local.get 0) (local.get 1) (local.get 2)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`;
}
