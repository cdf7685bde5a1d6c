import { type Expected, functionOf } from "../reflect/evidence.ts";

/** Where something is named. */
type Place = "producer" | "section" | "import" | "export";

/**
 * A name, and what it must be the name of. Of the signs of one row the first whose name fits an item decides about it, so a
 * particular name comes before the general one.
 */
export interface Sign {
  readonly from: Place;
  /** A pattern for the name: `name version` of a producer, `module.name` of an import. */
  readonly name: RegExp;
  /** The kinds and types of an import or export; absent for the others. */
  readonly is?: readonly Expected[];
}

const producer = (name: RegExp): Sign => ({ from: "producer", name });
const section = (name: RegExp): Sign => ({ from: "section", name });
const imported = (name: RegExp, is: readonly Expected[]): Sign => ({ from: "import", name, is });
const exported = (name: RegExp, is: readonly Expected[]): Sign => ({ from: "export", name, is });

// An address is `[ij]`: i32, or i64 in a module of 64-bit memory.
const anyFunction: readonly Expected[] = [{ kind: "function" }];
const ofNumbers = functionOf(/^[ijfd]*>[ijfd]*$/);
const ofValues = functionOf(/^[ijfdr]*>[ijfdr]*$/);
const withoutAnything = functionOf(/^>$/);
const offset: readonly Expected[] = [{ kind: "global", type: /^[ij]$/ }];

/** Functions of Node-API: the first parameter is the environment, the result a status. */
const nodeApi: readonly Sign[] = [
  imported(/^(env|napi)\.napi_/, functionOf(/^[ij][ijfd]*>i?$/)),
  exported(/^napi_register_wasm_v\d/, functionOf(/^[ij]{2}>[ij]$/)),
];

/** Descriptions that wasm-bindgen's CLI runs, and takes out of the module. */
const undescribed: readonly Sign[] = [
  imported(/\.__wbindgen_describe$/, functionOf(/^i>$/)),
  imported(/\.__wbindgen_describe/, ofNumbers),
  exported(/^__wbindgen_describe/, ofNumbers),
];

/**
 * The signs of each toolchain. The first item that fits one is the evidence. The first toolchain with evidence is the one,
 * so one that is built on another comes before it. The last row is the linker of C, C++, Rust, Zig, Swift and more: what is
 * left once nothing names the language.
 */
export const signs = [
  [
    "wasm-bindgen",
    [
      producer(/^wasm-bindgen (?<version>\S*)/),
      section(/^__wasm_bindgen_/),
      ...undescribed,
      imported(/\.__wbindgen_throw$/, functionOf(/^[ij]{2}>$/)),
      imported(/\.__wbindgen_object_drop_ref$/, functionOf(/^[ir]>$/)),
      imported(/\.__wbindgen_(string_new|error_new)$/, functionOf(/^[ij]{2}>[ir]$/)),
      imported(/\.__wbindgen_init_externref_table$/, withoutAnything),
      imported(/\.__wbindgen_(wrapped_)?jstag$/, [{ kind: "tag" }]),
      imported(/\.__wb(g|indgen)_/, ofValues),
      exported(/^__wbindgen_malloc(_command_export)?$/, functionOf(/^[ij]{1,2}>[ij]$/)),
      exported(/^__wbindgen_realloc(_command_export)?$/, functionOf(/^[ij]{3,4}>[ij]$/)),
      exported(/^__wbindgen_free(_command_export)?$/, functionOf(/^[ij]{2,3}>$/)),
      exported(/^__wbindgen_exn_store(_command_export)?$/, functionOf(/^[ir]>$/)),
      exported(/^__wbindgen_add_to_stack_pointer(_command_export)?$/, functionOf(/^[ij]>[ij]$/)),
      exported(/^__wbindgen_destroy_closure(_command_export)?$/, functionOf(/^[ij]{2}>$/)),
      // With threads it takes the size of a stack.
      exported(/^__wbindgen_start(_command_export)?$/, functionOf(/^[ij]?>$/)),
      exported(/^__wbindgen_externrefs$/, [{ kind: "table", type: /extern/ }]),
      exported(/^__wbg_function_table$/, [{ kind: "table", type: /func/ }]),
      // Exports whose own names were stripped: helpers and shims, tables, and in old modules the stack pointer.
      exported(/^__wbindgen_export(_?\d+)?$/, [...ofValues, { kind: "table" }, { kind: "global", type: /^mut [ij]$/ }]),
      exported(/^__wbg_(get|set)_/, functionOf(/^[ij][ijfdr]*>[ijfdr]*$/)),
      exported(/^__wbg_.*_free$/, functionOf(/^[ij]{1,2}>$/)),
      exported(/^__wb(g|indgen)_/, ofValues),
    ],
  ],
  [
    "ruby",
    [
      imported(/^rb-js-abi-host\./, ofNumbers),
      exported(/^ruby-show-version: func/, withoutAnything),
      exported(/^ruby-init: func/, functionOf(/^[ij]{2}>$/)),
    ],
  ],
  ["napi", [...nodeApi, exported(/^__napi_register__/, functionOf(/^[ij]*>[ij]?$/))]],
  // A core module of a component. An interface of a module that is none may be named alike, except for its version or marks.
  [
    "component",
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
  ["dart", [imported(/^dart2wasm\./, anyFunction)]],
  ["kotlin", [imported(/^js_code\.kotlin\./, anyFunction)]],
  [
    "scala-js",
    [
      imported(/^__scalaJS\w*\.JSTag$/, [{ kind: "tag" }]),
      imported(/^__scalaJS\w*\./, [...anyFunction, { kind: "global", type: /^(mut )?r$/ }]),
    ],
  ],
  ["moonbit", [imported(/^(moonbit:ffi|__moonbit_\w+)\./, anyFunction)]],
  [
    "tinygo",
    [
      imported(/^(gojs|env)\.runtime\.ticks/, functionOf(/^>[dj]$/)),
      imported(/^(gojs|env)\.runtime\.sleepTicks/, functionOf(/^[dj]>$/)),
      exported(/^go_scheduler$/, withoutAnything),
      exported(/^tinygo_/, ofNumbers),
    ],
  ],
  // The compiler of Go passes its stack pointer, and nothing else.
  [
    "go",
    [
      producer(/^Go cmd\/compile (?<version>\S*)/),
      section(/^go:buildid/),
      imported(/^go(js)?\.(runtime|syscall\/js)\./, functionOf(/^[ij]>$/)),
    ],
  ],
  [
    "assemblyscript",
    [
      exported(/^__rtti_base$/, offset),
      exported(/^__(pin|retain)$/, functionOf(/^[ij]>[ij]$/)),
      exported(/^__setArgumentsLength$/, functionOf(/^i>$/)),
      // Message, file, line and column: no other compiler passes these to an abort.
      imported(/^env\.abort$/, [{ kind: "function", type: /^i{4}>$/, needsType: true }]),
    ],
  ],
  [
    "emscripten",
    [
      producer(/^emscripten (?<version>\S*)/i),
      imported(/^env\.emscripten_resize_heap$/, functionOf(/^[ij]>[ij]$/)),
      imported(/^env\._?emscripten_(get_now|date_now)$/, functionOf(/^>d$/)),
      imported(/^env\._?emscripten_/, ofValues),
      imported(/^env\.__syscall_/, functionOf(/^[ijfd]*>[ij]$/)),
      imported(/^env\._embind_/, functionOf(/^[ij][ijfd]*>[ijfd]?$/)),
      imported(/^env\._emval_/, ofValues),
      exported(/^_?emscripten_stack_get_/, functionOf(/^>[ij]$/)),
      exported(/^_?emscripten_stack_alloc$/, functionOf(/^[ij]>[ij]$/)),
      exported(/^_?emscripten_stack_restore$/, functionOf(/^[ij]>$/)),
      exported(/^_?emscripten_/, ofValues),
      // The first parameter is the place of a function in the table.
      exported(/^dynCall_/, functionOf(/^[ij][ijfd]*>[ijfd]?$/)),
    ],
  ],
  ["emscripten", "minified"],
  ["zig", [producer(/^zig (?<version>\S*)/i)]],
  ["rust", [producer(/^rustc (?<version>\S*)/)]],
  ["rust", [producer(/^Rust /)]],
  ["clang", [producer(/^(.* )?clang (?<version>\S*)/)]],
  [
    "wasi",
    [
      imported(/^wasi_\w+\.proc_exit$/, functionOf(/^i>$/)),
      // The result is the number of an error.
      imported(/^wasi_\w+\./, functionOf(/^[ijfd]*>[ij]$/)),
    ],
  ],
  [
    "llvm",
    [
      exported(/^__wasm_call_ctors$/, withoutAnything),
      exported(/^__indirect_function_table$/, [{ kind: "table", type: /func/ }]),
      exported(/^__(heap_base|data_end)$/, offset),
    ],
  ],
] as const satisfies readonly (readonly [toolchain: string, signs: readonly Sign[] | "minified"])[];

/** A main program for dynamic linking: libc's calls to JavaScript, and the bounds of its stack. */
const mainProgram: readonly Sign[] = [
  imported(/^env\.emscripten_resize_heap$/, functionOf(/^[ij]>[ij]$/)),
  imported(/^env\._abort_js$/, withoutAnything),
  imported(/^env\.(_dlopen_js|_dlsym_js|_emscripten_dlopen_js)$/, ofNumbers),
  imported(/^GOT\.mem\.__stack_(low|high)$/, [{ kind: "global", type: /^mut [ij]$/ }]),
];

/** What a user should know of: its code, and its signs. The words are in `advice.ts`. */
export const advices = [
  [
    "unprocessed",
    [section(/^__wasm_bindgen_unstable/), imported(/^__wbindgen_externref_xform__\./, ofValues), ...undescribed],
  ],
  ["minified-names", "minified"],
  ["constructors-not-run", "minified"],
  // The main program of Emscripten's dynamic linking has such a section too, and libc, which calls these, is in it.
  ["main-module", mainProgram],
  ["side-module", [section(/^dylink(\.0)?$/)]],
  ["node-api", nodeApi],
] as const satisfies readonly (readonly [code: string, signs: readonly Sign[] | "minified"])[];
