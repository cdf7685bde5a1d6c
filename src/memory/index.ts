export { type Allocator, type AllocatorExports, findAllocator, plainAllocator } from "./allocator.ts";
export { createMemory, type MemoryContext } from "./memory.ts";
