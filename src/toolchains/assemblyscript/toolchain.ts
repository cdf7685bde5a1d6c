import { plainAllocator } from "../../memory/index.ts";
import { exported, imported, offset, type Toolchain, recognised } from "../toolchain.ts";
import { functionOf } from "../evidence.ts";

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
  allocators: [
    {
      ...plainAllocator,
      alloc: "__new",
      takes: ["(size, class)"],
      free: "__unpin",
      frees: ["(address)"],
      pin: "__pin",
      // The class of ArrayBuffer, and before version 0.21 of String. The collector looks for references in neither.
      classId: 1,
    },
  ],
};
