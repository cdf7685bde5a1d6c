import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario } from "../scenario.ts";

/** A tokenizer of tiktoken, as its users see it. */
export interface Tokenizer {
  readonly name: string | undefined;
  encode(text: string, allowedSpecial?: unknown, disallowedSpecial?: unknown): Uint32Array;
  encode_ordinary(text: string): Uint32Array;
  encode_with_unstable(text: string, allowedSpecial?: unknown, disallowedSpecial?: unknown): unknown;
  encode_single_token(bytes: Uint8Array): number;
  decode(tokens: Uint32Array): Uint8Array;
  decode_single_token_bytes(token: number): Uint8Array;
  token_byte_values(): unknown;
  free(): void;
}

/** The numbers of special tokens, by their text. */
type SpecialTokens = Readonly<Record<string, number>>;

/** The exports of tiktoken. */
export interface Tiktoken {
  get_encoding(encoding: string, special?: SpecialTokens): Tokenizer;
  encoding_for_model(model: string, special?: SpecialTokens): Tokenizer;
  get_encoding_name_for_model(model: string): string;
  readonly Tiktoken: new (ranks: string, special: SpecialTokens, pattern: string) => Tokenizer;
}

/** Real input. */
export interface TiktokenInput {
  /** A long text in many languages. */
  readonly text: string;
  /** The tables of an encoding, as the package has them in a file. */
  readonly encoder: {
    readonly bpe_ranks: string;
    readonly special_tokens: SpecialTokens;
    readonly pat_str: string;
  };
}

const encodings = ["gpt2", "r50k_base", "p50k_base", "p50k_edit", "cl100k_base", "o200k_base"];
const endOfText = "<|endoftext|>";

/** The scenario of tiktoken. */
export const tiktokenScenario: Scenario<Tiktoken, TiktokenInput> = {
  "encodes a long text in many languages, and decodes it, in six encodings": ({ get_encoding }, { text }) =>
    encodings.map((name) => {
      const encoding = get_encoding(name);
      const tokens = encoding.encode(text);
      const restored = new TextDecoder().decode(encoding.decode(tokens));
      const result = [encoding.name, tokens, encoding.encode_ordinary(text), restored === text, restored];
      encoding.free();
      return result;
    }),

  "encodes special tokens where they are allowed, and throws where they are not": ({ get_encoding }) => {
    const encoding = get_encoding("gpt2", { "<|me|>": 60_000 });
    const text = `a${endOfText}<|me|>é🚀`;
    const results = [
      outcome(() => encoding.encode(text)),
      outcome(() => encoding.encode(text, "all")),
      outcome(() => encoding.encode(text, ["<|me|>"], [])),
      outcome(() => encoding.encode(text, [], ["<|me|>"])),
      outcome(() => encoding.encode(text, [endOfText])),
      outcome(() => encoding.encode("a", 5)),
      outcome(() => encoding.encode("a", [5, null])),
      outcome(() => encoding.encode_ordinary(text)),
      outcome(() => encoding.encode_with_unstable(text)),
      outcome(() => encoding.encode("")),
      outcome(() => encoding.decode(Uint32Array.of(60_000, 50_256, 31_373))),
      outcome(() => encoding.decode(new Uint32Array())),
    ];
    encoding.free();
    return results;
  },

  "gives the bytes of single tokens, and the tokens of bytes": ({ encoding_for_model }) => {
    const encoding = encoding_for_model("text-davinci-003");
    const bytesOf = (text: string) => new TextEncoder().encode(text);
    const [stable, unstable] = encoding.encode_with_unstable("hello wor") as [number[], number[][]];
    const results = [
      encoding.encode_single_token(bytesOf("hello")),
      encoding.decode_single_token_bytes(31_373),
      JSON.stringify(encoding.token_byte_values()),
      // Rust hands the completions out in the order of a hash table.
      [stable, unstable.map((tokens) => tokens.join()).sort()],
      outcome(() => encoding.encode_single_token(bytesOf("no such token"))),
      outcome(() => encoding.decode_single_token_bytes(4_000_000)),
    ];
    return results;
  },

  "makes a tokenizer of tables that it is given": ({ Tiktoken }, { text, encoder }) => {
    const encoding = new Tiktoken(encoder.bpe_ranks, encoder.special_tokens, encoder.pat_str);
    const tokens = encoding.encode(text);
    const results = [encoding.name, tokens, encoding.encode(endOfText, "all"), encoding.decode(tokens)];
    encoding.free();
    return results;
  },

  "throws for what it does not know": ({ get_encoding, encoding_for_model, get_encoding_name_for_model }) => [
    outcome(() => get_encoding("latin1")),
    outcome(() => encoding_for_model("日本 🚀")),
    outcome(() => get_encoding_name_for_model("gpt-4o")),
    outcome(() => get_encoding_name_for_model("")),
  ],
};

/** Arrays and texts, and calls that throw. One tokenizer serves them all: it takes a tenth of a second to make. */
export const tiktokenRounds: Rounds<Tiktoken, TiktokenInput> = {
  start: ({ get_encoding, get_encoding_name_for_model }) => {
    const encoding = get_encoding("gpt2", { "<|me|>": 60_000 });
    return () => {
      encoding.decode(encoding.encode("日本 🚀 to and fro"));
      encoding.encode_with_unstable("hello wor");
      encoding.encode("<|me|>", ["<|me|>"], []);
      outcome(() => encoding.encode(endOfText));
      outcome(() => get_encoding_name_for_model(""));
    };
  },
};
