// The platform's own getters read the properties of buffers and views: an object may have others of the same names, and a
// class of another realm works as well.

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const arrays = gettersOf(typedArray);
const dataViews = gettersOf(DataView.prototype);
const tag = getterOf(typedArray, Symbol.toStringTag) as (array: unknown) => string | undefined;
const bufferSizes = [
  ArrayBuffer.prototype as object,
  // Browsers lack it on pages that are not isolated.
  ...(typeof SharedArrayBuffer === "function" ? [SharedArrayBuffer.prototype as object] : []),
].map((prototype) => getterOf(prototype, "byteLength") as (buffer: unknown) => number);
/** Throws for an array whose buffer is detached. */
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
 * Returns the class of a typed array, as in `"Uint8Array"`, regardless of its own properties; `undefined` for anything else.
 *
 * @param value - Anything.
 */
export function arrayClassOf(value: unknown): string | undefined {
  return ArrayBuffer.isView(value) ? tag(value) : undefined;
}

/**
 * Returns the bytes of a value as a view, without a copy; `undefined` for anything else. If the buffer was transferred or
 * has become too short, the view is empty.
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
 * Whether a buffer, or that of a view, is not detached and still as long as the view.
 *
 * @param value - A buffer or a view.
 */
export function isThere(value: unknown): boolean {
  try {
    if (!ArrayBuffer.isView(value)) new Uint8Array(value as ArrayBuffer);
    else if (tag(value) === undefined) dataViews.size(value);
    // A detached array has no length.
    else if (arrays.size(value) === 0) keysOf.call(value);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether text in a buffer can be decoded and encoded: browsers refuse buffers that are shared or resizable.
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
      // It is not of this kind.
    }
  }
  return undefined;
}

/** Makes a view, which a transferred buffer refuses. */
function viewOf(buffer: ArrayBufferLike, offset: number, length: number): Uint8Array {
  return length === 0 ? new Uint8Array() : new Uint8Array(buffer, offset, length);
}
