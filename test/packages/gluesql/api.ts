import { t } from "unglue";

/** The interface of the module of gluesql. */
export const api = t.api({
  Glue: t.class({
    new: t.ctor([]),
    query: t.method([t.string], t.promise(t.js.as<object[]>())),
  }),
});
