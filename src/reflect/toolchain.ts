import { ownMembers } from "../own.ts";
import type { FunctionType, ImportShape, Producers, Shape } from "../types/index.ts";
import type { AdviceCode, UnadvisedShape } from "./advice.ts";
import { signatureText } from "./text.ts";

/** All of a shape that a toolchain can be read from. */
export type Clues = Pick<Shape, "imports" | "exports" | "customSections" | "producers">;

/** How much of a name, which may have any length, is shown as evidence: so many characters of its line. */
const longest = 200;

/**
 * The signs of each toolchain, in the lines that `listClues` writes: its first match is the evidence. The first toolchain with a sign is the one, so one
 * that is built on another comes before it. The last row is the linker of C, C++, Rust, Zig, Swift and more: what is
 * left once nothing names the language.
 */
const signs = [
  [
    "wasm-bindgen",
    /^(producer wasm-bindgen (?<version>\S*)|section __wasm_bindgen_|(import .*\.|export )__wb(g|indgen)_).*/m,
  ],
  ["ruby", /^(import rb-js-abi-host\.|export ruby-(show-version|init): func).*/m],
  ["napi", /^(import (env|napi)\.napi_|export napi_register_wasm_v\d|export __napi_register__).*/m],
  // A core module of a component. An interface of a module that is none may be named alike, but for its version or marks.
  [
    "component",
    /^(producer (wit-component|wit-bindgen-[\w-]+) (?<version>\S*)|section component-type(:| |$)|import (\[export\])?([a-z][a-z\d-]*:[a-z][a-z\d-]*\/[a-z][a-z\d-]*@\d|wasi:[a-z][a-z\d-]*\/[a-z]|[^ ]*\.\[(resource-\w+|method|static|constructor)\])|export (cabi_post_|[a-z][a-z\d-]*:[a-z][a-z\d-]*\/[a-z][a-z\d-]*(@[^ #]*)?#)).*/m,
  ],
  ["dart", /^import dart2wasm\..*/m],
  ["kotlin", /^import js_code\.kotlin\..*/m],
  ["scala-js", /^import __scalaJS\w*\..*/m],
  ["moonbit", /^import (moonbit:ffi|__moonbit_\w+)\..*/m],
  ["tinygo", /^(import (gojs|env)\.runtime\.(t|sleepT)icks|export (go_scheduler |tinygo_)).*/m],
  ["go", /^(producer Go cmd\/compile (?<version>\S*)|section go:buildid|import go(js)?\.(runtime|syscall\/js)\.).*/m],
  // Message, file, line and column: no other compiler passes these to an abort.
  [
    "assemblyscript",
    /^(export __(rtti_base|pin|retain|setArgumentsLength) |import env\.abort \(i32, i32, i32, i32\) -> \(\)).*/m,
  ],
  [
    "emscripten",
    /^(producer emscripten (?<version>\S*)|import env\.(_?emscripten_|__syscall_|_embind_|_emval_)|export (_?emscripten_|dynCall_)).*/im,
  ],
  ["emscripten", /^minified names .*/m],
  ["zig", /^producer zig (?<version>\S*).*/im],
  ["rust", /^producer rustc (?<version>\S*).*/m],
  ["rust", /^producer Rust .*/m],
  ["clang", /^producer (.* )?clang (?<version>\S*).*/m],
  ["wasi", /^import wasi_\w+\..*/m],
  ["llvm", /^export (__wasm_call_ctors|__indirect_function_table|__heap_base|__data_end) .*/m],
] as const satisfies readonly (readonly [toolchain: string, sign: RegExp])[];

/** A toolchain that is recognised. Each has a row in `conventions.ts`. */
export type ToolchainName = (typeof signs)[number][0];

const mainModule =
  /^import (env\.(emscripten_resize_heap|_abort_js|_dlopen_js|_dlsym_js|_emscripten_dlopen_js) |GOT\.mem\.__stack_(low|high) )/m;

/** What a user should know of: its code, and its sign. The words are in `advice.ts`. */
const advices: readonly (readonly [code: AdviceCode, sign: RegExp])[] = [
  [
    "unprocessed",
    /^(section __wasm_bindgen_unstable|import __wbindgen_externref_xform__|(import .*\.|export )__wbindgen_describe)/m,
  ],
  ["minified-names", /^minified names/m],
  ["constructors-not-run", /^minified names/m],
  // The main program of Emscripten's dynamic linking has such a section too, and libc, which calls these, is in it.
  ["main-module", mainModule],
  ["side-module", /^section dylink(\.0)?$/m],
  ["node-api", /^(import (env|napi)\.napi_|export napi_register_wasm_v\d)/m],
];

/**
 * Tells which toolchain made a module, and what to know before using it.
 *
 * @param clues - A shape, or the part of one that is at hand.
 * @returns The toolchain; `"unknown"` without evidence. Where only a language or the linker is known, that one's name.
 */
export function detectToolchain(clues: Clues): Pick<UnadvisedShape, "toolchain" | "advice"> {
  const text = listClues(clues);
  const found = signs.flatMap(([name, sign]) => {
    const match = sign.exec(text);
    return match ? [{ name, line: match[0].trimEnd().slice(0, longest), version: match.groups?.version }] : [];
  });
  const name = found[0]?.name ?? "unknown";
  const own = found.filter((one) => one.name === name);
  const version = own.find((one) => one.version)?.version;
  return {
    toolchain: { name, ...(version && { version }), evidence: own.map(({ line }) => line) },
    advice: adviceFor(text, name),
  };
}

function adviceFor(text: string, toolchain: string): AdviceCode[] {
  const found = new Set(advices.filter(([, sign]) => sign.test(text)).map(([code]) => code));
  if (toolchain === "component") found.add("component-core");
  // Of the two kinds of modules for dynamic linking it is one.
  if (!found.has("side-module")) found.delete("main-module");
  if (found.has("main-module")) found.delete("side-module");
  return [...found];
}

/** A line for each clue: what it is, and the name that gives it away. A name must not begin a line of its own. */
function listClues({ imports, exports, customSections, producers }: Clues): string {
  const { processedBy = [], language = [], sdk = [] } = ownMembers<Partial<Producers>>(producers ?? {});
  // Written once each, and no longer than can be shown: thousands of imports may share one type of thousands of parameters.
  const written = new Map<FunctionType, string>();
  const typeOf = ({ kind, type }: ImportShape): string => {
    if (kind !== "function" || !type) return kind;
    const text = written.get(type) ?? signatureText(type).slice(0, longest);
    written.set(type, text);
    return text;
  };
  return [
    ...[...processedBy, ...language, ...sdk].map(({ name, version }) => `producer ${name} ${version}`),
    ...customSections.map(({ name }) => `section ${name}`),
    ...imports.map((wanted) => `import ${wanted.module}.${wanted.name} ${typeOf(wanted)}`),
    ...exports.map(({ name }) => `export ${name} `),
    ...(isMinified(imports, exports) ? ["minified names in all imports and exports"] : []),
  ]
    .map((line) => line.replace(/\s/g, " "))
    .join("\n");
}

/** Emscripten names the one module `a`, and counts through the names of imports and exports: a, b, …, aa, ab. */
function isMinified(imports: Clues["imports"], exports: Clues["exports"]): boolean {
  return (
    imports.some(({ name }) => name === "a") &&
    imports.every(({ module }) => module === "a") &&
    [...imports, ...exports].every(({ name }) => /^[\w$]{1,3}$/.test(name))
  );
}
