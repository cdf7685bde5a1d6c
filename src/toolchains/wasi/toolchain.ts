import { fetchChunk } from "../../platform/chunk.ts";
import type { Answer } from "../../imports/index.ts";
import { imported, type Toolchain, recognised } from "../toolchain.ts";
import { functionOf } from "../evidence.ts";

/** The number of the error "function not implemented", in WASI and in libraries that use its numbers. */
const enosys = 52;
const isMissing: Answer = { value: enosys, text: `${enosys} (ENOSYS)` };
const isMissingBelowZero: Answer = { value: -enosys, text: `-${enosys} (ENOSYS)` };

/** Preview 1, and the version before it. */
const preview1 = /^wasi_(snapshot_preview1|unstable)\./;

/** A module for which only the system interface is known. */
export const wasi: Toolchain = {
  ...recognised,
  name: "wasi",
  signs: [
    [
      imported(/^wasi_\w+\.proc_exit$/, functionOf(/^i>$/)),
      // The result is an error number.
      imported(/^wasi_\w+\./, functionOf(/^[ijfd]*>[ij]$/)),
    ],
  ],
  convention: "c",
  system: {
    fetch: async () => {
      const { createAdapter } = await fetchChunk(() => import("./adapter.ts"));
      return createAdapter();
    },
    serves: preview1,
  },
  runtimes: [
    {
      imports: preview1,
      hint: "It belongs to WASI: pass imports: wasi(), from unglue/wasi; or run a program with its loadCommand. wasi() serves the functions of preview 1, by their names and types.",
    },
    {
      imports: /^wasi\.thread-spawn$/,
      hint: "It belongs to wasi-threads, which this library does not serve: build without threads.",
    },
    {
      imports: /^(wasi_|wasix_)\w+\./,
      hint: "It belongs to a version of WASI that is not preview 1: build for wasm32-wasip1, or bring a runtime of that version.",
    },
  ],
  unwinds: /^wasi_\w+\.proc_exit$/,
  // After a zero, a C library continues with results that were never written: it waits for a clock that stands still, or
  // writes the same bytes forever.
  answer: ({ module, name }) => {
    if (module.startsWith("wasi_")) return isMissing;
    // These return a negative error number, or else a result.
    return (module === "wasi" && name === "thread-spawn") || /^_{2,3}sys(call|_)/.test(name)
      ? isMissingBelowZero
      : undefined;
  },
};
