import { t } from "unglue";

/** Facts about a source that its text does not state. */
interface ParserOptions {
  readonly sourceFilename?: string;
  readonly sourceType?: "script" | "module";
}

/** The interface of the module of @oxc-parser/wasm. */
export const api = t.api({
  parseSync: t.fn([t.string, t.optional(t.js.as<ParserOptions>())], t.owned("ParseResult"), { throws: true }),
  ParseResult: t.class({
    programJson: t.field(t.string, { readonly: true }),
    comments: t.field(t.list(t.js), { readonly: true }),
    errors: t.field(t.list(t.js), { readonly: true }),
  }),
});
