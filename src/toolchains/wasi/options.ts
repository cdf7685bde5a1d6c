import type { InstantiateOptions, SourceOptions } from "../../public/index.ts";

/**
 * The part of a `WritableStream` that this library uses. A stream of any implementation fits.
 *
 * @category Details of sources
 */
export interface ByteWritableLike {
  /** Returns a writer. */
  getWriter(): {
    /**
     * Writes bytes.
     *
     * @param bytes - The bytes.
     */
    write(bytes: Uint8Array): Promise<void>;
    /** Gives the stream back. */
    releaseLock(): void;
  };
}

/**
 * The part of a `ReadableStream` that this library uses. A stream of any implementation fits.
 *
 * @category Details of sources
 */
export interface ByteReadableLike {
  /** Returns a reader. */
  getReader(): {
    /** Reads the next bytes. */
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    /** Gives the stream back. */
    releaseLock(): void;
  };
}

/**
 * A directory in memory, made by `memoryDirectory`. Programs that it is given to read and write its files, and so do you.
 *
 * @example
 * ```ts
 * const work = await memoryDirectory({ "in.txt": "hello" });
 * const program = await loadCommand("./tool.wasm");
 * await program.run({ args: ["in.txt", "out.txt"], preopens: { ".": work } });
 * console.log(work.text("out.txt"));
 * ```
 * @category WASI
 */
export interface MemoryDirectory {
  /** The paths of all files, in the order of their names. */
  readonly paths: readonly string[];
  /**
   * Returns a copy of a file's bytes; `undefined` if it does not exist. Errors: `invalid-argument`.
   *
   * @param path - Its path in this directory, such as `"data/in.txt"`.
   */
  bytes(path: string): Uint8Array<ArrayBuffer> | undefined;
  /**
   * Returns a file's text, read as UTF-8; `undefined` if it does not exist. Errors: `invalid-argument`.
   *
   * @param path - As for `bytes`.
   */
  text(path: string): string | undefined;
  /**
   * Writes a file, and makes the directories that it is in. Errors: `invalid-argument`.
   *
   * @param path - As for `bytes`.
   * @param contents - Text, which is written as UTF-8, or bytes, which are copied.
   */
  write(path: string, contents: string | Uint8Array): void;
}

/**
 * Where a program's output goes: a function that receives bytes, or, in Node, the number of a file descriptor of the process.
 *
 * @category WASI
 */
export type OutputSink = ((bytes: Uint8Array<ArrayBuffer>) => void) | number;

/**
 * The arguments, environment, streams and files of a program. Both platforms take the same, except for real files.
 *
 * @example
 * ```ts
 * const wasm = await load("./reactor.wasm", {
 *   imports: wasi({
 *     env: { LANG: "C" },
 *     stdout: (bytes) => console.log(new TextDecoder().decode(bytes)),
 *   }),
 * });
 * ```
 * @category WASI
 */
export interface WasiOptions {
  /** The arguments after the program's name. Default none. */
  readonly args?: readonly string[];
  /** The program's name, which is its argument 0. Default `"main.wasm"`. */
  readonly name?: string;
  /** The environment. Default empty: the process's own is not passed on. */
  readonly env?: { readonly [name: string]: string };
  /**
   * The standard input: text, which is passed as UTF-8; bytes; or a function that returns the next bytes, at most `size`, and
   * nothing at the end. In Node also the number of a file descriptor, such as 0 for the process's own. Default empty.
   */
  readonly stdin?: string | Uint8Array | ((size: number) => Uint8Array | undefined) | number;
  /** The standard output. Default: each line to `console.log`. */
  readonly stdout?: OutputSink;
  /** The standard error. Default: each line to `console.error`. */
  readonly stderr?: OutputSink;
  /**
   * The directories that the program may use, by the path that it knows them by: a directory in memory, or in Node the path
   * of a real one. Either all are real or all are in memory. Default none: no files.
   */
  readonly preopens?: { readonly [guest: string]: string | MemoryDirectory };
}

/**
 * How to run a command once.
 *
 * @example
 * ```ts
 * const program = await loadCommand("./tool.wasm");
 * const { exitCode, stdout } = await program.run({ args: ["--help"] });
 * ```
 * @category WASI
 */
export interface RunOptions extends Omit<WasiOptions, "stdin" | "stdout" | "stderr"> {
  /** The standard input, as for `wasi`; or a stream, which is read to its end before the program starts. */
  readonly stdin?: WasiOptions["stdin"] | ByteReadableLike;
  /** The standard output, as for `wasi`; or a stream, which stays open. Default: kept as the result's `stdout`. */
  readonly stdout?: OutputSink | ByteWritableLike;
  /** The standard error, as for `wasi`; or a stream, which stays open. Default: kept as the result's `stderr`. */
  readonly stderr?: OutputSink | ByteWritableLike;
}

/**
 * How a command ended, and what it wrote.
 *
 * @example
 * ```ts
 * const program = await loadCommand("./tool.wasm");
 * const { exitCode, stderr }: RunResult = await program.run();
 * if (exitCode !== 0) throw new Error(stderr);
 * ```
 * @category WASI
 */
export interface RunResult {
  /** The exit code: 0 if `main` returned 0, or the program exited with it. */
  readonly exitCode: number;
  /** Its standard output, read as UTF-8; empty if that went elsewhere. */
  readonly stdout: string;
  /** Its standard error, read as UTF-8; empty if that went elsewhere. */
  readonly stderr: string;
}

/**
 * How to load a command: the options of `load`, except those of an instance that goes on after a call.
 *
 * @example
 * ```ts
 * const program = await loadCommand("./tool.wasm", {
 *   imports: { env: { now: () => Date.now() } },
 *   limits: { memoryPages: 256 },
 * });
 * ```
 * @category WASI
 */
export type CommandOptions = SourceOptions &
  Pick<
    InstantiateOptions,
    "imports" | "importsByMeaning" | "console" | "missing" | "create" | "trace" | "trampolines" | "warn"
  >;

/**
 * A program that runs from its beginning to its end: a module that exports `_start`.
 *
 * @example
 * ```ts
 * const program = await loadCommand("./tool.wasm");
 * for (const name of ["a.txt", "b.txt"]) {
 *   const { exitCode } = await program.run({ args: [name], preopens: { ".": "./data" } });
 *   if (exitCode !== 0) console.log(name, exitCode);
 * }
 * ```
 * @category WASI
 */
export interface Command {
  /**
   * Runs the program in an instance of its own, which ends with it. The thread is busy until then. Errors: `trap`, whose
   * details have the end of what it wrote to the standard error; `missing-import-called`, `invalid-option`, `unknown-option`,
   * `limit-exceeded` for more than 256 MiB of kept output, `unavailable-here`, those of an instance, and what a function of
   * yours throws.
   *
   * @param options - Arguments, environment, streams and files.
   */
  run(options?: RunOptions): Promise<RunResult>;
}
