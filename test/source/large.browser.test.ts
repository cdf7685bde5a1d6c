import { expect, it } from "vitest";
import { compile, compileSync, load, loadSync } from "unglue";
import { thrownBy, wat } from "../wat.ts";

/** A module of more than the 8 MB that Chromium takes synchronously on the main thread: most of it a custom section. */
async function large(): Promise<Uint8Array<ArrayBuffer>> {
  const module = await wat(`(module (func (export "one") (result i32) (i32.const 1)))`);
  const size = 9 * 2 ** 20;
  const header = [0, ...[0, 7, 14, 21].map((shift) => ((size >> shift) & 0x7f) | (shift < 21 ? 0x80 : 0)), 1, 0x78];
  const bytes = new Uint8Array(module.length + header.length + size - 2);
  bytes.set(module);
  bytes.set(header, module.length);
  return bytes;
}

it("a module too large for the main thread loads, and synchronous calls name the limit", async () => {
  const bytes = await large();
  expect((await load<{ one(): number }>(bytes)).exports.one()).toBe(1);
  for (const call of [compileSync, loadSync]) {
    const error = thrownBy(() => call(bytes));
    expect(error).toMatchObject({ code: "sync-too-large", details: { size: bytes.length } });
    expect((error as Error).message).toMatch(/8 ?MB/);
  }
  const module = await compile(bytes);
  expect(thrownBy(() => module.instantiateSync())).toMatchObject({ code: "sync-too-large" });
  expect((await module.instantiate<{ one(): number }>()).guarded.one()).toBe(1);
});
