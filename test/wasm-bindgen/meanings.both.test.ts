import { describe, expect, it, vi } from "vitest";
import { load } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { wat } from "../wat.ts";

/** An import of no known hash, which the module exports as `call`. */
const importing = (name: string, type: string) =>
  wat(`(module (import "wbg" "${name}" (func $it ${type})) (export "call" (func $it)) (memory (export "memory") 1))`);

describe("a stated meaning", () => {
  it("is the declaration of that name whose type fits, though others come first", async () => {
    // The first declaration of console.error takes one value.
    const name = "__wbg_error_0123456789abcdef";
    const bytes = await importing(name, "(param i32 i32 i32 i32)");
    const wasm = await load<{ call(...values: number[]): void }>(bytes, {
      adapters: [wasmBindgen({ meanings: { [name]: "console.error" } })],
    });
    expect(wasm.imports).toMatchObject([{ provider: "adapter", evidence: "as stated in the adapter's options" }]);
    const written = vi.spyOn(console, "error").mockReturnValue();
    wasm.guarded.call(...[1, "two", null, {}].map((value) => wasm.handles.add(value)));
    expect(written.mock.calls).toEqual([[1, "two", null, {}]]);
    written.mockRestore();
  });

  it("is a stub where declarations of that name read the same words differently, and says so", async () => {
    // Two words are text for one declaration of console.log, and two values for another.
    const name = "__wbg_log_0123456789abcdef";
    const bytes = await importing(name, "(param i32 i32)");
    const wasm = await load(bytes, { adapters: [wasmBindgen({ meanings: { [name]: "console.log" } })] });
    expect(wasm.imports).toMatchObject([{ provider: "stub" }]);
    expect(() => wasm.guarded["call"]?.(0, 0)).toThrow("console.log is declared with several signatures");
  });
});
