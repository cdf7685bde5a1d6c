import type { DefaultExports, InstantiateOptions, SourceOptions } from "../../public/index.ts";
import type { ByteReadableLike, ByteWritableLike, OutputSink, WasiOptions } from "../wasi/options.ts";

/**
 * The part of `node:fs` that Go programs call: functions that take a callback as their last argument, and the numbers of the
 * flags. `node:fs` fits, and so does any file system with its interface.
 *
 * @example
 * ```ts
 * import fs from "node:fs";
 *
 * const files: GoFileSystem = fs;
 * const program = await loadProgram("./tool.wasm", { fs: files });
 * await program.run({ args: ["in.txt"] });
 * ```
 * @category Go
 */
export interface GoFileSystem {
  /** The flags of `open`: `O_RDWR`, `O_CREAT` and the like. */
  readonly constants?: object;
}

/**
 * The part of Node's `process` that Go programs use: who runs the program, and its working directory.
 *
 * @example
 * ```ts
 * const owner: GoProcess = { cwd: () => "/home/me" };
 * const program = await loadProgram("./tool.wasm", { process: owner });
 * ```
 * @category Go
 */
export interface GoProcess {
  /** Returns the working directory. */
  cwd?(): string;
}

/**
 * The part of `node:path` that Go programs use.
 *
 * @example
 * ```ts
 * const paths: GoPath = { resolve: (...segments) => segments.join("/") };
 * const program = await loadProgram("./tool.wasm", { path: paths });
 * ```
 * @category Go
 */
export interface GoPath {
  /**
   * Joins paths to an absolute one.
   *
   * @param segments - The paths.
   */
  resolve(...segments: string[]): string;
}

/**
 * The surroundings of a Go program: its arguments, environment, streams, files and globals.
 *
 * @example
 * ```ts
 * import fs from "node:fs";
 * import path from "node:path";
 *
 * const program = await loadProgram("./tool.wasm", { fs, path, process });
 * await program.run({ args: ["--verbose"], env: { HOME: "/home/me" } });
 * ```
 * @category Go
 */
export interface GoOptions {
  /** The arguments after the program's name. Default none. */
  readonly args?: readonly string[];
  /** The program's name, which is `os.Args[0]`. Default `"js"`. */
  readonly name?: string;
  /** The environment. Default empty: the process's own is not passed on. */
  readonly env?: { readonly [name: string]: string };
  /**
   * The standard input: text, which is passed as UTF-8; bytes; a readable stream, which is read as the program asks for it; or
   * a function that returns the next bytes or a promise of them, at most `size`, and nothing at the end. With the option `fs`
   * also the number of one of its file descriptors, such as 0 for the process's own. Default empty.
   */
  readonly stdin?:
    | Exclude<WasiOptions["stdin"], (...args: never[]) => unknown>
    | ((size: number) => Uint8Array | undefined | Promise<Uint8Array | undefined>)
    | ByteReadableLike;
  /**
   * The standard output: a function of bytes, or a writable stream, which stays open. With the option `fs` also the number of
   * one of its file descriptors, such as 1. Default: each line to `console.log`.
   */
  readonly stdout?: OutputSink | ByteWritableLike;
  /** The standard error, as `stdout`. Default: each line to `console.error`. */
  readonly stderr?: OutputSink | ByteWritableLike;
  /** The files: `node:fs`, or an object with its interface. Default none: calls fail with `ENOSYS`. */
  readonly fs?: GoFileSystem;
  /** The process, as Node has it. Default: no user, no working directory. */
  readonly process?: GoProcess;
  /** Works with paths, as `node:path` does. Default: joins with `/`. */
  readonly path?: GoPath;
  /**
   * Members of the program's global object (`js.Global()`), which come before those of the page. Each run gets its own copy of
   * the list.
   */
  readonly globals?: { readonly [name: string]: unknown };
}

/**
 * How to load a Go program: its surroundings, which each run may replace, and how to get and compile it.
 *
 * @example
 * ```ts
 * const program = await loadProgram("./tool.wasm", {
 *   args: ["--verbose"],
 *   limits: { memoryPages: 4096 },
 * });
 * ```
 * @category Go
 */
export type ProgramOptions = GoOptions &
  Omit<SourceOptions, "adapters" | "toolchain" | "known"> &
  Pick<InstantiateOptions, "imports" | "missing" | "trace" | "warn">;

/**
 * The global object of a program if no type argument is given.
 *
 * @category Go
 */
export type ProgramGlobals = Readonly<Record<string, unknown>>;

/**
 * A Go program that has been compiled, and can be run any number of times.
 *
 * @example
 * ```ts
 * const program = await loadProgram("./tool.wasm");
 * const code = await program.run({ args: ["--version"] });
 * ```
 * @category Go
 */
export interface Program<Globals extends object = ProgramGlobals> {
  /** The version of Go that built it, as in `"go1.26.0"`; absent if the module does not say it. */
  readonly version?: string;
  /**
   * Runs the program from its beginning to its end, in an instance of its own.
   *
   * Errors: those of `start`, and those of `exited`.
   *
   * @param options - What differs from the options of `loadProgram`.
   * @returns The exit code: 0 if `main` returned, 2 after a panic.
   */
  run(options?: GoOptions): Promise<number>;
  /**
   * Starts the program in an instance of its own. The promise is fulfilled when the program waits for the first time, as by
   * `select {}`, or has ended: then the functions that `main` has set can be called.
   *
   * Errors: `invalid-option`, `unknown-option`; `limit-exceeded` if arguments and environment are too long; `trap`,
   * `missing-import-called`, `host-threw`, and what a function of yours throws; those of an instance.
   *
   * @param options - What differs from the options of `loadProgram`.
   */
  start(options?: GoOptions): Promise<RunningProgram<Globals>>;
}

/**
 * A Go program that runs.
 *
 * @example
 * ```ts
 * const program = await loadProgram<{ add(a: number, b: number): number }>("./math.wasm");
 * const running = await program.start();
 * running.globals.add(1, 2);
 * running.dispose();
 * ```
 * @category Go
 */
export interface RunningProgram<Globals extends object = ProgramGlobals> {
  /**
   * The program's global object, `js.Global()` in Go. Its own members are what the program has set and what the option
   * `globals` gave; all others are the page's. Functions of the program throw `exited` once it has ended, `poisoned` once it
   * has failed, and `disposed`.
   */
  readonly globals: Globals;
  /** The functions that the program exports with `//go:wasmexport`. */
  readonly exports: DefaultExports;
  /**
   * The exit code, once the program has ended and its output is written. Errors: `trap`, `host-threw`, what a function or
   * stream of yours throws, and `disposed`.
   */
  readonly exited: Promise<number>;
  /** Ends the program where it is. It is not told. */
  dispose(): void;
}
