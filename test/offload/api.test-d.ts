import { t } from "unglue";
import { offload, type Offload, type RemoteObjectOf } from "unglue/offload";
import { expectTypeOf, it } from "vitest";

const api = t.api({
  Counter: t.class({
    new: t.ctor([t.u32]),
    from: t.ctor([t.string, t.optional(t.u32)]),
    last: t.static([], t.optional(t.object("Counter"))),
    add: t.method([t.i32], t.i32),
    merge: t.method([t.object("Counter")], t.void),
    then: t.method([], t.void),
    value: t.getter(t.u64),
    limit: t.setter(t.u32),
    mark: t.field(t.bytes),
    id: t.field(t.u32, { readonly: true }),
  }),
  Closed: t.class({ free: t.method([t.u32], t.u32), use: t.method([], t.void) }),
  Twin: t.class({ new: t.ctor([]) }),
  Twins: t.class({ new: t.ctor([]) }),
  use: t.fn([t.object("Twin"), t.out(t.i32), t.out(t.owned("Twin"))], t.f64),
  hash: t.fn([t.bytes, t.optional(t.u64)], t.string),
  pair: t.fn([t.list(t.object("Counter"))], t.list(t.owned("Counter"))),
  later: t.fn([], t.promise(t.owned("Counter"))),
  stated: t.fn([t.js.as(t.owned("Counter"))], t.js.as(t.optional(t.owned("Counter")))),
  watch: t.fn([t.closure([t.u32], t.void)], t.void),
  ask: t.fn([t.optional(t.closure([t.u32], t.u32))], t.void),
});

type Members = typeof api.members;
type Api = Offload<Record<never, never>, Members>["api"];
type Counter = RemoteObjectOf<Members, "Counter">;

it("infers the interface from the option", () => {
  const open = () => offload("./counter.wasm", { api });
  expectTypeOf(open).returns.resolves.toHaveProperty("api").toEqualTypeOf<Api>();
  const stated = () => offload<{ add(a: number): number }, Members>("./counter.wasm", { api });
  expectTypeOf(stated).returns.resolves.toEqualTypeOf<Offload<{ add(a: number): number }, Members>>();
});

it("has functions that return promises", () => {
  expectTypeOf<Api["hash"]>().toEqualTypeOf<(bytes: Uint8Array, seed?: bigint | null) => Promise<string>>();
  expectTypeOf<Api["pair"]>().toEqualTypeOf<(counters: readonly Counter[]) => Promise<Counter[]>>();
  expectTypeOf<Api["later"]>().toEqualTypeOf<() => Promise<Counter>>();
  expectTypeOf<Api["stated"]>().toEqualTypeOf<(value: Counter) => Promise<Counter | undefined>>();
});

it("returns what the module writes, and keeps classes apart that have the same members", () => {
  type Twin = RemoteObjectOf<Members, "Twin">;
  expectTypeOf<Api["use"]>().toEqualTypeOf<(twin: Twin) => Promise<[number, number, Twin]>>();
  expectTypeOf<RemoteObjectOf<Members, "Twins">>().not.toExtend<Twin>();
});

it("takes functions, which may be asynchronous unless they return nothing", () => {
  expectTypeOf<Api["watch"]>().parameters.toEqualTypeOf<[(value: number) => unknown]>();
  expectTypeOf<Api["ask"]>().parameters.toEqualTypeOf<[_?: ((value: number) => number | Promise<number>) | null]>();
  const use = (api: Api) => {
    void api.ask(async (value) => value + 1);
    // @ts-expect-error -- the module expects a number
    void api.ask(async (value) => String(value));
  };
  expectTypeOf(use).returns.toBeVoid();
});

it("gives functions objects as they are in workers", () => {
  const each = () =>
    offload("./counter.wasm", {
      api: t.api({ ...api.members, each: t.fn([t.closure([t.object("Twin")], t.object("Twin"))], t.void) }),
    });
  type Each = Awaited<ReturnType<typeof each>>["api"];
  type One = Parameters<Parameters<Each["each"]>[0]>[0];
  expectTypeOf<One["free"]>().toEqualTypeOf<() => Promise<void>>();
  expectTypeOf<Each["each"]>().parameters.toEqualTypeOf<[(twin: One) => One | Promise<One>]>();
  expectTypeOf(each).returns.resolves.toHaveProperty("api");
});

it("takes imports that stay on this thread, host functions among them", () => {
  const open = () =>
    offload("./app.wasm", {
      imports: {
        env: {
          save: t.host([t.bytes, t.u32], t.i32, async (bytes, id) => bytes.length + id),
          log: (address: number, length: number) => address + length,
          "get_*": () => 0n,
          zero: 0,
        },
      },
    });
  expectTypeOf(open).returns.resolves.toHaveProperty("exports");
  // @ts-expect-error -- a function of the instance cannot be posted
  void (() => offload("./app.wasm", { imports: () => ({}) }));
  // @ts-expect-error -- text is no import
  void (() => offload("./app.wasm", { imports: { env: { log: "text" } } }));
});

it("has classes whose constructors and static methods return promises", () => {
  type Class = Api["Counter"];
  expectTypeOf<Class["new"]>().toEqualTypeOf<(value: number) => Promise<Counter>>();
  expectTypeOf<Class["from"]>().toEqualTypeOf<(text: string, base?: number | null) => Promise<Counter>>();
  expectTypeOf<Class["last"]>().toEqualTypeOf<() => Promise<Counter | undefined>>();
  expectTypeOf<Exclude<keyof Class, symbol>>().toEqualTypeOf<"new" | "from" | "last">();
  expectTypeOf<keyof Api["Closed"]>().toEqualTypeOf<typeof Symbol.hasInstance>();
  const narrow = (value: unknown, { Counter }: Api) => (value instanceof Counter ? value : undefined);
  expectTypeOf(narrow).returns.toEqualTypeOf<Counter | undefined>();
});

it("has objects with methods alone: a property is read without an argument and written with one", () => {
  expectTypeOf<Counter["add"]>().toEqualTypeOf<(by: number) => Promise<number>>();
  expectTypeOf<Counter["merge"]>().toEqualTypeOf<(other: Counter) => Promise<void>>();
  expectTypeOf<Counter["value"]>().toEqualTypeOf<() => Promise<bigint>>();
  expectTypeOf<Counter["limit"]>().toEqualTypeOf<(value: number) => Promise<void>>();
  expectTypeOf<Counter["id"]>().toEqualTypeOf<() => Promise<number>>();
  const read = (counter: Counter) => counter.mark();
  const write = (counter: Counter) => counter.mark(new Uint8Array(1));
  expectTypeOf(read).returns.resolves.toEqualTypeOf<Uint8Array<ArrayBuffer>>();
  expectTypeOf(write).returns.toEqualTypeOf<Promise<void>>();
  expectTypeOf<Exclude<keyof Counter, symbol>>().toEqualTypeOf<
    "add" | "merge" | "value" | "limit" | "mark" | "id" | "free" | "dispose"
  >();
  expectTypeOf<Counter["free"]>().toEqualTypeOf<() => Promise<void>>();
  expectTypeOf<Counter[typeof Symbol.asyncDispose]>().toEqualTypeOf<() => Promise<void>>();
  expectTypeOf<RemoteObjectOf<Members, "Closed">["free"]>().toEqualTypeOf<(how: number) => Promise<number>>();
});

it("has the same types with options", () => {
  const under = (wasm: Offload<Record<never, never>, Members>, counter: Counter) => {
    const patient = wasm.with({ timeout: 50 });
    expectTypeOf(patient.api).toEqualTypeOf<Api>();
    return patient.of(counter);
  };
  expectTypeOf(under).returns.toEqualTypeOf<Counter>();
});

it("is empty where no interface is declared", () => {
  expectTypeOf<keyof Offload["api"]>().toEqualTypeOf<never>();
});
