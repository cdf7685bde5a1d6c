import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import type { OffloadFunction } from "../../src/offload/types.ts";
import { t } from "unglue";
import { rejectionOf } from "../wat.ts";
import { small } from "./small.ts";

const built = (file: string): string => new URL(`../../dist/${file}`, import.meta.url).href;
const { offload } = (await import(built("offload-node.js"))) as { readonly offload: OffloadFunction };

describe("an addon in workers", () => {
  it("is refused by offload, with what to do", async () => {
    const error = await rejectionOf(offload(small));
    expect(error).toMatchObject({ code: "unsupported-module", details: { toolchain: "napi", feature: "offload" } });
    expect((error as Error).message).toContain("Load it in a worker of yours, with load and the adapter");
    // A declaration cannot reach them either, and says so.
    const declared = await rejectionOf(offload(small, { api: t.api({ answer: t.fn([], t.i32) }) }));
    expect(declared).toMatchObject({ code: "convention-unavailable" });
  });

  it("does its job in a worker of the user's", async () => {
    const script = `
      import { load } from ${JSON.stringify(built("node.js"))};
      import { napi } from ${JSON.stringify(built("napi.js"))};
      import { parentPort, workerData } from "node:worker_threads";
      const wasm = await load(workerData, { adapters: [napi()] });
      parentPort.postMessage(wasm.api.answer());`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), { workerData: small });
    expect(await once(worker, "message")).toEqual([42]);
    await worker.terminate();
  });
});
