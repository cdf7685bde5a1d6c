import { memberOf } from "../../base/own.ts";
import type { Abort, ImportFunction, ImportShape, Provided, ProvideContext } from "../../public/index.ts";

/** The state that the imports of one life share. */
export interface ImportState {
  /** The reason of the last abort, until the trap that follows it is reported. */
  aborted: Abort | undefined;
  /** The error that it threw. */
  thrown: unknown;
}

type Make = (context: ProvideContext, state: ImportState) => ImportFunction;

/** The methods of the console that take a text. The first parameter of `assert` is a condition. */
const consoleMethods = ["log", "debug", "info", "warn", "error", "time", "timeLog", "timeEnd"];

/**
 * Provides an import of AssemblyScript's standard library. The names are in the module `env`, as in `env.Math.sin`; before
 * version 0.20 the mathematical functions and the clock were in modules `Math` and `Date`.
 *
 * @param wanted - The import.
 * @param context - The instance.
 * @param state - The state of the life's imports.
 */
export function provideImport(wanted: ImportShape, context: ProvideContext, state: ImportState): Provided | undefined {
  const { kind, module, name } = wanted;
  const path = module === "env" ? name : `${module}.${name}`;
  if (kind === "global") {
    const value = path.startsWith("Math.") ? numberOf(path.slice(5)) : undefined;
    return value === undefined ? undefined : { value, evidence: `the constant ${path} of AssemblyScript's library` };
  }
  if (kind !== "function" || !fits(path, wanted)) return undefined;
  const meaning = path.startsWith("console.") ? path : undefined;
  const given = meaning === undefined ? undefined : context.byMeaning?.(meaning);
  const make = makerOf(path, given);
  return (
    make && {
      value: make(context, state),
      evidence: `the import ${path} of AssemblyScript's library${given ? "; the function was given by meaning" : ""}`,
      ...(meaning !== undefined && { meaning }),
    }
  );
}

/** The types of imports that take or return something special. */
const types: ReadonlyMap<string, string> = new Map([
  ["abort", "i32,i32,i32,i32>"],
  ["trace", "i32,i32,f64,f64,f64,f64,f64>"],
  ["seed", ">f64"],
  ["Date.now", ">f64"],
  ["performance.now", ">f64"],
  ["console.assert", "i32,i32>"],
]);

/** Whether an import has the type that the library gives it. A compiled module does not tell types. */
function fits(path: string, { type }: Extract<ImportShape, { readonly kind: "function" }>): boolean {
  if (!type) return true;
  const wanted = types.get(path) ?? (path.startsWith("console.") ? "i32>" : undefined);
  return wanted === undefined || wanted === `${type.params.join()}>${type.results.join()}`;
}

function makerOf(path: string, given: ImportFunction | undefined): Make | undefined {
  if (path === "abort") return abort;
  if (path === "trace") return trace;
  if (path === "seed") return () => () => Date.now() * Math.random();
  if (path === "Date.now") return () => () => Date.now();
  if (path === "performance.now") return () => () => performance.now();
  if (path.startsWith("Math.")) {
    const call = functionOf(path.slice(5));
    return call && (() => call);
  }
  const method = path.startsWith("console.") ? path.slice(8) : undefined;
  if (method === "assert") {
    return (context) => (condition, text) => {
      callWith(given ?? consoleMethod("assert"), condition !== 0, textAt(context, text));
    };
  }
  if (method === undefined || !consoleMethods.includes(method)) return undefined;
  return (context) => (text) => {
    callWith(given ?? consoleMethod(method), textAt(context, text));
  };
}

function abort(context: ProvideContext, state: ImportState): ImportFunction {
  return (message, file, line, column) => {
    const aborted = {
      message: textAt(context, message),
      file: textAt(context, file),
      line: Number(line) >>> 0,
      column: Number(column) >>> 0,
    };
    const { message: reason, file: name, line: row, column: at } = aborted;
    // The instruction behind each abort traps. This error is the same to whoever called, and has the reason.
    const error = new WebAssembly.RuntimeError(
      hasMemory(context)
        ? `abort: ${reason}${name && ` (${name}:${row}:${at})`}`
        : `abort (line ${row}, column ${at}), whose text cannot be read before the start function has ended: build the module ` +
            "with asc --exportStart _initialize",
    );
    state.aborted = aborted;
    state.thrown = error;
    throw error;
  };
}

/** Whether texts can be read: a memory that the module exports is not there before its start function has ended. */
function hasMemory({ instance }: ProvideContext): boolean {
  try {
    return instance.memory.byteLength >= 0;
  } catch {
    return false;
  }
}

function trace(context: ProvideContext): ImportFunction {
  return (message, count, ...numbers) => {
    consoleMethod("log")(textAt(context, message), ...numbers.slice(0, Math.max(0, Number(count))));
  };
}

/** Longer texts are cut: nobody reads them, and a module may claim any length. */
const longest = 1 << 20;

/**
 * Reads a text that the module logs. What cannot be read is described: a message must not fail.
 *
 * @param context - The instance.
 * @param word - The address of the string.
 */
function textAt({ instance }: ProvideContext, word: unknown): string {
  const address = Number(word) >>> 0;
  if (address === 0) return "";
  try {
    const { memory } = instance;
    const size = memory.view.getUint32(address - 4, true);
    return memory.readString(address, Math.min(size & ~1, longest), { encoding: "utf-16" });
  } catch {
    return "(a text that cannot be read)";
  }
}

function consoleMethod(name: string): (...values: unknown[]) => void {
  const method: unknown = memberOf(console, name as "log");
  return typeof method === "function" ? (...values) => void Reflect.apply(method, console, values) : () => undefined;
}

function callWith(call: (...values: never[]) => unknown, ...values: unknown[]): void {
  Reflect.apply(call, undefined, values);
}

function functionOf(name: string): ImportFunction | undefined {
  const found: unknown = Object.hasOwn(Math, name) ? Reflect.get(Math, name) : undefined;
  return typeof found === "function" ? (found as ImportFunction) : undefined;
}

function numberOf(name: string): number | undefined {
  const found: unknown = Object.hasOwn(Math, name) ? Reflect.get(Math, name) : undefined;
  return typeof found === "number" ? found : undefined;
}
