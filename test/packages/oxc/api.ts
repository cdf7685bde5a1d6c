import { t } from "unglue";

/** What a source is, as far as its text does not say it. */
interface ParserOptions {
  readonly sourceFilename?: string;
  readonly sourceType?: "script" | "module";
}

/** What the module of @oxc-parser/wasm is. */
export const api = t.api({
  parseSync: t.fn([t.string, t.optional(t.js.as<ParserOptions>())], t.owned("ParseResult"), { throws: true }),
  ParseResult: t.class({
    programJson: t.field(t.string, { readonly: true }),
    comments: t.field(t.list(t.js), { readonly: true }),
    errors: t.field(t.list(t.js), { readonly: true }),
  }),
});
