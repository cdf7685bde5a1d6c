import { offload } from "unglue/offload";
import { expectTypeOf, it } from "vitest";
import { load, type ObjectOf, t, type WasmObject } from "unglue";

const api = t.api({ Counter: t.class({ new: t.ctor([t.u32]), value: t.getter(t.u32) }) });

it("the parameters of a host function follow from its declaration", () => {
  t.host([t.u32, t.i64, t.bool, t.string, t.bytes, t.optional(t.cstring), t.js.lent], t.void, (...args) => {
    expectTypeOf(args).toEqualTypeOf<
      [number, bigint, boolean, string, Uint8Array<ArrayBuffer>, string | undefined, unknown]
    >();
  });
  t.host([t.buffer(t.u8), t.length(0), t.inout(t.u64), t.out(t.u8), t.array(t.f32)], t.length(0), (...args) => {
    expectTypeOf(args).toEqualTypeOf<[number, bigint, Float32Array<ArrayBuffer>]>();
    return [new Uint8Array(), 1n, 5];
  });
  t.host([t.object("Counter"), t.enumeration(["a", "b"])], t.void, (counter, letter) => {
    expectTypeOf(counter).toEqualTypeOf<WasmObject>();
    expectTypeOf(letter).toEqualTypeOf<"a" | "b">();
  });
  t.host(
    [t.object("Counter")],
    t.u32,
    (counter) => {
      expectTypeOf(counter).toEqualTypeOf<ObjectOf<typeof api, "Counter">>();
      return counter.value;
    },
    { api },
  );
});

it("also of parameters with names", async () => {
  t.host(
    [t.param("key", t.string), t.param("to", t.buffer(t.u8)), t.length(1), t.param("found", t.out(t.bool))],
    t.i32,
    (...args) => {
      expectTypeOf(args).toEqualTypeOf<[string, number]>();
      return [0, new Uint8Array(), true];
    },
  );
  // @ts-expect-error -- the output is missing
  t.host([t.param("found", t.out(t.bool))], t.i32, () => 5);
  // @ts-expect-error -- an import has a fixed number of words
  t.host([t.rest(t.list(t.u8))], t.void, () => undefined);
  const found = t.fn([t.param("key", t.string), t.param("found", t.out(t.bool))], t.i32);
  const wasm = await load("./app.wasm", { api: t.api({ found }) });
  expectTypeOf(wasm.api.found).toEqualTypeOf<(key: string) => [number, boolean]>();
});

it("so does what it returns", () => {
  t.host([], t.u32, () => 5);
  // @ts-expect-error -- a text is no number
  t.host([], t.u32, () => "5");
  t.host([], t.void, () => "anything");
  t.host([t.out(t.i32)], t.void, () => 5);
  // @ts-expect-error -- the output is missing
  t.host([t.out(t.i32)], t.i32, () => 5);
  t.host([t.out(t.i32)], t.i32, () => [5, 6]);
  t.host([t.buffer(t.cstring), t.length(0)], t.length(0, t.i32), () => "text");
  // @ts-expect-error -- the length is not returned
  t.host([t.buffer(t.cstring), t.length(0)], t.length(0, t.i32), () => [4, "text"]);
  t.host([t.buffer(t.f32), t.length(0)], t.i32, () => [0, new Float32Array()]);
  // @ts-expect-error -- another array
  t.host([t.buffer(t.f32), t.length(0)], t.i32, () => [0, new Uint8Array()]);
});

it("an asynchronous function may have named parameters, and is known by its promise", async () => {
  const named = t.host([t.param("id", t.u32), t.param("to", t.buffer(t.u8)), t.length(1)], t.i32, async (id) => {
    expectTypeOf(id).toEqualTypeOf<number>();
    return [id, new Uint8Array()];
  });
  const sometimes = t.host([t.u32], t.i32, (id) => (id > 0 ? id : Promise.resolve(0)));
  const failing = t.host([t.u32], t.i32, () => {
    throw new Error("never returns");
  });
  const anything = t.host([t.u32], t.i32, (id) => id as any); // eslint-disable-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-return
  const nothing = t.host([t.u32], t.void, async () => undefined);
  for (const f of [named, sometimes]) {
    await offload("./app.wasm", { imports: { env: { f } } });
    // @ts-expect-error -- only a module in a worker can wait
    await load("./app.wasm", { imports: { env: { f } } });
  }
  for (const f of [failing, anything, nothing]) await load("./app.wasm", { imports: { env: { f } } });
  // @ts-expect-error -- a text is no number
  t.host([t.u32], t.i32, async () => "text");
});

it("and its error value", () => {
  t.host([], t.u32, () => 5, { error: 0 });
  t.host([], t.u32, () => 5, { error: (error) => (error instanceof Error ? 1 : 2) });
  // @ts-expect-error -- a text is no number
  t.host([], t.u32, () => 5, { error: "0" });
  // @ts-expect-error -- a misspelt option
  t.host([], t.u32, () => 5, { eror: 0 });
});

it("it is an import", async () => {
  const wasm = await load("./app.wasm", { imports: { env: { f: t.host([t.u32], t.u32, (x) => x), g: () => 0 } } });
  await load("./app.wasm", { imports: () => ({ env: { f: t.host([t.u32], t.u32, (x) => x) } }) });
  expectTypeOf(wasm.hostError).toEqualTypeOf<unknown>();
});

it("one that is asynchronous is an import of offload alone, unless it returns nothing", () => {
  const read = t.host([t.string], t.i32, async (name) => name.length);
  const use = async () => {
    await offload("./app.wasm", { imports: { env: { read } } });
    // @ts-expect-error -- the module cannot wait here
    await load("./app.wasm", { imports: { env: { read } } });
    await load("./app.wasm", { imports: { env: { log: t.host([t.string], t.void, async () => undefined) } } });
  };
  expectTypeOf(use).returns.toEqualTypeOf<Promise<void>>();
  // @ts-expect-error -- a text is no number
  t.host([], t.u32, async () => "5");
});
