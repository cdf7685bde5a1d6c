import { plainAllocator } from "../../memory/index.ts";
import { exported, offset, producer, type Toolchain, withoutAnything, recognised } from "../toolchain.ts";

/** Zig. */
export const zig: Toolchain = {
  ...recognised,
  name: "zig",
  signs: [[producer(/^zig (?<version>\S*)/i)]],
  convention: "c",
};

/** Rust without bindings. */
export const rust: Toolchain = {
  ...recognised,
  name: "rust",
  signs: [[producer(/^rustc (?<version>\S*)/)], [producer(/^Rust /)]],
  convention: "c",
};

/** The compiler of C and C++. */
export const clang: Toolchain = {
  ...recognised,
  name: "clang",
  signs: [[producer(/^(.* )?clang (?<version>\S*)/)]],
  convention: "c",
};

/** The allocator of C's library, by which functions of C allocate and free. */
export const cAllocator = { alloc: "malloc", free: "free" } as const;

/** The linker of C, C++, Rust, Zig, Swift and more: the fallback if nothing names the language. */
export const llvm: Toolchain = {
  ...recognised,
  name: "llvm",
  signs: [
    [
      exported(/^__wasm_call_ctors$/, withoutAnything),
      exported(/^__indirect_function_table$/, [{ kind: "table", type: /func/ }]),
      exported(/^__(heap_base|data_end)$/, offset),
    ],
  ],
  convention: "c",
  allocators: [
    { ...plainAllocator, ...cAllocator, takes: ["(size)"], frees: ["(address)"] },
    {
      ...plainAllocator,
      alloc: "alloc",
      takes: ["(size)", "(size, align)"],
      free: "dealloc",
      frees: ["(address)", "(address, size)", "(address, size, align)"],
    },
    {
      ...plainAllocator,
      alloc: "allocate",
      takes: ["(size)", "(size, align)"],
      free: "deallocate",
      frees: ["(address)", "(address, size)", "(address, size, align)"],
    },
  ],
};
