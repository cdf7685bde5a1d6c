export { type Allocator, type AllocatorExports, findAllocator } from "./allocator.ts";
export { createGrownAllocator } from "./grown.ts";
export { createMemory, type MemoryContext } from "./memory.ts";
