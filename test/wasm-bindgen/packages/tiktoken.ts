import { load } from "unglue";
import { moduleUrl } from "../../packages/served.ts";
import {
  callForBytes,
  callForText,
  callForWord,
  passBytes,
  takeBytes,
  takeText,
  throwIfError,
  withArea,
} from "./lower.ts";
import type { ReturnPointer } from "./lower.ts";
import type { Tiktoken, Tokenizer } from "./scenarios/tiktoken.ts";

interface Exports extends ReturnPointer {
  __wbg_tiktoken_free(pointer: number, isCollected: number): void;
  tiktoken_new(ranks: number, length: number, special: number, pattern: number, patternLength: number): number;
  tiktoken_name(area: number, pointer: number): void;
  tiktoken_encode(area: number, pointer: number, text: number, length: number, allowed: number, not: number): void;
  tiktoken_encode_ordinary(area: number, pointer: number, text: number, length: number): void;
  tiktoken_encode_with_unstable(
    area: number,
    pointer: number,
    text: number,
    length: number,
    allowed: number,
    not: number,
  ): void;
  tiktoken_encode_single_token(pointer: number, bytes: number, length: number): number;
  tiktoken_decode(area: number, pointer: number, tokens: number, length: number): void;
  tiktoken_decode_single_token_bytes(area: number, pointer: number, token: number): void;
  tiktoken_token_byte_values(pointer: number): number;
  get_encoding(area: number, name: number, length: number, special: number): void;
  encoding_for_model(area: number, model: number, length: number, special: number): void;
  get_encoding_name_for_model(area: number, model: number, length: number): void;
}

/** Loads tiktoken's module without its JavaScript. */
export async function openTiktoken() {
  const wasm = await load<Exports>(moduleUrl("tiktoken/tiktoken_bg.wasm"));
  const { guarded, handles, memory } = wasm;

  class Encoding implements Tokenizer {
    readonly #pointer: number;
    constructor(pointer: number) {
      this.#pointer = pointer;
    }
    get name() {
      const [address, length] = withArea(wasm, (area) => {
        guarded.tiktoken_name(area, this.#pointer);
      });
      return address === 0 ? undefined : takeText(wasm, address, length);
    }
    encode(text: string, allowed?: unknown, not?: unknown) {
      const { address, length } = memory.allocString(text);
      return callForTokens((area) => {
        guarded.tiktoken_encode(area, this.#pointer, address, length, handles.add(allowed), handles.add(not));
      });
    }
    encode_ordinary(text: string) {
      const { address, length } = memory.allocString(text);
      return callForTokens((area) => {
        guarded.tiktoken_encode_ordinary(area, this.#pointer, address, length);
      });
    }
    encode_with_unstable(text: string, allowed?: unknown, not?: unknown) {
      const { address, length } = memory.allocString(text);
      const [given, refused] = [handles.add(allowed), handles.add(not)];
      const word = callForWord(wasm, (area) => {
        guarded.tiktoken_encode_with_unstable(area, this.#pointer, address, length, given, refused);
      });
      return handles.take(word);
    }
    encode_single_token(bytes: Uint8Array) {
      const { address, length } = passBytes(wasm, bytes);
      return guarded.tiktoken_encode_single_token(this.#pointer, address, length) >>> 0;
    }
    decode(tokens: Uint32Array) {
      const address = memory.alloc(tokens.byteLength, 4);
      memory.write(address, tokens);
      return callForBytes(wasm, (area) => {
        guarded.tiktoken_decode(area, this.#pointer, address, tokens.length);
      });
    }
    decode_single_token_bytes(token: number) {
      return callForBytes(wasm, (area) => {
        guarded.tiktoken_decode_single_token_bytes(area, this.#pointer, token);
      });
    }
    token_byte_values() {
      return handles.take(guarded.tiktoken_token_byte_values(this.#pointer));
    }
    free() {
      guarded.__wbg_tiktoken_free(this.#pointer, 0);
    }
  }

  const callForTokens = (call: (area: number) => void): Uint32Array => {
    const [address, length = 0, error, isError] = withArea(wasm, call);
    throwIfError(wasm, error, isError);
    return new Uint32Array(takeBytes(wasm, address, length * 4, 4).buffer);
  };
  const make = (name: "get_encoding" | "encoding_for_model", text: string, special: unknown) => {
    const { address, length } = memory.allocString(text);
    const pointer = callForWord(wasm, (area) => {
      guarded[name](area, address, length, handles.add(special));
    });
    return new Encoding(pointer);
  };
  const api: Tiktoken = {
    get_encoding: (encoding, special) => make("get_encoding", encoding, special),
    encoding_for_model: (model, special) => make("encoding_for_model", model, special),
    get_encoding_name_for_model: (model) => {
      const { address, length } = memory.allocString(model);
      return callForText(wasm, (area) => {
        guarded.get_encoding_name_for_model(area, address, length);
      });
    },
    Tiktoken: class extends Encoding {
      constructor(ranks: string, special: unknown, pattern: string) {
        const [one, two] = [memory.allocString(ranks), memory.allocString(pattern)];
        super(guarded.tiktoken_new(one.address, one.length, handles.add(special), two.address, two.length));
      }
    },
  };
  return { wasm, api };
}
