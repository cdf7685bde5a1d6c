import { load } from "unglue";
import type { Instance, InstantiateOptions } from "unglue";
import { moduleUrl } from "../../packages/served.ts";
import { passBytes, takeBytes, throwIfError, withArea, type ReturnPointer } from "./lower.ts";

interface Exports extends ReturnPointer {
  compress(area: number, data: number, length: number, options: number): void;
  decompress(area: number, data: number, length: number): void;
  compressstream_new(hasQuality: number, quality: number): number;
  compressstream_compress(area: number, stream: number, data: number, length: number, size: number): void;
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

/** What one step of a stream gives. */
interface Step {
  readonly bytes: Uint8Array;
  /** 1: done; 2: wants more input; 3: wants more room for output. */
  readonly code: number;
  readonly consumed: number;
}

/** Loads brotli-wasm's module without its JavaScript. */
export async function openBrotli(options: InstantiateOptions = {}) {
  const wasm = await load<Exports>(moduleUrl("brotli"), options);
  const { guarded } = wasm;
  const bytesFrom = (words: Uint32Array): Uint8Array => {
    const [address, length, error, isError] = words;
    throwIfError(wasm, error, isError);
    return takeBytes(wasm, address, length);
  };
  return {
    wasm,
    compress: (bytes: Uint8Array, settings: unknown): Uint8Array => {
      const { address, length } = passBytes(wasm, bytes);
      return wasm.handles.borrow(settings, (handle) =>
        bytesFrom(
          withArea(wasm, (area) => {
            guarded.compress(area, address, length, handle);
          }),
        ),
      );
    },
    decompress: (bytes: Uint8Array): Uint8Array => {
      const { address, length } = passBytes(wasm, bytes);
      return bytesFrom(
        withArea(wasm, (area) => {
          guarded.decompress(area, address, length);
        }),
      );
    },
    /** One step of compression; without input it finishes. */
    compressStep: (stream: number, input: Uint8Array | undefined, size: number): Step => {
      const { address, length } = input ? passBytes(wasm, input) : { address: 0, length: 0 };
      return takeStep(
        wasm,
        withArea(wasm, (area) => {
          guarded.compressstream_compress(area, stream, address, length, size);
        }),
      );
    },
    decompressStep: (stream: number, input: Uint8Array, size: number): Step => {
      const { address, length } = passBytes(wasm, input);
      return takeStep(
        wasm,
        withArea(wasm, (area) => {
          guarded.decompressstream_decompress(area, stream, address, length, size);
        }),
      );
    },
  };
}

function takeStep(wasm: Instance<Exports>, [result = 0, error, isError]: Uint32Array): Step {
  throwIfError(wasm, error, isError);
  const { guarded } = wasm;
  const [address, length] = withArea(wasm, (area) => {
    guarded.__wbg_get_brotlistreamresult_buf(area, result);
  });
  const step = {
    bytes: takeBytes(wasm, address, length),
    code: guarded.__wbg_get_brotlistreamresult_code(result),
    consumed: guarded.__wbg_get_brotlistreamresult_input_offset(result),
  };
  guarded.__wbg_brotlistreamresult_free(result);
  return step;
}
