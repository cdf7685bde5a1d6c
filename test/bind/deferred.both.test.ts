import { type Api, inspect, type InterfaceMembers, load, loadSync, t, type UnglueError } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { describe, expect, it } from "vitest";
import { fingerprintOf } from "../../src/reflect/fingerprint.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const bytes = await wat(`(module
  (memory (export "memory") 1)
  (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 64))
  (func (export "__wbindgen_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
  (func (export "__wbindgen_free") (param i32 i32 i32))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "__wbg_counter_free") (param i32 i32))
  (func (export "counter_new") (result i32) (i32.const 1024))
  (func (export "counter_value") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "counter_bump") (param i32) (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1))))
  (func (export "counter_twin") (param i32) (result i32) (i32.const 2048))
  (func (export "counter_of_twin") (param i32 i32) (result i32) (i32.load (local.get 1)))
  (func (export "__wbg_twin_free") (param i32 i32))
  (func (export "twin_value") (param i32) (result i32) (i32.const 7)))`);
const fingerprint = fingerprintOf(inspect(bytes));

const members = {
  Counter: t.class({
    new: t.ctor([]),
    value: t.method([], t.u32),
    bump: t.method([], t.void),
    twin: t.method([], t.owned("Twin")),
    of_twin: t.method([t.object("Twin")], t.u32),
  }),
  Twin: t.class({ value: t.method([], t.u32) }),
  Mode: t.enumeration({ Slow: 0, Fast: 1 }),
  add: t.fn([t.u32, t.u32], t.u32),
};
const api = { members, checked: true };

/** Members that do not fit, by what is wrong with them, with the use that shows it. */
const misfits: readonly [title: string, given: InterfaceMembers, use: string][] = [
  ["a function that the module lacks", { gone: t.fn([], t.void) }, "gone"],
  ["a function of another signature", { add: t.fn([t.f64], t.u32) }, "add"],
  ["a function of an unknown class", { add: t.fn([t.object("None")], t.u32) }, "add"],
  ["a function without types", { add: { member: "function", params: 5, result: 6 } } as never, "add"],
  ["a function with an unknown option", { add: { ...members.add, thrws: true } } as never, "add"],
  ["a class without its free function", { Lone: t.class({ new: t.ctor([], { export: "counter_new" }) }) }, "Lone"],
  ["a class with a wrong method", { Counter: t.class({ value: t.method([t.u32], t.u32) }) }, "Counter"],
  ["a class that extends none", { Twin: t.class({}, { extends: "None" }) }, "Twin"],
  ["a class without members", { Lone: { member: "class" } } as never, "Lone"],
  ["a property that the module lacks", { Twin: t.class({ size: t.getter(t.u32) }) }, "Twin"],
];

/** Wraps a type many times. */
function nested(wrap: (type: object) => object): object {
  let type: object = t.u32;
  for (let depth = 0; depth < 20_000; depth++) type = wrap(type);
  return type;
}

/** A type that contains itself. */
function circular(wrap: (type: object) => object): object {
  const type = {};
  return Object.assign(type, wrap(type));
}

/** A type that has new types inside of it each time it is looked at. */
function endless(wrap: (type: object) => object): object {
  return new Proxy(wrap({}), {
    get: (target, key) => Reflect.get(key in target ? wrap(endless(wrap)) : target, key) as unknown,
    getOwnPropertyDescriptor: (target, key) =>
      key in target
        ? {
            value: Reflect.get(wrap(endless(wrap)), key) as unknown,
            enumerable: true,
            configurable: true,
            writable: true,
          }
        : undefined,
  });
}

/** Each way in which a type contains others. */
const nestings: readonly [name: string, wrap: (type: object) => object][] = [
  ["optional", (item) => ({ type: "optional", item })],
  ["list", (item) => ({ type: "list", item })],
  ["promise", (value) => ({ type: "promise", value })],
  ["out", (of) => ({ type: "out", of })],
  ["inout", (of) => ({ type: "inout", of })],
  ["param", (of) => ({ type: "param", name: "a", of })],
  ["rest", (of) => ({ type: "rest", of })],
  ["closure, in its parameters", (one) => ({ type: "closure", params: [one, one], result: t.void })],
  ["closure, in its result", (result) => ({ type: "closure", params: [], result })],
  ["array", (element) => ({ type: "array", element })],
];

/** The places of a type in a member, with the use that reads it. */
const places: readonly [place: (type: never) => InterfaceMembers, use: string][] = [
  [(type) => ({ add: t.fn([type], t.u32) }), "add"],
  [(type) => ({ add: t.fn([t.u32], type) }), "add"],
  [(type) => ({ Twin: t.class({ value: t.getter(type) }) }), "Twin"],
  [inClosure, "other"],
];

function inClosure(type: never): InterfaceMembers {
  return { other: t.fn([t.closure([type], t.void)], type) };
}

const open = (given: Api<InterfaceMembers>) => load(bytes, { api: given, fingerprint });

describe("an interface that was compared with its module when it was written", () => {
  it.each([
    ["load", () => load(bytes, { api, fingerprint })],
    ["loadSync", () => loadSync(bytes, { api, fingerprint, adapters: [wasmBindgen()] })],
  ] as const)("is called as any other: %s", async (_, start) => {
    const wasm = await start();
    expect(Object.keys(wasm.api).sort()).toEqual(["Counter", "Mode", "Twin", "add"]);
    expect(wasm.api.add(2, 3)).toBe(5);
    expect(wasm.api.Mode.Fast).toBe(1);
    const counter = new wasm.api.Counter();
    const before = counter.value();
    counter.bump();
    expect(counter.value()).toBe(before + 1);
    const twin = counter.twin();
    expect(twin).toBeInstanceOf(wasm.api.Twin);
    expect(twin.value()).toBe(7);
    expect(counter.of_twin(twin)).toBe(0);
    twin.free();
    expect(() => counter.of_twin(twin)).toThrow(expect.objectContaining({ code: "object-unusable" }));
  });

  it("gives each member as one value that nobody can replace", async () => {
    const { api: bound } = await open(api);
    expect(Object.isFrozen(bound)).toBe(true);
    expect(Object.getPrototypeOf(bound)).toBeNull();
    expect(bound["Counter"]).toBe(bound["Counter"]);
    expect(Reflect.set(bound, "Counter", 1)).toBe(false);
    expect(bound).not.toHaveProperty("toString");
  });

  it.each(misfits)("refuses %s where it is used, with the details that a load has", async (_, given, use) => {
    const all = { ...members, ...given };
    const atLoad = await rejectionOf(load(bytes, { api: { members: all } }));
    expect(atLoad).toMatchObject({ code: "interface-mismatch" });
    const wasm = await open({ members: all, checked: true });
    expect(wasm.api).toHaveProperty("Mode.Slow", 0);
    const error = thrownBy(() => (wasm.api as Record<string, unknown>)[use]) as UnglueError;
    expect(error).toMatchObject({ code: "interface-mismatch", details: (atLoad as UnglueError).details });
    expect(error.message).toContain(`The declaration file does not fit the module:\n  ${use}`);
    expect(error.message).toContain("run `unglue declare --check`");
    // A second use is no different.
    expect(thrownBy(() => (wasm.api as Record<string, unknown>)[use])).toMatchObject({ code: error.code });
  });

  it.each(nestings)("refuses types without an end: %s", async (_, wrap) => {
    const inPlaces = [nested(wrap), circular(wrap)].flatMap((type) =>
      places.map(([place, use]) => [place(type as never), use] as const),
    );
    for (const [given, name] of [...inPlaces, [inClosure(endless(wrap) as never), "other"] as const]) {
      const all = { ...members, ...given };
      const refused = { code: "interface-mismatch", message: expect.stringContaining(name) as string };
      await expect(load(bytes, { api: { members: all } })).rejects.toMatchObject(refused);
      const { api: bound } = await open({ members: all, checked: true });
      expect(bound["Mode"]).toEqual({ Slow: 0, Fast: 1 });
      expect(thrownBy(() => bound[name as keyof typeof bound])).toMatchObject(refused);
    }
  });

  it("says how deep types may be nested", async () => {
    const given = { ...members, add: t.fn([nested((item) => ({ type: "optional", item })) as never], t.u32) };
    const { api: bound } = await open({ members: given, checked: true });
    expect(thrownBy(() => bound.add)).toMatchObject({
      message: expect.stringContaining("parameter 1 has types nested deeper than 32, the most that are read") as string,
    });
  });

  it("refuses values that are no members at load", async () => {
    const given = { ...members, odd: 5 } as unknown as InterfaceMembers;
    await expect(open({ members: given, checked: true })).rejects.toMatchObject({ code: "invalid-option" });
    const odd = { ...members, odd: { type: "enumeration", values: 5 } } as unknown as InterfaceMembers;
    await expect(open({ members: odd, checked: true })).rejects.toMatchObject({ code: "interface-mismatch" });
  });

  it.each(misfits)(
    "is compared at load if it was not compared before, or no fingerprint is given: %s",
    async (_, given) => {
      const all = { ...members, ...given };
      for (const options of [
        { api: { members: all }, fingerprint },
        { api: { members: all, checked: false }, fingerprint },
        { api: { members: all, checked: true } },
      ])
        await expect(load(bytes, options)).rejects.toMatchObject({ code: "interface-mismatch" });
    },
  );

  it("refuses a module that has another fingerprint before anything else", async () => {
    await expect(load(bytes, { api, fingerprint: "0000000000000000" })).rejects.toMatchObject({
      code: "declaration-mismatch",
    });
  });

  it("reads only the members that are used", async () => {
    const read: string[] = [];
    const watched = (name: "Counter" | "Twin") => {
      const { members: own, ...rest } = members[name];
      const each = Object.entries(own).map(([key, member]) => {
        const get = (): unknown => {
          read.push(`${name}.${key}`);
          return member.params;
        };
        return [key, Object.defineProperty({ ...member }, "params", { enumerable: true, get })] as const;
      });
      return { ...rest, members: Object.fromEntries(each) };
    };
    const given = { ...members, Counter: watched("Counter"), Twin: watched("Twin") };
    const wasm = await open({ members: given, checked: true });
    // Each is looked at twice: for the parts of the binder that it needs, and for the classes whose objects it returns.
    expect(wasm.api).toHaveProperty("add");
    expect(read.length).toBe(12);
    read.length = 0;
    expect(wasm.api).toHaveProperty("Twin.name", "Twin");
    expect(new Set(read)).toEqual(new Set(["Twin.value"]));
  });

  it("has the optional members that the module has", async () => {
    const given = {
      ...members,
      later: t.fn([], t.void, { optional: true }),
      there: t.fn([t.u32, t.u32], t.u32, { optional: true, export: "add" }),
      Later: t.class({ run: t.method([], t.void) }, { optional: true }),
    };
    const wasm = await load(bytes, { api: { members: given, checked: true }, fingerprint });
    expect(Object.keys(wasm.api).sort()).toEqual(["Counter", "Mode", "Twin", "add", "there"]);
    expect(wasm.api.there?.(1, 2)).toBe(3);
    expect(wasm.api.Later).toBeUndefined();
  });

  it("is planned at load if a member states a convention", async () => {
    const given = { ...members, gone: t.fn([], t.void, { convention: "c" }) };
    await expect(open({ members: given, checked: true })).rejects.toMatchObject({ code: "interface-mismatch" });
    const there = { ...members, sum: t.fn([t.u32, t.u32], t.u32, { convention: "c", export: "add" }) };
    const wasm = await load(bytes, { api: { members: there, checked: true }, fingerprint });
    expect(wasm.api.sum(1, 2)).toBe(3);
  });
});
