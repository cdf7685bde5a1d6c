import { t } from "unglue";

/** What the module of gluesql is. */
export const api = t.api({
  Glue: t.class({
    new: t.ctor([]),
    query: t.method([t.string], t.promise(t.js.as<object[]>())),
  }),
});
