// The properties of buffers and their views are read by the platform's own getters: an object may have others of the same
// names, and a class of another realm is as good.

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const arrays = gettersOf(typedArray);
const dataViews = gettersOf(DataView.prototype);
const tag = getterOf(typedArray, Symbol.toStringTag) as (array: unknown) => string | undefined;
const bufferSizes = [
  ArrayBuffer.prototype as object,
  // Browsers have none on pages that are not isolated.
  ...(typeof SharedArrayBuffer === "function" ? [SharedArrayBuffer.prototype as object] : []),
].map((prototype) => getterOf(prototype, "byteLength") as (buffer: unknown) => number);
/** Throws for an array whose buffer is not there. */
const keysOf = Object.getOwnPropertyDescriptor(typedArray, "keys")?.value as () => unknown;

function getterOf(prototype: object, name: PropertyKey): (object: unknown) => unknown {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name) as { readonly get: (this: unknown) => unknown };
  return (object) => get.call(object);
}

function gettersOf(prototype: object) {
  return {
    buffer: getterOf(prototype, "buffer") as (view: unknown) => ArrayBufferLike,
    offset: getterOf(prototype, "byteOffset") as (view: unknown) => number,
    size: getterOf(prototype, "byteLength") as (view: unknown) => number,
  };
}

/**
 * The class of a typed array, as in `"Uint8Array"`, whatever it says of itself; `undefined` for anything else.
 *
 * @param value - Anything.
 */
export function arrayClassOf(value: unknown): string | undefined {
  return ArrayBuffer.isView(value) ? tag(value) : undefined;
}

/**
 * A view of bytes as they are, without a copy; `undefined` for anything else. Where the buffer was transferred away, or
 * has become too short, there are none.
 *
 * @param value - Anything.
 */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) {
    const of = tag(value) === undefined ? dataViews : arrays;
    try {
      return viewOf(of.buffer(value), of.offset(value), of.size(value));
    } catch {
      return new Uint8Array();
    }
  }
  const size = bufferSize(value);
  return size === undefined ? undefined : viewOf(value as ArrayBufferLike, 0, size);
}

/**
 * Whether the buffer of a view, or a buffer, is still there and as long as the view.
 *
 * @param value - A buffer or a view.
 */
export function isThere(value: unknown): boolean {
  try {
    if (!ArrayBuffer.isView(value)) new Uint8Array(value as ArrayBuffer);
    else if (tag(value) === undefined) dataViews.size(value);
    // An array that is not there has no length.
    else if (arrays.size(value) === 0) keysOf.call(value);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether text can be decoded and encoded where a buffer is: browsers refuse it in one that is shared or can be resized.
 *
 * @param buffer - The buffer.
 */
export function isFixed(buffer: ArrayBufferLike): boolean {
  const { resizable } = buffer as { readonly resizable?: boolean };
  return resizable !== true && Object.prototype.toString.call(buffer) === "[object ArrayBuffer]";
}

function bufferSize(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const size of bufferSizes) {
    try {
      return size(value);
    } catch {
      // It is none of this kind.
    }
  }
  return undefined;
}

/** A buffer that was transferred away refuses to be viewed. */
function viewOf(buffer: ArrayBufferLike, offset: number, length: number): Uint8Array {
  return length === 0 ? new Uint8Array() : new Uint8Array(buffer, offset, length);
}
