import {
  exported,
  imported,
  type NameSign,
  ofNumbers,
  ofValues,
  producer,
  section,
  type Toolchain,
  type WholeSign,
  withoutAnything,
  recognised,
} from "../toolchain.ts";
import { functionOf } from "../evidence.ts";

/** The only imported module is named `a`, and the names of imports and exports are enumerated: a, b, …, aa, ab. */
const minified: WholeSign = {
  line: "minified names in all imports and exports",
  fits: ({ imports, exports }) =>
    imports.some(({ name, kind }) => name === "a" && (kind === "function" || kind === "memory")) &&
    imports.every(({ module }) => module === "a") &&
    [...imports, ...exports].every(({ name }) => /^[\w$]{1,3}$/.test(name)),
};

/** A main program for dynamic linking: libc's calls to JavaScript, and the bounds of its stack. */
const mainProgram: readonly NameSign[] = [
  imported(/^env\.emscripten_resize_heap$/, functionOf(/^[ij]>[ij]$/)),
  imported(/^env\._abort_js$/, withoutAnything),
  imported(/^env\.(_dlopen_js|_dlsym_js|_emscripten_dlopen_js)$/, ofNumbers),
  imported(/^GOT\.mem\.__stack_(low|high)$/, [{ kind: "global", type: /^mut [ij]$/ }]),
];
/** A dynamically linked module; the main program has this section too. */
const dynamic: readonly NameSign[] = [section(/^dylink(\.0)?$/)];

/** Emscripten. */
export const emscripten: Toolchain = {
  ...recognised,
  name: "emscripten",
  signs: [
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
      // The first parameter is the index of a function in the table.
      exported(/^dynCall_/, functionOf(/^[ij][ijfd]*>[ijfd]?$/)),
    ],
    minified,
  ],
  convention: "c",
  // Exceptions of C++, long jumps, exits, and the return to the event loop.
  unwinds:
    /^env\.(__cxa_(re)?throw(_primary_exception)?|__cxa_rethrow_primary_exception|__resumeException|_emscripten_throw_longjmp|emscripten_longjmp|longjmp|_?_?exit|emscripten_(force_exit|exit_with_live_runtime|unwind_to_js_event_loop|set_main_loop(_arg)?)|glutMainLoop)$/,
  runtimes: [
    {
      imports: /^env\._em(bind|val)_/,
      hint: 'It belongs to embind, which only the JavaScript of Emscripten has: export functions with extern "C" instead.',
    },
    {
      imports:
        /^env\.(_?emscripten_|invoke_|__syscall_|__cxa_|_tzset_js$|_abort_js$|_(mmap|munmap|localtime|mktime)_js$)/,
      hint: "The JavaScript of Emscripten provides it: link with -sSTANDALONE_WASM, which needs WASI instead.",
    },
  ],
  advice: [
    { code: "minified-names", all: [minified], none: undefined, own: false },
    { code: "constructors-not-run", all: [minified], none: undefined, own: false },
    { code: "main-module", all: [dynamic, mainProgram], none: undefined, own: false },
    { code: "side-module", all: [dynamic], none: mainProgram, own: false },
  ],
};
