import { describe, expect, it } from "vitest";
import { createMemory, findAllocator } from "../../src/memory/index.ts";
import { allocators } from "../../src/toolchains/registry.ts";
import { moduleBytes } from "../packages/index.mjs";
import { inspect } from "../reflect/reader.ts";
import type { AllocatorNames } from "../../src/public/index.ts";
import { thrownBy } from "../wat.ts";

const text = "The quick brown fox jumps over the lazy dog. ".repeat(200);

/** Instantiates a module with a do-nothing function for each import. */
function instantiate(bytes: Uint8Array<ArrayBuffer>, memoryName: string, names?: AllocatorNames) {
  const shape = inspect(bytes);
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module, name } of shape.imports) (imports[module] ??= {})[name] = () => 0;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  const memory = createMemory(exports[memoryName] as WebAssembly.Memory, {
    type: shape.memories[0]!,
    allocator: () => findAllocator(exports, shape, names, allocators),
  });
  return {
    memory,
    exports: exports as Record<string, (...args: number[]) => number>,
    allocator: () => findAllocator(exports, shape, names, allocators),
  };
}

describe("the memory of a real module", () => {
  it("carries lz4-wasm's data in and out, by the allocator of wasm-bindgen with one parameter", async () => {
    const { memory, exports, allocator } = instantiate(await moduleBytes("lz4"), "memory");
    expect(allocator().evidence).toBe("its exports __wbindgen_malloc and __wbindgen_free");
    /** Runs a function that takes bytes, which it frees itself, and returns bytes, which the caller frees. */
    const run = (name: string, data: Uint8Array) =>
      memory.arena((arena) => {
        const area = arena.alloc(16);
        const input = arena.bytes(data);
        arena.release(input.address);
        exports[name]!(area, input.address, input.length);
        const [address = 0, length = 0] = memory.u32.subarray(area / 4, area / 4 + 2);
        const output = memory.read(address, length);
        memory.free(address, length, 1);
        return output;
      });
    const data = new TextEncoder().encode(text);
    const sizes: number[] = [];
    for (let round = 0; round < 20; round++) {
      const packed = run("compress", data);
      expect(packed.length).toBeLessThan(data.length / 10);
      expect(new TextDecoder().decode(run("decompress", packed))).toBe(text);
      sizes.push(memory.byteLength);
    }
    // Nothing leaks: what the first rounds needed is enough for all.
    expect(sizes.at(-1)).toBe(sizes[1]);
  });

  it("carries an HTTP request to llhttp, by malloc and free", async () => {
    const { memory, exports, allocator } = instantiate(await moduleBytes("llhttp"), "memory");
    expect(allocator().evidence).toBe("its exports malloc and free");
    const parser = exports.llhttp_alloc!(1);
    const request = "POST /path HTTP/1.1\r\nHost: example.com\r\nContent-Length: 0\r\n\r\n";
    const status = memory.arena((arena) => {
      const { address, length } = arena.string(request);
      return exports.llhttp_execute!(parser, address, length);
    });
    expect(status).toBe(0);
    expect(exports.llhttp_get_method!(parser)).toBe(3);
    expect(memory.readString(exports.llhttp_method_name!(3))).toBe("POST");
    exports.llhttp_free!(parser);
  });

  it("carries mappings to source-map, whose allocator has a name of its own and writes a length before its memory", async () => {
    const { memory, exports, allocator } = instantiate(await moduleBytes("source-map"), "memory", {
      alloc: "allocate_mappings",
    });
    expect(allocator().evidence).toBe("its export allocate_mappings, without one that frees");
    const mappings = "AAAA;AACA;AACA";
    const address = memory.alloc(mappings.length, 1);
    expect(memory.writeString(address, mappings, mappings.length)).toBe(mappings.length);
    const parsed = exports.parse_mappings!(address);
    expect(parsed).not.toBe(0);
    expect(exports.get_last_error!()).toBe(0);
    exports.free_mappings!(parsed);
    const unnamed = instantiate(await moduleBytes("source-map"), "memory");
    expect(thrownBy(() => unnamed.memory.alloc(8))).toMatchObject({ code: "no-allocator" });
  });

  it("holds what xxhash-wasm hashes, at the start of a memory without an allocator", async () => {
    const { memory, exports } = instantiate(await moduleBytes("xxhash"), "mem");
    memory.writeString(0, "abc", 3);
    expect(exports.xxh32!(0, 3, 0) >>> 0).toBe(0x32d153ff);
    expect(thrownBy(() => memory.alloc(8))).toMatchObject({ code: "no-allocator" });
  });

  it("of an Emscripten build with minified names has no allocator that could be known", async () => {
    const { memory } = instantiate(await moduleBytes("sql.js"), "O");
    expect(thrownBy(() => memory.alloc(8))).toMatchObject({
      code: "no-allocator",
      message: expect.stringContaining("Minified") as string,
    });
  });
});
