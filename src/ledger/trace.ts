/** The origin of a call. */
export interface Trace {
  /** The frames of the stack, starting with the program's own, as in `LiveAllocation`. */
  readonly stack: string;
}

/** A function of the library that the program calls. */
export type Entry = (...args: never[]) => unknown;

/** Records the origins of calls. */
export interface Tracer {
  /** Records the running call. */
  take(): Trace;
  /** Skips the work for a trace that nobody will read. */
  drop(trace: Trace): void;
  /**
   * Begins a function of the library. Until it ends, `take` leaves out its frames and those below it. A function called
   * inside another counts as part of that.
   *
   * @param entry - The function, as the program calls it.
   * @returns A function that ends it.
   */
  enter(entry: Entry): () => void;
}

/**
 * Makes a tracer.
 *
 * The engine captures the frames synchronously, and writes their text when it is first read. Until then the frames hold the
 * objects whose methods they are, so an object that frees its memory when garbage-collected would never be collected. So a
 * microtask reads the text: soon, and never for most allocations that last only for one call.
 */
export function createTracer(): Tracer {
  const unwritten = new Set<Trace & { write(): void }>();
  let current: Entry | undefined;
  const write = (): void => {
    for (const trace of unwritten) trace.write();
    unwritten.clear();
  };
  const leave = (): void => {
    current = undefined;
  };
  return {
    take() {
      let held: Held | undefined = capture(current);
      let stack = "";
      const trace = {
        get stack() {
          trace.write();
          return stack;
        },
        write() {
          if (!held) return;
          stack = framesOf(held).join("\n");
          held = undefined;
        },
      };
      // No queueMicrotask, which worklets lack.
      if (unwritten.size === 0) void Promise.resolve().then(write);
      unwritten.add(trace);
      return trace;
    },
    drop(trace) {
      unwritten.delete(trace as Trace & { write(): void });
    },
    enter(entry) {
      if (current) return () => undefined;
      current = entry;
      return leave;
    },
  };
}

/** An object with a stack. */
interface Held {
  readonly stack?: unknown;
}

/** Captures the stack above a function. If the engine cannot leave frames out, it includes the library's. */
function capture(entry: Entry | undefined): Held {
  const { captureStackTrace } = Error as { readonly captureStackTrace?: (holder: Held, above?: Entry) => void };
  if (typeof captureStackTrace !== "function") return new Error();
  const holder: Held = {};
  try {
    captureStackTrace.call(Error, holder, entry ?? capture);
  } catch {
    // Some engines write the text here, and a program's function for that may throw.
  }
  return holder;
}

/** The stack of an error as text; another value if a program makes V8 return one. */
function stackOf(held: Held): unknown {
  try {
    return held.stack;
  } catch {
    // Nobody waits for this text, so nobody could receive an error of a program's `Error.prepareStackTrace`.
    return undefined;
  }
}

/**
 * The frames in the engine's own form, but without "at": test runners take a line that starts with it for the error's own
 * stack.
 */
function framesOf(held: Held): string[] {
  const stack = stackOf(held);
  if (typeof stack !== "string") return [];
  const lines = stack.split("\n").map((line) => line.trim());
  // V8 starts with the error's name, and each frame with "at". Other engines have only the frames.
  const frames = lines.filter((line) => line.startsWith("at ")).map((line) => line.slice(3));
  // If V8 keeps no frames, only the error's name is left, which is not one.
  if (frames.length === 0) return lines.filter((line) => line !== "" && !/^Error(:|$)/.test(line));
  // V8 leaves out the frames below a function, except those of WebAssembly among them.
  const first = frames.findIndex((frame) => !frame.includes("wasm://"));
  return frames.slice(Math.max(first, 0));
}
