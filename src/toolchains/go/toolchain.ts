import {
  exported,
  imported,
  ofNumbers,
  producer,
  section,
  type Toolchain,
  withoutAnything,
  recognised,
} from "../toolchain.ts";
import { functionOf } from "../evidence.ts";

/** TinyGo. */
export const tinygo: Toolchain = {
  ...recognised,
  name: "tinygo",
  signs: [
    [
      imported(/^(gojs|env)\.runtime\.ticks/, functionOf(/^>[dj]$/)),
      imported(/^(gojs|env)\.runtime\.sleepTicks/, functionOf(/^[dj]>$/)),
      exported(/^go_scheduler$/, withoutAnything),
      exported(/^tinygo_/, ofNumbers),
    ],
  ],
  runtimes: [
    {
      imports: /^(gojs|env)\.(runtime|syscall\/js)\./,
      hint: "It belongs to TinyGo's runtime: pass `go.importObject` of its wasm_exec.js, and after the load call `go.run(wasm.instance)`.",
    },
  ],
  // Its `export` allows pointers, structs with the C layout, and text as a pointer and a length.
  convention: "c",
  claimsMemory: true,
};

/** The Go compiler itself. Its functions take only a stack pointer. */
export const go: Toolchain = {
  ...recognised,
  name: "go",
  signs: [
    [
      producer(/^Go cmd\/compile (?<version>\S*)/),
      section(/^go:buildid/),
      imported(/^go(js)?\.(runtime|syscall\/js)\./, functionOf(/^[ij]>$/)),
    ],
  ],
  runtimes: [
    {
      imports: /^go\.(runtime|syscall\/js)\./,
      hint: "It belongs to Go's runtime: pass `go.importObject` of its wasm_exec.js, and after the load call `go.run(wasm.instance)`.",
    },
  ],
  // `wasmexport` allows the types that C passes.
  convention: "c",
  sections: ["go:buildid"],
  claimsMemory: true,
};
