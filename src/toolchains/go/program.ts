import { bytesOf } from "../../base/buffers.ts";
import { frozenRecord } from "../../base/frozen-record.ts";
import { readGiven } from "../../errors/given.ts";
import { invalidOption, requireKnownOptions } from "../../errors/invalid.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import { readOptions, sourceOptions } from "../../options.ts";
import type {
  Compile,
  ExportedFunction,
  Imports,
  InstantiateOptions,
  Instance,
  Module,
  Source,
} from "../../public/index.ts";
import { type CheckedOptions, checkOptions, goOptions } from "./check.ts";
import type { Entrances } from "./life.ts";
import { isAdapter, userImports } from "../../imports/user-imports.ts";
import type { GoOptions, Program, ProgramGlobals, ProgramOptions, RunningProgram } from "./options.ts";
import { ownExports, requireProgram, runtimeModule } from "./require-program.ts";
import { prepare, type Prepared } from "./surroundings.ts";

/** The type of `loadProgram`. */
export type LoadProgram = <Globals extends object = ProgramGlobals>(
  source: Source,
  options?: ProgramOptions,
) => Promise<Program<Globals>>;

/** The options for getting and compiling. The module is Go's, so nothing chooses an adapter. */
const ofCompiling = sourceOptions.filter((name) => !["adapters", "toolchain", "known"].includes(name));
/** The advice for a caller who gives the adapter for Go. */
const served = "loadProgram serves Go itself, and takes the options of go()";
/** The options of a module's instances. */
const ofInstances = ["imports", "missing", "trace", "warn"] as const satisfies readonly (keyof InstantiateOptions)[];

/**
 * Makes a platform's `loadProgram`.
 *
 * @param fetchCompile - Fetches the platform's `compile`.
 */
export function createLoadProgram(fetchCompile: () => Promise<Compile>): LoadProgram {
  return async <Globals extends object>(source: Source, given: ProgramOptions = {}): Promise<Program<Globals>> => {
    const { forProgram, forCompiling, forInstances } = split(given);
    // A wrong option is refused here, and not when the program starts.
    checkOptions("loadProgram", forProgram);
    // The caller may change its bytes as soon as this call has returned.
    const taken = bytesOf(source)?.slice() ?? source;
    const compile = await fetchCompile();
    const module = await compile(taken, forCompiling);
    requireProgram(module.shape);
    const { version } = module.shape.toolchain;
    const begin = (call: string, more: GoOptions | undefined): Promise<RunningProgram<Globals>> =>
      start(module, forInstances, checkOptions(call, forProgram, more));
    return {
      ...(version !== undefined && { version }),
      run: async (more) => (await begin("run", more)).exited,
      start: (more) => begin("start", more),
    };
  };
}

/** Tells the options of the program, of compiling and of its instances apart. */
function split(given: ProgramOptions): {
  readonly forProgram: GoOptions;
  readonly forCompiling: ProgramOptions;
  readonly forInstances: Pick<ProgramOptions, (typeof ofInstances)[number] | "limits">;
} {
  const own = readGiven("loadProgram", given);
  requireKnownOptions("loadProgram", Object.keys(own), [...goOptions, ...ofCompiling, ...ofInstances]);
  const named = (names: readonly string[]): object =>
    Object.fromEntries(Object.entries(own).filter(([name]) => names.includes(name)));
  const checked = <Name extends (typeof sourceOptions)[number] | (typeof ofInstances)[number]>(
    names: readonly Name[],
  ) => readOptions("loadProgram", named(names), names);
  refuseAdapter(own["imports"]);
  return {
    forProgram: named(goOptions),
    forCompiling: checked(ofCompiling),
    forInstances: checked([...ofInstances, "limits"]),
  };
}

async function start<Globals extends object>(
  module: Module,
  forInstances: Pick<ProgramOptions, (typeof ofInstances)[number] | "limits">,
  options: CheckedOptions,
): Promise<RunningProgram<Globals>> {
  let prepared: Prepared | undefined;
  let [resolve, reject]: [(exitCode: number) => void, (error: unknown) => void] = [() => undefined, () => undefined];
  const exited = new Promise<number>((onExit, onFailure) => {
    [resolve, reject] = [onExit, onFailure];
  });
  const close = async (): Promise<void> => {
    try {
      await prepared?.streams.end();
    } finally {
      instance.dispose();
    }
  };
  const failed = (error: unknown, isKnown: boolean): void => {
    // Whoever gets the error elsewhere need not ask for it here.
    if (isKnown) exited.catch(() => undefined);
    close().then(
      () => reject(error),
      () => reject(error),
    );
  };
  const instance = await module.instantiate({
    ...forInstances,
    imports: (wasm) => {
      prepared = prepare(options, entrancesOf(wasm), forInstances.limits?.handles, {
        exited: (exitCode) => void close().then(() => resolve(exitCode), reject),
        failed,
      });
      return merge(
        Object.fromEntries(prepared.imports),
        userImports("loadProgram", forInstances.imports, wasm, served) ?? {},
      );
    },
  });
  const { life } = prepared as unknown as Prepared;
  const end = (error: UnglueError | undefined): void => {
    life.end(() => error ?? disposed());
    failed(error ?? disposed(), true);
  };
  try {
    life.begin();
  } catch (error) {
    // It may not have come as far as to be told.
    life.fail(error, true);
    exited.catch(() => undefined);
    throw error;
  }
  const exports = ownExports(module.shape).map((name): [string, ExportedFunction] => [
    name,
    (...args) => life.callExport(() => (instance.guarded[name] as ExportedFunction)(...args)),
  ]);
  return {
    // The type is the caller's word for what the program sets.
    globals: life.globals.object as Globals,
    exports: frozenRecord(exports),
    exited,
    dispose: () => end(undefined),
  };
}

function entrancesOf(wasm: Instance): Entrances {
  const exported = (name: string): ExportedFunction => wasm.guarded[name] as ExportedFunction;
  return {
    memory: () => wasm.exports["mem"] as unknown as WebAssembly.Memory,
    run: (count, list) => void exported("run")(count, list),
    resume: () => void exported("resume")(),
    stackPointer: () => (wasm.exports["getsp"] as ExportedFunction)() as number,
    isLibrary: ownExports(wasm.shape).length > 0,
  };
}

/** Refuses an adapter in place of imports. Errors: `invalid-option`. */
function refuseAdapter(imports: unknown): void {
  if (!isAdapter(imports)) return;
  const expected = `the program's other imports, or left out: ${served}`;
  throw invalidOption("loadProgram", "imports", expected, imports);
}

/** Adds the caller's imports, which come first. */
function merge(runtime: NonNullable<Imports[string]>, given: Imports): Imports {
  const own = Object.hasOwn(given, runtimeModule) ? given[runtimeModule] : {};
  return Object.assign(Object.create(null) as Imports, given, {
    [runtimeModule]: Object.assign(Object.create(null) as object, runtime, own),
  });
}

function disposed(): UnglueError<"disposed"> {
  return new UnglueError("disposed", "The Go program has been disposed of. Start it again.", {});
}
