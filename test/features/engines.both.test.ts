import { expect, it } from "vitest";
import { isNative, newest } from "../builtins/modules.ts";
import { engines, features } from "./engines.mjs";
import { has } from "./modules.ts";

/** Node 20 has no navigator. */
const { navigator, process } = globalThis as {
  readonly navigator?: { readonly userAgent: string };
  readonly process?: { readonly versions: { readonly node: string } };
};
const engine = navigator?.userAgent.includes("Chrome/")
  ? "Chromium"
  : `Node ${process?.versions.node.split(".")[0] ?? ""}`;

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
  JSPI: "Suspending" in WebAssembly && "promising" in WebAssembly,
  "custom page sizes": has("custom page sizes"),
};

it("the engine has the features that docs/runtimes.md lists, and no others", () => {
  expect(engines).toContain(engine);
  const listed = Object.entries(features).flatMap(([name, its]) => (its.includes(engine) ? [name] : []));
  expect(Object.keys(found).filter((name) => found[name as keyof typeof features])).toEqual(listed);
});
