import { load, type UnglueError } from "unglue";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rejectionOf } from "./wat.ts";

const messageOf = async (promise: Promise<unknown>): Promise<string> =>
  ((await rejectionOf(promise)) as UnglueError).message;

afterEach(() => vi.unstubAllGlobals());

describe("a page that is opened from a file", () => {
  it("is told to be served", async () => {
    vi.stubGlobal("location", { protocol: "file:", href: "file:///page.html" });
    const fetch = () => Promise.reject(new TypeError("Failed to fetch"));
    expect(await messageOf(load("https://example.com/app.wasm", { fetch }))).toContain("serve it over HTTP");
  });
});

describe("a path in Node that leads nowhere", () => {
  it("is taken for one of a server's URL where it is absolute", async () => {
    expect(await messageOf(load("/assets/app.wasm"))).toMatch(
      /^Cannot read \/assets\/app\.wasm: ENOENT: no such file or directory\. Check the path\. For a path of a server's URL pass the whole URL;/,
    );
  });

  it("is shown where it was looked for where it is relative", async () => {
    expect(await messageOf(load("nowhere.wasm"))).toContain("was taken relative to the working directory");
  });
});
