import { describe } from "../../errors/describe.ts";
import { invalidArgument } from "../../errors/invalid.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { ImportFunction } from "../../public/index.ts";
import { isBytes } from "./is-bytes.ts";
import type { WasiOptions } from "./options.ts";
import type { Input, Output } from "./streams.ts";
import { createPieceDecoder, encodeText } from "./text.ts";

/** The most bytes of output that are kept for the result of a run. */
export const mostKept = 2 ** 28;

/**
 * Makes an input. Each life reads text and bytes from their beginning.
 *
 * @param given - The caller's; not a file descriptor.
 */
export function createInput(given: Exclude<WasiOptions["stdin"], number>): Input {
  if (typeof given === "function") return pulled(given);
  let left = typeof given === "string" ? encodeText(given) : (given ?? new Uint8Array());
  return {
    read(size) {
      const bytes = left.subarray(0, size);
      left = left.subarray(bytes.length);
      return bytes;
    },
  };
}

function pulled(next: (size: number) => Uint8Array | undefined): Input {
  return {
    read(size) {
      const bytes: unknown = next(size);
      if (bytes === undefined || bytes === null) return new Uint8Array();
      if (isBytes(bytes) && bytes.length <= size) return bytes;
      throw invalidArgument("wasi", "the result of stdin", pieceOf(bytes, size), bytes);
    },
  };
}

/** Describes what a function may return as the next bytes. */
export function pieceOf(given: unknown, size: number): string {
  const rest = isBytes(given) ? ` (it has ${given.length}: keep the rest for the next call)` : "";
  return `a Uint8Array of at most ${size} bytes${rest}, or undefined`;
}

/**
 * Makes an output that calls a function.
 *
 * @param write - The function.
 */
export function createOutput(write: (bytes: Uint8Array<ArrayBuffer>) => void): Output {
  return { isTerminal: true, write: (bytes) => write(bytes as Uint8Array<ArrayBuffer>) };
}

/**
 * Makes an output that calls a function for each line, without its end.
 *
 * @param print - The function.
 */
function createLines(print: (line: string) => void): Output {
  const decoder = createPieceDecoder();
  let begun = "";
  return {
    isTerminal: true,
    write(bytes) {
      const lines = (begun + decoder.add(bytes)).split("\n");
      begun = lines.pop() ?? "";
      lines.forEach(print);
    },
    end() {
      const rest = begun + decoder.end();
      begun = "";
      if (rest !== "") print(rest);
    },
  };
}

/**
 * Makes the standard outputs that write each line to the console.
 *
 * @param given - Returns the caller's function instead of one of the console, by its name there.
 */
export function consoleLines(given?: (meaning: string) => ImportFunction | undefined): {
  readonly 1: Output;
  readonly 2: Output;
} {
  const lines = (name: "log" | "error"): Output => {
    const own = given?.(`console.${name}`);
    // The page may replace its console's functions at any time.
    return createLines((line) => {
      if (own) Reflect.apply(own, undefined, [line]);
      else console[name](line);
    });
  };
  return { 1: lines("log"), 2: lines("error") };
}

/** An output that keeps what is written. */
export interface Kept {
  readonly output: Output;
  /** Returns all of it, read as UTF-8. */
  readonly text: () => string;
}

/**
 * Makes an output that keeps what is written. Errors of its `write`: `limit-exceeded`.
 *
 * @param name - The stream, for errors.
 */
export function createKept(name: string): Kept {
  const parts: Uint8Array[] = [];
  let size = 0;
  return {
    output: {
      isTerminal: false,
      write(bytes) {
        size += bytes.length;
        if (size > mostKept) throw tooMuch(name, size);
        parts.push(bytes);
      },
    },
    text() {
      const decoder = createPieceDecoder();
      return parts.map(decoder.add).join("") + decoder.end();
    },
  };
}

function tooMuch(name: string, asked: number): UnglueError<"limit-exceeded"> {
  return new UnglueError(
    "limit-exceeded",
    `The program wrote more than ${mostKept} bytes to ${describe(name)}, which are all kept for the result. ` +
      `Pass a function or a stream as ${name}.`,
    { limit: "bytes", asked, allowed: mostKept },
  );
}
