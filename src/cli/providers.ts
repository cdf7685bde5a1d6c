import { compile, UnglueError } from "../node.ts";
import type { Advice, ImportReport, Known } from "../public/index.ts";
import { findStartSection } from "../reflect/definitions.ts";

/** Who would provide each import, with the advice on those that nobody would, or why that cannot be told. */
export type Providers =
  { readonly reports: readonly ImportReport[]; readonly advice: readonly Advice[] } | { readonly reason: string };

/**
 * Finds out who would provide each import if the module were loaded without options. None of its code runs: the module is
 * instantiated without its start function, and its initializers are not called.
 *
 * @param bytes - The module.
 * @param known - The facts about imports that a declaration file states.
 */
export async function findProviders(bytes: Uint8Array<ArrayBuffer>, known?: Known): Promise<Providers> {
  try {
    const module = await compile(withoutStart(bytes));
    const wasm = await module.instantiate({
      initialize: false,
      limits: { memoryPages: 65536 },
      ...(known && { known, warn: () => undefined }),
    });
    const reports = wasm.imports;
    const { advice } = wasm.shape;
    wasm.dispose();
    return { reports, advice };
  } catch (error) {
    if (error instanceof UnglueError) return { reason: error.message };
    throw error;
  }
}

/**
 * Returns the module without its start function.
 *
 * @param bytes - The module.
 */
export function withoutStart(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const found = findStartSection(bytes);
  if (!found) return bytes;
  const [start, end] = found;
  const left = new Uint8Array(bytes.length - (end - start));
  left.set(bytes.subarray(0, start));
  left.set(bytes.subarray(end), start);
  return left;
}
