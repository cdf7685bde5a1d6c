import { isFixed } from "../base/buffers.ts";
import type { Validity } from "../base/validity.ts";

/** A memory's buffer, and views of all of it. */
export type Views = ReturnType<typeof createViews>;

/**
 * Makes a function that returns the views of a memory's current buffer. The views are new only if the memory has grown. The
 * function throws once the memory can no longer be used.
 *
 * @param raw - The engine's memory.
 * @param validity - How long the memory can be used.
 */
export function createFreshViews(raw: WebAssembly.Memory, validity: Validity | undefined): () => Views {
  let views: Views | undefined;
  validity?.onEnd(() => {
    views = undefined;
  });
  return () => {
    // Growth detaches a fixed-size buffer, which empties its views. This check is faster than those below. A memory whose
    // validity has ended has no views, so the same check covers that too.
    if (views?.fixed && views.u8.length > 0) return views;
    validity?.check("use the memory");
    const { buffer } = raw;
    // A shared buffer is replaced on growth and keeps its size; a resizable one stays and changes its size.
    if (buffer !== views?.buffer || buffer.byteLength !== views.u8.length) views = createViews(buffer);
    return views;
  };
}

function createViews(buffer: ArrayBuffer | SharedArrayBuffer) {
  const size = buffer.byteLength;
  // With pages of one byte, the size need not be a multiple of an element's.
  const half = Math.floor(size / 2);
  const quarter = Math.floor(size / 4);
  const eighth = Math.floor(size / 8);
  return {
    buffer,
    fixed: isFixed(buffer),
    i8: new Int8Array(buffer, 0, size),
    u8: new Uint8Array(buffer, 0, size),
    i16: new Int16Array(buffer, 0, half),
    u16: new Uint16Array(buffer, 0, half),
    i32: new Int32Array(buffer, 0, quarter),
    u32: new Uint32Array(buffer, 0, quarter),
    i64: new BigInt64Array(buffer, 0, eighth),
    u64: new BigUint64Array(buffer, 0, eighth),
    f32: new Float32Array(buffer, 0, quarter),
    f64: new Float64Array(buffer, 0, eighth),
    view: new DataView(buffer, 0, size),
  };
}
