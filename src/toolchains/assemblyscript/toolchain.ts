import { plainAllocator } from "../../memory/index.ts";
import { exported, imported, offset, type Toolchain, recognised } from "../toolchain.ts";
import { functionOf } from "../evidence.ts";
import { fetchChunk } from "../../platform/chunk.ts";

/** AssemblyScript. */
export const assemblyscript: Toolchain = {
  ...recognised,
  name: "assemblyscript",
  signs: [
    [
      exported(/^__rtti_base$/, offset),
      exported(/^__(pin|retain)$/, functionOf(/^[ij]>[ij]$/)),
      exported(/^__setArgumentsLength$/, functionOf(/^i>$/)),
      // Message, file, line and column: no other compiler passes these to an abort.
      imported(/^env\.abort$/, [{ kind: "function", type: /^i{4}>$/, needsType: true }]),
    ],
  ],
  // Text, arrays and objects are references to memory of its garbage collector, with headers specific to the compiler.
  convention: "adapter",
  allocators: [
    {
      ...plainAllocator,
      alloc: "__new",
      takes: ["(size, class)"],
      free: "__unpin",
      frees: ["(address)"],
      pin: "__pin",
      // The class of ArrayBuffer, and before version 0.24 of String. The collector looks for references in neither.
      classId: 1,
    },
  ],
  adapter: {
    fetch: async () => {
      const { createAdapter } = await fetchChunk(() => import("./index.ts"));
      return createAdapter();
    },
    serves: /^(abort|trace|seed|(console|Math|Date|performance)\.\w+)$/,
    // Any module may have imports that follow its convention, except those of another system.
    ownsImports: /^(?!wasi_)/,
    from: '"unglue/assemblyscript"',
    importLine: 'import { assemblyscript } from "unglue/assemblyscript";',
    call: "assemblyscript()",
  },
};
