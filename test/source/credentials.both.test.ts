import { compile, compileSync, load } from "unglue";
import { afterEach, describe, expect, it, vi } from "vitest";
import { urlText } from "../../src/errors/describe.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const bytes = await wat(`(module (func (export "f")))`);
const secret = "s3cr3t";

afterEach(() => vi.unstubAllGlobals());

/** A promise that rejects with anything. */
function rejected(reason: Error): Promise<never> {
  return Promise.reject(reason);
}

/** All that an error says, its causes' words included. */
function wordsOf(error: unknown): string {
  const { message, details, cause } = error as { message?: string; details?: object; cause?: unknown };
  return `${message} ${JSON.stringify(details)} ${cause === undefined ? "" : wordsOf(cause)}`;
}

/** An error below so many others. */
function nested(cause: Error, depth: number): Error {
  return depth === 0 ? cause : new Error("failed", { cause: nested(cause, depth - 1) });
}

const spellings = [
  `https://user:${secret}@unglue.test/app.wasm?token=visible`,
  `https://${secret}@unglue.test/app.wasm?token=visible`,
  `https://:${secret}@unglue.test/app.wasm?token=visible`,
  `HTTPS:\\\\user:${secret}@unglue.test/app.wasm?token=visible`,
  `https:user:${secret}@unglue.test/app.wasm?token=visible`,
  ` https://user:${secret}@unglue.test/app.wasm?token=visible`,
  `ht\ttps://user:${secret}@unglue.test/app.wasm?token=visible`,
  `https:/\n/us\ner:${secret}@unglue.test/app.wasm?token=visible`,
  `https://user:a ${secret}@unglue.test/app.wasm?token=visible`,
  `https://user:p@${secret}@unglue.test/app.wasm?token=visible`,
  `https://user:${secret}@not a host/app.wasm?token=visible`,
  `blob:https://user:${secret}@unglue.test/app.wasm?token=visible`,
  `https://user:a/${secret}@unglue.test/app.wasm?token=visible`,
  `https://user:/${secret}@unglue.test/app.wasm?token=visible`,
  `https://user:a?b#${secret}/c@unglue.test/app.wasm?token=visible`,
  `https://user:123456/${secret}@unglue.test/app.wasm?token=visible`,
  `https://user:1:2\\${secret}@d/e@unglue.test/app.wasm?token=visible`,
  ` wss:user:a[/${secret}@unglue.test/app.wasm?token=visible`,
  `blob:https://user:a/${secret}@unglue.test/app.wasm?token=visible`,
  `https://user:${secret}${"x".repeat(300)}@unglue.test/app.wasm?token=visible`,
];

describe("the user and password of a URL", () => {
  it.each(spellings)("stand in no error about %j", async (url) => {
    const brings = (response: Response) => () => Promise.resolve(response);
    const failing = (reason: unknown) => () => rejected(reason as Error);
    const html = { headers: { "Content-Type": "text/html" } };
    const wasmType = { headers: { "Content-Type": "application/wasm" } };
    const inner = Object.assign(new TypeError("Invalid URL"), { input: url });
    const errors = [
      await rejectionOf(load(url, { fetch: brings(new Response("", { status: 404 })) })),
      await rejectionOf(load(url, { fetch: brings(new Response("<!doctype html>", html)) })),
      await rejectionOf(load(url, { fetch: brings(new Response(bytes.subarray(0, 20), wasmType)) })),
      await rejectionOf(load(url, { fetch: brings(new Response(bytes)), limits: { bytes: 3 } })),
      await rejectionOf(load(url, { fetch: failing(new Error("no network")) })),
      await rejectionOf(load(url, { fetch: failing(new Error(`Cannot reach ${url}`)) })),
      await rejectionOf(load(url, { fetch: failing(new Error("failed", { cause: new Error(`of ${url}!`) })) })),
      await rejectionOf(load(url, { fetch: failing(new Error(`Failed to parse URL from ${url}`, { cause: inner })) })),
      await rejectionOf(load(url, { fetch: failing(nested(new Error(`of ${url}!`), 9)) })),
      // The platform's own: it refuses URLs with credentials, or cannot reach the host.
      await rejectionOf(load(url)),
      await rejectionOf(load({ url, method: "GET", clone: () => undefined })),
      await rejectionOf(load(bytes, { signal: url as never })),
      thrownBy(() => compileSync(url)),
    ];
    for (const error of errors) {
      expect(error).toHaveProperty("code");
      expect(wordsOf(error)).not.toContain(secret);
    }
  });

  it("stand in no error of a response that has such a URL", async () => {
    const response = new Response("<!doctype html>");
    Object.defineProperty(response, "url", { value: spellings[0] });
    const error = await rejectionOf(compile(response));
    expect(error).toMatchObject({
      code: "not-wasm",
      details: { from: "https://***@unglue.test/app.wasm?token=visible" },
    });
  });

  it("stand in no message of the platform's about another URL", async () => {
    for (const spelling of [`https://user:a/${secret}@x.test/`, `//user:a?${secret}@x.test/`, `ws:user:/${secret}@x`]) {
      const cause = new TypeError(`Redirected to ${spelling} from /app@2x, at https://y.test:80/@scope/a.js:1:2`);
      const error = await rejectionOf(load("https://unglue.test/app.wasm", { fetch: () => rejected(cause) }));
      expect(wordsOf(error)).not.toContain(secret);
      expect(wordsOf(error)).toContain("from /app@2x, at https://y.test:80/@scope/a.js:1:2");
    }
  });

  it("are all that is left out", () => {
    expect(urlText(spellings[0]!)).toBe("https://***@unglue.test/app.wasm?token=visible");
    const untouched = [
      "https://unglue.test:8080/@scope/app@1.0.0/app.wasm",
      "http://[::1]:8080/app@2x.wasm",
      "http://[::1]/app@2x.wasm",
      "file:///C:/app@1/app.wasm",
      "//unglue.test:443?mail=a@b.c",
      "https://unglue.test/@scope/app@1.0.0/app.wasm?mail=a@b.c#@",
      "assets/app@2x.wasm",
      "/npm//@scope/app.wasm",
      "data:text/plain,a@b",
      "blob:https://unglue.test/1-2@3",
      "C:\\app@1\\app.wasm",
    ];
    for (const url of untouched) expect(urlText(url)).toBe(url);
  });
});

describe("a long URL", () => {
  it("is cut, also where the platform quotes it", async () => {
    const url = `data:application/wasm;base64,${"A".repeat(100_000)}`;
    const fetch = () => Promise.reject(new TypeError(`Failed to parse URL from ${url}`));
    for (const error of [await rejectionOf(load(url, { fetch })), await rejectionOf(load(url))]) {
      const { message, details } = error as { message: string; details: object };
      expect(message.length + JSON.stringify(details).length).toBeLessThan(1500);
    }
  });
});
