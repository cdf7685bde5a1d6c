/**
 * Step 2: what a module says of itself, from its bytes. Only `engine.ts` asks the engine.
 */
import { fetchChunk } from "../platform/chunk.ts";
import { bytesOf } from "../base/buffers.ts";
import { Failure } from "../errors/failure.ts";
import type { Bytes, InspectOptions, Shape } from "../public/index.ts";
import { advise, type UnadvisedShape } from "../toolchains/advice.ts";
import type { LeftOut, Origin } from "./cursor.ts";
import { debugNames } from "./custom.ts";
import { readShape } from "./shape.ts";

export { advise, type UnadvisedShape } from "../toolchains/advice.ts";
export { conventionOf, type ToolchainConvention } from "../toolchains/conventions.ts";
export type { Origin } from "./cursor.ts";
export { findKnownExports, type KnownExport } from "../toolchains/known-exports.ts";
export { type Expected, functionOf, functionLetters, isExpected } from "./evidence.ts";
export { type DefiningSection, type Definition, readDefinitions } from "./definitions.ts";
export { completeShape, shapeOfModule } from "./engine.ts";
export { hasMagic, isModule, notWasmError } from "./magic.ts";
export { HeadScanner } from "./scanner.ts";
export { signatureText, typeText } from "./text.ts";
export { type Clues, detectToolchain } from "../toolchains/detect.ts";

/**
 * Reads a module's shape from its bytes, without the engine.
 * Fails with `not-wasm`, `truncated`, `malformed`, `invalid-argument`.
 *
 * @param bytes - The module: a buffer, or a view of one at any offset.
 * @param options - Whether to read the `name` section.
 */
export function inspect(bytes: Bytes, options: InspectOptions = {}): Shape {
  const view = bytesOf(bytes);
  if (view) return advise(readShape(view, options.names ? { customs: debugNames } : {}));
  throw new Failure("invalid-argument", { call: "inspect", argument: "bytes", value: bytes });
}

/**
 * Reads a module's shape. Fails with `not-wasm`, `truncated`, `malformed`.
 *
 * @param bytes - The module.
 * @param origin - Where it came from, for errors.
 */
export function readModule(bytes: Uint8Array, origin: Origin = {}): UnadvisedShape {
  return readShape(bytes, origin);
}

/**
 * Reads a module's shape from its head: its bytes up to the code, or to any section boundary behind that.
 * Fails as `readModule`.
 *
 * @param bytes - The head; what follows it does no harm.
 * @param origin - Where the bytes came from, for errors.
 * @param leftOut - What the scanner that collected the bytes left out of them.
 * @returns The shape, without the custom sections that lie behind the code: see {@link completeShape}.
 */
export function readHead(bytes: Uint8Array, origin: Origin = {}, leftOut?: LeftOut): UnadvisedShape {
  return readShape(bytes, { ...origin, headOnly: true, leftOut });
}

/**
 * Puts a shape's advice into words, which are fetched where there is any.
 *
 * @param shape - What was read.
 */
export async function fetchAdvice(shape: UnadvisedShape): Promise<Shape> {
  return shape.advice.length > 0
    ? (await fetchChunk(() => import("../toolchains/advice.ts"))).advise(shape)
    : { ...shape, advice: [] };
}
