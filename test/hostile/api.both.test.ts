import { describe, expect, it } from "vitest";
import { load, loadSync, t } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const bytes = await wat(`(module
  (memory (export "memory") 1)
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "Box_new") (result i32) (i32.const 16))
  (func (export "Box_delete") (param i32)))`);
const good = { add: t.fn([t.i32, t.i32], t.i32), Box: t.class({ new: t.ctor([]) }) };

const revoked = (target: object): object => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const cyclic: Record<string, unknown> = { type: "optional" };
cyclic.item = cyclic;
const wide = (depth: number): unknown => {
  const one = depth === 0 ? t.i32 : wide(depth - 1);
  return { type: "record", fields: { a: one, b: one } };
};
let deep: unknown = t.i32;
for (let depth = 0; depth < 100_000; depth++) deep = { type: "list", item: deep };
const types: readonly (readonly [name: string, type: unknown])[] = [
  ["undefined", undefined],
  ["null", null],
  ["a name", "i32"],
  ["a number", 5],
  ["a function", () => t.i32],
  ["an empty object", {}],
  ["an object that inherits its type", Object.create(t.i32)],
  ["an unknown type", { type: "i31" }],
  ["a type named as a member of every object", { type: "constructor" }],
  ["an array of no element", { type: "array", element: "toString" }],
  ["a list of nothing", { type: "list" }],
  ["an enumeration without values", { type: "enumeration", values: [] }],
  ["an enumeration of a value twice removed", { type: "enumeration", values: { length: 1, 0: "a" } }],
  ["an enumeration of fractions", { type: "enumeration", values: [0.5] }],
  ["an enumeration of texts and numbers", { type: "enumeration", values: ["a", 1] }],
  ["an enumeration beyond 32 bits", { type: "enumeration", values: [2 ** 32] }],
  ["an enumeration of both signs beyond 31 bits", { type: "enumeration", values: [-1, 2 ** 31] }],
  ["an object of no class", { type: "object", class: 5 }],
  ["a closure without a result", { type: "closure", params: [] }],
  ["a closure whose parameters are none", { type: "closure", params: { length: 2 }, result: t.void }],
  ["a record without fields", { type: "record" }],
  ["a record of a list", { type: "record", fields: [t.i32] }],
  ["one that contains itself", cyclic],
  ["one of a hundred thousand levels", deep],
  ["one of more parts than can be counted", wide(30)],
];
const members: readonly (readonly [name: string, api: unknown])[] = [
  ["parameters that are no list", { add: { ...good.add, params: { 0: t.i32, length: 1 } } }],
  ["a length that is none", { add: { ...good.add, params: new Proxy([], { get: () => NaN }) } }],
  ["an export that is no name", { add: { ...good.add, export: 5 } }],
  ["a name with a text of its own", { add: { ...good.add, export: { toString: () => "add" } } }],
  ["an owner that is no boolean", { add: { ...good.add, owned: "yes" } }],
  ["a class without members", { Box: { member: "class" } }],
  ["a class of a list", { Box: { member: "class", members: [t.ctor([])] } }],
  ["a member of no kind", { Box: { member: "class", members: { new: { member: "valueOf" } } } }],
  ["a function in a class", { Box: { member: "class", members: { new: good.add } } }],
  ["an alignment that is none", { Box: { ...good.Box, align: 3 } }],
  ["a size below 0", { Box: { ...good.Box, size: -8 } }],
  ["a field that lies nowhere", { Box: t.class({ new: t.ctor([]), one: t.field(t.i32, { offset: 1.5 }) }) }],
  ["a revoked proxy among types", { add: { ...good.add, params: [revoked({}), t.i32] } }],
  ["a revoked proxy among parameters", { add: { ...good.add, params: revoked([]) } }],
  ["a revoked proxy among members", { Box: { member: "class", members: { new: revoked({}) } } }],
];

describe("a stored interface", () => {
  it("is read by its own properties, once, after a look at what to fetch", async () => {
    const stored: unknown = JSON.parse(JSON.stringify({ members: good }));
    const { api } = await load<Record<never, never>, typeof good>(bytes, { api: stored as never });
    expect(api.add(40, 2)).toBe(42);
    new api.Box().free();
    const asked = new Map<PropertyKey, number>();
    const count = <Target extends object>(target: Target): Target =>
      new Proxy(target, {
        get(of, name) {
          asked.set(name, (asked.get(name) ?? 0) + 1);
          return Reflect.get(of, name) as unknown;
        },
      });
    const add = count({ ...good.add, params: [count({ ...t.i32 }), t.i32] });
    await load(bytes, { api: { members: { add } } });
    // The first look decides nothing but what is fetched early.
    const looked: readonly PropertyKey[] = ["member", "params", "result", "type"];
    expect([...asked].filter(([name, times]) => times > (looked.includes(name) ? 2 : 1))).toEqual([]);
    expect(asked.get("type")).toBe(2);
  });

  it.each(types)("is refused by name for %s in place of a type", async (_, type) => {
    for (const add of [
      { ...good.add, params: [t.i32, type] },
      { ...good.add, result: type },
    ]) {
      const api = { members: { add } } as never;
      const refused = { code: "interface-mismatch", details: { misfits: [{ name: "add" }] } };
      expect(await rejectionOf(load(bytes, { api }))).toMatchObject(refused);
      expect(thrownBy(() => loadSync(bytes, { api }))).toMatchObject(refused);
    }
    const api = {
      members: { Box: { ...good.Box, members: { ...good.Box.members, one: { member: "getter", value: type } } } },
    };
    expect(await rejectionOf(load(bytes, { api: api }))).toMatchObject({
      code: "interface-mismatch",
      details: { misfits: [{ name: "Box.one" }] },
    });
  });

  it.each(members)("is refused by name for %s", async (_, of) => {
    const api = { members: of } as never;
    expect(await rejectionOf(load(bytes, { api }))).toMatchObject({ code: "interface-mismatch" });
    expect(thrownBy(() => loadSync(bytes, { api }))).toMatchObject({ code: "interface-mismatch" });
  });

  it("is refused with what it threw as the cause", async () => {
    const error = new Error("a getter's own");
    const add = {
      ...good.add,
      get result(): never {
        throw error;
      },
    };
    expect(await rejectionOf(load(bytes, { api: { members: { add } } }))).toMatchObject({
      code: "interface-mismatch",
      cause: error,
    });
  });
});
