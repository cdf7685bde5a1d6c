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

/** How the toolchain's own JavaScript runs a program. */
const byOwn = "pass `go.importObject` of its wasm_exec.js, and after the load call `go.run(wasm.instance)`.";

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
      imports: /^((gojs|env)\.runtime\.(ticks|sleepTicks)|env\.syscall\/js\.)/,
      hint: `It belongs to TinyGo's runtime: ${byOwn}`,
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
    { imports: /^go\./, hint: `It belongs to a Go before 1.21: build with a later one, or ${byOwn}` },
    {
      imports: /^gojs\./,
      hint: `It belongs to Go's runtime: run the program with loadProgram, from unglue/go; or, for TinyGo, ${byOwn}`,
    },
  ],
  advice: [
    {
      code: "go-program",
      all: [[imported(/^gojs\.runtime\.wasmExit$/, functionOf(/^i>$/))]],
      none: undefined,
      own: true,
    },
  ],
  program: /^gojs\.runtime\.wasmExit$/,
  // An exit ends whatever runs in the program; a failed call reaches it as a value.
  unwinds: /^gojs\.(runtime\.wasmExit|syscall\/js\.value(Call|Invoke|New))$/,
  // `wasmexport` allows the types that C passes.
  convention: "c",
  sections: ["go:buildid"],
  claimsMemory: true,
};
