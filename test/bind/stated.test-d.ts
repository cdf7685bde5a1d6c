import { expectTypeOf, test } from "vitest";
import { type Instance, t } from "unglue";

export const api = t.api({
  paint: t.fn([t.js, t.js.lent.as<Date | undefined>()], t.js.as<Uint8Array>()),
  strict: t.fn([t.js.as<string | undefined>(), t.js], t.void),
  add: t.fn([t.u32, t.js.as(t.optional(t.object("Shape")))], t.js.as(t.owned("Shape"), t.string)),
  watch: t.fn([t.closure([t.js.as(t.list(t.js.as(t.owned("Shape"), t.owned("Size"))))], t.void)], t.void),
  Shape: t.class({ area: t.getter(t.f64) }),
  Size: t.class({ width: t.getter(t.u32) }),
});
type Api = Instance<object, (typeof api)["members"]>["api"];
type Shape = InstanceType<Api["Shape"]>;
type Size = InstanceType<Api["Size"]>;

test("a JavaScript value may be left out at the end where it was stated that it may be undefined", () => {
  expectTypeOf<Api["paint"]>().parameters.toEqualTypeOf<[unknown, last?: Date]>();
  expectTypeOf<Api["paint"]>().returns.toEqualTypeOf<Uint8Array>();
  expectTypeOf<Api["strict"]>().parameters.toEqualTypeOf<[string | undefined, unknown]>();
});

test("a JavaScript value can be stated to be of the interface's own types", () => {
  expectTypeOf<Api["add"]>().parameters.toEqualTypeOf<[number, last?: Shape | null]>();
  expectTypeOf<Api["add"]>().returns.toEqualTypeOf<Shape | string>();
  expectTypeOf<Parameters<Parameters<Api["watch"]>[0]>>().toEqualTypeOf<[(Shape | Size)[]]>();
});
