import { t } from "unglue";

/** The interface of the module of brotli-wasm. */
export const api = t.api({
  compress: t.fn([t.bytes, t.js.lent.as<{ readonly quality?: number } | undefined>()], t.bytes, { throws: true }),
  decompress: t.fn([t.bytes], t.bytes, { throws: true }),
  CompressStream: t.class({
    new: t.ctor([t.optional(t.u32)]),
    compress: t.method([t.optional(t.bytes), t.u32], t.owned("BrotliStreamResult"), { throws: true }),
    total_out: t.method([], t.size),
  }),
  DecompressStream: t.class({
    new: t.ctor([]),
    decompress: t.method([t.bytes, t.u32], t.owned("BrotliStreamResult"), { throws: true }),
    total_out: t.method([], t.size),
  }),
  BrotliStreamResult: t.class({
    buf: t.field(t.bytes),
    code: t.field(t.enumeration({ ResultSuccess: 1, NeedsMoreInput: 2, NeedsMoreOutput: 3 })),
    input_offset: t.field(t.size),
  }),
});
