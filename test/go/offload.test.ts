import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import type { OffloadFunction } from "../../src/offload/types.ts";
import { t } from "unglue";
import { rejectionOf } from "../wat.ts";
import { goBytes } from "./fixture.ts";

const built = (file: string): string => new URL(`../../dist/${file}`, import.meta.url).href;
const { offload } = (await import(built("offload-node.js"))) as { readonly offload: OffloadFunction };
const program = await goBytes("program-1.26");

it("a Go program is refused by offload, with what to do, since nothing would start it", async () => {
  const api = t.api({ add: t.fn([t.i32, t.i32], t.i32) });
  for (const [bytes, options] of [[program], [await goBytes("exports"), { api }]] as const) {
    const error = await rejectionOf(offload(bytes, options));
    expect(error).toMatchObject({ code: "unsupported-module", details: { toolchain: "go", feature: "offload" } });
    expect((error as Error).message).toContain("Load it in a worker of yours, with load and the adapter");
  }
});

it("a Go program does its job in a worker of the user's", async () => {
  const script = `
    import { loadProgram } from ${JSON.stringify(built("go-node.js"))};
    import { parentPort, workerData } from "node:worker_threads";
    const program = await loadProgram(workerData);
    const { globals, dispose } = await program.start();
    parentPort.postMessage([globals.half(3), await globals.later(1), await program.run({ args: ["exit", "3"] })]);
    dispose();`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), { workerData: program });
  expect(await once(worker, "message")).toEqual([[1.5, true, 3]]);
  await worker.terminate();
});
