import { plainAllocator } from "../../memory/index.ts";
import { exported, imported, ofNumbers, producer, section, type Toolchain, recognised } from "../toolchain.ts";
import { functionOf } from "../evidence.ts";

/** A core module of a component. An interface of a module that is none may be named alike, except for its version or marks. */
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
      // It receives what the function returned, which is one word at the most.
      exported(/^cabi_post_/, functionOf(/^[ijfd]?>$/)),
      exported(/^[a-z][a-z\d-]*:[a-z][a-z\d-]*\/[a-z][a-z\d-]*(@[^ #]*)?#/, ofNumbers),
    ],
  ],
  // The canonical ABI hands arguments over, and has results freed by exports of their own.
  advice: [{ code: "component-core", all: [], none: undefined, own: true }],
  // It cannot free: with a new size of 0 the usual C definition returns at once, and the Rust one forbids the call.
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
