import { messageOf } from "../errors/caught.ts";
import { loadError } from "../errors/load-error.ts";
import { refusedError } from "../errors/refused.ts";
import type { UnglueError } from "../errors/unglue-error.ts";
import { HeadScanner, readHead, type ReadShape } from "../reflect/index.ts";
import type { Body } from "./body.ts";
import type { Chunk } from "./source.ts";

/**
 * Receives a shape while the engine still compiles, so that the module's other needs can be met meanwhile. Without all of its
 * bytes, the shape may lack the custom sections after the code.
 */
export type OnShape = (shape: ReadShape, bytes?: Uint8Array) => void;

/** Reads a module's head from bytes as they pass. */
export class Head {
  /** The number of bytes that have passed. */
  passed = 0;
  readonly #body: Body;
  readonly #onShape: OnShape;
  readonly #scanner: HeadScanner;
  /** The first bytes after the head, once it is complete. */
  #behind: Uint8Array | undefined;
  #shape: ReadShape | undefined;

  /**
   * @param body - Where the bytes come from, for errors.
   * @param onShape - Receives the shape once it is known.
   * @param keepsAll - Whether `bytes` is passed on, and so must be complete.
   */
  constructor(body: Body, onShape: OnShape, keepsAll = false) {
    this.#scanner = new HeadScanner(keepsAll);
    this.#body = body;
    this.#onShape = onShape;
  }

  /** The head, once it is complete; before that, all bytes that have passed. Large custom sections may lack their contents. */
  get bytes(): Chunk {
    return this.#scanner.bytes;
  }

  /** The number of bytes in the last chunk that lie after the head, once it is complete. */
  get behind(): number {
    return this.passed - this.#scanner.end;
  }

  /** Returns the shape, when the head is complete or the bytes have ended. Errors: `not-wasm`, `truncated`, `malformed`. */
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
   * Makes the error of an engine that refused the module: `truncated` if the module ends within the section after its head.
   *
   * @param cause - The engine's error.
   * @param size - The total number of bytes, if it is certain: the code may go on after them.
   */
  refused(cause: unknown, size: number | undefined): UnglueError {
    const { from } = this.#body;
    const error = refusedError(cause, from);
    if (!this.#behind || error.code === "compile-forbidden") return error;
    const offset = this.#scanner.end;
    const [header, contents] = sectionSizes(this.#behind);
    const needed = offset + header + contents;
    const read = size ?? sizeRead(messageOf(cause), offset, header);
    if (read === undefined || read >= needed) return error;
    return loadError("truncated", { offset, size: read, needed, ...(from !== undefined && { from }) }, cause);
  }
}

/** The number of bytes in V8's message, if it is about the section at an offset. */
function sizeRead(message: string, offset: number, header: number): number | undefined {
  const [, rest, section] = /past end of the module \(.*remaining bytes (\d+)\) @\+(\d+)$/.exec(message) ?? [];
  return Number(section) === offset ? offset + header + Number(rest) : undefined;
}

/** The sizes of a section's header and contents, from its first bytes; both 0 if these do not contain the whole header. */
function sectionSizes(start: Uint8Array): [header: number, contents: number] {
  let size = 0;
  for (let i = 1; i < start.length; i += 1) {
    const byte = start[i] ?? 0;
    size += (byte & 127) * 128 ** (i - 1);
    if (byte < 128) return [1 + i, size];
  }
  return [0, 0];
}
