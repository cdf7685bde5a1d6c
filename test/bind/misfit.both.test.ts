import { describe, expect, it } from "vitest";
import { compile, type DeclaredType, inspect, load, t, UnglueError } from "unglue";
import { rejectionOf, wat } from "../wat.ts";
import { bindgen, externref, heap } from "./bindgen.ts";

const module = (convention = heap) =>
  bindgen(
    `(func (export "greet") (param i32 i32) (result i32) (i32.const 0))
     (func (export "sum") (param i32 f64) (result f64) (local.get 1))
     (func (export "realm_new") (param i32))
     (func (export "realm_loadModel") (param i32 i32 i32))
     (func (export "realm_isLoaded") (param i32) (result i32) (i32.const 0))
     (func (export "__wbg_realm_free") (param i32 i32))
     (func (export "orphan_new") (result i32) (i32.const 16))
     (func (export "__proto__") (result i32) (i32.const 0))`,
    convention,
  );

type Misfits = { name: string; declared: string; export?: string; reason?: string }[];

const misfits = async (members: Parameters<typeof t.api>[0], convention = heap) => {
  const error = await rejectionOf(load(await module(convention), { api: t.api(members as never) }));
  if (!UnglueError.is(error, "interface-mismatch")) throw error;
  return { message: error.message, found: error.details.misfits as Misfits };
};

describe("a declaration that nearly fits", () => {
  it.each<[string, string, Parameters<typeof t.api>[0], string]>([
    [
      "a number that may be absent",
      '(func (export "f") (param f64 i32 f64))',
      { f: t.fn([t.f64, t.f64], t.void) },
      "(f64, optional(f64)) -> void",
    ],
    ["a number of another size", '(func (export "f") (param i64))', { f: t.fn([t.u32], t.void) }, "(i64) -> void"],
    [
      "one parameter too many",
      '(func (export "f") (param i32 i32))',
      { f: t.fn([t.string, t.u32], t.void) },
      "(string) -> void",
    ],
  ])("is offered for %s", async (_, func, members, fitting) => {
    const error = await rejectionOf(load(await bindgen(func, heap), { api: t.api(members as never) }));
    expect(/would fit: (.*)/.exec((error as Error).message)?.[1]).toContain(fitting);
  });

  it("is offered for a constructor, which returns an object of its class, and each only once", async () => {
    const bytes = await bindgen('(func (export "p_new") (param i32 i32) (result i32) i32.const 8)', heap);
    const P = t.class({ new: t.ctor([t.u32, t.u32, t.u32]) }, { free: false });
    const error = await rejectionOf(load(bytes, { api: t.api({ P }) }));
    expect(/would fit: (.*)/.exec((error as Error).message)?.[1]).toBe("new (u32, u32)");
  });

  it("names the field of a struct that has no place in one", async () => {
    const bytes = await wat(`(module (memory (export "memory") 1) (func (export "f") (param i32)))`);
    const type = t.record({ pos: t.record({ x: t.f32, all: t.list(t.u8) }) });
    const error = await rejectionOf(load(bytes, { api: t.api({ f: t.fn([type], t.void) }) }));
    expect((error as Error).message).toContain(
      "its field pos.all is list(u8), and a field is a number, a text or a record of such",
    );
  });

  it("is offered for a constructor in numbers where nothing like it fits", async () => {
    const bytes = await bindgen('(func (export "p_new") (param f64 f32 i64) (result i32) i32.const 8)', heap);
    const P = t.class({ new: t.ctor([t.string]) }, { free: false });
    const error = await rejectionOf(load(bytes, { api: t.api({ P }) }));
    expect(/would fit: (.*)/.exec((error as Error).message)?.[1]).toBe("new (f64, f32, i64)");
  });

  it("is offered by the name of a constructor that has another word in it, and three names of many are listed", async () => {
    const bytes = await wat(`(module (memory (export "memory") 1)
      (func (export "polar_wasm_new") (result i32) (i32.const 8)) (func (export "polar_free") (param i32)))`);
    const error = await rejectionOf(load(bytes, { api: t.api({ Polar: t.class({ new: t.ctor([]) }) }) }));
    expect((error as Error).message).toMatch(
      /no function polar_new or polar_create or polar_init or \d+ other names; did you mean polar_wasm_new\?/,
    );
  });
});

describe("an interface that is not the module's", () => {
  it("is refused with all that does not fit, both signatures spelled out", async () => {
    const { message, found } = await misfits({
      greet: t.fn([t.u32], t.string),
      sum: t.fn([t.i32, t.f64], t.f32),
      gret: t.fn([t.string], t.u32),
      swapped: t.fn([t.f64, t.i32], t.f64, { export: "sum" }),
      Realm: t.class({
        new: t.ctor([], { throws: true }),
        loadModel: t.method([t.bytes, t.u64], t.void),
        is_Loaded: t.method([], t.bool),
        isLoaded: t.method([], t.bool),
      }),
      Orphan: t.class({ new: t.ctor([]) }),
      __proto__: t.fn([], t.u32),
      made: t.fn([], t.owned("Nobody")),
      taken: t.fn([t.list(t.object("greet"))], t.void, { export: "sum" }),
    });
    expect(found.map(({ name }) => name)).toEqual([
      ...["greet", "sum", "gret", "swapped", "Realm.loadModel", "Realm.is_Loaded"],
      ...["Orphan.free", "made", "taken"],
    ]);
    for (const line of [
      "greet is declared (u32) -> string, which is (i32, i32) -> (), and the export greet is (i32, i32) -> i32; would fit: (i32, i32) -> i32",
      "sum is declared (i32, f64) -> f32, and the export sum is (i32, f64) -> f64; would fit: (i32, f64) -> f64",
      "gret is declared (string) -> u32, and the module exports no function gret; did you mean greet?",
      "swapped is declared (f64, i32) -> f64, and the export sum is (i32, f64) -> f64; would fit: (i32, f64) -> f64",
      "Realm.loadModel is declared (bytes, u64) -> void, which is (i32, i32, i32, i64) -> (), and the export realm_loadModel is (i32, i32, i32) -> (); would fit: (bytes) -> void",
      "Realm.is_Loaded is declared () -> bool, and the module exports no function realm_is_Loaded or realm_is_loaded; did you mean realm_isLoaded?",
      "Orphan.free is declared (Orphan) -> void, and the module exports no function __wbg_orphan_free",
      "made is declared () -> owned Nobody: the interface declares no class Nobody",
      "taken is declared (list(greet)) -> void: the interface declares no class greet",
    ]) {
      expect(message).toContain(line);
    }
    expect(message).toContain("inspect(bytes)");
  });

  it("is refused for what JavaScript can declare without types", async () => {
    const bad = t as unknown as Record<"u33", typeof t.u32>;
    const { found } = await misfits({
      greet: t.fn([t.list(bad.u33)], t.u32),
      sum: t.fn([t.i32, t.f64], bad.u33),
      realm_new: t.fn([t.closure([bad.u33], t.void)], t.void),
    });
    expect(found.map(({ name, reason }) => [name, reason])).toEqual([
      ["greet", 'parameter 1 has at "item" what is undefined, as a misspelt type of t is'],
      ["sum", "the result is undefined, as a misspelt type of t is"],
      ["realm_new", 'parameter 1 has at "parameter 1" what is undefined, as a misspelt type of t is'],
    ]);
  });

  it("is refused by the place of the type that is wrong, and by what a type does not take", async () => {
    const bad = t as unknown as Record<"u33", typeof t.u32>;
    const reasonOf = async (type: unknown) => (await misfits({ greet: t.fn([type as typeof t.u32], t.u32) })).found[0];
    const { reason } = (await reasonOf(t.record({ pos: t.record({ x: bad.u33 }) }))) ?? {};
    expect(reason).toBe('parameter 1 has at "pos.x" what is undefined, as a misspelt type of t is');
    for (const [type, words] of [
      [t.record({ a: 5 as never }), 'has at "a" what is none of t\'s types'],
      [t.enumeration([]), "has in t.enumeration no values: give texts, or whole numbers of 32 bits"],
      [
        t.enumeration([1.5] as never),
        "has in t.enumeration values that it does not take: give texts, or whole numbers",
      ],
      [t.optional(t.enumeration({})), "has in t.enumeration no values"],
      [t.array("f16" as never), "has in t.array an element that is none of i8, u8, i16"],
      [t.object(5 as never), "is t.object of what it does not take"],
    ] as const) {
      expect((await reasonOf(type))?.reason).toContain(`parameter 1 ${words}`);
    }
  });

  it.each([
    [
      "a function",
      { greet: t.fn([t.i32, t.i32], t.i32, { ownd: true } as never) },
      'it has no option "ownd"; did you mean owned?',
    ],
    ["a function", { greet: t.fn([t.i32, t.i32], t.i32, { consumes: true } as never) }, 'it has no option "consumes"'],
    ["a class", { Realm: t.class({}, { sze: 40 } as never) }, 'it has no option "sze"; did you mean size?'],
    ["a class", { Realm: t.class({}, { fre: false } as never) }, 'it has no option "fre"; did you mean free?'],
    [
      "a method",
      { Realm: t.class({ isLoaded: t.method([], t.bool, { exprt: "x" } as never) }) },
      'it has no option "exprt"; did you mean export?',
    ],
    [
      "a field",
      { Realm: t.class({ a: t.field(t.u8, { ofset: 4 } as never) }) },
      'it has no option "ofset"; did you mean offset?',
    ],
    [
      "an array",
      { greet: t.fn([t.array(t.u8, { mutabel: true } as never)], t.i32) },
      'parameter 1 has in t.array the unknown option "mutabel"; did you mean mutable?',
    ],
    [
      "an array",
      { greet: t.fn([t.array(t.u8, { mutable: 1 } as never)], t.i32) },
      "parameter 1 has in t.array the option mutable, which must be a boolean",
    ],
    [
      "a closure",
      { greet: t.fn([t.list(t.closure([], t.void, { lend: true } as never))], t.i32) },
      'parameter 1 has in t.closure the unknown option "lend"; did you mean lent?',
    ],
    [
      "an enumeration",
      { greet: t.fn([], t.enumeration(["a"], { all: true } as never)) },
      'the result has in t.enumeration the unknown option "all"',
    ],
    [
      "a text twice",
      { greet: t.fn([], t.enumeration(["a", "b", "a"] as never)) },
      "the result has in t.enumeration a text twice, and a text stands for one place",
    ],
  ] as const)("is refused for what is without effect in %s: %j", async (_, members, reason) => {
    const { message, found } = await misfits(members);
    expect(found.map((one) => one.reason)).toContain(reason);
    expect(message).toContain(`is declared wrongly: ${reason}`);
  });

  it.each([
    [{ sum: t.fn([t.i32, t.f64], t.f64, { owned: true }) }, "sum"],
    [{ sum: t.fn([t.i32, t.f64], t.f64, { owned: false }) }, "sum"],
    [{ Realm: t.class({ isLoaded: t.getter(t.bool, { owned: true }) }) }, "Realm.isLoaded"],
    [{ Orphan: t.class({ new: t.ctor([], { owned: true }) }, { free: false }) }, "Orphan.new"],
  ] as const)("is refused for saying who frees what is not allocated: %j", async (members, name) => {
    for (const convention of [heap, externref]) {
      const { found } = await misfits(members, convention);
      expect(found.map((one) => one.name)).toEqual([name]);
    }
  });

  it("is refused for a struct that is said to be owned, by the convention of C", async () => {
    const bytes = await wat(`(module (memory (export "memory") 1) (func (export "pair") (param i32)))`);
    const pair = t.record({ a: t.i32, b: t.i32 });
    const open = (options: { owned?: true }) =>
      load(bytes, { allocator: "grow", api: t.api({ pair: t.fn([], pair, options) }) });
    expect((await open({})).api.pair()).toEqual({ a: 0, b: 0 });
    const error = await rejectionOf(open({ owned: true }));
    expect((error as Error).message).toContain("owned tells whose a text, bytes or an array is, and it returns none");
  });

  it("is refused for a type that is larger than is read, with how much is", async () => {
    let deep: DeclaredType = t.i32;
    for (let depth = 0; depth < 33; depth++) deep = t.record({ a: deep });
    let wide: DeclaredType = t.i32;
    for (let depth = 0; depth < 22; depth++) wide = t.record({ a: wide, b: wide });
    const { found } = await misfits({ greet: t.fn([deep], t.void), sum: t.fn([], wide) });
    expect(found.map(({ reason }) => reason)).toEqual([
      "parameter 1 has types nested deeper than 32, the most that are read",
      "the result consists of more than 10000 types, the most that are read",
    ]);
  });

  it("of a thousand members that do not fit is shown in short, and told in full", async () => {
    const members = Object.fromEntries(
      Array.from({ length: 1000 }, (_, at) => [`missing${at}`, t.fn([t.string], t.string)] as const),
    );
    const { message, found } = await misfits(members);
    expect(found).toHaveLength(1000);
    expect(message.split("\n").length).toBeLessThan(40);
    expect(message.length).toBeLessThan(10_000);
    expect(message).toContain("… and 970 more, in error.details.misfits");
  });

  it("is refused for a result by pointer in a module that has nothing to move its stack pointer", async () => {
    const convention = { ...externref, results: "multi-value" } as const;
    const members = { loaded: t.fn([t.string], t.void, { export: "realm_loadModel" }) };
    expect((await misfits(members, convention)).found).toMatchObject([{ name: "loaded", export: "realm_loadModel" }]);
    await load(await module(heap), { api: t.api(members) });
  });

  it("is refused each time, and leaves the module as usable as before", async () => {
    const compiled = await compile(await module());
    const api = t.api({ greet: t.fn([], t.void) });
    for (let round = 0; round < 2; round++) {
      expect(UnglueError.is(await rejectionOf(compiled.instantiate({ api })), "interface-mismatch")).toBe(true);
    }
    const wasm = await compiled.instantiate({ api: t.api({ sum: t.fn([t.i32, t.f64], t.f64) }) });
    expect(wasm.api.sum(1, 2.5)).toBe(2.5);
  });
});

describe("an interface for a bare module", () => {
  it("needs its bytes or its shape", async () => {
    const bytes = await module();
    const raw = await WebAssembly.compile(bytes);
    const api = t.api({ sum: t.fn([t.i32, t.f64], t.f64) });
    expect(await rejectionOf(load(raw, { api }))).toMatchObject({ code: "needs-bytes", details: { option: "api" } });
    const wasm = await load(raw, { api, shape: inspect(bytes) });
    expect(wasm.api.sum(1, 2.5)).toBe(2.5);
    const copied = structuredClone(inspect(bytes));
    expect((await load(raw, { api, shape: copied })).api.sum(1, 2.5)).toBe(2.5);
  });

  it("is refused where it is none", async () => {
    for (const api of [{}, { members: { f: 5 } }, { members: { f: {} } }, [], null, "api", () => 1]) {
      expect(await rejectionOf(load(await module(), { api: api as never }))).toMatchObject({ code: "invalid-option" });
    }
  });
});
