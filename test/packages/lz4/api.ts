import { t } from "unglue";

/** What the module of lz4-wasm is. */
export const api = t.api({
  compress: t.fn([t.bytes], t.bytes),
  decompress: t.fn([t.bytes], t.bytes, { throws: true }),
});
