import { describe, expect, it } from "vitest";
import { keepChunk } from "../../src/platform/chunk.ts";

describe("keepChunk", () => {
  it("fetches once, and has the chunk at hand afterwards", async () => {
    const chunk = { name: "chunk" };
    let fetched = 0;
    const ask = keepChunk(() => {
      fetched += 1;
      return Promise.resolve(chunk);
    });
    const early = [ask(), ask()];
    for (const one of early) {
      expect(one).toBeInstanceOf(Promise);
      expect(await one).toBe(chunk);
    }
    expect(ask()).toBe(chunk);
    expect(fetched).toBe(1);
  });

  it("asks again for a chunk that could not be fetched", async () => {
    const chunk = { name: "chunk" };
    const answers = [() => Promise.reject(new TypeError("offline")), () => Promise.resolve(chunk)];
    const ask = keepChunk(() => (answers.shift() ?? (() => Promise.reject(new Error("asked too often"))))());
    await expect(ask()).rejects.toMatchObject({ code: "chunk-unavailable" });
    expect(await ask()).toBe(chunk);
    expect(ask()).toBe(chunk);
  });
});
