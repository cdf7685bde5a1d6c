import { t } from "unglue";

/** More special tokens, by their text. */
const specialTokens = t.js.as<Readonly<Record<string, number>> | undefined>();
/** Special tokens that a text may, or may not, contain. */
const tokenSet = t.js.as<"all" | readonly string[] | undefined>();

/** The interface of the module of tiktoken. */
export const api = t.api({
  get_encoding: t.fn([t.string, specialTokens], t.owned("Tiktoken"), { throws: true }),
  encoding_for_model: t.fn([t.string, specialTokens], t.owned("Tiktoken"), { throws: true }),
  get_encoding_name_for_model: t.fn([t.string], t.string, { throws: true }),
  Tiktoken: t.class({
    new: t.ctor([t.string, t.js.as<Readonly<Record<string, number>>>(), t.string]),
    name: t.getter(t.optional(t.string)),
    encode: t.method([t.string, tokenSet, tokenSet], t.array(t.u32), { throws: true }),
    encode_ordinary: t.method([t.string], t.array(t.u32)),
    encode_with_unstable: t.method([t.string, tokenSet, tokenSet], t.js.as<[number[], number[][]]>(), { throws: true }),
    encode_single_token: t.method([t.bytes], t.u32),
    decode: t.method([t.array(t.u32)], t.bytes),
    decode_single_token_bytes: t.method([t.u32], t.bytes),
    token_byte_values: t.method([], t.js.as<number[][]>()),
  }),
});
