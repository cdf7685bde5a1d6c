import { beforeAll, describe, expect, it } from "vitest";
import { load, t } from "unglue";
import type { Memory } from "unglue";
import { answersOf, inputBytes, moduleUrl } from "../../packages/served.ts";
import { thrownBy } from "../../wat.ts";

// The module has no allocator: all of its memory is the caller's, and addresses are passed as such.
const api = t.api({
  xxh32: t.fn([t.size, t.size, t.u32], t.u32),
  xxh64: t.fn([t.size, t.size, t.u64], t.u64),
  init32: t.fn([t.size, t.u32], t.void),
  update32: t.fn([t.size, t.size, t.size], t.void),
  digest32: t.fn([t.size], t.u32),
  init64: t.fn([t.size, t.u64], t.void),
  update64: t.fn([t.size, t.size, t.size], t.void),
  digest64: t.fn([t.size], t.u64),
});

interface Answer {
  file: string;
  seed32: number;
  seed64: string;
  h32: number;
  h64: string;
  streamed32: number;
  streamed64: string;
}

const data = 1024;
const states = { of32: 0, of64: 256, end: 512 };

let answers: Answer[];
const files = new Map<string, Uint8Array>();

beforeAll(async () => {
  answers = await answersOf("xxhash");
  for (const { file } of answers) if (!files.has(file)) files.set(file, await inputBytes(file));
});

describe("xxhash-wasm through a declared interface", () => {
  it("hashes real files with several seeds to what the package returns", async () => {
    const { api: xxhash, memory } = await load(moduleUrl("xxhash"), { api });
    const hashes = answers.map(({ file, seed32, seed64 }) => {
      const size = place(memory, bytesOf(file));
      return { h32: xxhash.xxh32(data, size, seed32), h64: String(xxhash.xxh64(data, size, BigInt(seed64))) };
    });
    expect(hashes).toEqual(answers.map(({ h32, h64 }) => ({ h32, h64 })));
    expect(new Set(hashes.map(({ h64 }) => h64)).size).toBe(answers.length);
  });

  it("hashes the same files piece by piece to what the package returns", async () => {
    const { api: xxhash, memory } = await load(moduleUrl("xxhash"), { api });
    const hashes = answers.map(({ file, seed32, seed64 }) => {
      memory.u8.fill(0, states.of32, states.end);
      xxhash.init32(states.of32, seed32);
      xxhash.init64(states.of64, BigInt(seed64));
      const bytes = bytesOf(file);
      for (let at = 0; at < bytes.length; at += 4093) {
        const size = place(memory, bytes.subarray(at, at + 4093));
        xxhash.update32(states.of32, data, size);
        xxhash.update64(states.of64, data, size);
      }
      return { streamed32: xxhash.digest32(states.of32), streamed64: String(xxhash.digest64(states.of64)) };
    });
    expect(hashes).toEqual(answers.map(({ streamed32, streamed64 }) => ({ streamed32, streamed64 })));
  });

  it("says that bytes cannot be passed without an allocator, and goes on", async () => {
    const withBytes = t.api({
      xxh64: t.fn([t.bytes, t.u64], t.u64),
      State: t.class({ new: t.ctor([t.u32], { export: "init32" }) }, { size: 48, free: false }),
      atAddress: t.fn([t.size, t.size, t.u64], t.u64, { export: "xxh64" }),
    });
    const wasm = await load(moduleUrl("xxhash"), { api: withBytes });
    const bytes = new Uint8Array([1, 2, 3]);
    for (const call of [() => wasm.api.xxh64(bytes, 0n), () => new wasm.api.State(0)]) {
      expect(thrownBy(call)).toMatchObject({
        code: "no-allocator",
        message: expect.stringContaining('allocator: { alloc: "…", free: "…" }') as string,
      });
    }
    expect(wasm.state).toBe("live");
    expect(wasm.api.atAddress(data, place(wasm.memory, new Uint8Array()), 0n)).toBe(0xef46db3751d8e999n);
  });
});

/** Copies bytes in, growing the memory as needed. */
function place(memory: Memory, bytes: Uint8Array): number {
  const missing = data + bytes.length - memory.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
  memory.write(data, bytes);
  return bytes.length;
}

function bytesOf(file: string): Uint8Array {
  const bytes = files.get(file);
  if (!bytes) throw new Error(`No file ${file}`);
  return bytes;
}
