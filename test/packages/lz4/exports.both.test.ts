import { describe, expect, it } from "vitest";
import { type Instance, load, loadSync, UnglueError } from "unglue";
import { answersOf, moduleBytes, moduleUrl } from "../served.ts";
import { thrownBy } from "../../wat.ts";

/** The exports under the wasm-bindgen ABI: results go through a pointer into the module's stack. */
interface Exports {
  compress(result: number, data: number, length: number): void;
  decompress(result: number, data: number, length: number): void;
  __wbindgen_add_to_stack_pointer(change: number): number;
}

const glue = "./lz4_wasm_bg.js";
const text = new TextEncoder().encode("to and fro, to and fro, to and fro");
const damaged = Uint8Array.of(1, 2, 3);

describe("the module of lz4-wasm, as any module, without the adapter of its toolchain", () => {
  it("needs no import at all until data is damaged, and then the error names what is missing", async () => {
    const wasm = loadSync<Exports>(await moduleBytes("lz4"));
    expect(call(wasm, "decompress", call(wasm, "compress", text).bytes).bytes).toEqual(text);
    const error = thrownBy(() => call(wasm, "decompress", damaged));
    expect(UnglueError.is(error, "missing-import-called") && error.details).toEqual({
      module: glue,
      name: "__wbindgen_string_new",
      type: { params: ["i32", "i32"], results: ["i32"] },
    });
  });

  it("works with the one import given, which reads the message from the module's memory", async () => {
    const thrown: string[] = [];
    const wasm = await load<Exports>(moduleUrl("lz4"), {
      imports: (instance) => ({
        [glue]: {
          __wbindgen_string_new: (at: number, length: number) =>
            thrown.push(instance.memory.readString(at, length, { fatal: true })) - 1,
        },
      }),
    });
    expect(wasm.imports).toMatchObject([{ module: glue, name: "__wbindgen_string_new", provider: "user" }]);
    expect(call(wasm, "decompress", call(wasm, "compress", text).bytes).bytes).toEqual(text);
    expect(call(wasm, "decompress", damaged)).toMatchObject({ failed: true, error: 0 });
    // As the package's own JavaScript throws it.
    const { results } = await answersOf<{ results: Record<string, unknown> }>("lz4");
    expect(results["throws for damaged data"]).toContainEqual({ thrown: thrown[0] });
  });
});

/** Calls under the return-pointer ABI: address, length, error and flag come back in 16 bytes of the module's stack. */
function call(wasm: Instance<Exports>, name: "compress" | "decompress", bytes: Uint8Array) {
  const { exports, guarded, memory } = wasm;
  const results = guarded.__wbindgen_add_to_stack_pointer(-16);
  try {
    // The callee frees its argument, so this allocation is given away immediately.
    const data = memory.alloc(bytes.length, 1);
    memory.write(data, bytes);
    guarded[name](results, data, bytes.length);
    const [address = 0, length = 0, error = 0, flag = 0] = memory.u32.subarray(results / 4, results / 4 + 4);
    const failed = name === "decompress" && flag !== 0;
    if (failed) return { failed, error, bytes: new Uint8Array() };
    const result = memory.read(address, length);
    memory.free(address, length, 1);
    return { failed, error, bytes: result };
  } finally {
    exports.__wbindgen_add_to_stack_pointer(16);
  }
}
