import { t } from "unglue";

/** The interface of the module of lz4-wasm. */
export const api = t.api({
  compress: t.fn([t.bytes], t.bytes),
  decompress: t.fn([t.bytes], t.bytes, { throws: true }),
});
