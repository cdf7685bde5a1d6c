import { describe, expect, it } from "vitest";
import { inspect, load, t } from "unglue";
import { createLedger } from "unglue/ledger";
import { rejectionOf, thrownBy } from "../../wat.ts";
import { fixtureBytes, fixtureUrl } from "./fixture.ts";

const Counter = t.class({
  new: t.ctor([t.i32, t.u8]),
  fromDigits: t.ctor([t.cstring]),
  add: t.method([t.i32], t.i32),
  value: t.getter(t.i32),
  step: t.field(t.u8),
  frozen: t.field(t.bool, { offset: 5 }),
  tag: t.field(t.u16, { offset: 6 }),
  ratio: t.field(t.f64, { offset: 8 }),
  total: t.field(t.i64, { offset: 16, readonly: true }),
  larger: t.method([t.object("Counter")], t.object("Counter")),
  ifOver: t.method([t.i32], t.optional(t.object("Counter"))),
  over: t.method([t.i32], t.object("Counter"), { export: "counter_if_over" }),
  clone: t.method([], t.owned("Counter")),
  absorb: t.method([t.owned("Counter")], t.void),
  absorbBytes: t.method([t.owned("Counter"), t.bytes], t.void),
  finish: t.method([], t.i32, { consumes: true }),
  live: t.static([], t.i32),
  shared: t.static([], t.object("Counter")),
});

const Point = t.class(
  {
    new: t.ctor([t.i32, t.i32]),
    x: t.field(t.i32, { offset: 0, readonly: true }),
    at: t.field(t.record({ x: t.i32, y: t.i32 }), { offset: 0 }),
    move: t.method([t.i32, t.i32], t.void),
    moves: t.getter(t.i64),
  },
  { size: 12, align: 8 },
);

const Divider = t.class({ new: t.ctor([t.i32]), divide: t.method([t.i32], t.i32) }, { size: 4, align: 4, free: false });

const mangled = (name: string) => ({ export: `_ZN8geometry6Vector${name}` });

const Vector = t.class(
  {
    new: t.ctor([t.i32, t.i32], mangled("C1Eii")),
    ofLength: t.ctor([t.f64], mangled("C1Ed")),
    dot: t.method([t.object("Vector")], t.i32, { export: "_ZNK8geometry6Vector3dotERKS0_" }),
    scale: t.method([t.i32], t.object("Vector"), mangled("5scaleEi")),
    x: t.field(t.i32, { offset: 0 }),
    length: t.field(t.f64, { offset: 8, readonly: true }),
    living: t.static([], t.i32, mangled("6livingEv")),
  },
  { size: 16, free: "_ZN8geometry6VectorD1Ev" },
);

const objects = () => load(fixtureUrl("objects"), { api: t.api({ Counter, Point, Divider }) });
const vectors = () => load(fixtureUrl("vectors"), { api: t.api({ Vector }) });

describe("a C class that a factory makes", () => {
  it("has its constructors, methods, accessors, fields by offset and statics", async () => {
    const { Counter } = (await objects()).api;
    const counter = new Counter(10, 3);
    expect(counter).toBeInstanceOf(Counter);
    expect([counter.add(2), counter.value, counter.step]).toEqual([16, 16, 3]);
    counter.step = 255;
    expect([counter.step, counter.add(1)]).toEqual([255, 271]);
    expect([counter.frozen, counter.tag, counter.ratio, counter.total]).toEqual([false, 7, 0.5, 13n]);
    counter.frozen = true;
    counter.tag = 65_535;
    counter.ratio = -0.25;
    expect([counter.add(4), counter.frozen, counter.tag, counter.ratio]).toEqual([271, true, 65_535, -0.25]);
    expect(counter.step).toBe(255);
    expect(Counter.fromDigits("42").value).toBe(42);
    expect(Counter.live()).toBe(2);
  });

  it("refuses what a field cannot hold by the field's name, and writes nothing", async () => {
    const counter = new (await objects()).api.Counter(1, 1);
    expect(thrownBy(() => (counter.tag = 65_536))).toMatchObject({
      code: "invalid-argument",
      message:
        "Counter.tag must be a whole number from 0 to 65535, got 65536. Nothing was written. See unglue/docs/errors.md#invalid-argument",
    });
    expect(thrownBy(() => (counter.frozen = 1 as never))).toMatchObject({ details: { call: "Counter.frozen" } });
    expect(() => ((counter as { total: bigint }).total = 1n)).toThrow(TypeError);
    expect([counter.frozen, counter.tag, counter.total]).toEqual([false, 7, 1n]);
  });

  it("is freed once: by free, dispose or using, and the module knows", async () => {
    const { Counter } = (await objects()).api;
    const counter = new Counter(1, 1);
    counter.free();
    counter.free();
    counter.dispose();
    counter[Symbol.dispose]();
    expect(Counter.live()).toBe(0);
    expect(thrownBy(() => counter.value)).toMatchObject({ code: "object-unusable", details: { reason: "freed" } });
    expect(thrownBy(() => counter.tag)).toMatchObject({ code: "object-unusable", details: { reason: "freed" } });
  });

  it("lends objects that are the same ones, gives others away, and takes them over", async () => {
    const { Counter } = (await objects()).api;
    const small = new Counter(1, 1);
    const large = new Counter(2, 1);
    expect(small.larger(large)).toBe(large);
    expect(large.larger(small)).toBe(large);
    expect(small.ifOver(0)).toBe(small);
    expect(small.ifOver(1)).toBeUndefined();
    const copy = large.clone();
    expect(copy).not.toBe(large);
    small.absorb(copy);
    expect([small.value, Counter.live()]).toEqual([3, 2]);
    expect(thrownBy(() => copy.value)).toMatchObject({ code: "object-unusable", details: { reason: "moved" } });
    expect(small.finish()).toBe(3);
    expect(thrownBy(() => small.finish())).toMatchObject({ code: "object-unusable", details: { reason: "moved" } });
    large.free();
    expect(Counter.live()).toBe(0);
  });

  it("has one object for a singleton, which free leaves in place", async () => {
    const { Counter } = (await objects()).api;
    const shared = Counter.shared();
    expect(Counter.shared()).toBe(shared);
    shared.add(5);
    shared.free();
    expect(Counter.live()).toBe(0);
    expect(Counter.shared().value).toBe(105);
  });

  it("says that there was none where null is no answer", async () => {
    const { Counter } = (await objects()).api;
    expect(thrownBy(() => new Counter(-1, 1))).toMatchObject({
      code: "null-pointer",
      details: { name: "The object that Counter.new made", declared: "Counter" },
    });
    const counter = new Counter(1, 1);
    expect(thrownBy(() => counter.over(5))).toMatchObject({ code: "null-pointer" });
    expect(counter.over(0)).toBe(counter);
  });

  it("loses nothing to arguments that cannot be passed", async () => {
    const { Counter } = (await objects()).api;
    const one = new Counter(1, 1);
    const other = new Counter(2, 1);
    expect(thrownBy(() => new Counter(1, 256))).toMatchObject({ code: "invalid-argument" });
    expect(thrownBy(() => one.absorb({} as never))).toMatchObject({
      code: "invalid-argument",
      details: { call: "Counter.absorb", argument: "parameter 1", expected: "an object of the class Counter" },
    });
    expect(thrownBy(() => one.absorb(undefined as never))).toMatchObject({ code: "invalid-argument" });
    const foreign = new (await objects()).api.Counter(9, 1);
    expect(thrownBy(() => one.absorb(foreign))).toMatchObject({ details: { reason: "foreign" } });
    one.absorb(other);
    expect([one.value, foreign.value, Counter.live()]).toEqual([3, 9, 1]);
  });
});

describe("an object that is given away", () => {
  it("stays the caller's where there is no room for a later parameter", async () => {
    const { Counter } = (await objects()).api;
    const one = new Counter(1, 1);
    const other = new Counter(2, 1);
    expect(thrownBy(() => one.absorbBytes(other, new Uint8Array(2 ** 24)))).toMatchObject({
      code: "allocation-failed",
    });
    expect([other.value, Counter.live()]).toEqual([2, 2]);
    one.absorbBytes(other, new Uint8Array([10]));
    expect([one.value, Counter.live()]).toEqual([13, 1]);
    expect(thrownBy(() => other.value)).toMatchObject({ details: { reason: "moved" } });
  });
});

describe("a C class that is initialised in place", () => {
  it("gets storage of the stated size, which goes with the object", async () => {
    const ledger = createLedger();
    const wasm = await load(fixtureUrl("objects"), { api: t.api({ Point }), ledger });
    const point = new wasm.api.Point(3, -4);
    expect(ledger.live.map(({ size, align }) => [size, align])).toEqual([[12, 8]]);
    point.move(1, 1);
    expect([point.x, point.at, point.moves]).toEqual([4, { x: 4, y: -3 }, 1n]);
    point.at = { x: 7, y: 8 };
    expect([point.x, point.at]).toEqual([7, { x: 7, y: 8 }]);
    point.free();
    point.free();
    expect(ledger.live).toEqual([]);
    for (let round = 0; round < 3_000; round += 1) new wasm.api.Point(round, round).free();
    expect(wasm.memory.byteLength).toBe(131_072);
    expect(ledger.live).toEqual([]);
  });

  it("wants a size", async () => {
    const { members } = Point;
    const error = await rejectionOf(load(fixtureUrl("objects"), { api: t.api({ Point: t.class(members) }) }));
    expect(error).toMatchObject({ code: "interface-mismatch" });
    expect(String(error)).toContain("state how many bytes an object takes, t.class(members, { size, align })");
  });

  it("has no fields beyond its size, and none that are no numbers", async () => {
    const wide = t.class({ new: t.ctor([t.i32]), at: t.field(t.i64, { offset: 0 }) }, { size: 4, free: false });
    const list = t.class({ new: t.ctor([t.i32]), at: t.field(t.list(t.u32), { offset: 0 }) }, { size: 4, free: false });
    for (const [Divider, reason] of [
      [wide, "it ends at byte 8, and an object has 4"],
      [list, "only a number, a text, or a struct or array of such"],
    ] as const) {
      const error = await rejectionOf(load(fixtureUrl("objects"), { api: t.api({ Divider }) }));
      expect(error).toMatchObject({ code: "interface-mismatch" });
      expect(String(error)).toContain(reason);
    }
  });

  it("keeps the trap of its constructor or method", async () => {
    const wasm = await objects();
    expect(new wasm.api.Divider(3).divide(7)).toBe(2);
    expect(thrownBy(() => new wasm.api.Divider(0))).toMatchObject({
      code: "trap",
      details: { export: "divider_init" },
    });
    const other = await objects();
    const divider = new other.api.Divider(-1);
    expect(thrownBy(() => divider.divide(7))).toMatchObject({ code: "trap", details: { export: "divider_divide" } });
    expect(thrownBy(() => divider.divide(7))).toMatchObject({ code: "poisoned" });
    expect(() => {
      divider.free();
    }).not.toThrow();
  });
});

describe("a C++ class, by its mangled names", () => {
  it("is constructed in place by constructors that return their storage", async () => {
    const { Vector } = (await vectors()).api;
    const one = new Vector(2, 3);
    const two = new Vector(4, 5);
    expect(one.dot(two)).toBe(23);
    expect(one.scale(10)).toBe(one);
    expect([one.x, one.dot(two)]).toEqual([20, 230]);
    one.x = 1;
    expect(one.dot(two)).toBe(4 + 150);
    expect(Vector.ofLength(1.5).scale(2).length).toBe(3);
    expect(Vector.living()).toBe(3);
    one.free();
    two.free();
    expect(Vector.living()).toBe(1);
  });
});

describe("inspect", () => {
  it("lists the classes of C with their patterns", async () => {
    const { classes = [] } = inspect(await fixtureBytes("objects"));
    expect(
      classes.map(({ name, free, constructors }) => [
        name,
        free,
        constructors.map(({ name, pattern }) => [name, pattern]),
      ]),
    ).toEqual([
      ["counter", "counter_free", [["new", "factory"]]],
      ["point", "point_deinit", [["init", "in-place"]]],
    ]);
    expect(classes[0]?.methods.map(({ name }) => name)).toEqual(
      "from_digits add value get_step set_step larger if_over clone absorb absorb_bytes finish live shared".split(" "),
    );
  });

  it("lists the classes of C++ with their patterns", async () => {
    const { classes = [] } = inspect(await fixtureBytes("vectors"));
    expect(classes).toMatchObject([
      { name: "geometry::Vector", constructors: [{ pattern: "in-place" }, { pattern: "in-place" }] },
    ]);
    expect(classes[0]?.constructors.map((one) => one.export)).toEqual(
      ["C1Eii", "C1Ed"].map((name) => mangled(name).export),
    );
    expect(classes[0]?.free).toBe(mangled("D1Ev").export);
    expect(classes[0]?.methods.map(({ name }) => name)).toEqual(["dot", "scale", "living"]);
  });
});
