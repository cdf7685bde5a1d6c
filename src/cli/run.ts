import { statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ownValue } from "../base/own.ts";
import { signatureText } from "../base/type-text.ts";
import { elementArrays } from "../bind/types/arrays.ts";
import { messageOf } from "../errors/caught.ts";
import { inspect, load, UnglueError } from "../node.ts";
import type {
  DeclaredParameter,
  DeclaredType,
  ElementName,
  FunctionType,
  Imports,
  Instance,
  InterfaceMembers,
  LoadOptions,
  ParamType,
  TraceEvent,
  ValueType,
} from "../public/index.ts";
import { wayIn } from "../toolchains/way-in.ts";
import { type BuiltinFlags, builtinsFrom } from "./builtins.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import { readInput } from "./input.ts";
import { errorJson, type Output, printable, toJson, withoutControls } from "./output.ts";
import { isProgram, type ProgramOptions, runProgram, terminalImports } from "./run-program.ts";

/** The options of `unglue run`. */
export interface RunOptions extends ProgramOptions, BuiltinFlags {
  readonly api?: string;
  readonly missing?: "trap" | "error" | "zero" | "warn";
  readonly trace?: boolean;
  readonly json?: boolean;
}

/**
 * Runs `unglue run`: a program with its arguments, or a function of a library. The exit code is the program's, or tells
 * findings if the call fails.
 *
 * @param argument - The module.
 * @param name - The function to call, or none to list them; the first argument of a program.
 * @param args - Its arguments as text.
 * @param options - How to load, and how to print.
 * @param output - The terminal.
 */
export async function runCommand(
  argument: string,
  name: string | undefined,
  args: readonly string[],
  { api, missing, trace = false, json = false, builtins, stringConstants, ...given }: RunOptions,
  output: Output,
): Promise<number> {
  const { bytes } = await readInput(argument);
  const options: LoadOptions = {
    ...builtinsFrom({ ...(builtins && { builtins }), ...(stringConstants !== undefined && { stringConstants }) }),
    ...(missing !== undefined && { missing }),
    ...(trace && { trace: (event: TraceEvent) => output.remark(withoutControls(traceText(event))) }),
    warn: (message) => output.remark(withoutControls(message)),
  };
  const isLibrary = api !== undefined;
  try {
    const shape = inspect(bytes);
    if (!isLibrary && isProgram(shape)) {
      const words = name === undefined ? args : [name, ...args];
      const { exitCode, stdout } = await runProgram(bytes, argument, words, given, options, json);
      if (json) output.write(toJson({ exitCode, stdout }));
      return exitCode;
    }
    const declared: Declared = isLibrary ? await readDeclared(api) : {};
    const wasm = await load(bytes, { ...declared, imports: withSystem(declared, given), ...options });
    if (name === undefined) {
      const way = isLibrary ? undefined : wayIn(wasm.shape);
      if (way !== undefined) output.remark(withoutControls(way));
      output.write(json ? toJson(listed(wasm, declared.api)) : listText(wasm, declared.api));
      return exitCodes.fine;
    }
    const result = await (declared.api ? callMember(wasm, declared.api, name, args) : callExport(wasm, name, args));
    const text = json ? toJson(result ?? null) : `${resultText(result)}\n`;
    // A pipe gets the text as the module returned it.
    output.write(output.isTerminal ? withoutControls(text) : text);
    return exitCodes.fine;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    output.remark(withoutControls(`unglue: ${failureText(error)}`));
    if (json) output.write(errorJson(error, "threw"));
    return exitCodes.findings;
  }
}

/** A declared interface, as data. */
interface Interface {
  readonly members: InterfaceMembers;
}

/** The options that a file states. */
type Declared = LoadOptions & { readonly api?: Interface };

/** Adds the imports of the system interface to those of a declaration file. */
function withSystem({ imports }: LoadOptions, given: ProgramOptions): (instance: Instance) => Imports {
  const system = terminalImports(given);
  return (wasm) => ({ ...system(wasm), ...(typeof imports === "function" ? imports(wasm) : imports) });
}

/** Reads a declaration file, or a declared interface, from a user's module. */
async function readDeclared(file: string): Promise<Declared> {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new CommandError(`There is no file ${printable(file)}.`);
  const module = await importedFrom(file);
  const { api = module["default"], default: declaration, imports } = module;
  if (isObject(declaration) && Object.hasOwn(declaration, "format")) {
    const given = isObject(imports) && { imports: imports as NonNullable<LoadOptions["imports"]> };
    return { ...(declaration as Declared), ...given };
  }
  if (isObject(api) && Object.hasOwn(api, "members")) return { api: api as Interface };
  throw new CommandError(
    `${printable(file)} exports neither a declaration file nor an interface as \`api\` or \`default\`. Make one with ` +
      "`unglue declare` or t.api.",
  );
}

async function importedFrom(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new CommandError(`${printable(file)}, which --api names, cannot be imported: ${messageOf(error)}`);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Calls an export with arguments of its WebAssembly types. */
function callExport(wasm: Instance, name: string, args: readonly string[]): unknown {
  const found = wasm.shape.exports.find((one) => one.name === name);
  if (found?.kind !== "function" || !found.type) {
    const rest = wayIn(wasm.shape) ?? `It has:\n${listText(wasm, undefined)}`;
    throw new CommandError(`The module exports no function ${printable(name)}. ${rest}`);
  }
  const { params } = found.type;
  if (args.length !== params.length) {
    throw new CommandError(
      `${printable(name)} takes ${params.length} arguments, got ${args.length}: it is ${signatureText(found.type)}.`,
    );
  }
  const values = params.map((type, at) => wordOf(type, args[at] ?? "", found.type as FunctionType));
  // Its functions with defaults read the number of arguments, and trap at another's.
  if (wasm.shape.toolchain.name === "assemblyscript") wasm.guarded["__setArgumentsLength"]?.(values.length);
  return wasm.guarded[name]?.(...values);
}

/** Reads an argument as a WebAssembly value. */
function wordOf(type: ValueType, text: string, whole: FunctionType): number | bigint {
  const refuse = (expected: string): never => {
    throw new CommandError(
      `The argument ${printable(text)} must be ${expected}: the export is ${signatureText(whole)}.`,
    );
  };
  switch (type) {
    case "i32":
    case "i64": {
      const bits = type === "i32" ? 32n : 64n;
      if (!/^-?(\d+|0x[\da-f]+)$/i.test(text)) return refuse(`a whole number`);
      const value = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
      if (value < -(1n << (bits - 1n)) || value >= 1n << bits) return refuse(`a whole number of ${bits} bits`);
      return type === "i32" ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value);
    }
    case "f32":
    case "f64": {
      const value = Number(text);
      if (text.trim() === "" || (Number.isNaN(value) && text !== "NaN")) return refuse("a number");
      const inBits = type === "f32" ? Math.fround(value) : value;
      if (!Number.isFinite(inBits) && !/^(NaN|[+-]?Infinity)$/.test(text)) return refuse(`a number of ${type}'s range`);
      return value;
    }
    default:
      return refuse(`a value that a command line cannot give (${type}); declare the interface and use --api`);
  }
}

/** Calls a function of a declared interface. An argument that is not JSON is a text. */
function callMember(wasm: Instance, declared: Interface, name: string, args: readonly string[]): unknown {
  const api = wasm.api as Readonly<Record<string, unknown>>;
  const member = ownValue(declared.members, name);
  if (!member || !("member" in member) || member.member !== "function") {
    throw new CommandError(`The interface has no function ${printable(name)}. It has:\n${listText(wasm, declared)}`);
  }
  return (api[name] as (...args: unknown[]) => unknown)(...args.map((text, at) => valueOf(text, member.params[at])));
}

/** Reads an argument. An array of JSON is an array of numbers where one is declared. */
function valueOf(text: string, declared: DeclaredParameter | undefined): unknown {
  if (/^-?\d+n$/.test(text)) return BigInt(text.slice(0, -1));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const element = declared && elementOf(declared);
  if (!element || !Array.isArray(value)) return value;
  const toNumber = element.endsWith("64") && element !== "f64" ? BigInt : Number;
  const numbers = value.map((one: unknown) => toNumber(one as number));
  return Reflect.construct(elementArrays[element], [numbers]) as unknown;
}

/** The type of the elements of an array, also of one that may be missing. */
function elementOf(type: DeclaredParameter): ElementName | undefined {
  if (type.type === "param") return elementOf((type as ParamType<DeclaredType>).of);
  if (type.type === "optional") return elementOf(type.item as DeclaredParameter);
  if (type.type === "bytes") return "u8";
  return type.type === "array" ? type.element : undefined;
}

/** The functions that can be called. Those of an interface have no signature here. */
function listed(
  wasm: Instance,
  declared: Interface | undefined,
): readonly { readonly name: string; readonly signature?: string }[] {
  if (declared) {
    const functions = Object.entries(declared.members).filter(
      ([, one]) => "member" in one && one.member === "function",
    );
    return functions.map(([name]) => ({ name }));
  }
  return wasm.shape.exports.flatMap((one) =>
    one.kind === "function" && one.type ? [{ name: one.name, signature: signatureText(one.type) }] : [],
  );
}

function listText(wasm: Instance, declared: Interface | undefined): string {
  return listed(wasm, declared)
    .map(({ name, signature }) => `  ${printable(name)}${signature === undefined ? "" : ` ${signature}`}\n`)
    .join("");
}

function resultText(result: unknown): string {
  if (result === undefined) return "(no result)";
  if (Object.is(result, -0)) return "-0";
  if (typeof result === "string" || typeof result === "bigint") return String(result);
  if (ArrayBuffer.isView(result)) return `[${Array.from(result as Uint8Array).join(", ")}]`;
  if (Array.isArray(result)) return result.map(resultText).join("\n");
  return typeof result === "object" && result !== null ? toJson(result).trimEnd() : messageOf(result);
}

function traceText({ module, name, args, result, error }: TraceEvent): string {
  const outcome = error === undefined ? `= ${resultText(result)}` : `threw ${messageOf(error)}`;
  return `${printable(module)}.${printable(name)}(${args.map(String).join(", ")}) ${outcome}`;
}

/** The message of a failure, and of a trap the stack inside the module. */
function failureText(error: unknown): string {
  if (!(error instanceof UnglueError)) return `The call threw ${messageOf(error)}`;
  const lines = [error.message];
  if (error.code === "trap" || error.code === "missing-import-called") {
    const { frames = [] } = error.details as {
      readonly frames?: readonly { name?: string; index?: number; offset?: number }[];
    };
    for (const { name, index, offset } of frames) {
      const what = name === undefined ? `function ${index ?? "?"}` : printable(name);
      lines.push(`  at ${what}${offset === undefined ? "" : `, byte ${offset} of the module`}`);
    }
  }
  return lines.join("\n");
}
