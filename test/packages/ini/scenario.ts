import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario } from "../scenario.ts";

/** The exports of @one-ini/wasm. */
export interface Ini {
  readonly TokenTypes: Readonly<Record<string, number | string>>;
  parse_to_json(contents: string): unknown;
  parse_to_uint32array(contents: Uint8Array): Uint32Array;
  version(): string;
}

const sources = [
  "root = true\n\n[*.{js,ts}]\nindent_style = space\nindent_size=2 ; two\n# all\n[é 日本]\n🚀 = 🎉\n",
  "",
  "\uFEFF[a]\r\nb=c\r\nd = \r\n",
  "= no key\n[]\n[open\nkey\n===\n",
  "\u0000\u2028\n[\uFFFD]\nx=\u0000",
  "a=b\n".repeat(5000),
];

/** The scenario of @one-ini/wasm. */
export const iniScenario: Scenario<Ini, undefined> = {
  "parses sources into values of JavaScript": ({ parse_to_json }) =>
    sources.map((source) => outcome(() => parse_to_json(source))),

  "parses bytes into tokens": ({ parse_to_uint32array }) =>
    sources.map((source) => outcome(() => parse_to_uint32array(new TextEncoder().encode(source)))),

  "parses bytes that are no text": ({ parse_to_uint32array }) => [
    outcome(() => parse_to_uint32array(new Uint8Array(0))),
    outcome(() => parse_to_uint32array(Uint8Array.of(0x5b, 0x61, 0x5d, 10, 0x62, 0x3d, 10))),
  ],

  "has its enumeration": ({ TokenTypes }) =>
    Object.entries(TokenTypes).filter(([, value]) => typeof value === "number"),

  "tells its version": ({ version }) => version(),
};

/** Texts and arrays in, values and arrays out. */
export const iniRounds: Rounds<Ini, undefined> = {
  start:
    ({ parse_to_json, parse_to_uint32array, version }) =>
    () => {
      parse_to_json(sources[0] ?? "");
      parse_to_uint32array(new TextEncoder().encode(sources[0]));
      version();
    },
};
