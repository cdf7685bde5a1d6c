import { fetchChunk } from "../platform/chunk.ts";
import type { DescribingOptions, Shape } from "../public/index.ts";
import { fingerprintOf } from "../reflect/fingerprint.ts";
import { completeShape, nameImportsIn, nameImportsOf, type ReadShape } from "../reflect/index.ts";
import type { UnadvisedShape } from "./advice.ts";
import { detectToolchain } from "./detect.ts";
import { isDescribed, toolchainNamed, toolchainSections } from "./registry.ts";

/** A compiled module, as far as its bytes were read. */
interface Read {
  readonly module: WebAssembly.Module;
  readonly shape: ReadShape;
  /** Whether only the head was read, without the custom sections after the code. */
  readonly isHead: boolean;
  /** Whether none of its bytes were read. */
  readonly isBare: boolean;
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

/**
 * Does as much of that while the engine compiles as can be done. Of all of a module's bytes, it is everything.
 *
 * @param read - The shape that was read so far.
 * @param bytes - All of the module's bytes, if they are at hand.
 */
export function identifyEarly(read: ReadShape, bytes: Uint8Array | undefined): Early {
  const identified = identify(read);
  return { read, identified: bytes ? nameImportsIn(identified, bytes, isDescribed) : identified };
}

/** A shape that was identified while the engine compiled. */
export interface Early {
  readonly read: ReadShape;
  readonly identified: UnadvisedShape;
}

/**
 * Whether a module registers its functions when it runs, so that its exports are not what users call.
 *
 * @param shape - The module's shape.
 */
export function registersFunctions({ toolchain }: Shape): boolean {
  return toolchainNamed(toolchain.name)?.registersFunctions ?? false;
}

/**
 * Whether a module is a program that has to be started before any of its functions can be called.
 *
 * @param shape - The module's shape.
 */
export function isProgram({ imports, toolchain }: Shape): boolean {
  const program = toolchainNamed(toolchain.name)?.program;
  return imports.some(({ module, name }) => program?.test(`${module}.${name}`));
}

/**
 * Whether a module that was read from its bytes is not the one that a fingerprint is of.
 *
 * @param shape - The module's shape.
 * @param fingerprint - The fingerprint; `undefined` for any module.
 */
export function isForeign(shape: ReadShape, fingerprint: string | undefined): boolean {
  return fingerprint !== undefined && fingerprint !== fingerprintOf(shape);
}

/**
 * Completes the shape of a compiled module. The texts of its advice are fetched if there is any. Errors:
 * `declaration-mismatch`, `chunk-unavailable`.
 *
 * @param read - The module.
 * @param options - What the caller declares of it.
 * @param early - An earlier result. If it is of the same shape, nothing is searched again.
 */
export async function identifyModule(read: Read, options: DescribingOptions, early?: Early): Promise<Shape> {
  if (!read.isBare && isForeign(read.shape, options.fingerprint)) {
    const { declarationMismatch } = await fetchChunk(() => import("../reflect/declaration.ts"));
    throw declarationMismatch(read.shape, options, fingerprintOf(read.shape));
  }
  if (read.given) return read.given;
  const identified = identifyCompiled(read, early);
  return identified.advice.length > 0
    ? (await fetchChunk(() => import("./advice.ts"))).advise(identified)
    : { ...identified, advice: [] };
}

/**
 * Identifies a compiled module, with the engine's knowledge of the sections that were not read.
 *
 * @param read - The module.
 * @param early - An earlier result. If it is of the same shape, nothing is searched again.
 */
export function identifyCompiled({ module, shape, isHead }: Read, early?: Early): UnadvisedShape {
  const complete = isHead ? completeShape(shape, module, toolchainSections) : shape;
  const identified = early?.read === complete ? early.identified : identify(complete);
  return nameImportsOf(identified, module, isDescribed);
}
