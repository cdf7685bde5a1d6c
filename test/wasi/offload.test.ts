import { describe, expect, it } from "vitest";
import type { OffloadFunction } from "../../src/offload/types.ts";
import { t } from "unglue";
import { rejectionOf } from "../wat.ts";
import { wasiUrl } from "./fixture.ts";

const { offload } = (await import(new URL("../../dist/offload-node.js", import.meta.url).href)) as {
  readonly offload: OffloadFunction;
};

describe("a reactor in workers", () => {
  it("has its environment, and an exit is the error exited", async () => {
    const wasm = await offload(wasiUrl("reactor"), {
      api: t.api({
        variable: t.fn([t.cstring], t.cstring),
        nest: t.fn([t.i32], t.i32),
        leave: t.fn([t.i32], t.void),
      }),
      allocator: { alloc: "allocate", free: "release" },
      imports: new URL("offload-imports.mjs", import.meta.url),
      workers: 2,
    });
    expect(await Promise.all([wasm.api.variable("NAME"), wasm.api.variable("NAME")])).toEqual(["worker", "worker"]);
    expect(await wasm.api.nest(5)).toBe(16);
    expect(await rejectionOf(wasm.api.leave(3))).toMatchObject({ code: "exited", details: { exitCode: 3 } });
    await wasm.dispose();
  });
});
