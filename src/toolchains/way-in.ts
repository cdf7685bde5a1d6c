import { ownValue } from "../base/own.ts";
import type { Shape } from "../public/index.ts";

/** The name by which the option `toolchain` says that no adapter serves the module. */
export const withoutAdapter = "c";

/** The advice that says how the functions of a module come about which registers them when it runs. */
const codes: readonly string[] = ["go-program", "node-api"];

/**
 * Returns how the functions of a module are called, if it exports none of them; `undefined` for other modules.
 *
 * @param shape - The module's shape, which may come from the caller and be incomplete.
 */
export function wayIn(shape: Pick<Shape, "advice"> & Partial<Pick<Shape, "toolchain">>): string | undefined {
  // The caller has chosen to do without an adapter, so the advice for one would go in a circle.
  if (ownValue(shape, "toolchain")?.name === withoutAdapter) return undefined;
  return ownValue(shape, "advice")?.find(({ code }) => codes.includes(code))?.message;
}

/**
 * Returns what to do instead of reading `api`, for a module that has none and needs none; `undefined` for other modules.
 *
 * @param shape - The module's shape.
 */
export function wayWithoutApi(shape: Pick<Shape, "advice" | "exports" | "imports" | "toolchain">): string | undefined {
  const isCommand =
    shape.exports.some(({ name, kind }) => name === "_start" && kind === "function") &&
    shape.imports.some(({ module }) => /^wasi_(snapshot_preview1|unstable)$/.test(module));
  return isCommand
    ? "It is a program: loadCommand(source), from unglue/wasi, runs it, and wasm.guarded._start() runs this instance once."
    : wayIn(shape);
}
