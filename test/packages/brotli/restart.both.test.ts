import { afterEach, describe, expect, it, vi } from "vitest";
import { thrownBy } from "../../wat.ts";
import { openBrotli } from "./exports.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const text = new TextEncoder().encode("to and fro, to and fro, to and fro");

describe('brotli-wasm under onTrap: "restart"', () => {
  it("answers right after each of 50 panics, and the handles of the old life are refused by name", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const onRestart = vi.fn();
    const { api, wasm } = await openBrotli({ onTrap: "restart", onRestart });
    const bottom = wasm.exports.__wbindgen_add_to_stack_pointer(0);
    for (let round = 1; round <= 50; round++) {
      const { handles, memory } = wasm;
      const handle = handles.add({ round });
      const trap = thrownBy(() => api.compress(Uint8Array.of(1), { quality: "x" as never }));
      expect(trap).toMatchObject({ code: "trap", details: { export: "compress" } });
      expect(wasm.state).toBe("live");
      for (const use of [
        () => handles.get(handle),
        () => handles.add(1),
        () => handles.borrow(1, () => 2),
        () => handles.size,
        () => memory.u8,
      ]) {
        expect(thrownBy(use)).toMatchObject({ code: "life-ended", cause: trap });
      }
      expect(api.decompress(api.compress(text, {}))).toEqual(text);
      expect(wasm.handles.size).toBe(0);
      expect(wasm.exports.__wbindgen_add_to_stack_pointer(0)).toBe(bottom);
      expect(onRestart).toHaveBeenCalledTimes(round);
    }
  });

  it("has a life's panic in that life's trap alone", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const { api, wasm } = await openBrotli({ onTrap: "restart" });
    expect(thrownBy(() => api.compress(Uint8Array.of(1), { quality: "x" as never }))).toHaveProperty("details.panic");
    const second = thrownBy(() => wasm.guarded.decompressstream_decompress(0, 1, 0, 0, -1));
    expect(second).toMatchObject({ code: "trap" });
    expect((second as { details: { panic?: string } }).details.panic ?? "").not.toContain("invalid type");
  });
});
