/** The one package whose calls are lowered by hand, through `guarded` and `handles`, as its generated JavaScript does it. */
import { load, type Allocation, type InstantiateOptions } from "unglue";
import { moduleUrl } from "../served.ts";
import type { Brotli, Compressing, Restoring, StreamResult } from "./scenario.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  __wbindgen_add_to_stack_pointer(change: number): number;
  compress(area: number, data: number, length: number, options: number): void;
  decompress(area: number, data: number, length: number): void;
  compressstream_new(hasQuality: number, quality: number): number;
  compressstream_compress(area: number, stream: number, data: number, length: number, size: number): void;
  compressstream_total_out(stream: number): number;
  decompressstream_new(): number;
  decompressstream_decompress(area: number, stream: number, data: number, length: number, size: number): void;
  decompressstream_total_out(stream: number): number;
  __wbg_compressstream_free(stream: number): void;
  __wbg_decompressstream_free(stream: number): void;
  __wbg_get_brotlistreamresult_buf(area: number, result: number): void;
  __wbg_get_brotlistreamresult_code(result: number): number;
  __wbg_get_brotlistreamresult_input_offset(result: number): number;
  __wbg_brotlistreamresult_free(result: number): void;
}

/**
 * Loads brotli-wasm's module without its JavaScript.
 *
 * @param options - For the instance.
 */
export async function openBrotli(options: InstantiateOptions = {}) {
  const wasm = await load<Exports>(moduleUrl("brotli"), options);
  const { guarded } = wasm;

  /** Calls with room for four words of results on the module's stack, given back also if the call throws. */
  const withArea = (call: (area: number) => void): Uint32Array => {
    // Those of this life: a call that traps may begin another.
    const { exports } = wasm;
    const area = guarded.__wbindgen_add_to_stack_pointer(-16);
    try {
      // An export that returns no Result leaves its words alone.
      wasm.memory.u32.fill(0, area / 4, area / 4 + 4);
      call(area);
      return wasm.memory.u32.slice(area / 4, area / 4 + 4);
    } finally {
      // Not the guarded one: after a trap it would throw that the instance is poisoned, instead of the trap.
      exports.__wbindgen_add_to_stack_pointer(16);
    }
  };
  /** Copies bytes to where the module can read them. The callee frees them. */
  const pass = (bytes: Uint8Array): Allocation => {
    const address = wasm.memory.alloc(bytes.length, 1);
    wasm.memory.write(address, bytes);
    wasm.memory.release(address);
    return { address, length: bytes.length };
  };
  const callForBytes = (call: (area: number) => void): Uint8Array => {
    const [address = 0, length = 0, error = 0, isError] = withArea(call);
    if (isError) throw wasm.handles.take(error);
    wasm.memory.adopt(address, length, 1);
    const bytes = wasm.memory.read(address, length);
    wasm.memory.free(address, length, 1);
    return bytes;
  };
  const callForStep = (call: (area: number) => void): StreamResult => {
    const [result = 0, error = 0, isError] = withArea(call);
    if (isError) throw wasm.handles.take(error);
    return {
      buf: callForBytes((area) => {
        guarded.__wbg_get_brotlistreamresult_buf(area, result);
      }),
      code: guarded.__wbg_get_brotlistreamresult_code(result),
      input_offset: guarded.__wbg_get_brotlistreamresult_input_offset(result) >>> 0,
      free: () => {
        guarded.__wbg_brotlistreamresult_free(result);
      },
    };
  };

  class CompressStream implements Compressing {
    #pointer: number;
    constructor(quality?: number) {
      this.#pointer = guarded.compressstream_new(Number(quality !== undefined), quality ?? 0);
    }
    compress(input: Uint8Array | undefined, size: number) {
      const { address, length } = input ? pass(input) : { address: 0, length: 0 };
      return callForStep((area) => {
        guarded.compressstream_compress(area, this.#pointer, address, length, size);
      });
    }
    total_out() {
      return guarded.compressstream_total_out(this.#pointer) >>> 0;
    }
    free() {
      guarded.__wbg_compressstream_free(this.#pointer);
      this.#pointer = 0;
    }
  }

  class DecompressStream implements Restoring {
    readonly #pointer = guarded.decompressstream_new();
    decompress(input: Uint8Array, size: number) {
      const { address, length } = pass(input);
      return callForStep((area) => {
        guarded.decompressstream_decompress(area, this.#pointer, address, length, size);
      });
    }
    total_out() {
      return guarded.decompressstream_total_out(this.#pointer) >>> 0;
    }
    free() {
      guarded.__wbg_decompressstream_free(this.#pointer);
    }
  }

  const api: Brotli = {
    compress: (input, settings) => {
      const { address, length } = pass(input);
      return wasm.handles.borrow(settings, (handle) =>
        callForBytes((area) => {
          guarded.compress(area, address, length, handle);
        }),
      );
    },
    decompress: (input) => {
      const { address, length } = pass(input);
      return callForBytes((area) => {
        guarded.decompress(area, address, length);
      });
    },
    CompressStream,
    DecompressStream,
  };
  const { exports, handles, memory } = wasm;
  return { wasm, api, exports, handles, memory };
}
