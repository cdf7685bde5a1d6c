import { expect, it } from "vitest";
import { hasConstants, isNative, newest } from "../builtins/modules.ts";
import { engines, features, firstVersions } from "./engines.mjs";
import { has } from "./modules.ts";

/** Node 20 has no navigator. */
const { navigator, process } = globalThis as {
  readonly navigator?: { readonly userAgent: string };
  readonly process?: { readonly versions: { readonly node: string } };
};
const [major = 0, minor = 0] = process?.versions.node.split(".").map(Number) ?? [];
const engine = navigator?.userAgent.includes("Chrome/") ? "Chromium" : `Node ${major}`;

const found: Readonly<Record<keyof typeof features, boolean>> = {
  SIMD: has("SIMD"),
  "relaxed SIMD": has("relaxed SIMD"),
  "shared memory": has("shared memory"),
  "64-bit memory": has("64-bit memory"),
  "several memories": has("several memories"),
  "exceptions, the legacy form": has("legacy exceptions"),
  "exceptions with `exnref`": has("exceptions with references"),
  "exceptions of JavaScript (`JSTag`)": "JSTag" in WebAssembly,
  WasmGC: newest === "gc",
  "string builtins (`js-string`)": isNative,
  "imported string constants": hasConstants,
  JSPI: "Suspending" in WebAssembly && "promising" in WebAssembly,
  "custom page sizes": has("custom page sizes"),
};

type Feature = keyof typeof features;
const names = Object.keys(features) as Feature[];
const its = names.filter((name) => found[name]);

/** Whether the page says that this engine has a feature, in this version. */
function isListed(name: Feature): boolean {
  const [, first = 0] = firstVersions[name]?.[engine]?.split(".").map(Number) ?? [];
  return features[name].includes(engine) && minor >= first;
}

if (engines.includes(engine))
  it("the engine has the features that docs/runtimes.md lists, and no others", () => {
    expect(its).toEqual(names.filter(isListed));
  });
else
  // Node 23 lacks features that came to Node 22 later, so the columns beside it tell nothing more.
  it("an engine without a column in docs/runtimes.md has what all columns have", () => {
    const common = names.filter((name) => features[name].length === engines.length);
    expect(common.length).toBeGreaterThan(0);
    expect(its).toEqual(expect.arrayContaining(common));
  });
