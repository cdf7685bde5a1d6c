import { UnglueError } from "../node.ts";
import type { Advice, BuiltinOptions, ImportReport, Known } from "../public/index.ts";
import { isExceptionTag } from "../toolchains/wasm-bindgen/abi.ts";
import { compileUnstarted } from "./unstarted.ts";

/** Who would provide each import, with the advice on those that nobody would, or why that cannot be told. */
export type Providers =
  | { readonly reports: readonly ImportReport[]; readonly advice: readonly Advice[] }
  | {
      readonly reason: string;
      /** Whether every load is refused, and not only the one that would tell it. */
      readonly isRefused: boolean;
    };

/** A tag stands in for it in an engine that lacks it, and would be reported as the user's. */
const ofTheEngine = {
  provider: "adapter",
  evidence: "the engine's tag of what JavaScript throws, WebAssembly.JSTag",
} as const;

/**
 * Finds out who would provide each import if the module were loaded without other options. None of its code runs.
 *
 * @param bytes - The module.
 * @param known - The facts about imports that a declaration file states.
 * @param builtins - The builtins that it is compiled with.
 */
export async function findProviders(
  bytes: Uint8Array<ArrayBuffer>,
  known?: Known,
  builtins?: BuiltinOptions,
): Promise<Providers> {
  try {
    const instantiate = await compileUnstarted(bytes, builtins);
    const wasm = await instantiate({ known });
    const reports = wasm.imports.map((one) =>
      isExceptionTag(one) ? { ...one, ...ofTheEngine } : one.provider === "user" ? asMissing(one) : one,
    );
    const { advice } = wasm.shape;
    wasm.dispose();
    return { reports, advice };
  } catch (error) {
    if (error instanceof UnglueError) return { reason: error.message, isRefused: error.code === "unsupported-module" };
    throw error;
  }
}

/** The user gives nothing here: the import was given only so that the module could be instantiated. */
function asMissing(one: ImportReport): ImportReport {
  const evidence = "nothing provides it, and a load without it is refused: give it in `imports`";
  return { ...one, provider: "stub", evidence };
}
