/** Where a call came from. */
export interface Trace {
  /** The frames of the stack from the program's own on, as in `LiveAllocation`. */
  readonly stack: string;
}

/** A function of the library that the program calls. */
export type Entry = (...args: never[]) => unknown;

/** Remembers where calls come from. */
export interface Tracer {
  /** Remembers the call under way. */
  take(): Trace;
  /** Spares the work for a trace that nobody will read. */
  drop(trace: Trace): void;
  /**
   * Begins a function of the library, whose own frames and those below it are left out of what `take` remembers until it
   * ends. One that is called within another counts as part of that.
   *
   * @param entry - The function, as the program calls it.
   * @returns Ends it.
   */
  enter(entry: Entry): () => void;
}

/**
 * Makes a tracer.
 *
 * The engine takes the frames synchronously and writes their text when it is first asked for. Until then the frames hold the
 * objects whose methods they are, and an object that frees its memory when it is collected would never be collected. So
 * the text is asked for in a microtask: soon, and for most of what is allocated for one call not at all.
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
      // Not by queueMicrotask, which worklets do not have.
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

/** What has a stack. */
interface Held {
  readonly stack?: unknown;
}

/** The stack above a function. Where the engine cannot leave frames out, the library's are among them. */
function capture(entry: Entry | undefined): Held {
  const { captureStackTrace } = Error as { readonly captureStackTrace?: (holder: Held, above?: Entry) => void };
  if (typeof captureStackTrace !== "function") return new Error();
  const holder: Held = {};
  try {
    captureStackTrace.call(Error, holder, entry ?? capture);
  } catch {
    // Some engines write the text here, and a program may have them write it by a function that throws.
  }
  return holder;
}

/** The stack of an error as text; empty where a program has V8 make something else of it. */
function stackOf(held: Held): unknown {
  try {
    return held.stack;
  } catch {
    // It is written where nobody waits, so what a program's `Error.prepareStackTrace` throws would reach nobody.
    return undefined;
  }
}

/** The frames in the engine's own form, without the word "at": test runners take a line with it for the error's own stack. */
function framesOf(held: Held): string[] {
  const stack = stackOf(held);
  if (typeof stack !== "string") return [];
  const lines = stack.split("\n").map((line) => line.trim());
  // V8 begins with the error's name, and each frame with the word. Other engines have the frames alone.
  const frames = lines.filter((line) => line.startsWith("at ")).map((line) => line.slice(3));
  // V8 that keeps no frames leaves the error's name, which is none.
  if (frames.length === 0) return lines.filter((line) => line !== "" && !/^Error(:|$)/.test(line));
  // V8 leaves out the frames below a function, and not those of WebAssembly among them.
  const first = frames.findIndex((frame) => !frame.includes("wasm://"));
  return frames.slice(Math.max(first, 0));
}
