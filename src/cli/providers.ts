import { compile, UnglueError } from "../node.ts";
import type { ImportReport } from "../public/index.ts";

/** Who would provide each import, or why that cannot be told. */
export type Providers = { readonly reports: readonly ImportReport[] } | { readonly reason: string };

/**
 * Finds out who would provide each import if the module were loaded without options. None of its code runs: the module is
 * instantiated without its start function, and its initializers are not called.
 *
 * @param bytes - The module.
 */
export async function findProviders(bytes: Uint8Array<ArrayBuffer>): Promise<Providers> {
  try {
    const module = await compile(withoutStart(bytes));
    const wasm = await module.instantiate({ initialize: false, limits: { memoryPages: 65536 } });
    const reports = wasm.imports;
    wasm.dispose();
    return { reports };
  } catch (error) {
    if (error instanceof UnglueError) return { reason: error.message };
    throw error;
  }
}

/** The section that names the start function. */
const startSection = 8;

/** Returns the module without its start function. The module has been read already, so its sections are well-formed. */
function withoutStart(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  for (let at = 8; at < bytes.length;) {
    let size = 0;
    let next = at + 1;
    for (let shift = 0, byte = 0x80; byte & 0x80; shift += 7) {
      byte = bytes[next++] ?? 0;
      size += (byte & 0x7f) * 2 ** shift;
    }
    const end = next + size;
    if (bytes[at] === startSection) {
      const left = new Uint8Array(bytes.length - (end - at));
      left.set(bytes.subarray(0, at));
      left.set(bytes.subarray(end), at);
      return left;
    }
    at = end;
  }
  return bytes;
}
