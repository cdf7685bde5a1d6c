import type { OutputSink } from "../wasi/options.ts";

/** The standard error of an addon, where Rust tells of a panic before the trap. */
export interface Panics {
  /**
   * Returns the output for the standard error, which also writes to the caller's.
   *
   * @param sink - The caller's. Default: each line to `console.error`.
   */
  readonly watch: (sink: OutputSink | undefined) => (bytes: Uint8Array<ArrayBuffer>) => void;
  /** Returns the last panic, once. */
  readonly take: () => string | undefined;
}

/** The most characters that are kept. */
const most = 4000;
const beginning = /^thread '.*' \(?\d*\)? ?panicked at |^panicked at |^memory allocation of \d+ bytes failed/m;

/** Makes the watch of one life. */
export function createPanics(): Panics {
  const decoder = new TextDecoder();
  let kept = "";
  let line = "";
  return {
    watch: (sink) => (bytes) => {
      const text = decoder.decode(bytes, { stream: true });
      kept = (kept + text).slice(-most);
      if (typeof sink === "function") sink(bytes);
      else {
        const lines = (line + text).split("\n");
        line = lines.pop() ?? "";
        for (const one of lines) console.error(one);
      }
    },
    take() {
      const at = kept.search(beginning);
      const panic = at < 0 ? undefined : kept.slice(at).trim();
      kept = "";
      return panic;
    },
  };
}
