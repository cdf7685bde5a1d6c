// Checks for pages alone: policies.
import { same } from "./kit.mjs";

/** @type {[area: string, name: string, run: import("./kit.mjs").Check["run"]][]} */
export const pages = [
  [
    "policies",
    "a Content Security Policy without 'wasm-unsafe-eval' is compile-forbidden",
    async ({ frame }) =>
      same(await frame("script-src 'self'", "csp"), {
        load: "compile-forbidden",
        loadSync: "compile-forbidden",
        url: "compile-forbidden",
        inspect: "loaded",
      }),
  ],
  [
    "policies",
    "load and offload work under trusted types",
    async ({ frame }) =>
      same(await frame("require-trusted-types-for 'script'; trusted-types reach", "trusted"), { load: 3, offload: 7 }),
  ],
];
