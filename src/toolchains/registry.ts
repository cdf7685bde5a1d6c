import type { Answer } from "../imports/index.ts";
import type { AllocatorExports } from "../memory/index.ts";
import type { ImportShape } from "../public/index.ts";
import { assemblyscript } from "./assemblyscript/toolchain.ts";
import { clang, llvm, rust, zig } from "./c/toolchain.ts";
import { component } from "./component/toolchain.ts";
import { dart } from "./dart/toolchain.ts";
import { emscripten } from "./emscripten/toolchain.ts";
import { go, tinygo } from "./go/toolchain.ts";
import { kotlin } from "./kotlin/toolchain.ts";
import { moonbit } from "./moonbit/toolchain.ts";
import { napi } from "./napi/toolchain.ts";
import { ruby } from "./ruby/toolchain.ts";
import { scalaJs } from "./scala-js/toolchain.ts";
import { teavm } from "./teavm/toolchain.ts";
import type { Toolchain } from "./toolchain.ts";
import { wasi } from "./wasi/toolchain.ts";
import { wasmBindgen } from "./wasm-bindgen/toolchain.ts";

/**
 * The recognised toolchains. The first one with evidence is chosen, so a toolchain that is built on another comes before it.
 * The last is the linker that many share.
 */
export const toolchains: readonly Toolchain[] = [
  wasmBindgen,
  ruby,
  napi,
  component,
  dart,
  kotlin,
  scalaJs,
  moonbit,
  teavm,
  tinygo,
  go,
  assemblyscript,
  emscripten,
  zig,
  rust,
  clang,
  wasi,
  llvm,
];

/**
 * Finds a toolchain.
 *
 * @param name - Its name.
 * @returns The toolchain; `undefined` if it is not recognised, for example because the name is from a user's adapter.
 */
export function toolchainNamed(name: string): Toolchain | undefined {
  return toolchains.find((one) => one.name === name);
}

/** The custom sections that identify toolchains, for modules whose bytes are not available. */
export const toolchainSections: readonly string[] = /* @__PURE__ */ toolchains.flatMap(({ sections }) => sections);

/** Whether the meaning of an import stands in the `name` section. */
export function isDescribed({ name }: ImportShape): boolean {
  return toolchains.some(({ describes }) => describes?.test(name));
}

/** The exports that allocate by a known convention. Those with a matching export that frees come first. */
export const allocators: readonly AllocatorExports[] = /* @__PURE__ */ [true, false].flatMap((frees) =>
  toolchains.flatMap(({ allocators: own }) => own.filter((one) => one.frees.length > 0 === frees)),
);

/** The names of the exports that allocate. */
export const allocatorNames: readonly string[] = /* @__PURE__ */ allocators.map(({ alloc }) => alloc);

/**
 * Whether an import throws on the module's behalf, by its name alone: anyone may provide it, and some runtimes serve modules
 * of other toolchains.
 *
 * @param wanted - The import.
 */
export function unwindsModule({ module, name }: ImportShape): boolean {
  return toolchains.some(({ unwinds }) => unwinds?.test(`${module}.${name}`));
}

/**
 * Returns the value by which an import reports that it is unavailable, if zero would mean success.
 *
 * @param wanted - The import.
 */
export function answerOf(wanted: ImportShape): Answer | undefined {
  for (const { answer } of toolchains) {
    const found = answer?.(wanted);
    if (found) return found;
  }
  return undefined;
}
