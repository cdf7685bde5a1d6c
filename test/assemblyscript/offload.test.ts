import { describe, expect, it } from "vitest";
import type { OffloadFunction } from "../../src/offload/types.ts";
import { t } from "unglue";
import { moduleUrl } from "./module.ts";

const { offload } = (await import(new URL("../../dist/offload-node.js", import.meta.url).href)) as {
  readonly offload: OffloadFunction;
};

describe("an AssemblyScript module in workers", () => {
  it("serves calls in workers", async () => {
    const wasm = await offload(moduleUrl("values.wasm"), {
      api: t.api({
        greet: t.fn([t.string], t.string),
        flip: t.fn([t.list(t.list(t.i32), { classId: 23 })], t.list(t.list(t.i32))),
      }),
      workers: 1,
    });
    expect(await wasm.api.greet("worker")).toBe("Hello, worker!");
    expect(await wasm.api.flip([[1, 2], [3]])).toEqual([[3], [2, 1]]);
    await wasm.dispose();
  });
});
