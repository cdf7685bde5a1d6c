// Only Node has flags.
import { same } from "./kit.mjs";

/** @type {[area: string, name: string, run: import("./kit.mjs").Check["run"]][]} */
export const nodes = [
  [
    "no WebAssembly",
    "is one code under --jitless, and inspect works",
    async ({ jitless }) =>
      same(await jitless(), {
        load: "wasm-unavailable",
        compile: "wasm-unavailable",
        loadSync: "wasm-unavailable",
        offload: "wasm-unavailable",
        inspect: "worked",
      }),
  ],
];
