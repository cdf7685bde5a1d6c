import { expect, it } from "vitest";
import { load, t } from "unglue";
import { createLedger } from "unglue/ledger";
import { answersOf, inputBytes, moduleUrl } from "../served.ts";

interface Answer {
  file: string;
  seed32: number;
  seed64: string;
  h32: number;
  h64: string;
  streamed32: number;
  streamed64: string;
}

const api = t.api({
  xxh32: t.fn([t.bytes, t.u32], t.u32),
  xxh64: t.fn([t.bytes, t.u64], t.u64),
  Stream32: t.class(
    {
      new: t.ctor([t.u32], { export: "init32" }),
      update: t.method([t.bytes], t.void, { export: "update32" }),
      digest: t.method([], t.u32, { export: "digest32" }),
    },
    { size: 48 },
  ),
  Stream64: t.class(
    {
      new: t.ctor([t.u64], { export: "init64" }),
      update: t.method([t.bytes], t.void, { export: "update64" }),
      digest: t.method([], t.u64, { export: "digest64" }),
    },
    { size: 88 },
  ),
});

it("xxhash-wasm, a module without an allocator: declared, hashes files whole and piece by piece as its own JavaScript does", async () => {
  const answers = await answersOf<Answer[]>("xxhash");
  const ledger = createLedger();
  await expect(load(moduleUrl("xxhash"), { api })).rejects.toMatchObject({ code: "no-allocator" });
  const wasm = await load(moduleUrl("xxhash"), { api, ledger, allocator: "grow" });
  const { xxh32, xxh64, Stream32, Stream64 } = wasm.api;
  const files = new Map<string, Uint8Array>();
  const hashes: object[] = [];
  for (const { file, seed32, seed64 } of answers) {
    const bytes = files.get(file) ?? (await inputBytes(file));
    files.set(file, bytes);
    const [stream32, stream64] = [new Stream32(seed32), new Stream64(BigInt(seed64))];
    for (let at = 0; at < bytes.length; at += 10_007) {
      stream32.update(bytes.subarray(at, at + 10_007));
      stream64.update(bytes.subarray(at, at + 10_007));
    }
    const streamed = { streamed32: stream32.digest(), streamed64: `${stream64.digest()}` };
    hashes.push({
      file,
      seed32,
      seed64,
      h32: xxh32(bytes, seed32),
      h64: `${xxh64(bytes, BigInt(seed64))}`,
      ...streamed,
    });
    stream32.free();
    stream64.free();
  }
  expect(hashes).toEqual(answers);
  ledger.expectNoLeaks();
  // The largest file is 1 MiB, and its memory was used again.
  expect(wasm.memory.byteLength).toBeLessThan(3 << 20);
});
