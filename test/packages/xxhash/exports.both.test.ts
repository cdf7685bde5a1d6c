import { beforeAll, describe, expect, it } from "vitest";
import { compile, load } from "unglue";
import type { Instance } from "unglue";
import { answersOf, inputBytes, moduleUrl } from "../served.ts";

/** The module's exports. It has no allocator: all of its memory is the caller's. */
interface Exports {
  readonly mem: WebAssembly.Memory;
  xxh32(data: number, length: number, seed: number): number;
  xxh64(data: number, length: number, seed: bigint): bigint;
  init32(state: number, seed: number): void;
  update32(state: number, data: number, length: number): void;
  digest32(state: number): number;
  init64(state: number, seed: bigint): void;
  update64(state: number, data: number, length: number): void;
  digest64(state: number): bigint;
}

interface Answer {
  file: string;
  seed32: number;
  seed64: string;
  h32: number;
  h64: string;
  streamed32: number;
  streamed64: string;
}

const url = moduleUrl("xxhash");
/** Where the data goes in these tests; the states, of 48 and 88 bytes, lie below it. */
const data = 1024;
const states = { of32: 0, of64: 256, end: 512 };

let answers: Answer[];
const files = new Map<string, Uint8Array>();

beforeAll(async () => {
  answers = await answersOf("xxhash");
  for (const { file } of answers) if (!files.has(file)) files.set(file, await inputBytes(file));
});

describe("the module inside xxhash-wasm, without its JavaScript", () => {
  it("imports nothing and exports its memory under an unusual name, which is the first memory", async () => {
    const wasm = await load<Exports>(url);
    expect(wasm.imports).toEqual([]);
    expect(wasm.memory.raw).toBe(wasm.exports.mem);
    expect(Object.keys(wasm.memories)).toEqual(["mem"]);
    expect(wasm.shape.memories).toEqual([{ initial: 1, shared: false, address: "i32", pageSize: 65536 }]);
  });

  it("hashes real files of 0 bytes to 1 MiB with several seeds to what the package returns", async () => {
    const sizes = [...files.values()].map(({ length }) => length);
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([0, 1 << 20]);
    const wasm = await load<Exports>(url);
    const hashes = answers.map(({ file, seed32, seed64 }) => {
      const length = place(wasm, bytesOf(file));
      return {
        h32: wasm.exports.xxh32(data, length, seed32) >>> 0,
        h64: `${BigInt.asUintN(64, wasm.exports.xxh64(data, length, BigInt(seed64)))}`,
      };
    });
    expect(hashes).toEqual(answers.map(({ h32, h64 }) => ({ h32, h64 })));
    expect(new Set(hashes.map(({ h64 }) => h64)).size).toBe(answers.length);
  });

  it("hashes the same files piece by piece to what the package returns", async () => {
    const wasm = await load<Exports>(url);
    const hashes = answers.map((answer) => {
      begin(wasm, answer);
      for (const piece of pieces(bytesOf(answer.file), 4093)) update(wasm, piece);
      return digest(wasm);
    });
    expect(hashes).toEqual(answers.map(({ streamed32, streamed64 }) => ({ streamed32, streamed64 })));
  });

  it("keeps the running states of two instances apart, at the same addresses", async () => {
    const module = await compile(url);
    const [first, second] = [answers[0], answers.at(-4)];
    if (!first || !second) throw new Error("no answers");
    const [left, right] = await Promise.all([module.instantiate<Exports>(), module.instantiate<Exports>()]);
    begin(left, first);
    begin(right, second);
    const turns = [pieces(bytesOf(first.file), 101), pieces(bytesOf(second.file), 101)] as const;
    for (let turn = 0; turn < Math.max(turns[0].length, turns[1].length); turn += 1) {
      update(left, turns[0][turn] ?? new Uint8Array());
      update(right, turns[1][turn] ?? new Uint8Array());
    }
    expect(digest(left)).toMatchObject({ streamed32: first.streamed32, streamed64: first.streamed64 });
    expect(digest(right)).toMatchObject({ streamed32: second.streamed32, streamed64: second.streamed64 });
  });

  it("says that there is no allocator, and that data beyond the memory does not fit", async () => {
    const wasm = await load<Exports>(url);
    expect(() => wasm.memory.alloc(16)).toThrow(expect.objectContaining({ code: "no-allocator" }) as Error);
    expect(() => wasm.memory.write(65_530, new Uint8Array(7))).toThrow(
      expect.objectContaining({
        code: "out-of-bounds",
        details: { address: 65_530, length: 7, size: 65_536 },
      }) as Error,
    );
  });

  it("is poisoned by hashing past its memory", async () => {
    const wasm = await load<Exports>(url);
    expect(() => wasm.guarded.xxh64(65_500, 1000, 0n)).toThrow(
      expect.objectContaining({
        code: "trap",
        details: expect.objectContaining({ export: "xxh64" }) as object,
      }) as Error,
    );
    expect(wasm.state).toBe("poisoned");
    expect(() => wasm.guarded.xxh32(0, 0, 0)).toThrow(expect.objectContaining({ code: "poisoned" }) as Error);
  });
});

/** Copies bytes in, growing the memory as needed. */
function place(wasm: Instance<Exports>, bytes: Uint8Array): number {
  const missing = data + bytes.length - wasm.memory.byteLength;
  if (missing > 0) wasm.memory.grow(Math.ceil(missing / 65_536));
  wasm.memory.write(data, bytes);
  return bytes.length;
}

/** The module expects a state to be zero before it begins. */
function begin(wasm: Instance<Exports>, { seed32, seed64 }: Answer): void {
  wasm.memory.u8.fill(0, states.of32, states.end);
  wasm.guarded.init32(states.of32, seed32);
  wasm.guarded.init64(states.of64, BigInt(seed64));
}

function update(wasm: Instance<Exports>, piece: Uint8Array): void {
  const length = place(wasm, piece);
  wasm.guarded.update32(states.of32, data, length);
  wasm.guarded.update64(states.of64, data, length);
}

function digest(wasm: Instance<Exports>): { streamed32: number; streamed64: string } {
  return {
    streamed32: wasm.guarded.digest32(states.of32) >>> 0,
    streamed64: `${BigInt.asUintN(64, wasm.guarded.digest64(states.of64))}`,
  };
}

function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

function bytesOf(file: string): Uint8Array {
  const bytes = files.get(file);
  if (!bytes) throw new Error(`No file ${file}`);
  return bytes;
}
