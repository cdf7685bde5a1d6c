import { assemblyscript } from "unglue/assemblyscript";
import { go, loadProgram } from "unglue/go";
import { createLedger } from "unglue/ledger";
import { napi } from "unglue/napi";
import { loadCommand, memoryDirectory, wasi } from "unglue/wasi";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { describe, expect, it } from "vitest";
import { instantiateOptions, sourceOptions } from "../../src/options.ts";
import { goOptions } from "../../src/toolchains/go/check.ts";
import { runOptions } from "../../src/toolchains/wasi/check.ts";
import { wat } from "../wat.ts";
import { wasiBytes } from "../wasi/fixture.ts";
import { errorOf, rawErrors } from "./raw-errors.ts";

const commandBytes = await wasiBytes("command");
const command = await loadCommand(commandBytes);
/** A program of Go that ends as soon as it runs. */
const programBytes = await wat(`(module
  (import "gojs" "runtime.wasmExit" (func $exit (param i32)))
  (memory (export "mem") 1)
  (func (export "run") (param i32 i32) (call $exit (i32.const 1024)))
  (func (export "resume"))
  (func (export "getsp") (result i32) (i32.const 1024)))`);
const program = await loadProgram(programBytes);
const directory = await memoryDirectory();

const ledger = createLedger();

type Call = (given: never) => unknown;

/** Every call of the other entry points that takes options; the names of these and of others; and its own name. */
const calls: readonly (readonly [title: string, call: Call, names: readonly string[], name: string])[] = [
  [
    "loadCommand",
    (options) => loadCommand(commandBytes, options),
    [...sourceOptions, ...instantiateOptions, ...runOptions],
    "loadCommand",
  ],
  ["run", (options) => command.run(options), [...runOptions, "signal", "imports"], "run"],
  ["wasi", (options) => wasi(options), runOptions, "wasi"],
  [
    "loadProgram",
    (options) => loadProgram(programBytes, options),
    [...sourceOptions, ...instantiateOptions, ...goOptions],
    "loadProgram",
  ],
  ["run of a program", (options) => program.run(options), goOptions, "run"],
  ["start", async (options) => (await program.start(options)).exited, goOptions, "start"],
  ["go", (options) => go(options), goOptions, "go"],
  ["napi", (options) => napi(options), ["core", "runtime", "wasi"], "napi"],
  ["wasmBindgen", (options) => wasmBindgen(options), ["meanings", "casts", "closures", "tables"], "wasmBindgen"],
];

/** Calls with a value at some other place. */
const places: readonly (readonly [name: string, call: Call])[] = [
  ["the source of loadCommand", (source) => loadCommand(source)],
  ["the source of loadProgram", (source) => loadProgram(source)],
  ["an argument of a command", (value) => command.run({ args: [value] })],
  ["a variable of a command", (value) => command.run({ env: { A: value } })],
  ["a directory of a command", (value) => command.run({ preopens: { "/": value } })],
  ["an argument of a program", (value) => program.run({ args: [value] })],
  ["a variable of a program", (value) => program.run({ env: { A: value } })],
  ["a global of a program", (value) => program.run({ globals: { value } })],
  ["the input of a command that is no stream", (value) => command.run({ stdin: { getReader: () => value } as never })],
  ["a piece of the input of a command", (value) => command.run({ stdin: readerOf(value) as never })],
  [
    "the output of a command that is no stream",
    (value) => command.run({ stdout: { getWriter: () => value } as never }),
  ],
  ["the input of a program that is no stream", (value) => program.run({ stdin: { getReader: () => value } as never })],
  [
    "the output of a program that is no stream",
    (value) => program.run({ stderr: { getWriter: () => value } as never }),
  ],
  ["the imports that a function returns to a command", async (value) => (await commandBy(() => value)).run()],
  ["the imports that a function returns to a program", async (value) => (await programBy(() => value)).run()],
  ["the instance of wasi's imports", (instance) => wasi()(instance)],
  ["the options of assemblyscript", (options) => (assemblyscript as Call)(options)],
  ["an option of assemblyscript", (option) => (assemblyscript as Call)({ option } as never)],
  ["the options of createLedger", (options) => createLedger(options)],
  ["an option of createLedger", (history) => createLedger({ history })],
  ["the instance of a ledger", (instance) => ledger.follow(instance)],
  ["the work of a ledger", (work) => ledger.expectNoGrowth(work)],
  ["the rounds of a ledger", (rounds) => ledger.expectNoGrowth(() => undefined, { rounds })],
  ["the files of a directory", (files) => memoryDirectory(files)],
  ["a file of a directory", (file) => memoryDirectory({ file })],
  ["a pair of a directory", (pair) => memoryDirectory([pair])],
  ["a path of a directory", (path) => memoryDirectory([[path, "text"]])],
  ["a path that is read", (path) => directory.bytes(path)],
  ["a path that is read as text", (path) => directory.text(path)],
  ["a path that is written", (path) => directory.write(path, "text")],
  ["a file that is written", (file) => directory.write("file", file)],
  ["a meaning", (meaning) => wasmBindgen({ meanings: { __wbg_f_0123456789abcdef: meaning } })],
  ["a cast", (cast) => wasmBindgen({ casts: { __wbindgen_cast_0123456789abcdef: cast } })],
  ["a closure", (closure) => wasmBindgen({ closures: { __wbindgen_closure_wrapper1: closure } })],
  ["a table", (table) => wasmBindgen({ tables: [table] })],
];

function commandBy(imports: () => never): ReturnType<typeof loadCommand> {
  return loadCommand(commandBytes, { imports });
}

function programBy(imports: () => never): ReturnType<typeof loadProgram> {
  return loadProgram(programBytes, { imports });
}

/** A stream of one answer to a read. */
function readerOf(answer: unknown): object {
  return { getReader: () => ({ read: () => answer, releaseLock: () => undefined }) };
}

describe.each(calls)("the options of %s", (_, call, names, name) => {
  it("are refused with a code, or taken, whatever they are", async () => {
    expect(await rawErrors(call)).toEqual([]);
    expect((await errorOf(() => call(null as never)))?.error).toMatchObject({
      code: "invalid-option",
      details: { call: name, option: "options" },
    });
  });

  it.each(names)("are refused with a code, or taken, whatever %s is", async (option) => {
    expect(await rawErrors((value) => call({ [option]: value } as never))).toEqual([]);
  });

  it("that cannot be read are one code, with what they threw", async () => {
    const [option = ""] = names;
    const sentinel = new Error("no");
    const throwing = Object.defineProperty({}, option, {
      enumerable: true,
      get: () => {
        throw sentinel;
      },
    });
    expect((await errorOf(() => call(throwing as never)))?.error).toMatchObject({
      code: "invalid-option",
      details: { call: name, option: "options" },
      cause: sentinel,
    });
  });
});

describe("what the other entry points take", () => {
  it.each(places)("is refused with a code, or taken, whatever it is: %s", async (_, call) => {
    expect(await rawErrors(call)).toEqual([]);
  });

  it.each(["loadCommand", "loadProgram"] as const)("is checked by %s under its own name", async (name) => {
    const call = name === "loadCommand" ? loadCommand : loadProgram;
    const bytes = name === "loadCommand" ? commandBytes : programBytes;
    for (const [option, value] of Object.entries({
      limits: { bytes: -1 },
      retry: 5,
      missing: 5,
      imports: 5,
      warn: 5,
    })) {
      const failure = await errorOf(() => call(bytes, { [option]: value }));
      expect(failure?.error).toMatchObject({ code: "invalid-option", details: { call: name } });
    }
  });

  it.each(["go", "go()"])("is for loadProgram neither %s nor an adapter", async (given) => {
    const imports = given === "go" ? go : go();
    const failure = await errorOf(async () => (await loadProgram(programBytes, { imports: imports as never })).run());
    expect(failure?.error).toMatchObject({ code: "invalid-option", details: { option: "imports" } });
    expect((failure?.error as Error).message).toMatch(/leave it out of loadProgram|or left out: loadProgram/);
  });
});

describe("the caller's streams", () => {
  const closed = async (): Promise<WritableStream<Uint8Array>> => {
    const stream = new WritableStream<Uint8Array>();
    await stream.close();
    return stream;
  };

  it("are refused if they were closed before", async () => {
    const failure = await errorOf(async () => command.run({ stdout: await closed() }));
    expect(failure?.error).toMatchObject({ code: "invalid-option", details: { call: "run", option: "stdout" } });
  });

  it.each(["a command", "a program"])("are given back by %s that cannot begin", async (what) => {
    const stdout = new WritableStream<Uint8Array>();
    const stderr = { getWriter: () => 5 } as never;
    const failure = await errorOf(() =>
      what === "a command" ? command.run({ stdout, stderr }) : program.run({ stdout, stderr }),
    );
    expect(failure?.error).toMatchObject({ code: "invalid-option", details: { option: "stderr" } });
    expect(stdout.locked).toBe(false);
    const other = new WritableStream<Uint8Array>();
    const refused = await errorOf(async () => (await commandBy((): never => 5 as never)).run({ stdout: other }));
    expect(refused?.error).toMatchObject({ code: "invalid-option", details: { call: "loadCommand" } });
    expect(other.locked).toBe(false);
  });
});
