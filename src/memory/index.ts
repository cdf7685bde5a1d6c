export { type Allocator, type AllocatorExports, findAllocator, plainAllocator } from "./allocator.ts";
export { type Codec, createCodec } from "./codec.ts";
export { createMemory, type MemoryContext } from "./memory.ts";
export { memoryUse } from "./use.ts";
