export { type Allocator, findAllocator } from "./allocator.ts";
export { createMemory, type MemoryContext } from "./memory.ts";
export { type Codec, createCodec } from "./codec.ts";
