/* eslint-disable @typescript-eslint/no-unsafe-return -- what must not compile has no type */
import { describe, expectTypeOf, it } from "vitest";
import { type InstanceOf, loadSync, type ObjectOf, t } from "unglue";
import type { api as declared } from "./module.ts";

type Api = InstanceOf<typeof declared>["api"];
type Animal = ObjectOf<typeof declared, "Animal">;
type Dog = ObjectOf<typeof declared, "Dog">;
type Puppy = ObjectOf<typeof declared, "Puppy">;
type Config = ObjectOf<typeof declared, "Config">;

declare const api: Api;

describe("members", () => {
  it("of a class that extends another are those of both, and its objects are of both", () => {
    expectTypeOf<Puppy["months"]>().toEqualTypeOf<number>();
    expectTypeOf<Puppy["breed"]>().returns.toEqualTypeOf<string>();
    expectTypeOf<Puppy["legs"]>().toEqualTypeOf<number>();
    expectTypeOf<Puppy>().toExtend<Dog>();
    expectTypeOf<Dog>().toExtend<Animal>();
    expectTypeOf<Animal>().not.toExtend<Dog>();
    expectTypeOf(api.legsOf).toBeCallableWith({} as Puppy);
    expectTypeOf(api.Puppy.stray).returns.toEqualTypeOf<Dog>();
    // @ts-expect-error -- an animal is no dog
    const wrong = () => api.breedOf({} as Animal);
    expectTypeOf(wrong).toBeFunction();
  });

  it("that extend the same class stay apart", () => {
    const { api } = loadSync(new Uint8Array(), {
      api: t.api({
        Base: t.class({ id: t.getter(t.u32) }),
        A: t.class({}, { extends: "Base" }),
        B: t.class({}, { extends: "Base" }),
        take: t.fn([t.object("A")], t.void),
      }),
    });
    const uses = (a: InstanceType<typeof api.A>, b: InstanceType<typeof api.B>) => {
      api.take(a);
      // @ts-expect-error -- of the other class
      api.take(b);
    };
    expectTypeOf(uses).toBeFunction();
    // @ts-expect-error -- no class Bse
    const unknown = () => t.api({ Base: t.class({}), A: t.class({}, { extends: "Bse" }) });
    expectTypeOf(unknown).toBeFunction();
  });

  it("have the names of enumerations as literals", () => {
    expectTypeOf(api.Mode).toEqualTypeOf<{ readonly Search: 0; readonly Index: 4 }>();
    expectTypeOf(api.Level).toEqualTypeOf<{ readonly low: "low"; readonly high: "high" }>();
    expectTypeOf(api.otherMode).toEqualTypeOf<(mode?: 0 | 4 | null) => 0 | 4 | undefined>();
    // @ts-expect-error -- it is frozen
    const write = () => (api.Mode.Search = 0);
    expectTypeOf(write).toBeFunction();
  });

  it("take any number of arguments", () => {
    expectTypeOf(api.join).toEqualTypeOf<(separator: string, ...rest: string[]) => string>();
    expectTypeOf(api.sum).toEqualTypeOf<(...rest: number[]) => number>();
    expectTypeOf(
      loadSync(new Uint8Array(), { api: t.api({ f: t.fn([t.rest(t.array(t.i64))], t.void) }) }).api.f,
    ).parameters.toEqualTypeOf<bigint[]>();
    // @ts-expect-error -- only what collects
    t.rest(t.u32);
  });

  it("may be read as one type and written as another", () => {
    expectTypeOf<Config["label"]>().toEqualTypeOf<string>();
    const write = (config: Config) => {
      config.label = "text";
      // TypeScript has one type for a derived property: the setter's is stated where it is needed.
      const { written }: { written: { get label(): string; set label(value: string | undefined) } } = {
        written: config,
      };
      written.label = undefined;
      expectTypeOf(written.label).toEqualTypeOf<string>();
    };
    expectTypeOf(write).toBeFunction();
    const { C } = loadSync(new Uint8Array(), {
      api: t.api({ C: t.class({ new: t.ctor([]), apart: t.property(t.getter(t.string), t.setter(t.u32)) }) }),
    }).api;
    // @ts-expect-error -- a text cannot be written
    const wrong = () => (new C().apart = "text");
    expectTypeOf(wrong).toBeFunction();
  });

  it("of the class are not its objects'", () => {
    expectTypeOf(api.Config.limit).toEqualTypeOf<number>();
    expectTypeOf<Config>().not.toHaveProperty("limit");
    expectTypeOf(api.Config.new).toEqualTypeOf<() => Config>();
    // @ts-expect-error -- a static method
    const construct = () => new api.Config();
    expectTypeOf(construct).toBeFunction();
    const { api: other } = loadSync(new Uint8Array(), {
      api: t.api({
        C: t.class({
          read: t.getter(t.u32, { static: true }),
          written: t.setter(t.u32, { static: true }),
          both: t.property(t.getter(t.u32, { static: true }), t.setter(t.u32, { static: true })),
          fixed: t.field(t.u32, { static: true, readonly: true }),
        }),
      }),
    });
    const uses = () => {
      other.C.written = 1;
      other.C.both = other.C.read + other.C.fixed;
      // @ts-expect-error -- read only
      other.C.read = 1;
      // @ts-expect-error -- read only
      other.C.fixed = 1;
    };
    expectTypeOf(uses).toBeFunction();
  });

  it("that a module may lack may be undefined", () => {
    expectTypeOf(api.absent).toEqualTypeOf<((value: number) => number) | undefined>();
    expectTypeOf(api.Absent).extract<undefined>().toEqualTypeOf<undefined>();
    expectTypeOf<NonNullable<Api["Absent"]>>().instance.toHaveProperty("value");
    expectTypeOf<Config["absent"]>().toEqualTypeOf<(() => void) | undefined>();
    expectTypeOf<Config["missing"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf(api.Config.none).toEqualTypeOf<(() => void) | undefined>();
    expectTypeOf<Pick<Api, "absent">>().toEqualTypeOf<{ readonly absent?: (value: number) => number }>();
    // @ts-expect-error -- it may be lacking
    const call = () => void api.absent(1);
    expectTypeOf(call).toBeFunction();
  });
});

describe("an asynchronous call", () => {
  it("has the type of its promise, however it borrows its objects", () => {
    const counters = t.api({
      Counter: t.class({
        new: t.ctor([]),
        read: t.method([t.u32], t.promise(t.u32), { borrows: "shared" }),
        ready: t.getter(t.promise(t.bool), { borrows: "none" }),
      }),
      sum: t.fn([t.object("Counter")], t.promise(t.u32), { borrows: "exclusive" }),
    });
    const wasm = loadSync(new Uint8Array(), { api: counters });
    const counter = new wasm.api.Counter();
    expectTypeOf(counter.read).toEqualTypeOf<(value: number) => Promise<number>>();
    expectTypeOf(counter.ready).toEqualTypeOf<Promise<boolean>>();
    expectTypeOf(wasm.api.sum).returns.toEqualTypeOf<Promise<number>>();
    // @ts-expect-error -- no such way to borrow
    const wrong = () => t.method([], t.promise(t.u32), { borrows: "mutably" });
    expectTypeOf(wrong).toBeFunction();
  });
});

describe("the types of an interface", () => {
  it("are named without its instance", () => {
    expectTypeOf<ObjectOf<typeof declared, "Dog">>().toEqualTypeOf<InstanceType<Api["Dog"]>>();
    expectTypeOf<InstanceOf<typeof declared, { raw(): void }>["exports"]>().toEqualTypeOf<{ raw(): void }>();
    // @ts-expect-error -- no class Cat
    type Cat = ObjectOf<typeof declared, "Cat">;
    // @ts-expect-error -- no class
    type Join = ObjectOf<typeof declared, "join">;
    expectTypeOf<[Cat, Join]>().toBeObject();
  });
});
