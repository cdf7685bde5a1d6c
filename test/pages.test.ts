/** The scripts that a page fetches, built by Vite with its defaults: how many, which, and how large. */
import { chromium } from "playwright";
import { beforeAll, describe, expect, it } from "vitest";
import { countPages } from "../bench/pages.mjs";
import { chromiumArgs, findChromium } from "./setup/chromium.mjs";

/** The scripts of each page, and their size with Brotli at most. */
const expected = {
  "raw module: { load } alone": { names: ["index"], kilobytes: 9.9 },
  "raw module: imports, memory, table": { names: ["index", "unglue-instance"], kilobytes: 42.1 },
  "wasm-bindgen: no imports of web-sys": {
    names: ["index", "unglue-bind", "unglue-instance", "unglue-known-imports", "unglue-wasm-bindgen"],
    kilobytes: 109.7,
  },
  "wasm-bindgen: imports of web-sys, with a declaration file": {
    names: ["index", "unglue-bind", "unglue-instance", "unglue-wasm-bindgen"],
    kilobytes: 88.8,
  },
  "wasm-bindgen: imports of web-sys": {
    names: [
      "index",
      "unglue-bind",
      "unglue-instance",
      "unglue-known-imports",
      "unglue-wasm-bindgen",
      "unglue-web-network",
      "unglue-web-page",
      "unglue-web-shared",
    ],
    kilobytes: 153.6,
  },
};

describe("a page fetches what its module needs and nothing else:", () => {
  const pages = new Map<string, { readonly names: readonly string[]; readonly brotli: number }>();
  beforeAll(async () => {
    const browser = await chromium.launch({ executablePath: findChromium() ?? "", args: chromiumArgs });
    try {
      for await (const { title, names, brotli } of countPages(browser)) pages.set(title, { names, brotli });
    } finally {
      await browser.close();
    }
  }, 120_000);

  it.each(Object.entries(expected))("%s", (title, { names, kilobytes }) => {
    const page = pages.get(title);
    expect(page?.names).toEqual(names);
    expect((page?.brotli ?? Infinity) / 1000).toBeLessThanOrEqual(kilobytes);
  });

  it("no page is left out", () => {
    expect([...pages.keys()].sort()).toEqual(Object.keys(expected).sort());
  });
});
