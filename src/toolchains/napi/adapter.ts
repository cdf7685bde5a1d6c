import { ownValue } from "../../base/own.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type {
  Adapter,
  Convention,
  ExportedFunction,
  Imports,
  ImportShape,
  ProvideContext,
  Provided,
  Shape,
} from "../../public/index.ts";
import { moduleNames } from "../wasi/names.ts";
import { createWasi } from "../wasi/wasi.ts";
import { createContext, type Emnapi, fetchEmnapi, type NapiModule, requireSameVersion } from "./emnapi.ts";
import { checkOptions, type NapiOptions } from "./options.ts";
import { createPanics } from "./panics.ts";
import { type Callbacks, createCallbacks, type Running } from "./table.ts";
import { napi as toolchain } from "./toolchain.ts";

/** One life of an addon. */
interface AddonLife {
  readonly napiModule: NapiModule;
  readonly callbacks: Callbacks;
  /** The system interface, for what the user does not provide. */
  readonly system: Imports;
  /** The panic that was last written to the standard error. */
  readonly takePanic: () => string | undefined;
  /** Rejects the promises of the addon that are pending. */
  readonly rejectAll: (refusal: (name: string) => Error) => void;
}

/** The modules that `@emnapi/core` has functions for. */
const ownModules = ["env", "napi", "emnapi"] as const;

/** The exports by which an addon is used, besides its memory and table. */
const entrances = ["napi_register_wasm_v1", "malloc", "free"] as const;

/**
 * Makes the adapter for addons for Node-API. Errors: `invalid-option`, `unknown-option`.
 *
 * @param given - The options.
 */
export function createNapi(given: NapiOptions): Adapter {
  const options = checkOptions(given);
  const wasi = createWasi(undefined);
  // A wrong option is refused here, and not when a module is loaded.
  wasi(options.wasi);
  let emnapi: Emnapi | undefined = options.emnapi;
  const lives = new WeakMap<ProvideContext, AddonLife>();

  const lifeOf = (context: ProvideContext): AddonLife => {
    const known = lives.get(context);
    if (known) return known;
    requireEntrances(context.shape);
    if (!emnapi) throw unprepared();
    requireVersion(context.shape, emnapi.core);
    requireSameVersion(emnapi);
    const life = createLife(emnapi, context);
    lives.set(context, life);
    return life;
  };

  const createLife = ({ core, runtime }: Emnapi, context: ProvideContext): AddonLife => {
    const callbacks = createCallbacks(context);
    /** The functions that reject pending promises, with those that made them. */
    const pending = new Map<(reason: unknown) => void, Running>();
    const own = createContext(runtime);
    const createDeferred = own.createDeferred?.bind(own);
    if (createDeferred) {
      own.createDeferred = (deferred) => {
        const resolve = deferred.resolve.bind(deferred);
        const reject = deferred.reject.bind(deferred);
        pending.set(reject, callbacks.running());
        deferred.resolve = (value) => {
          pending.delete(reject);
          resolve(value);
        };
        deferred.reject = (reason) => {
          pending.delete(reject);
          reject(reason);
        };
        return createDeferred(deferred);
      };
    }
    // No threads: what would run in the background runs between two turns of the event loop.
    const napiModule = core.createNapiModule({ context: own, asyncWorkPoolSize: 0 } as never) as NapiModule;
    const panics = createPanics();
    return {
      napiModule,
      callbacks,
      system: wasi({ ...options.wasi, stderr: panics.watch(options.wasi?.stderr) })(context.instance),
      takePanic: panics.take,
      rejectAll(refusal) {
        const { call } = callbacks.running();
        for (const [reject, { name, call: maker }] of pending) {
          // The call that fails now has not returned its promise, so nobody could handle the rejection.
          if (call === undefined || maker !== call) reject(refusal(name));
        }
        pending.clear();
      },
    };
  };

  return {
    name: toolchain.name,

    detect(shape) {
      // The shape may come from the caller and be incomplete.
      const { toolchain: found } = shape as Partial<Shape>;
      return found?.name === toolchain.name ? { evidence: found.evidence } : undefined;
    },

    async prepare() {
      emnapi ??= await fetchEmnapi();
    },

    provide(wanted, context) {
      return wanted.kind === "function" ? provide(wanted, lifeOf(context)) : undefined;
    },

    hint: (wanted) => hintFor(wanted),

    attach: (_, context) => attach(context, lifeOf(context)),
  };
}

function provide({ module, name }: ImportShape, life: AddonLife): Provided | undefined {
  if (moduleNames.includes(module)) {
    const value = ownValue(ownValue(life.system, module) ?? {}, name);
    if (typeof value !== "function") return undefined;
    return {
      value: value,
      evidence: "WASI, without files",
      ...(name === "proc_exit" && { unwinds: true }),
    };
  }
  const found = ownModules.includes(module as "env") ? findOwn(life.napiModule, name) : undefined;
  if (!found) return undefined;
  return { value: life.callbacks.watch(name, found), evidence: "@emnapi/core" };
}

/** Linkers put all of them into one module, or leave them in three. */
function findOwn({ imports }: NapiModule, name: string): ExportedFunction | undefined {
  for (const module of ownModules) {
    const value = ownValue(imports[module], name);
    if (typeof value === "function") return value as ExportedFunction;
  }
  return undefined;
}

function hintFor({ module, name }: ImportShape): string | undefined {
  if (module === "wasi" && name === "thread-spawn") {
    return (
      "It starts a thread, and the addon runs on one only. Call functions that start none (an addon for emnapi 2 starts them for " +
      "asynchronous work), or use the package's own JavaScript."
    );
  }
  if (!/^(napi|node_api|_?emnapi)_/.test(name)) return undefined;
  return (
    "The installed @emnapi/core has no such function. Install the version that the addon's package depends on, and pass it: " +
    "napi({ core, runtime })."
  );
}

/** Fails with `unsupported-module` for a module that lacks what an addon is used by. */
function requireEntrances({ exports }: Shape): void {
  const missing = entrances.find((name) => !exports.some((one) => one.name === name && one.kind === "function"));
  if (missing === undefined) return;
  throw new UnglueError(
    "unsupported-module",
    `The module imports functions of Node-API and does not export "${missing}", by which emnapi uses an addon. ` +
      'It was built for another host: load it with its own JavaScript, or with toolchain: "c" and imports of yours.',
    { toolchain: toolchain.name, feature: `no export ${missing}` },
  );
}

/** The export by which version 2 of emnapi makes the environment of an addon. */
const ofVersion2 = "emnapi_create_env";

/** Fails with `unsupported-module` for an addon that an older emnapi serves. */
function requireVersion({ exports }: Shape, core: Emnapi["core"]): void {
  const version: unknown = ownValue(core, "version");
  if (typeof version !== "string" || !/^[2-9]/.test(version) || exports.some(({ name }) => name === ofVersion2)) return;
  throw new UnglueError(
    "unsupported-module",
    `The addon does not export "${ofVersion2}", so it was built for version 1 of emnapi, and @emnapi/core is ${version.slice(0, 40)}. ` +
      "Run npm install @emnapi/core@1 @emnapi/runtime@1, and pass these if both versions are there: napi({ core, runtime }).",
    { toolchain: toolchain.name, feature: `no export ${ofVersion2}` },
  );
}

function unprepared(): UnglueError<"not-ready"> {
  return new UnglueError(
    "not-ready",
    "A synchronous call cannot load @emnapi/core and @emnapi/runtime. Import them, and pass them: napi({ core, runtime }).",
    { what: "@emnapi/core" },
  );
}

function attach(context: ProvideContext, life: AddonLife): Convention {
  return {
    takePanic: life.takePanic,
    register() {
      const exports = context.exports() as WebAssembly.Exports;
      // Each macro of napi-rs leaves one; they tell the registration what there is.
      for (const name of Object.keys(exports)) {
        if (name.startsWith("__napi_register__")) (exports[name] as () => void)();
      }
      return life.napiModule.init({
        instance: { exports: withCodedFailure(exports) },
        module: context.module,
        memory: context.instance.memory.raw,
        table: life.callbacks.table(tableOf(exports)),
      });
    },
    ended(refusal) {
      life.callbacks.end();
      life.rejectAll(refusal);
    },
  };
}

/** The alignment of a C allocator's memory. */
const alignment = 8;

/** Makes the allocator throw an error with a code: the package would throw one without. */
function withCodedFailure(exports: WebAssembly.Exports): WebAssembly.Exports {
  const allocate = exports["malloc"] as (size: number) => number;
  const malloc = (size: number): number => {
    const address = allocate(size);
    if (address !== 0 || size === 0) return address;
    throw new UnglueError(
      "allocation-failed",
      `The addon's malloc returned no memory for ${size} bytes. Its memory is full, or may not grow further: see limits.memoryPages.`,
      { size, align: alignment },
    );
  };
  // The engine's object is frozen, so what inherits from it needs the property defined.
  return Object.create(exports, { malloc: { value: malloc } }) as WebAssembly.Exports;
}

function tableOf({ __indirect_function_table: table }: WebAssembly.Exports): WebAssembly.Table {
  if (table instanceof WebAssembly.Table) return table;
  throw new UnglueError(
    "unsupported-module",
    'The addon does not export its table of functions as "__indirect_function_table", and no function can be called without it. Link it with --export-table.',
    { toolchain: toolchain.name, feature: "no export __indirect_function_table" },
  );
}
