import { bytesOf } from "../../base/buffers.ts";
import { withoutAddress } from "../../errors/docs-address.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import { describe } from "../../errors/describe.ts";
import { readGiven } from "../../errors/given.ts";
import { invalidOption } from "../../errors/invalid.ts";
import { userImports } from "../../imports/user-imports.ts";
import { readOptions, sourceOptions } from "../../options.ts";
import type { Compile, Imports, InstantiateOptions, Instance, Module, Source } from "../../public/index.ts";
import { exited } from "./basic.ts";
import { checkOptions, runOptions } from "./check.ts";
import type { RealFiles } from "./files.ts";
import type { ByteReadableLike, Command, CommandOptions, RunOptions, RunResult } from "./options.ts";
import { moduleNames } from "./names.ts";
import { createInput, createKept, createOutput, mostKept } from "./sinks.ts";
import { isReadableStream, isWritableStream } from "./standard.ts";
import { createStreamed, openStreamed } from "./streamed.ts";
import { notACommand } from "./not-a-command.ts";
import type { Output } from "./streams.ts";
import { hasWasi, prepareFiles, serve, type Served } from "./wasi.ts";

/** The type of `loadCommand`. */
export type LoadCommand = (source: Source, options?: CommandOptions) => Promise<Command>;

/** The options of a module's instances; the others are for compiling. */
const ofInstances = [
  "imports",
  "importsByMeaning",
  "console",
  "missing",
  "create",
  "trace",
  "trampolines",
  "warn",
] as const satisfies readonly (keyof InstantiateOptions)[];

/**
 * Makes a platform's `loadCommand`.
 *
 * @param fetchCompile - Fetches the platform's `compile`.
 * @param real - Its real files, if it has any.
 */
export function createLoadCommand(fetchCompile: () => Promise<Compile>, real: RealFiles | undefined): LoadCommand {
  return async (source, given = {}) => {
    const [forCompiling, forInstances] = split(given);
    // The caller may change its bytes as soon as this call has returned.
    const taken = bytesOf(source)?.slice() ?? source;
    const compile = await fetchCompile();
    const module = await compile(taken, forCompiling);
    refuseOthers(module);
    return { run: (options) => run(module, forInstances, options, real) };
  };
}

function split(given: CommandOptions): readonly [CommandOptions, InstantiateOptions] {
  const own = readGiven("loadCommand", given);
  refuseOfRun(Object.keys(own));
  refuseWasi(own["imports"]);
  const entries = Object.entries(readOptions("loadCommand", own, [...sourceOptions, ...ofInstances]));
  const isOfInstances = ([name]: readonly [string, unknown]): boolean =>
    (ofInstances as readonly string[]).includes(name);
  return [
    Object.fromEntries(entries.filter((entry) => !isOfInstances(entry))),
    Object.fromEntries(entries.filter(isOfInstances)),
  ];
}

/** Refuses options that belong to a run. Errors: `unknown-option`. */
function refuseOfRun(names: readonly string[]): void {
  const option = names.find((name) => (runOptions as readonly string[]).includes(name));
  if (option !== undefined) {
    throw new UnglueError(
      "unknown-option",
      `loadCommand: there is no option ${describe(option)}. run() takes it: program.run({ ${option} }).`,
      { call: "loadCommand", option },
    );
  }
}

/** Refuses the imports of `wasi`, whose exit would not be that of the run. Errors: `invalid-option`. */
function refuseWasi(imports: unknown): void {
  if (!hasWasi(imports)) return;
  const expected = "the program's other imports, or left out: run() makes those of WASI, and takes what wasi() takes";
  throw invalidOption("loadCommand", "imports", expected, imports);
}

/** Refuses a module that is no command. Errors: `not-a-command`. */
function refuseOthers({ shape }: Module): void {
  const start = shape.exports.find(({ name }) => name === "_start");
  // A compiled module without its types has no type here, and the engine's function tells when it is called.
  const fits = start?.kind === "function" && (start.type?.params.length ?? 0) === 0;
  if (!fits) throw notACommand(shape);
}

async function run(
  module: Module,
  forInstances: InstantiateOptions,
  given: RunOptions | undefined,
  real: RealFiles | undefined,
): Promise<RunResult> {
  const options = checkOptions("run", given, true);
  const { stdin, stdout, stderr } = options;
  const open = prepareFiles("run", options, real);
  const input = isReadableStream(stdin) ? await readAll(stdin) : stdin;
  const sinks: Sink[] = [];
  const openOutput = (name: string, output: RunOptions["stdout"]): Sink => {
    const sink = openSink(name, output);
    sinks.push(sink);
    return sink;
  };
  let exit: UnglueError | undefined;
  let served: Served | undefined;
  let instance: Instance | undefined;
  try {
    const out = openOutput("stdout", stdout);
    const error = openOutput("stderr", stderr);
    instance = await module.instantiate({
      ...forInstances,
      imports: (wasm) => {
        served = serve(
          wasm,
          options,
          {
            ...(typeof input !== "number" && { 0: createInput(input) }),
            ...(out.output && { 1: out.output }),
            ...(error.output && { 2: error.output }),
          },
          open,
          (exitCode) => (exit = exited(exitCode)),
        );
        return merge(served.imports, importsOf(forInstances, wasm));
      },
    });
    let exitCode = 0;
    try {
      instance.guarded["_start"]?.();
    } catch (failure) {
      // The exit of another program that this one's imports call is not its own.
      if (exit === undefined || failure !== exit) throw withOutput(failure, error.text());
      exitCode = (exit as UnglueError<"exited">).details.exitCode;
    }
    return { exitCode, stdout: out.text(), stderr: error.text() };
  } finally {
    served?.close();
    instance?.dispose();
    await Promise.all(sinks.map((sink) => sink.end()));
  }
}

/** An output of a run. */
interface Sink {
  /** The output; `undefined` if it is a file descriptor. */
  readonly output: Output | undefined;
  /** Waits until everything is written. */
  readonly end: () => Promise<void>;
  /** Returns the output that was kept. */
  readonly text: () => string;
}

function openSink(name: string, given: RunOptions["stdout"]): Sink {
  const nothing = { end: () => Promise.resolve(), text: () => "" };
  if (given === undefined) {
    const { output, text } = createKept(name);
    return { ...nothing, output, text };
  }
  if (typeof given === "number") return { ...nothing, output: undefined };
  if (!isWritableStream(given)) return { ...nothing, output: createOutput(given) };
  const { write, end } = createStreamed("run", name, given);
  return { ...nothing, output: { isTerminal: false, write: (bytes) => void write(bytes) }, end };
}

/** Reads a stream to its end. Errors: `limit-exceeded`, and the stream's own. */
async function readAll(stream: ByteReadableLike): Promise<Uint8Array> {
  const { next, end } = openStreamed("run", "stdin", stream);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let part = await next(); part; part = await next()) {
      parts.push(part);
      size += part.length;
      if (size > mostKept) {
        throw new UnglueError(
          "limit-exceeded",
          `The stream stdin has more than ${mostKept} bytes, and is read before the program starts. Pass a function.`,
          { limit: "bytes", asked: size, allowed: mostKept },
        );
      }
    }
  } finally {
    end();
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function importsOf({ imports }: InstantiateOptions, instance: Instance): Imports {
  const given = userImports("loadCommand", imports, instance) ?? {};
  refuseWasi(given);
  return given;
}

/** Adds the caller's imports, which come first. */
function merge(own: Imports, given: Imports): Imports {
  const merged = Object.assign(Object.create(null) as Record<string, unknown>, own, given);
  for (const name of moduleNames) {
    if (Object.hasOwn(own, name) && Object.hasOwn(given, name)) {
      merged[name] = Object.assign(Object.create(null) as object, own[name], given[name]);
    }
  }
  return merged;
}

/** The most characters of the standard error that an error quotes. */
const mostQuoted = 2000;

/** Adds the end of the standard error to a trap: a panic is written there before it. */
function withOutput(failure: unknown, stderr: string): unknown {
  const quoted = stderr.slice(-mostQuoted).trim();
  if (quoted === "" || !UnglueError.is(failure, "trap")) return failure;
  const { details, message } = failure;
  return new UnglueError(
    "trap",
    `${withoutAddress(message, "trap")} The program wrote to its standard error: ${quoted}`,
    { ...details, stderr: quoted },
    { cause: failure.cause },
  );
}
