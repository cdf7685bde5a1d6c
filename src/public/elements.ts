/**
 * The names of the plain types, which have no parameters.
 *
 * @category Details of declarations
 */
export type PlainName = keyof PlainValues;

/**
 * The JavaScript type of each plain type.
 *
 * @category Details of declarations
 */
export interface PlainValues {
  /** −128 to 127. */
  i8: number;
  /** 0 to 255. */
  u8: number;
  /** Signed 16-bit integer. */
  i16: number;
  /** Unsigned 16-bit integer. */
  u16: number;
  /** Signed 32-bit integer. */
  i32: number;
  /** Unsigned 32-bit integer. */
  u32: number;
  /** Signed 64-bit integer. */
  i64: bigint;
  /** Unsigned 64-bit integer. */
  u64: bigint;
  /** 16 bits, signed or unsigned. */
  bits16: number;
  /** 32 bits, signed or unsigned. */
  bits32: number;
  /** 64 bits, signed or unsigned. */
  bits64: bigint;
  /** Signed 128-bit integer. */
  i128: bigint;
  /** Unsigned 128-bit integer. */
  u128: bigint;
  /** A single-precision number. */
  f32: number;
  /** A number. */
  f64: number;
  /** A size or an address. */
  size: number;
  /** A boolean. */
  bool: boolean;
  /** One Unicode character. */
  char: string;
  /** Text. */
  string: string;
  /** Zero-terminated text. */
  cstring: string;
  /** Bytes. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Nothing. */
  void: undefined;
}

/**
 * The typed array of each element type.
 *
 * @category Details of declarations
 */
export interface ElementArrays {
  /** Signed bytes. */
  i8: Int8Array<ArrayBuffer>;
  /** Bytes. */
  u8: Uint8Array<ArrayBuffer>;
  /** Signed 16-bit integers. */
  i16: Int16Array<ArrayBuffer>;
  /** 16-bit integers. */
  u16: Uint16Array<ArrayBuffer>;
  /** Signed 32-bit integers. */
  i32: Int32Array<ArrayBuffer>;
  /** 32-bit integers. */
  u32: Uint32Array<ArrayBuffer>;
  /** Signed 64-bit integers. */
  i64: BigInt64Array<ArrayBuffer>;
  /** 64-bit integers. */
  u64: BigUint64Array<ArrayBuffer>;
  /** 32-bit floats. */
  f32: Float32Array<ArrayBuffer>;
  /** 64-bit floats. */
  f64: Float64Array<ArrayBuffer>;
}

/**
 * The typed array that is accepted for each element type, over any buffer.
 *
 * @category Details of declarations
 */
export interface ElementViews {
  /** Signed bytes. */
  i8: Int8Array;
  /** Bytes. */
  u8: Uint8Array;
  /** Signed 16-bit integers. */
  i16: Int16Array;
  /** 16-bit integers. */
  u16: Uint16Array;
  /** Signed 32-bit integers. */
  i32: Int32Array;
  /** 32-bit integers. */
  u32: Uint32Array;
  /** Signed 64-bit integers. */
  i64: BigInt64Array;
  /** 64-bit integers. */
  u64: BigUint64Array;
  /** 32-bit floats. */
  f32: Float32Array;
  /** 64-bit floats. */
  f64: Float64Array;
}

/**
 * The types that an array of numbers can have as elements.
 *
 * @category Details of declarations
 */
export type ElementName = keyof ElementArrays;
