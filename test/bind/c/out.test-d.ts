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

it("buffers are passed by their capacity and returned, and lengths are neither passed nor returned", async () => {
  const shapes = t.api({
    zlib: t.fn([t.buffer(t.u8), t.inout(t.length(0)), t.bytes, t.i32], t.i32),
    lz4: t.fn([t.bytes, t.buffer(t.f64), t.length(0, t.i32), t.length(1, t.i32)], t.length(1, t.u64)),
    text: t.fn([t.buffer(t.cstring), t.length(0)], t.void),
    none: t.fn([t.out(t.length(1)), t.buffer(t.u8), t.optional(t.buffer(t.i16))], t.void),
    seed: t.fn([t.inout(t.u32)], t.void),
    mirror: t.fn([t.inout(t.record({ x: t.f64 })), t.i32], t.i32),
    Stream: t.class({ read: t.method([t.buffer(t.u8), t.length(0)], t.length(0, t.i32)) }),
  });
  const c = (await load(new Uint8Array(), { api: shapes })).api;
  type Bytes = Uint8Array<ArrayBuffer>;
  expectTypeOf(c.zlib).toEqualTypeOf<(capacity: number, source: Uint8Array, level: number) => [number, Bytes]>();
  expectTypeOf(c.lz4).toEqualTypeOf<(source: Uint8Array, capacity: number) => [bigint, Float64Array<ArrayBuffer>]>();
  expectTypeOf(c.text).toEqualTypeOf<(capacity: number) => string>();
  expectTypeOf(c.none).toEqualTypeOf<
    (capacity: number, other?: number | null) => [Bytes, Int16Array<ArrayBuffer> | undefined]
  >();
  expectTypeOf(c.seed).toEqualTypeOf<(seed: number) => number>();
  expectTypeOf(c.mirror).toEqualTypeOf<(point: { readonly x: number }, by: number) => [number, { x: number }]>();
  expectTypeOf<InstanceType<typeof c.Stream>["read"]>().toEqualTypeOf<(capacity: number) => [number, Bytes]>();
  // @ts-expect-error -- a boolean has no width that an array could have
  t.buffer(t.bool);
  // @ts-expect-error -- a length is an integer
  t.length(0, t.f64);
});

it("structs have arrays of a fixed length, and one member of a union is passed", async () => {
  const tagged = t.record({ kind: t.u8, value: t.union({ whole: t.i32, name: t.chars(8) }) });
  const shapes = t.api({
    key: t.fn([t.fixed(t.u8, 4)], t.fixed(t.bool, 2)),
    corners: t.fn([t.fixed(t.record({ x: t.f64 }), 2)], t.void),
    tagged: t.fn([t.inout(tagged)], t.void),
    packed: t.fn([t.record({ a: t.u8, b: t.u32 }, { offsets: { a: 0, b: 1 } })], t.void),
  });
  const c = (await load(new Uint8Array(), { api: shapes })).api;
  expectTypeOf(c.key).toEqualTypeOf<(key: Uint8Array) => boolean[]>();
  expectTypeOf(c.corners).toEqualTypeOf<(corners: readonly { readonly x: number }[]) => void>();
  expectTypeOf(c.tagged).returns.toEqualTypeOf<{ kind: number; value: { whole: number; name: string } }>();
  c.tagged({ kind: 1, value: { whole: 1 } });
  c.tagged({ kind: 1, value: { name: "a" } });
  // @ts-expect-error -- two members of a union
  c.tagged({ kind: 1, value: { whole: 1, name: "a" } });
  // @ts-expect-error -- no member of a union
  c.tagged({ kind: 1, value: {} });
  expectTypeOf(c.packed).parameter(0).toEqualTypeOf<{ readonly a: number; readonly b: number }>();
  // @ts-expect-error -- every field has an offset
  t.record({ a: t.u8, b: t.u32 }, { offsets: { a: 0 } });
});
