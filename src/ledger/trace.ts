/** Where a call came from. */
export interface Trace {
  /** The frames of the stack without those of the library, as in `LiveAllocation`. */
  readonly stack: string;
}

/** Remembers where calls come from. */
export interface Tracer {
  /** Remembers the call under way. */
  take(): Trace;
  /** Spares the work for a trace that nobody will read. */
  drop(trace: Trace): void;
}

/** What the frames of the library take away from those that the engine gives, and get back. */
const ownFrames = 12;

/**
 * Makes a tracer.
 *
 * The engine takes the frames at once and writes their text when it is first asked for. Until then the frames hold the
 * objects whose methods they are, and an object that frees its memory when it is collected would never be collected. So
 * the text is asked for in a microtask: soon, and for most of what is allocated for one call not at all.
 */
export function createTracer(): Tracer {
  const folder = libraryFolder();
  const unwritten = new Set<Trace & { write(): void }>();
  const write = (): void => {
    for (const trace of unwritten) trace.write();
    unwritten.clear();
  };
  return {
    take() {
      let error: Error | undefined = capture();
      let stack = "";
      const trace = {
        get stack() {
          trace.write();
          return stack;
        },
        write() {
          if (!error) return;
          stack = framesOf(error)
            .filter((frame) => folder === undefined || !frame.includes(folder))
            .join("\n");
          error = undefined;
        },
      };
      if (unwritten.size === 0) queueMicrotask(write);
      unwritten.add(trace);
      return trace;
    },
    drop(trace) {
      unwritten.delete(trace as Trace & { write(): void });
    },
  };
}

function capture(): Error {
  // Other engines have no such limit. Where `Error` is frozen, it stays as it is.
  const limit: unknown = Reflect.get(Error, "stackTraceLimit");
  if (typeof limit !== "number") return new Error();
  Reflect.set(Error, "stackTraceLimit", limit + ownFrames);
  const error = new Error();
  Reflect.set(Error, "stackTraceLimit", limit);
  return error;
}

/** The frames in the engine's own form, without the word "at": test runners take a line with it for the error's own stack. */
function framesOf({ stack }: Error): string[] {
  // A program may have V8 make something else of a stack.
  if (typeof stack !== "string") return [];
  const lines = stack.split("\n").map((line) => line.trim());
  // V8 begins with the error's name, and each frame with the word. Other engines have the frames alone.
  const frames = lines.filter((line) => line.startsWith("at ")).map((line) => line.slice(3));
  return frames.length > 0 ? frames : lines.filter(Boolean);
}

/**
 * What the frames of the library have in common: its folder, which the first frame tells, being one of this file. Once a
 * bundler has put it under another name there is other code beside it, and no telling apart.
 */
function libraryFolder(): string | undefined {
  const [own = ""] = framesOf(capture());
  return /([/\\].*[/\\])(?:unglue_)?ledger(?:[/\\]trace)?\.[cm]?[jt]s\b/.exec(own)?.[1];
}
