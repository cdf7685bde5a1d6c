export { type Allocator, type AllocatorExports, findAllocator } from "./allocator.ts";
export { createMemory, type MemoryContext } from "./memory.ts";
