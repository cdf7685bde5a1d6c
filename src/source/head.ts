import { Failure } from "../errors/failure.ts";
import { HeadScanner, readHead, type ReadShape } from "../reflect/index.ts";
import type { Body } from "./body.ts";
import type { Chunk } from "./source.ts";

/**
 * Receives a shape while the engine still compiles, so that what the module needs can be fetched meanwhile. It may lack the
 * custom sections behind the code.
 */
export type OnShape = (shape: ReadShape) => void;

/** Reads a module's head out of the bytes that pass. */
export class Head {
  /** Bytes that have passed. */
  passed = 0;
  readonly #body: Body;
  readonly #onShape: OnShape;
  readonly #scanner: HeadScanner;
  /** The first bytes behind the head, once it is complete. */
  #behind: Uint8Array | undefined;
  #shape: ReadShape | undefined;

  /**
   * @param body - Where the bytes come from, for errors.
   * @param onShape - Receives the shape once it is known.
   * @param keepsAll - Whether `bytes` is passed on, and so must lack nothing.
   */
  constructor(body: Body, onShape: OnShape, keepsAll = false) {
    this.#scanner = new HeadScanner(keepsAll);
    this.#body = body;
    this.#onShape = onShape;
  }

  /** The head, once it is complete; before that, all that has passed. Large custom sections may lack their contents. */
  get bytes(): Chunk {
    return this.#scanner.bytes;
  }

  /** How many of the last chunk's bytes lie behind the head, once it is complete. */
  get behind(): number {
    return this.passed - this.#scanner.end;
  }

  /** The shape, when the head is complete or the bytes have ended. Errors: `not-wasm`, `truncated`, `malformed`. */
  end(): ReadShape {
    const { bytes, leftOut } = this.#scanner;
    if (!this.#shape) {
      this.#shape = readHead(bytes, this.#body, leftOut);
      this.#onShape(this.#shape);
    }
    return this.#shape;
  }

  /**
   * Takes the next bytes. Errors: those of the shape, once the head is complete.
   *
   * @returns Whether the head is complete.
   */
  push(chunk: Uint8Array): boolean {
    this.passed += chunk.length;
    if (this.#behind || !this.#scanner.push(chunk)) return Boolean(this.#behind);
    this.end();
    const start = chunk.length - this.behind;
    this.#behind = chunk.slice(start, start + 6);
    return true;
  }

  /**
   * The failure of an engine that refused the module.
   *
   * @param cause - The engine's error.
   * @param size - Bytes that there are in all, where that is certain: the code may go on behind them.
   */
  refused(cause: unknown, size: number | undefined): Failure {
    const offset = this.#scanner.end;
    return new Failure("compile-failed", { from: this.#body.from, size, offset, behind: this.#behind }, cause);
  }
}
