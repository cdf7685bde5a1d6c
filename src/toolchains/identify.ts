import { fetchChunk } from "../platform/chunk.ts";
import type { Shape } from "../public/index.ts";
import { completeShape, type ReadShape } from "../reflect/index.ts";
import type { UnadvisedShape } from "./advice.ts";
import { detectToolchain } from "./detect.ts";
import { toolchainSections } from "./registry.ts";

/** A compiled module, as far as its bytes were read. */
interface Read {
  readonly module: WebAssembly.Module;
  readonly shape: ReadShape;
  /** Whether only the head was read, without the custom sections after the code. */
  readonly isHead: boolean;
  /** The shape that the caller gave with a compiled module. */
  readonly given: Shape | undefined;
}

/**
 * Adds the toolchain to the shape that was read of a module.
 *
 * @param shape - The shape that was read.
 */
export function identify(shape: ReadShape): UnadvisedShape {
  return { ...shape, ...detectToolchain(shape) };
}

/** A shape that was identified while the engine compiled. */
export interface Early {
  readonly read: ReadShape;
  readonly identified: UnadvisedShape;
}

/**
 * Completes the shape of a compiled module. The texts of its advice are fetched if there is any. Errors:
 * `chunk-unavailable`.
 *
 * @param read - The module.
 * @param early - An earlier result. If it is of the same shape, nothing is searched again.
 */
export async function identifyModule(read: Read, early?: Early): Promise<Shape> {
  if (read.given) return read.given;
  const shape = complete(read);
  const identified = early?.read === shape ? early.identified : identify(shape);
  return identified.advice.length > 0
    ? (await fetchChunk(() => import("./advice.ts"))).advise(identified)
    : { ...identified, advice: [] };
}

/** Adds the engine's knowledge of the sections that were not read. */
export function complete({ module, shape, isHead }: Read): ReadShape {
  return isHead ? completeShape(shape, module, toolchainSections) : shape;
}
