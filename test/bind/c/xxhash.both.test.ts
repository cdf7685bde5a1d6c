import { beforeAll, describe, expect, it } from "vitest";
import { load, t } from "unglue";
import type { Memory } from "unglue";
import { answersOf, inputBytes, moduleUrl } from "../../packages/served.ts";
import { rejectionOf } from "../../wat.ts";

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

  it("takes bytes and makes states in memory that is grown, and says that it has no allocator", async () => {
    const withBytes = t.api({
      xxh64: t.fn([t.bytes, t.u64], t.u64),
      xxh32: t.fn([t.bytes, t.u32], t.u32),
      State: t.class(
        {
          new: t.ctor([t.u32], { export: "init32" }),
          update: t.method([t.bytes], t.void, { export: "update32" }),
          digest: t.method([], t.u32, { export: "digest32" }),
        },
        { size: 48, free: false },
      ),
    });
    expect(await rejectionOf(load(moduleUrl("xxhash"), { api: withBytes }))).toMatchObject({
      code: "no-allocator",
      message: expect.stringContaining("xxh64, State.new need memory") as string,
    });
    const wasm = await load(moduleUrl("xxhash"), { api: withBytes, allocator: "grow" });
    for (const { file, seed64, h64 } of answers) {
      expect(String(wasm.api.xxh64(bytesOf(file), BigInt(seed64)))).toBe(h64);
    }
    using state = new wasm.api.State(7);
    state.update(new Uint8Array([1, 2]));
    state.update(new Uint8Array([3]));
    expect(state.digest()).toBe(wasm.api.xxh32(new Uint8Array([1, 2, 3]), 7));
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
