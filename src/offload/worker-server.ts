import { invalidOption } from "../errors/invalid.ts";
import { fetchChunk } from "../platform/chunk.ts";
import { reasonOf, shownCause } from "../errors/caught.ts";
import { urlText } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { BuiltinOptions, Api, Instance, InterfaceMembers, Load, LoadOptions, Shape } from "../public/index.ts";
import type { PostedImport } from "./function-messages.ts";
import type { Post } from "./worker-functions.ts";
import type { ServerObjects } from "./worker-objects.ts";
import { type Answer, cloned, pack, settle } from "./packed.ts";
import type { callSuspended } from "./suspended-call.ts";
import type { Task } from "./tasks.ts";
import { explained } from "../errors/explain.ts";
import type { OffloadInstanceOptions, OffloadOptions } from "./types.ts";

/** A worker's setup for making instances. All of it can be posted. */
export interface Setup {
  readonly module: WebAssembly.Module;
  readonly options: OffloadInstanceOptions &
    BuiltinOptions &
    Pick<OffloadOptions, "missing"> & { readonly shape: Shape };
  /** The address of the module with the imports. */
  readonly imports: string | undefined;
  /** The imports that stay on the caller's thread. */
  readonly hosts: readonly PostedImport[] | undefined;
  /** The declared interface. */
  readonly api: Api<InterfaceMembers> | undefined;
  /** Whether the worker may call functions of the caller's thread. */
  readonly hasFunctions: boolean;
}

/** The setup of one worker, with the memory that it shares with the caller's thread if they can. */
export interface WorkerSetup extends Setup {
  readonly shared: SharedArrayBuffer | undefined;
}

/** The functions of a worker. Their promises never reject: an answer carries the error. */
export interface WorkerServer {
  /** Makes the instance. */
  open(setup: WorkerSetup): Promise<Answer>;
  /** Runs one task with the instance. */
  call(task: Task): Promise<Answer>;
  /** Answers as soon as no call of the module keeps this thread busy. */
  rest(): Promise<undefined>;
}

/**
 * Makes a worker's server: it holds the worker's one instance, and replaces it after a trap.
 *
 * @param load - The platform's `load`.
 * @param post - Posts a message to the caller's thread.
 */
export function createWorkerServer(load: Load, post: Post): WorkerServer {
  let make: (() => Promise<Instance>) | undefined;
  let current: Instance | undefined;
  let objects: ServerObjects | undefined;
  /** Calls an export that may be suspended; absent if none is. */
  let suspended: typeof callSuspended | undefined;

  const live = async (): Promise<Instance> => {
    if (!make) throw new TypeError("This worker has not been opened.");
    // A poisoned instance refuses everything, but its worker is fine and gets another instance.
    if (current?.state === "live") return current;
    objects?.clear();
    current = await make();
    return current;
  };

  return {
    rest: () => Promise.resolve(undefined),
    open: ({ module, options, imports, hosts, api, hasFunctions, shared }) =>
      answer(async () => {
        const remote = hasFunctions ? await fetchChunk(() => import("./worker-calls.ts")) : undefined;
        const functions = remote?.createWorkerFunctions(post, shared);
        const declared = api && (await fetchChunk(() => import("./worker-objects.ts")));
        objects = api && declared?.createServerObjects(api.members, functions);
        const given = imports === undefined ? {} : await importGiven(imports);
        if (remote && functions && hosts) {
          const theirs = remote.createWorkerImports(hosts, functions, objects?.crossing, api);
          given.imports = given.imports ? remote.joinImports(given.imports, theirs, options.shape) : theirs;
        }
        // An instance that an exception has left while a call was suspended is not used again.
        suspended = hosts?.some((one) => one.function?.reply === "suspend") ? remote?.callSuspended : undefined;
        const policies = suspended && ({ onTrap: "throw", onHostThrow: "throw" } as const);
        make = () =>
          load(module, {
            ...options,
            ...policies,
            ...given,
            ...(api && { api }),
          });
        await live();
        return undefined;
      }),
    call: (task) =>
      answer(async () => {
        if (task.kind === "drop") {
          objects?.drop(task);
          return undefined;
        }
        const instance = await live();
        if (task.kind === "member") return objects?.use(task, instance.api);
        const { name, args } = task;
        const calling = suspended
          ? suspended(instance, name, args).catch((error: unknown) => {
              current = undefined;
              throw error;
            })
          : instance.guarded[name]?.(...args);
        const [result] = await settle(name, "result", calling);
        return cloned(name, result);
      }),
  };
}

async function answer(work: () => Promise<unknown>): Promise<Answer> {
  try {
    return { value: await explained(work)() };
  } catch (error) {
    return { error: pack(error) };
  }
}

/** The options of `load` that hold functions, by which a module of imports exports them. */
type Given = { -readonly [Option in "imports" | "adapters" | "importsByMeaning" | "console"]?: LoadOptions[Option] };

/** Imports the options of `load` that hold functions. */
async function importGiven(address: string): Promise<Given> {
  let namespace: Omit<Given, "imports"> & { readonly default?: Given["imports"] };
  try {
    namespace = (await import(/* @vite-ignore */ /* webpackIgnore: true */ address)) as typeof namespace;
  } catch (cause) {
    const why = reasonOf(cause, address);
    const path = urlText(address);
    throw new UnglueError(
      "read-failed",
      `offload: the worker cannot load its imports from ${path} (${why}). It must be an address from which a module can be imported there, and its code must run in a worker.`,
      { path },
      { cause: shownCause(cause, address) },
    );
  }
  const { default: imports, adapters, importsByMeaning, console } = namespace;
  const given = Object.entries({ imports, adapters, importsByMeaning, console }).filter(([, one]) => one !== undefined);
  if (given.length > 0) return Object.fromEntries(given);
  const expected =
    "a module whose default export is what the option imports of load takes, or that exports adapters, importsByMeaning or console";
  throw invalidOption("offload", "imports", expected, undefined);
}
