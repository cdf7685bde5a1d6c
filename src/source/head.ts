import { Failure } from "../failure.ts";
import { HeadScanner, readHead } from "../reflect/index.ts";
import type { Shape } from "../types/index.ts";
import type { Body } from "./body.ts";

/** Reads a module's head out of the bytes that pass. */
export class Head {
  /** Bytes that have passed. */
  passed = 0;
  readonly #body: Body;
  readonly #scanner = new HeadScanner();
  /** The first bytes behind the head, once it is complete. */
  #behind: Uint8Array | undefined;
  #shape: Shape | undefined;

  /**
   * @param body - Where the bytes come from, for errors.
   */
  constructor(body: Body) {
    this.#body = body;
  }

  /** The shape, when the head is complete or the bytes have ended. Errors: `not-wasm`, `truncated`, `malformed`. */
  end(): Shape {
    return (this.#shape ??= readHead(this.#scanner.bytes, this.#body));
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
    this.#behind = chunk.slice(chunk.length - this.passed + this.#scanner.bytes.length).slice(0, 6);
    return true;
  }

  /**
   * The failure of an engine that refused the module.
   *
   * @param cause - The engine's error.
   * @param size - Bytes that there are in all, where that is certain: the code may go on behind them.
   */
  refused(cause: unknown, size: number | undefined): Failure {
    const offset = this.#scanner.bytes.length;
    return new Failure("compile-failed", { from: this.#body.from, size, offset, behind: this.#behind }, cause);
  }
}
