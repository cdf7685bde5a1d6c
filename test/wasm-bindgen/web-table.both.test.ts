import { webTable } from "unglue/wasm-bindgen/web";
import { afterEach, expect, it, vi } from "vitest";
import { packedWebTable } from "../../src/toolchains/wasm-bindgen/known/packed-web-table.ts";
import { unpack } from "../../src/toolchains/wasm-bindgen/known/unpack.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

it("is, unpacked, what load fetches", async () => {
  expect(await unpack(packedWebTable)).toBe(webTable);
});

it("is unpacked where there is neither Response, Blob nor atob", async () => {
  for (const name of ["Response", "Blob", "atob"]) vi.stubGlobal(name, undefined);
  expect(await unpack(packedWebTable)).toBe(webTable);
});

it("is done without where nothing decompresses", async () => {
  vi.stubGlobal("DecompressionStream", undefined);
  expect(await unpack(packedWebTable)).toBeUndefined();
});
