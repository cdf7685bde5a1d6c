import type { SystemCalls } from "./guest.ts";

/** A file system that serves one life. */
export interface Files {
  readonly calls: SystemCalls;
  /** Closes what is open, once the program has ended. */
  readonly close: () => void;
}

/** Opens the file system of a life, given what returns the module's memory. */
export type OpenFiles = (memory: () => WebAssembly.Memory) => Files;

/** A platform's real files. */
export interface RealFiles {
  /**
   * Returns what opens the file system of real directories and descriptors. Errors: `unavailable-here`.
   *
   * @param preopens - Paths of directories by the paths that the program knows.
   * @param descriptors - The process's file descriptors for the standard streams that are real.
   */
  readonly prepare: (
    preopens: Readonly<Record<string, string>>,
    descriptors: readonly (number | undefined)[],
  ) => OpenFiles;
}
