import { describe, expect, it } from "vitest";
import { load, t, UnglueError } from "unglue";
import type { Api, InterfaceMembers } from "unglue";
import { createLedger } from "unglue/ledger";
import { thrownBy, wat } from "../../wat.ts";
import { api as convention, fixture } from "./convention.ts";

const account = {
  deposit: t.method([t.f64], t.void, { export: "_ZN7Account7depositEd" }),
  total: t.method([], t.f64, { export: "_ZNK7Account5totalEv" }),
};

describe("constructors of C++, which are given the storage and return it", () => {
  it("construct in storage of the stated size, which is freed with the object", async () => {
    const ledger = createLedger();
    const { api } = await load(fixture("construct"), {
      ledger,
      api: t.api({
        accounts_live: t.fn([], t.i32),
        account_size: t.fn([], t.i32),
        Account: t.class(
          {
            ...account,
            new: t.ctor([t.f64], { export: "_ZN7AccountC1Ed" }),
            many: t.ctor([t.f64, t.i32], { export: "_ZN7AccountC1Edi" }),
            balance: t.field(t.f64, { offset: 0 }),
            entries: t.field(t.i32, { offset: 8, readonly: true }),
          },
          { size: 16, free: "_ZN7AccountD1Ev" },
        ),
      }),
    });
    expect(api.account_size()).toBe(16);
    const one = new api.Account(100);
    const other = api.Account.many(5, 3);
    one.deposit(11);
    expect([one.total(), one.entries, other.total(), other.entries]).toEqual([111, 2, 15, 3]);
    one.balance = -4;
    expect([one.total(), other instanceof api.Account]).toEqual([-4, true]);
    expect([api.accounts_live(), ledger.live.length]).toEqual([2, 2]);
    one.free();
    other[Symbol.dispose]();
    expect([api.accounts_live(), ledger.live.length]).toEqual([0, 0]);
  });

  it("are refused without a size, which the error asks for", async () => {
    const Account = t.class({ ...account, new: t.ctor([t.f64], { export: "_ZN7AccountC1Ed" }) }, { free: false });
    const message = await misfitsOf(fixture("construct"), t.api({ Account }));
    expect(message).toContain("Account.new is declared new (f64), and the export _ZN7AccountC1Ed is (i32, f64) -> i32");
    expect(message).toContain("state how many bytes an object takes, t.class(members, { size, align })");
  });

  it("get storage aligned as stated", async () => {
    const { api } = await load(fixture("construct"), {
      api: t.api({
        Wide: t.class(
          {
            new: t.ctor([t.i64, t.i64], { export: "_ZN4WideC1Exx" }),
            isAligned: t.method([], t.bool, { export: "wide_is_aligned" }),
            low: t.field(t.i64, { offset: 0 }),
            high: t.field(t.u64, { offset: 8 }),
          },
          { size: 16, align: 16 },
        ),
        allocate: t.fn([t.size], t.size, { export: "malloc" }),
      }),
    });
    for (let turn = 0; turn < 5; turn++) {
      api.allocate(turn * 8);
      const wide = new api.Wide(-1n, BigInt(turn));
      expect([wide.isAligned(), wide.low, wide.high]).toEqual([true, -1n, BigInt(turn)]);
    }
  });
});

describe("a module without an allocator, whose stack can be reached", () => {
  const point = t.record({ x: t.f64, y: t.f64 });
  const api = t.api({
    origin: t.fn([t.f64], point),
    half: t.fn([t.i32, t.out(t.i32)], t.void),
    failing: t.fn([], point),
  });
  const imports = { env: { fail: () => { throw new Error("failed"); } } }; // prettier-ignore

  it("returns structs and writes to parameters on its stack, and a throw leaves the stack where it was", async () => {
    const { api: c, exports } = await load(fixture("bare"), { api, imports });
    const stack: { value: unknown } = exports.__stack_pointer as never;
    const top = stack.value;
    const wrong: unknown[] = [];
    const thrown = new Set<string>();
    for (let turn = 0; turn < 5000; turn++) {
      const { x, y } = c.origin(turn);
      if (x !== turn || y !== 2 || c.half(turn * 2) !== turn) wrong.push([turn, x, y]);
      thrown.add((thrownBy(() => c.failing()) as Error).message);
    }
    expect([wrong, [...thrown], stack.value]).toEqual([[], ["failed"], top]);
  });

  it("is refused where a text would have to be allocated, and takes it in memory that is grown", async () => {
    const texts = t.api({ length: t.fn([t.cstring], t.i32) });
    await expect(load(fixture("bare"), { api: texts, imports })).rejects.toMatchObject({
      code: "no-allocator",
      message: expect.stringContaining("length needs memory") as string,
    });
    const ledger = createLedger();
    const { api: c, memory } = await load(fixture("bare"), { api: texts, imports, ledger, allocator: "grow" });
    for (let turn = 0; turn < 1000; turn++) expect(c.length("abc")).toBe(97);
    expect(memory.byteLength).toBe(3 * 65_536);
    ledger.expectNoLeaks();
  });
});

it("Zig's slices cross as pointer and length, freed with their length", async () => {
  const ledger = createLedger();
  const pair = t.record({ low: t.u16, high: t.u64 });
  const { api: zig } = await load(fixture("slices"), {
    ledger,
    api: t.api({
      upper: t.fn([t.string], t.string, { owned: true }),
      swap: t.fn([pair], pair),
      name: t.fn([], t.string),
    }),
  });
  for (let turn = 0; turn < 100; turn++) expect(zig.upper("shout \u20ac")).toBe("SHOUT \u20ac");
  expect([zig.upper(""), zig.name()]).toEqual(["", "zig"]);
  expect(zig.swap({ low: 5, high: 70_000n })).toEqual({ low: 70_000 % 65_536, high: 5n });
  ledger.expectNoLeaks();
});

describe("what does not fit is said when the module is loaded", () => {
  const cases: [string, InterfaceMembers, string][] = [
    [
      "texts that could end in two ways",
      { three_words: t.fn([t.string, t.string], t.i32) },
      "three_words is declared (string, string) -> i32, and the export three_words is (i32, i32, i32) -> i32: it fits in more than one way: say t.cstring where a zero ends a text",
    ],
    [
      "arrays that could have either length",
      { dot: t.fn([t.array(t.f64), t.array(t.f64)], t.f64) },
      "declare the length of an array as a t.size of its own",
    ],
    [
      "a struct of one 32-bit field, which is itself or its address",
      { handle_next: t.fn([t.record({ only: t.u32 })], t.u32) },
      "a struct of one field is passed by value as that field, so declare the field's type",
    ],
    [
      "a type that C has no way to pass",
      { say: t.fn([t.list(t.string)], t.void) },
      "C has no way to pass list(string)",
    ],
    ["null for a number", { say: t.fn([t.optional(t.i32)], t.void) }, "C has no way to pass optional(i32)"],
    [
      "a text that a function pointer returns",
      { apply: t.fn([t.closure([t.f64], t.string), t.f64], t.f64) },
      "C has no way to pass closure(f64) -> string",
    ],
    [
      "what is to free a result and cannot",
      { repeat: t.fn([t.string, t.i32], t.string, { owned: true, free: "dot" }) },
      "the export dot, which is to free what it returns, takes no address",
    ],
    [
      "a function that frees what is not owned",
      { version: t.fn([], t.string, { free: "free" }) },
      "free is for what is owned",
    ],
    [
      "a parameter too many",
      { divide: t.fn([t.i32, t.i32, t.i32, t.out(t.i32), t.out(t.i32)], t.i32) },
      "out i32, out i32",
    ],
    [
      "a field that has no place",
      { Counter: t.class({ value: t.field(t.bytes, { offset: 0 }) }, { free: false }) },
      "Counter.value is declared bytes at the offset 0: only a number, a text, or a struct or array of such",
    ],
    [
      "a text in a field that can be written",
      { Counter: t.class({ name: t.field(t.string, { offset: 0 }) }, { free: false }) },
      "say readonly: true",
    ],
    [
      "a constructor that also writes elsewhere",
      { Counter: t.class({ open: t.ctor([t.u32, t.out(t.i32)]) }, { free: false }) },
      "a constructor returns its object alone",
    ],
    [
      "constructors of two kinds in one class",
      {
        Counter: t.class(
          { new: t.ctor([t.f64], { export: "window_init" }), other: t.ctor([t.u32], { export: "counter_new" }) },
          { size: 40, free: false },
        ),
      },
      "some of its constructors write into storage",
    ],
    [
      "a constructor in place without a size",
      { Window: t.class({ new: t.ctor([t.f64]) }) },
      "Window.new is declared new (f64), and the export window_init is (i32, f64) -> (): it constructs in place",
    ],
    [
      "objects that nothing frees",
      { Thing: t.class({ new: t.ctor([t.u32], { export: "counter_new" }) }) },
      'name what frees its objects, t.class(members, { free: "…" }), or say free: false',
    ],
  ];

  it.each(cases)("%s", async (_, members, text) => {
    expect(await misfitsOf(fixture("convention"), t.api(members))).toContain(text);
  });
});

it("a class without constructor takes a factory, though one in place is there too", async () => {
  const module = await wat(`(module
    (memory (export "memory") 1)
    (func (export "thing_new") (result i32) (i32.const 64))
    (func (export "thing_init") (param i32))
    (func (export "thing_free") (param i32)))`);
  const { api } = await load(module, { api: t.api({ Thing: t.class({ new: t.ctor([]) }) }) });
  expect(new api.Thing()).toBeInstanceOf(api.Thing);
});

it("fields that are texts and structs are read where they lie", async () => {
  const { api } = await load(fixture("convention"), {
    api: t.api({
      Counter: t.class({
        new: t.ctor([t.u32]),
        step: t.field(t.u16, { offset: 4 }),
        rate: t.field(t.f64, { offset: 16 }),
        name: t.field(t.string, { offset: 24, readonly: true }),
        at: t.field(t.record({ x: t.f64, y: t.f64 }), { offset: 32 }),
        add: t.method([t.u32], t.u32),
      }),
    }),
  });
  const counter = new api.Counter(1);
  counter.step = 10;
  expect([counter.add(2), counter.rate, counter.name, counter.at]).toEqual([21, 0.5, "counter", { x: 1, y: 2 }]);
  counter.at = { x: 9, y: 8 };
  expect(counter.at).toEqual({ x: 9, y: 8 });
  counter.free();
});

async function misfitsOf<Members>(source: URL, api: Api<Members>): Promise<string> {
  const error: unknown = await load(source, { api }).catch((reason: unknown) => reason);
  if (!UnglueError.is(error, "interface-mismatch")) throw error;
  return error.message;
}

it("after a restart texts, results and functions are the new life's, and what belonged to the old is refused", async () => {
  const { trap_with, applied, operation, point_add, textLength, Counter } = convention.members;
  const wasm = await load(fixture("convention"), {
    api: t.api({ trap_with, operation, point_add, textLength, applied, Counter }),
    onTrap: "restart",
  });
  const { api } = wasm;
  const twice = (x: number) => x * 2;
  const [counter, half] = [new api.Counter(3), api.operation("half")];
  expect([api.applied(twice, 4), half?.(4)]).toEqual([8, 2]);
  expect(thrownBy(() => api.trap_with("text"))).toMatchObject({ code: "trap" });
  await wasm.ready;
  expect(thrownBy(() => counter.value)).toMatchObject({ code: "object-unusable", details: { reason: "ended" } });
  expect(thrownBy(() => half?.(4))).toMatchObject({ code: "life-ended" });
  expect([api.applied(twice, 4), api.textLength("four"), new api.Counter(3).value]).toEqual([8, 4, 3]);
  expect(api.point_add({ x: 1, y: 2 }, { x: 1, y: 2 })).toEqual({ x: 2, y: 4 });
});
