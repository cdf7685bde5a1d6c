import { plainAllocator } from "../../memory/index.ts";
import { exported, imported, ofNumbers, producer, section, type Toolchain, recognised } from "../toolchain.ts";
import { functionOf } from "../evidence.ts";

/** A core module of a component. Another module may have an interface with a similar name, except for its version or marks. */
export const component: Toolchain = {
  ...recognised,
  name: "component",
  signs: [
    [
      producer(/^(wit-component|wit-bindgen-[\w-]+) (?<version>\S*)/),
      section(/^component-type(:| |$)/),
      imported(
        /^(\[export\])?([a-z][a-z\d-]*:[a-z][a-z\d-]*\/[a-z][a-z\d-]*@\d|wasi:[a-z][a-z\d-]*\/[a-z])/,
        ofNumbers,
      ),
      imported(/^[^ ]*\.\[(resource-\w+|method|static|constructor)\]/, ofNumbers),
      // It receives the function's result, which is at most one word.
      exported(/^cabi_post_/, functionOf(/^[ijfd]?>$/)),
      exported(/^[a-z][a-z\d-]*:[a-z][a-z\d-]*\/[a-z][a-z\d-]*(@[^ #]*)?#/, ofNumbers),
    ],
  ],
  // The canonical ABI moves arguments to the module, and frees results through separate exports.
  advice: [{ code: "component-core", all: [], none: undefined, own: true }],
  // It cannot free: with a new size of 0 the usual C definition returns immediately, and the Rust one forbids the call.
  allocators: [
    {
      ...plainAllocator,
      alloc: "cabi_realloc",
      takes: ["(address, size, align, new size)"],
      frees: [],
      reallocates: true,
    },
  ],
};
