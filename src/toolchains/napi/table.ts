import type { ExportedFunction, ProvideContext } from "../../public/index.ts";
import { namesReader } from "./names.ts";

/** A function of the addon that is running. */
export interface Running {
  /** Its name. */
  readonly name: string;
  /** The call from JavaScript in which it runs; `undefined` outside of one. */
  readonly call: object | undefined;
}

/** The functions of the module that JavaScript calls by their index. */
export interface Callbacks {
  /** The table, as `@emnapi/core` reads it: its functions are under the trap policy. */
  readonly table: (table: WebAssembly.Table) => WebAssembly.Table;
  /**
   * Wraps a function of Node-API, if it makes functions for JavaScript. What it takes from the table throws to its caller; any
   * other function of the table is called by the event loop or by the collector, where nobody can catch.
   *
   * @param name - Its name.
   * @param call - The function.
   */
  readonly watch: (name: string, call: ExportedFunction) => ExportedFunction;
  /** Returns the function that is running. */
  readonly running: () => Running;
  /** Ends the calls that the event loop makes: those that follow do nothing. */
  readonly end: () => void;
}

/**
 * Makes the callbacks of one life.
 *
 * @param context - The life's.
 */
export function createCallbacks({ instance, guard, warn }: ProvideContext): Callbacks {
  const names = new Map<number, string>();
  let making = 0;
  let running: Running = { name: "napi_register_wasm_v1", call: undefined };
  let isOver = false;

  const later =
    (call: ExportedFunction): ExportedFunction =>
    (...args) => {
      if (isOver) return 0;
      try {
        return call(...args);
      } catch (error) {
        // A trap has ended the life by now, and the promises that waited for the call were rejected.
        if (!isEnded()) throw error;
        warn(`A function that the addon had scheduled failed, and its instance is over: ${String(error)}`);
        return 0;
      }
    };
  const named =
    (name: string, call: ExportedFunction): ExportedFunction =>
    (...args) => {
      const outer = running;
      running = { name, call: outer.call ?? {} };
      try {
        return call(...args);
      } finally {
        running = outer;
      }
    };
  // The call before may have changed it.
  const isEnded = (): boolean => isOver;

  return {
    table(table) {
      const get = (index: number): unknown => {
        const call: unknown = table.get(index);
        if (typeof call !== "function") return call;
        const name = names.get(index) ?? `(table ${index})`;
        const guarded = guard(name, call as ExportedFunction);
        return making > 0 ? named(name, guarded) : later(guarded);
      };
      // It must be an instance of the engine's class, and the module's own table must stay as it is.
      return Object.create(table, {
        get: { value: get },
        length: { get: () => table.length },
      }) as WebAssembly.Table;
    },
    watch(name, call) {
      const read = namesReader(
        name,
        () => instance.memory,
        (index, found) => names.set(index, found),
      );
      if (!read) return call;
      return (...args) => {
        read(args as readonly number[]);
        making++;
        try {
          return call(...args);
        } finally {
          making--;
        }
      };
    },
    running: () => running,
    end() {
      isOver = true;
    },
  };
}
