import { describe, expect, it, vi } from "vitest";
import { readIntegrity } from "../../src/source/integrity.ts";
import { rejectionOf, thrownBy } from "../wat.ts";
import { hashOf } from "./served.ts";

const bytes = new TextEncoder().encode("abc");
const [sha256, sha384, sha512] = await Promise.all([hashOf(bytes), hashOf(bytes, 384), hashOf(bytes, 512)]);
const other = new TextEncoder().encode("other");

describe("integrity", () => {
  it("knows published hashes", async () => {
    expect(sha256).toBe("sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    await readIntegrity(sha256).check(bytes);
    expect(await rejectionOf(readIntegrity(sha256).check(other))).toMatchObject({
      code: "integrity-mismatch",
      details: { expected: sha256, actual: await hashOf(other) },
    });
  });

  it("counts the strongest algorithm only", () => {
    expect(readIntegrity(`${sha256} ${sha512} ${sha384}`).text).toBe(sha512);
    expect(readIntegrity(`${sha256}\n\t${sha384}`).text).toBe(sha384);
  });

  it("takes any one of several hashes of that algorithm", async () => {
    const both = `${await hashOf(other, 384)} ${sha384}`;
    expect(readIntegrity(`${both} ${sha256}`).text).toBe(both);
    await readIntegrity(both).check(bytes);
    await readIntegrity(both).check(other);
  });

  it("does not fall back on a weaker hash that would fit", async () => {
    const error = await rejectionOf(readIntegrity(`${sha256} ${await hashOf(other, 512)}`).check(bytes));
    expect(error).toMatchObject({ code: "integrity-mismatch" });
  });

  it("passes over algorithms that it does not know, and options", () => {
    expect(readIntegrity(`md5-abcd sha3-512-xyz ${sha256}?foo=bar`).text).toBe(sha256);
  });

  it("reads names of any case, the URL alphabet, and hashes without padding", () => {
    const urlSafe = sha512.replaceAll("+", "-").replaceAll("/", "_").replace("sha512_", "sha512-").replace(/=+$/, "");
    expect(readIntegrity(urlSafe.replace("sha", "SHA")).text).toBe(sha512);
  });

  it.each([
    "",
    "   ",
    "md5-abcd",
    "abc",
    "sha256",
    "sha256-",
    "sha256-AAAA",
    "sha256-!!!!",
    `sha512-${btoa("x".repeat(32))}`,
  ])("refuses %j", (text) => {
    expect(thrownBy(() => readIntegrity(text))).toMatchObject({
      code: "invalid-option",
      details: { option: "integrity" },
    });
  });

  it("refuses a damaged hash even beside a whole one, which browsers pass over", () => {
    expect(thrownBy(() => readIntegrity(`sha512-AAAA ${sha256}`))).toMatchObject({ code: "invalid-option" });
  });

  it("hashes with what the platform has, where a test environment hides crypto.subtle", async () => {
    vi.stubGlobal("crypto", {});
    const updates: unknown[] = [];
    const answering = (digest: string) =>
      readIntegrity(sha256, (algorithm) => ({
        update: (added) => void updates.push(algorithm, added),
        digest: () => digest,
      }));
    try {
      await answering(sha256.replace("sha256-", "")).check(bytes);
      expect(await rejectionOf(answering("AAAA").check(bytes))).toMatchObject({ code: "integrity-mismatch" });
    } finally {
      vi.unstubAllGlobals();
    }
    expect(updates).toEqual(["SHA-256", bytes, "SHA-256", bytes]);
  });

  it("says where nothing can be hashed", async () => {
    vi.stubGlobal("crypto", {});
    const error = await rejectionOf(readIntegrity(sha256).check(bytes)).finally(() => vi.unstubAllGlobals());
    expect(error).toMatchObject({ code: "integrity-unavailable" });
    expect((error as Error).message).toContain("crypto.subtle");
  });
});
