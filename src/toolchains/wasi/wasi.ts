import { define, hasMember, hasMembers, isReadable } from "../../base/own.ts";
import { invalidArgument, invalidOption, usage } from "../../errors/invalid.ts";
import type { UnglueError } from "../../errors/unglue-error.ts";
import type { ImportFunction, Imports, Instance } from "../../public/index.ts";
import { createBasic, encodeAll, exited } from "./basic.ts";
import { checkOptions, type CheckedOptions, type PlainInput } from "./check.ts";
import type { Files, OpenFiles, RealFiles } from "./files.ts";
import type { SystemCalls } from "./guest.ts";
import { memoryFiles } from "./memory-directory.ts";
import { functionNames, isServed } from "./names.ts";
import type { OutputSink, WasiOptions } from "./options.ts";
import { consoleLines, createInput, createOutput } from "./sinks.ts";
import type { Output, Streams } from "./streams.ts";

/** The type of `wasi`. */
export type CreateWasi = (options?: WasiOptions) => (instance: Instance) => Imports;

/** Marks the imports that `wasi` makes, so that a call which serves WASI itself can tell them from others. */
const byWasi = /* @__PURE__ */ Symbol("made by wasi()");

/**
 * Whether `wasi` made imports, or some of them.
 *
 * @param imports - The option `imports`, or what its function returned.
 */
export function hasWasi(imports: unknown): boolean {
  return isMarked(imports) || (hasMembers(imports) && Object.values(imports).some(isMarked));
}

function isMarked(value: unknown): boolean {
  return (typeof value === "function" || hasMembers(value)) && Object.hasOwn(value, byWasi);
}

/** The imports of one life. */
export interface Served {
  readonly imports: Imports;
  /** Ends the streams and the file system, once the program has ended. */
  readonly close: () => void;
}

/**
 * Makes a platform's `wasi`.
 *
 * @param real - Its real files, if it has any.
 */
export function createWasi(real: RealFiles | undefined): CreateWasi {
  const create: CreateWasi = (given) => {
    const options = checkOptions("wasi", given, false);
    const open = prepareFiles("wasi", options, real);
    const make = (instance: Instance): Imports => {
      requireInstance(instance);
      const stdin = options.stdin as PlainInput;
      const streams: Streams = {
        ...(typeof stdin !== "number" && { 0: createInput(stdin) }),
        ...outputs(options.stdout as OutputSink | undefined, options.stderr as OutputSink | undefined),
      };
      return serve(instance, options, streams, open, exited).imports;
    };
    return mark(make, "imports: wasi(…)");
  };
  return mark(create, "imports: wasi()");
}

function mark<Made extends object>(made: Made, way: string): Made {
  // Without a name, since nobody calls it by the one that it has here.
  define(made, "name", { value: "" });
  return define(define(made, byWasi, { value: true }), usage, { value: way });
}

/** Refuses a call without the instance. Errors: `invalid-argument`. */
function requireInstance(instance: unknown): void {
  if (isReadable(instance) && typeof instance === "object" && instance !== null && hasMember(instance, "shape")) return;
  const expected =
    "the instance, which a load passes: write imports: wasi(), or with others imports: (instance) => ({ ...wasi()(instance), env })";
  throw invalidArgument("wasi()", "instance", expected, instance);
}

/** Makes the standard outputs that are no file descriptors. By default each line goes to the console. */
function outputs(stdout: OutputSink | undefined, stderr: OutputSink | undefined): Streams {
  const lines = consoleLines();
  const outputOf = (sink: OutputSink | undefined, toConsole: Output): Output | undefined => {
    if (sink === undefined) return toConsole;
    return typeof sink === "number" ? undefined : createOutput(sink);
  };
  const [out, error] = [outputOf(stdout, lines[1]), outputOf(stderr, lines[2])];
  return { ...(out && { 1: out }), ...(error && { 2: error }) };
}

/**
 * Returns what opens a life's file system, if it needs one. Errors: `invalid-option`, `unavailable-here`.
 *
 * @param call - The call that takes the options.
 * @param options - The options.
 * @param platform - The platform's real files.
 */
export function prepareFiles(
  call: string,
  { real, inMemory, stdin, stdout, stderr }: CheckedOptions,
  platform: RealFiles | undefined,
): OpenFiles | undefined {
  const descriptors = [stdin, stdout, stderr].map((one) => (typeof one === "number" ? one : undefined));
  const descriptor = descriptors.find((one) => one !== undefined);
  const isReal = real !== undefined || descriptor !== undefined;
  if (inMemory) {
    if (isReal) {
      throw invalidOption(
        call,
        "stdin, stdout and stderr",
        "no file descriptors with directories in memory",
        descriptor,
      );
    }
    return memoryFiles(inMemory);
  }
  if (!isReal) return undefined;
  if (!platform) {
    throw invalidOption(
      call,
      real ? "preopens" : "stdin, stdout and stderr",
      real ? "directories in memory (memoryDirectory), since there is no file system here" : "no file descriptors here",
      Object.values(real ?? {})[0] ?? 0,
    );
  }
  return platform.prepare(real ?? {}, descriptors);
}

/**
 * Makes the imports of one life.
 *
 * @param instance - The instance of that life.
 * @param options - The checked options.
 * @param streams - The standard streams that are no file descriptors.
 * @param open - Opens the file system.
 * @param exit - Makes the error that ends the program.
 */
export function serve(
  instance: Instance,
  { args, env }: CheckedOptions,
  streams: Streams,
  open: OpenFiles | undefined,
  exit: (exitCode: number) => UnglueError,
): Served {
  let known: WebAssembly.Memory | undefined;
  const memory = (): WebAssembly.Memory => (known ??= instance.memory.raw);
  // Opened at the first call: few programs that may use files do, and real ones cost descriptors.
  let files: Files | undefined;
  const calls: SystemCalls | undefined = open && lazily(() => (files ??= open(memory)).calls);
  const basics = { args: encodeAll(args), env: encodeAll(env), streams };
  const functionFor = createBasic(basics, memory, exit, calls);
  const imports = Object.create(null) as Record<string, Record<string, ImportFunction>>;
  for (const wanted of instance.shape.imports) {
    if (!isServed(wanted)) continue;
    const { module, name } = wanted;
    const group = (imports[module] ??= Object.assign(Object.create(null) as Record<string, ImportFunction>, {
      [byWasi]: true,
    }));
    group[name] = functionFor(module, name);
  }
  return {
    imports,
    close() {
      for (const stream of Object.values(streams) as { readonly end?: () => void }[]) stream.end?.();
      files?.close();
    },
  };
}

/** A map of functions that are looked up at their first call. */
function lazily(calls: () => SystemCalls): SystemCalls {
  return new Map(functionNames.map((name) => [name, (...args) => calls().get(name)?.(...args) ?? notImplemented]));
}

const notImplemented = 52;
