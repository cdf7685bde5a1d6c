/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return -- what must not compile has no type */
import { describe, expectTypeOf, it } from "vitest";
import * as browser from "../../src/browser.ts";
import type { Bound, ConventionName, DeclaredType, FunctionMember } from "../../src/public/index.ts";
import { type Api, compile, compileSync, type ImportValue, type Instance, load, loadSync, t } from "unglue";

const bytes = new Uint8Array();

/** A function with one parameter and a result of a type. */
declare function through<const Type extends DeclaredType>(
  type: Type,
): Bound<{ readonly f: FunctionMember<readonly [Type], Type> }>["f"];

declare enum Level {
  Low,
  High = 4,
}
declare enum Name {
  First = "first",
  Second = "second",
}

/** The paths to every `any` in a type, four members deep; objects name each other without an end. */
type Any<Type, Path extends string = "", Depth extends 0[] = []> = 0 extends 1 & Type
  ? Path
  : Depth["length"] extends 4
    ? never
    : Type extends ArrayBufferView | Promise<unknown> | string | number | bigint | boolean | symbol | null | undefined
      ? never
      : Type extends readonly (infer Item)[]
        ? Any<Item, `${Path}[]`, [...Depth, 0]>
        : | (Type extends (...args: infer Args) => infer Result
              ? Any<Args[number], `${Path}()`, [...Depth, 0]> | Any<Result, `${Path}=>`, [...Depth, 0]>
              : never)
          | (Type extends abstract new (...args: infer Args) => infer Result
              ? Any<Args[number], `${Path} new()`, [...Depth, 0]> | Any<Result, `${Path} new`, [...Depth, 0]>
              : never)
          | { [Key in keyof Type]-?: Any<Type[Key], `${Path}.${Key & string}`, [...Depth, 0]> }[keyof Type];

const everything = t.api({
  greet: t.fn([t.string, t.optional(t.u32)], t.string),
  open: t.fn([t.js, t.closure([t.js], t.js), t.record({ at: t.f32 })], t.promise(t.owned("Tree"))),
  Tree: t.class({
    new: t.ctor([t.u32, t.optional(t.string)], { throws: true }),
    parse: t.ctor([t.bytes]),
    add: t.method([t.owned("Leaf")], t.void),
    first: t.method([], t.optional(t.object("Leaf"))),
    count: t.static([t.list(t.owned("Tree"))], t.size),
    name: t.getter(t.string),
    label: t.setter(t.bytes),
    depth: t.field(t.u8),
    width: t.field(t.u8, { readonly: true }),
    left: t.field(t.owned("Tree")),
  }),
  Leaf: t.class({ tree: t.method([], t.object("Tree")), itself: t.method([t.object("Leaf")], t.owned("Leaf")) }),
});

describe("a declared type", () => {
  it("is its type in JavaScript, in and out", () => {
    for (const type of [t.i8, t.u8, t.i16, t.u16, t.i32, t.u32, t.f32, t.f64, t.size, t.bits16, t.bits32] as const) {
      expectTypeOf(through(type)).toEqualTypeOf<(value: number) => number>();
    }
    for (const type of [t.i64, t.u64, t.bits64, t.i128, t.u128] as const) {
      expectTypeOf(through(type)).toEqualTypeOf<(value: bigint) => bigint>();
    }
    for (const type of [t.char, t.string, t.cstring] as const) {
      expectTypeOf(through(type)).toEqualTypeOf<(value: string) => string>();
    }
    expectTypeOf(through(t.bool)).toEqualTypeOf<(value: boolean) => boolean>();
    expectTypeOf(through(t.bytes)).toEqualTypeOf<(value: Uint8Array) => Uint8Array<ArrayBuffer>>();
    expectTypeOf(through(t.js)).toEqualTypeOf<(value: unknown) => unknown>();
    expectTypeOf(through(t.js.lent)).toEqualTypeOf<(value: unknown) => unknown>();
    expectTypeOf(through(t.js.as<Date>())).toEqualTypeOf<(value: Date) => Date>();
    expectTypeOf(through(t.js.lent.as<Date>())).toEqualTypeOf<(value: Date) => Date>();
    expectTypeOf(loadSync(bytes, { api: t.api({ f: t.fn([], t.void) }) }).api.f).toEqualTypeOf<() => void>();
  });

  it("of numbers side by side takes an array over any buffer, and returns one of its own", () => {
    expectTypeOf(through(t.array(t.i8))).toEqualTypeOf<(value: Int8Array) => Int8Array<ArrayBuffer>>();
    expectTypeOf(through(t.array(t.u8))).toEqualTypeOf<(value: Uint8Array) => Uint8Array<ArrayBuffer>>();
    expectTypeOf(through(t.array(t.i16))).toEqualTypeOf<(value: Int16Array) => Int16Array<ArrayBuffer>>();
    expectTypeOf(through(t.array(t.u16))).toEqualTypeOf<(value: Uint16Array) => Uint16Array<ArrayBuffer>>();
    expectTypeOf(through(t.array(t.i32))).toEqualTypeOf<(value: Int32Array) => Int32Array<ArrayBuffer>>();
    expectTypeOf(through(t.array(t.u32))).toEqualTypeOf<(value: Uint32Array) => Uint32Array<ArrayBuffer>>();
    expectTypeOf(through(t.array(t.i64))).toEqualTypeOf<(value: BigInt64Array) => BigInt64Array<ArrayBuffer>>();
    expectTypeOf(through(t.array(t.u64))).toEqualTypeOf<(value: BigUint64Array) => BigUint64Array<ArrayBuffer>>();
    expectTypeOf(through(t.array(t.f32))).toEqualTypeOf<(value: Float32Array) => Float32Array<ArrayBuffer>>();
    expectTypeOf(through(t.array(t.f64))).toEqualTypeOf<(value: Float64Array) => Float64Array<ArrayBuffer>>();
    expectTypeOf(through(t.array(t.u8, { mutable: true })))
      .parameter(0)
      .toEqualTypeOf<Uint8Array>();
    // @ts-expect-error -- bool is no number
    t.array(t.bool);
    // @ts-expect-error -- nor is a list
    t.array(t.list(t.u8));
  });

  it("have a promise of everything that a suspended call returns", () => {
    const api = t.api({
      run: t.fn([t.i32, t.out(t.u8)], t.promise(t.string)),
      none: t.fn([t.out(t.u8)], t.promise(t.void)),
    });
    const bound = loadSync(bytes, { api }).api;
    expectTypeOf(bound.run).returns.toEqualTypeOf<Promise<[string, number]>>();
    expectTypeOf(bound.none).returns.toEqualTypeOf<Promise<number>>();
    const ask = t.host([t.i32], t.promise(t.i32), async (value) => Promise.resolve(value), { error: -1 });
    expectTypeOf(ask).toExtend<ImportValue>();
  });

  it("of others is made of theirs", () => {
    expectTypeOf(through(t.list(t.string))).toEqualTypeOf<(value: readonly string[]) => string[]>();
    expectTypeOf(through(t.list(t.optional(t.u8)))).toEqualTypeOf<
      (value: readonly (number | undefined | null)[]) => (number | undefined)[]
    >();
    expectTypeOf(through(t.optional(t.i64))).toEqualTypeOf<(value?: bigint | null) => bigint | undefined>();
    expectTypeOf(through(t.optional(t.i32, { none: -1 }))).toEqualTypeOf<
      (value?: number | null) => number | undefined
    >();
    expectTypeOf(through(t.promise(t.list(t.u8)))).toEqualTypeOf<
      (value: Promise<readonly number[]>) => Promise<number[]>
    >();
    expectTypeOf(through(t.record({ x: t.f32, name: t.optional(t.string) }))).toEqualTypeOf<
      (value: { readonly x: number; readonly name: string | undefined | null }) => {
        x: number;
        name: string | undefined;
      }
    >();
    expectTypeOf(through(t.closure([t.u32, t.bytes], t.bool))).toEqualTypeOf<
      (value: (a: number, b: Uint8Array<ArrayBuffer>) => boolean) => (a: number, b: Uint8Array) => boolean
    >();
    // The result of a callback does not matter where none is expected.
    expectTypeOf(through(t.closure([], t.void)))
      .parameter(0)
      .toEqualTypeOf<() => unknown>();
  });

  it("of an enumeration is one of its values", () => {
    const ofEnumLevel = through(t.enumeration(Level));
    const ofEnumName = through(t.enumeration(Name));
    expectTypeOf(through(t.enumeration(["low", "high"]))).toEqualTypeOf<(value: "low" | "high") => "low" | "high">();
    expectTypeOf(through(t.enumeration({ Low: 0, High: 4 }))).toEqualTypeOf<(value: 0 | 4) => 0 | 4>();
    expectTypeOf(ofEnumLevel).returns.toEqualTypeOf<Level>();
    expectTypeOf(ofEnumLevel).parameter(0).toEqualTypeOf<Level>();
    expectTypeOf(ofEnumName).returns.toEqualTypeOf<Name>();
    expectTypeOf(ofEnumName).parameter(0).toEqualTypeOf<Name>();
    expectTypeOf(through(t.optional(t.enumeration(["a"])))).toEqualTypeOf<(value?: "a" | null) => "a" | undefined>();
    // @ts-expect-error -- not one of them
    through(t.enumeration(["low", "high"]))("middle");
    // @ts-expect-error -- neither a text nor a number
    t.enumeration([true]);
  });
});

describe("optional parameters", () => {
  it("may be left out at the end, and nowhere else", () => {
    const { f, g } = loadSync(bytes, {
      api: t.api({
        f: t.fn([t.u8, t.optional(t.u8), t.optional(t.string)], t.void),
        g: t.fn([t.optional(t.u8), t.u8], t.void),
      }),
    }).api;
    expectTypeOf(f).toEqualTypeOf<(a: number, b?: number | null, c?: string | null) => void>();
    expectTypeOf(g).toEqualTypeOf<(a: number | undefined | null, b: number) => void>();
    const calls = () => {
      f(1);
      f(1, 2);
      f(1, undefined, "text");
      g(undefined, 1);
      // @ts-expect-error -- the first is not optional
      f();
      // @ts-expect-error -- the second is not
      g(1);
      // @ts-expect-error -- there are three
      f(1, 2, "text", 4);
      // @ts-expect-error -- no number
      f("1");
    };
    expectTypeOf(calls).toBeFunction();
  });
});

describe("a class", () => {
  const { api } = loadSync(bytes, { api: everything });
  const tree = new api.Tree(1);

  it("has its constructors, its static members and its objects' members", () => {
    expectTypeOf(api.Tree).toBeConstructibleWith(1);
    expectTypeOf(api.Tree).toBeConstructibleWith(1, "name");
    expectTypeOf(api.Tree).toBeConstructibleWith(1, null);
    expectTypeOf(api.Tree).instance.toEqualTypeOf(tree);
    expectTypeOf(api.Tree.prototype).toEqualTypeOf(tree);
    expectTypeOf(api.Tree.parse).toEqualTypeOf<(source: Uint8Array) => typeof tree>();
    expectTypeOf(api.Tree.count).toEqualTypeOf<(trees: readonly (typeof tree)[]) => number>();
    expectTypeOf(api.open).returns.resolves.toEqualTypeOf(tree);
    expectTypeOf(tree.name).toEqualTypeOf<string>();
    expectTypeOf(tree.depth).toEqualTypeOf<number>();
    expectTypeOf(tree.width).toEqualTypeOf<number>();
    expectTypeOf(tree.left).toEqualTypeOf(tree);
    expectTypeOf(tree.free).toEqualTypeOf<() => void>();
    expectTypeOf(tree.dispose).toEqualTypeOf<() => void>();
    expectTypeOf(tree[Symbol.dispose]).toEqualTypeOf<() => void>();
  });

  it("can name others, and itself", () => {
    const leaf = tree.first();
    expectTypeOf(leaf?.tree()).toEqualTypeOf<typeof tree | undefined>();
    expectTypeOf(leaf).extract<object>().toHaveProperty("itself");
    expectTypeOf(tree.first()?.tree().first()?.tree().name).toEqualTypeOf<string | undefined>();
    expectTypeOf(tree.add).parameter(0).toEqualTypeOf<NonNullable<typeof leaf>>();
    type Leaf = NonNullable<typeof leaf>;
    expectTypeOf<Leaf["itself"]>().toEqualTypeOf<(other: Leaf) => Leaf>();
  });

  it("refuses what its members are not", () => {
    const uses = () => {
      // @ts-expect-error -- a method
      tree.first = () => undefined;
      // @ts-expect-error -- a getter alone
      tree.name = "";
      // @ts-expect-error -- cannot be written
      tree.width = 1;
      tree.depth = 1;
      tree.label = bytes;
      // @ts-expect-error -- of another class
      tree.add(tree);
      // @ts-expect-error -- a constructor that is not declared
      new api.Leaf();
      // @ts-expect-error -- a class is no function
      api.Tree(1);
      // @ts-expect-error -- a static method is not its objects'
      tree.count([]);
      // @ts-expect-error -- the constructor is called with new
      api.Tree.new(1);
    };
    expectTypeOf(uses).toBeFunction();
    const unknown: unknown = tree;
    expectTypeOf<InstanceType<typeof api.Leaf>>().toEqualTypeOf(
      tree.first() as NonNullable<ReturnType<typeof tree.first>>,
    );
    if (unknown instanceof api.Leaf) expectTypeOf(unknown.tree()).toEqualTypeOf(tree);
  });

  it("keeps classes with the same members apart", () => {
    const { A, B } = loadSync(bytes, {
      api: t.api({
        A: t.class({ new: t.ctor([]), merge: t.method([t.object("A")], t.void) }),
        B: t.class({ new: t.ctor([]), merge: t.method([t.object("B")], t.void) }),
      }),
    }).api;
    const uses = () => {
      new A().merge(new A());
      // @ts-expect-error -- of the other class
      new A().merge(new B());
    };
    expectTypeOf(uses).toBeFunction();
  });

  it("can be extended", () => {
    class Mine extends api.Tree {
      constructor() {
        super(1);
      }
      get shout(): string {
        return this.name.toUpperCase();
      }
    }
    expectTypeOf(new Mine().first()).toEqualTypeOf(tree.first());
    expectTypeOf(new Mine()).toExtend<typeof tree>();
  });

  it("may itself declare what every object has", () => {
    const { Own } = loadSync(bytes, {
      api: t.api({ Own: t.class({ new: t.ctor([]), free: t.method([t.u8], t.u8) }) }),
    }).api;
    expectTypeOf(new Own().free).toEqualTypeOf<(value: number) => number>();
    expectTypeOf(new Own().dispose).toEqualTypeOf<() => void>();
  });

  it("that is named must be declared", () => {
    const uses = () => [
      // @ts-expect-error -- no class Countr
      t.api({ f: t.fn([t.object("Countr")], t.void), Counter: t.class({}) }),
      // @ts-expect-error -- no class Countr
      t.api({ f: t.fn([], t.optional(t.list(t.owned("Countr")))), Counter: t.class({}) }),
      // @ts-expect-error -- f is no class
      t.api({ f: t.fn([], t.void), g: t.fn([], t.promise(t.owned("f"))) }),
      // @ts-expect-error -- no class Countr
      t.api({ Counter: t.class({ all: t.static([t.closure([t.object("Countr")], t.void)], t.void) }) }),
      // @ts-expect-error -- no class Countr
      t.api({ Counter: t.class({ next: t.getter(t.owned("Countr")) }) }),
      // @ts-expect-error -- no class Countr
      t.api({ f: t.fn([t.js.as(t.owned("Countr"))], t.void) }),
      // @ts-expect-error -- no class Countr
      t.api({ f: t.fn([t.record({ first: t.owned("Countr") })], t.void) }),
    ];
    expectTypeOf(uses).toBeFunction();
  });
});

describe("wasm.api", () => {
  it("is the same however an instance is made, through both entry points", async () => {
    const module = await compile(bytes);
    const inBrowser = await browser.compile(bytes);
    const options = { api: everything };
    const one = loadSync(bytes, options);
    expectTypeOf(one.api).not.toBeAny();
    expectTypeOf(await load(bytes, options)).toEqualTypeOf(one);
    expectTypeOf(await module.instantiate(options)).toEqualTypeOf(one);
    expectTypeOf(module.instantiateSync(options)).toEqualTypeOf(one);
    expectTypeOf(compileSync(bytes).instantiateSync(options)).toEqualTypeOf(one);
    expectTypeOf(await browser.load(bytes, { api: browser.t.api(everything.members) })).toEqualTypeOf(one);
    expectTypeOf(browser.loadSync(bytes, options)).toEqualTypeOf(one);
    expectTypeOf(await inBrowser.instantiate(options)).toEqualTypeOf(one);
    expectTypeOf(inBrowser.instantiateSync(options)).toEqualTypeOf(one);
    expectTypeOf(everything).toExtend<Api<(typeof everything)["members"]>>();
    expectTypeOf<typeof one>().toExtend<Instance>();
  });

  it("is that of the instance in imports and onRestart", async () => {
    const api = t.api({ Counter: t.class({ new: t.ctor([t.u32]), add: t.method([t.u32], t.u32) }) });
    type Counters = Instance<Record<never, never>, typeof api.members>["api"];
    const module = await compile(bytes);
    const options = {
      api,
      imports: (wasm: { readonly api: Counters }) => ({ env: { count: () => new wasm.api.Counter(1).add(1) } }),
    };
    await load(bytes, {
      api,
      imports: (wasm) => {
        expectTypeOf(wasm.api).toEqualTypeOf<Counters>();
        return { env: { count: () => new wasm.api.Counter(1).add(1) } };
      },
      onRestart: (wasm) => {
        expectTypeOf(wasm.api).toEqualTypeOf<Counters>();
        // @ts-expect-error -- no such class
        new wasm.api.Other();
      },
    });
    await load<{ run(): void }, typeof api.members>(bytes, { api, onRestart: (wasm) => void new wasm.api.Counter(1) });
    const made = await module.instantiate({ api, onRestart: (wasm) => void new wasm.api.Counter(1).add(2) });
    expectTypeOf(made.api).toEqualTypeOf<Counters>();
    module.pool({ api, max: 1, onRestart: (wasm) => void new wasm.api.Counter(1) });
    expectTypeOf(loadSync(bytes, options).api).toEqualTypeOf<Counters>();
    // Without an interface there are no members, and callbacks of any instance fit.
    await load(bytes, {
      onRestart: (wasm: Instance) => void wasm.guarded,
      imports: (wasm: Instance) => ({ env: { wasm } }),
    });
    await load<{ run(): void }>(bytes, { onRestart: (wasm) => void wasm.guarded });
    // @ts-expect-error -- no interface
    await load(bytes, { onRestart: (wasm) => void new wasm.api.Counter(1) });
  });

  it("has no any", () => {
    expectTypeOf<Any<Bound<(typeof everything)["members"]>>>().toBeNever();
  });

  it("is empty without an interface", async () => {
    const { api } = loadSync(bytes);
    expectTypeOf<keyof typeof api>().toBeNever();
    expectTypeOf<keyof Awaited<ReturnType<typeof load>>["api"]>().toBeNever();
    // @ts-expect-error -- nothing is declared
    const uses = () => api.greet;
    expectTypeOf(uses).toBeFunction();
    // @ts-expect-error -- not what t.api returns
    await load(bytes, { api: [] });
  });
});

describe("a convention", () => {
  it("can be stated by a member, a class and an interface, and changes no type", () => {
    const c = { convention: "c" } as const;
    const api = t.api(
      {
        one: t.fn([t.cstring], t.u32, c),
        Kind: t.class(
          {
            new: t.ctor([t.u32], c),
            name: t.getter(t.string, { convention: "wasm-bindgen" }),
            size: t.field(t.u32, c),
            add: t.method([], t.void, c),
            count: t.static([], t.u32, c),
          },
          c,
        ),
      },
      { convention: "c" },
    );
    const wasm = loadSync(bytes, { api, toolchain: "c" });
    expectTypeOf(wasm.api.one).toEqualTypeOf<(a: string) => number>();
    expectTypeOf(new wasm.api.Kind(1).name).toEqualTypeOf<string>();
    expectTypeOf(api.convention).toEqualTypeOf<ConventionName | undefined>();
  });

  it("is a name", () => {
    // @ts-expect-error -- a number
    t.fn([], t.void, { convention: 1 });
    // @ts-expect-error -- a number
    t.class({}, { convention: 1 });
    // @ts-expect-error -- a number
    t.api({}, { convention: 1 });
    // @ts-expect-error -- no option of an interface
    t.api({}, { prefix: "a" });
    // @ts-expect-error -- a number
    loadSync(bytes, { toolchain: 1 });
  });
});
