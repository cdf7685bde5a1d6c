import { t } from "unglue";

/** The interface of the module of prqlc. */
export const api = t.api({
  compile: t.fn([t.string, t.optional(t.owned("CompileOptions"))], t.optional(t.string), { throws: true }),
  prql_to_pl: t.fn([t.string], t.optional(t.string), { throws: true }),
  pl_to_prql: t.fn([t.string], t.optional(t.string), { throws: true }),
  pl_to_rq: t.fn([t.string], t.optional(t.string), { throws: true }),
  rq_to_sql: t.fn([t.string], t.optional(t.string), { throws: true }),
  get_targets: t.fn([], t.list(t.string)),
  CompileOptions: t.class({
    new: t.ctor([]),
    target: t.field(t.string),
    format: t.field(t.bool),
    signature_comment: t.field(t.bool),
  }),
});
