import { beforeAll, describe, expect, it } from "vitest";
import { compile, load, loadSync, UnglueError } from "unglue";
import type { Instance, InstantiateOptions } from "unglue";
import { answersOf, fromBase64, inputBytes, moduleBytes, moduleUrl, sameBytes } from "./served.ts";
import { thrownBy } from "../wat.ts";

/** The exports under the wasm-bindgen ABI: results go through a pointer into the module's stack. */
interface Exports {
  compress(result: number, data: number, length: number): void;
  decompress(result: number, data: number, length: number): void;
  __wbindgen_add_to_stack_pointer(change: number): number;
  __wbindgen_malloc(size: number): number;
  __wbindgen_free(address: number, size: number): void;
}

interface Answers {
  compressed: Record<string, string>;
  invalid: { bytes: number[]; thrown: string }[];
}

const url = moduleUrl("lz4");
const glue = "./lz4_wasm_bg.js";
/** A size so large that the module's own allocation panics. */
const panicking = Uint8Array.of(255, 255, 255, 255, 0);

let answers: Answers;
const files = new Map<string, Uint8Array>();

beforeAll(async () => {
  answers = await answersOf("lz4");
  for (const file of Object.keys(answers.compressed)) files.set(file, await inputBytes(file));
});

describe("the module of lz4-wasm, without its JavaScript", () => {
  it("is read as wasm-bindgen's, with the versions of its makers", async () => {
    const wasm = await load(url);
    expect(wasm.toolchain).toMatchObject({
      name: "wasm-bindgen",
      version: expect.stringContaining("0.2.80") as string,
    });
    expect(wasm.imports).toMatchObject([
      {
        module: glue,
        name: "__wbindgen_string_new",
        provider: "adapter",
        type: { params: ["i32", "i32"], results: ["i32"] },
      },
    ]);
  });

  it("compresses real files to the very bytes that the package returns", async () => {
    const { run } = await open();
    expect(files.size).toBeGreaterThan(4);
    for (const [file, bytes] of files) {
      const expected = fromBase64(answers.compressed[file] ?? "");
      expect([file, sameBytes(run("compress", bytes), expected)]).toEqual([file, true]);
    }
  });

  it("restores what the package compressed", async () => {
    const { run } = await open();
    for (const [file, bytes] of files) {
      const restored = run("decompress", fromBase64(answers.compressed[file] ?? ""));
      expect([file, sameBytes(restored, bytes)]).toEqual([file, true]);
    }
  });

  it("throws for damaged data what the package throws, read from the module's memory by the import", async () => {
    const { run } = await open();
    expect(answers.invalid.length).toBeGreaterThan(3);
    for (const { bytes, thrown } of answers.invalid) {
      expect(() => run("decompress", Uint8Array.from(bytes))).toThrow(new Error(thrown));
    }
  });

  it("needs no import at all until data is damaged, and without the adapter the error names what is missing", async () => {
    const wasm = loadSync<Exports>(await moduleBytes("lz4"));
    const bytes = new TextEncoder().encode("to and fro, to and fro, to and fro");
    expect(sameBytes(call(wasm, "decompress", call(wasm, "compress", bytes).bytes).bytes, bytes)).toBe(true);
    const error = thrownBy(() => call(wasm, "decompress", Uint8Array.of(1, 2, 3)));
    expect(UnglueError.is(error, "missing-import-called") && error.details).toEqual({
      module: glue,
      name: "__wbindgen_string_new",
      type: { params: ["i32", "i32"], results: ["i32"] },
    });
  });

  it("throws through the adapter what the package throws, and drops every handle", async () => {
    const wasm = await load<Exports>(url);
    for (const { bytes, thrown } of answers.invalid) {
      const { failed, error } = call(wasm, "decompress", Uint8Array.from(bytes));
      expect(failed).toBe(true);
      expect(wasm.handles.take(error)).toBe(thrown);
      expect(wasm.handles.size).toBe(0);
    }
  });

  it("does not lose memory over many calls when results and arguments are freed through the module", async () => {
    const { wasm, run } = await open();
    const bytes = files.get("source.map") ?? new Uint8Array();
    const round = () => run("decompress", run("compress", bytes)).length;
    expect(round()).toBe(bytes.length);
    const before = wasm.memory.byteLength;
    for (let at = 0; at < 50; at += 1) expect(round()).toBe(bytes.length);
    expect(wasm.memory.byteLength).toBe(before);
  });

  it("keeps two instances of one module apart", async () => {
    const module = await compile(url);
    const make = () => open((options) => module.instantiate<Exports>(options));
    const [left, right] = [await make(), await make()];
    for (const [file, bytes] of files) {
      const compressed = left.run("compress", bytes);
      expect([file, sameBytes(right.run("decompress", compressed), bytes)]).toEqual([file, true]);
    }
    expect(() => right.run("decompress", Uint8Array.of(1, 2, 3))).toThrow();
    expect([left.thrown, right.thrown].map(({ length }) => length)).toEqual([0, 1]);
  });

  it("is poisoned by a panic, and another instance of the same module takes over", async () => {
    const module = await compile(url);
    const { wasm, run } = await open((options) => module.instantiate<Exports>(options));
    const error = thrownBy(() => run("decompress", panicking));
    expect(UnglueError.is(error, "trap") && error.details).toMatchObject({ export: "decompress" });
    expect(wasm.state).toBe("poisoned");
    expect(() => run("compress", panicking)).toThrow(expect.objectContaining({ code: "poisoned" }) as Error);
    const successor = await open((options) => module.instantiate<Exports>(options));
    expect(sameBytes(successor.run("decompress", successor.run("compress", panicking)), panicking)).toBe(true);
  });

  it("can go on after the panic under onTrap: throw", async () => {
    const { wasm, run } = await open((options) => load<Exports>(url, { ...options, onTrap: "throw" }));
    expect(() => run("decompress", panicking)).toThrow(expect.objectContaining({ code: "trap" }) as Error);
    expect(wasm.state).toBe("live");
    expect(sameBytes(run("decompress", run("compress", panicking)), panicking)).toBe(true);
  });
});

/** An instance with the one import it needs: a message becomes a value that the module knows by number. */
async function open(
  instantiate = (options: InstantiateOptions): Promise<Instance<Exports>> => load<Exports>(url, options),
) {
  const thrown: string[] = [];
  const wasm = await instantiate({
    imports: (instance) => ({
      [glue]: {
        __wbindgen_string_new: (at: number, length: number) =>
          thrown.push(instance.memory.readString(at, length, { fatal: true })) - 1,
      },
    }),
  });
  const run = (name: "compress" | "decompress", bytes: Uint8Array): Uint8Array => {
    const { failed, error, bytes: result } = call(wasm, name, bytes);
    if (failed) throw new Error(thrown[error]);
    return result;
  };
  return { wasm, run, thrown };
}

/** Calls under the return-pointer ABI: address, length, error and flag come back in 16 bytes of the module's stack. */
function call(wasm: Instance<Exports>, name: "compress" | "decompress", bytes: Uint8Array) {
  const { exports, guarded, memory } = wasm;
  const results = guarded.__wbindgen_add_to_stack_pointer(-16);
  try {
    // The callee frees its argument, so this allocation is handed over at once.
    const data = memory.alloc(bytes.length, 1);
    memory.write(data, bytes);
    guarded[name](results, data, bytes.length);
    const [address = 0, length = 0, error = 0, flag = 0] = memory.u32.subarray(results / 4, results / 4 + 4);
    const failed = name === "decompress" && flag !== 0;
    if (failed) return { failed, error, bytes: new Uint8Array() };
    const result = memory.read(address, length);
    memory.free(address, length, 1);
    return { failed, error, bytes: result };
  } finally {
    exports.__wbindgen_add_to_stack_pointer(16);
  }
}
