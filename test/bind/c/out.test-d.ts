import { expectTypeOf, it } from "vitest";
import { type Instance, load, t } from "unglue";

const members = {
  divide: t.fn([t.i32, t.out(t.i32), t.i32, t.out(t.bool)], t.i32),
  one: t.fn([t.out(t.record({ x: t.f64 }))], t.void),
  two: t.fn([t.out(t.bytes), t.string, t.out(t.optional(t.cstring))], t.void),
  left: t.fn([t.string, t.out(t.i64), t.optional(t.string)], t.void),
  open: t.fn([t.out(t.owned("Thing"))], t.void),
  sort: t.fn([t.closure([t.i32, t.string], t.bool, { lent: true })], t.closure([t.f64], t.void)),
  Thing: t.class({
    next: t.method([t.out(t.optional(t.object("Thing")))], t.u32),
    find: t.static([t.u8, t.out(t.owned("Thing"))], t.void),
  }),
};
const api = t.api(members);

it("parameters that the module writes to are no arguments, and are returned", async () => {
  const wasm = await load(new Uint8Array(), { api });
  expectTypeOf(wasm).toExtend<Instance<object, typeof members>>();
  const c = wasm.api;
  expectTypeOf(c.divide).toEqualTypeOf<(a: number, b: number) => [number, number, boolean]>();
  expectTypeOf(c.one).toEqualTypeOf<() => { x: number }>();
  expectTypeOf(c.two).toEqualTypeOf<(text: string) => [Uint8Array<ArrayBuffer>, string | undefined]>();
  expectTypeOf(c.left).toEqualTypeOf<(text: string, other?: string | null) => bigint>();
  const thing = c.open();
  expectTypeOf(thing.next()).toExtend<[number, typeof thing | undefined]>();
  expectTypeOf(c.Thing.find(1)).toEqualTypeOf(thing);
  expectTypeOf(c.sort).returns.toEqualTypeOf<(x: number) => undefined>();
  expectTypeOf(c.sort).parameter(0).toEqualTypeOf<(a: number, b: string) => boolean>();
  // @ts-expect-error -- it is received, not passed
  c.one({ x: 1 });
});
