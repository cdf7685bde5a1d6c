import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { createLedger } from "unglue/ledger";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

/**
 * A module of C's whose allocator keeps what was freed for the next of the same size, and never gives memory back: what
 * it has from the engine it keeps, as allocators do. Its nodes are of 40,000 bytes.
 */
const source = `(module
  (type $taking (func (param i32)))
  (memory (export "memory") 1)
  (table (export "table") 2 funcref)
  (global $next (mut i32) (i32.const 1024))
  (global $free (mut i32) (i32.const 0))
  (global $first (mut i32) (i32.const 0))
  (func $malloc (export "malloc") (param $size i32) (result i32) (local $at i32)
    (if (global.get $free) (then
      (local.set $at (global.get $free))
      (global.set $free (i32.load (local.get $at)))
      (return (local.get $at))))
    (local.set $at (global.get $next))
    (global.set $next (i32.add (local.get $at) (i32.const 40000)))
    (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))
      (then (drop (memory.grow (i32.const 1)))))
    (local.get $at))
  (func $delete (export "free") (param $at i32)
    (i32.store (local.get $at) (global.get $free)) (global.set $free (local.get $at)))
  (func $make (export "node_new") (result i32) (call $malloc (i32.const 8)))
  (func (export "node_delete") (param i32) (call $delete (local.get 0)))
  (func (export "node_value") (param i32) (result i32) (i32.const 7))
  (func (export "node_swallow") (param i32 i32) (call $delete (local.get 1)))
  (func (export "node_into") (param i32) (result i32) (call $delete (local.get 0)) (i32.const 1))
  (func (export "node_same") (param i32) (result i32) (local.get 0))
  (func (export "make") (result i32) (call $make))
  (func (export "open") (param i32) (i32.store (local.get 0) (call $make)))
  (func (export "give") (param $fn i32) (call_indirect (type $taking) (call $make) (local.get $fn)))
  (func (export "trap") unreachable)
  ;; A list of nodes, which are freed together.
  (func (export "list_new") (result i32) (global.set $first (i32.const 0)) (i32.const 512))
  (func (export "list_add") (param i32) (result i32) (local $at i32)
    (local.set $at (call $make))
    (i32.store offset=4 (local.get $at) (global.get $first))
    (global.set $first (local.get $at))
    (local.get $at))
  (func (export "list_delete") (param i32) (local $at i32)
    (loop $each (if (global.get $first) (then
      (local.set $at (global.get $first))
      (global.set $first (i32.load offset=4 (local.get $at)))
      (call $delete (local.get $at))
      (br $each))))))`;
const bytes = await wat(source);

const Node = t.class({
  new: t.ctor([]),
  value: t.method([], t.u32),
  swallow: t.method([t.owned("Node")], t.void),
  into: t.method([], t.u32, { consumes: true }),
  same: t.method([], t.object("Node")),
});
const api = t.api({
  Node,
  List: t.class({ new: t.ctor([]), add: t.method([], t.object("Node")) }),
  make: t.fn([], t.owned("Node")),
  /** Wrong: the module gives it away. */
  lend: t.fn([], t.object("Node"), { export: "make" }),
  open: t.fn([t.out(t.owned("Node"))], t.void),
  give: t.fn([t.closure([t.owned("Node")], t.void, { lent: true })], t.void),
});

async function open(onTrap: "poison" | "restart" = "poison") {
  const ledger = createLedger();
  const wasm = await load<{ trap(): void }, typeof api.members>(bytes, { api, ledger, onTrap });
  return { ledger, wasm, c: wasm.api };
}
const classesOf = ({ objects }: { readonly objects: readonly { readonly class: string }[] }) =>
  objects.map((one) => one.class);

describe("the objects of a ledger", () => {
  it("are those that the caller has to free, with who made them: constructors, results, callbacks", async () => {
    const { ledger, c } = await open();
    const made = [new c.Node(), c.make(), c.open()];
    c.give((node) => made.push(node));
    expect(classesOf(ledger)).toEqual(["Node", "Node", "Node", "Node"]);
    expect(new Set(ledger.objects.map(({ address }) => address)).size).toBe(4);
    for (const { stack, instance, disposed } of ledger.objects) {
      expect([instance, disposed]).toEqual([1, false]);
      // The first frame is of this file: nothing of the library stands before it.
      expect(stack.split("\n")[0]).toMatch(/objects\.both\.test/);
    }
    const error = thrownBy(() => ledger.expectNoLeaks()) as Error;
    expect(error).toMatchObject({
      code: "memory-leaked",
      details: { allocations: [], bytes: 0, objects: ledger.objects },
    });
    expect(error.message).toContain("Not freed: 4 objects.");
    expect(error.message).toContain("Node object, at address");
    for (const node of made) node.free();
    expect(ledger.objects).toEqual([]);
    ledger.expectNoLeaks();
  });

  it("are not those that the module has lent, nor those that were freed, given away or consumed", async () => {
    const { ledger, c } = await open();
    const [node, given, consumed] = [new c.Node(), new c.Node(), new c.Node()];
    expect(node.same()).toBe(node);
    node.swallow(given);
    consumed.into();
    expect(classesOf(ledger)).toEqual(["Node"]);
    node.free();
    node.free();
    const list = new c.List();
    list.add();
    expect(classesOf(ledger)).toEqual(["List"]);
    list.free();
    ledger.expectNoLeaks();
  });

  it("are listed as disposed where their instance is, and where a life of it has ended", async () => {
    const { ledger, wasm, c } = await open("restart");
    new c.Node();
    expect(thrownBy(() => { wasm.guarded.trap(); })).toMatchObject({ code: "trap" }); // prettier-ignore
    await wasm.ready;
    new c.Node();
    expect(ledger.objects.map(({ instance, disposed }) => [instance, disposed])).toEqual([
      [1, true],
      [2, false],
    ]);
    wasm.dispose();
    expect(ledger.objects.map(({ disposed }) => disposed)).toEqual([true, true]);
    expect((thrownBy(() => ledger.expectNoLeaks()) as Error).message).toContain("in instance 1 (disposed since)");
  });

  it("can be accepted, and freed afterwards", async () => {
    const { ledger, c } = await open();
    const node = new c.Node();
    ledger.accept();
    ledger.expectNoLeaks();
    const other = new c.Node();
    expect(ledger.objects).toHaveLength(1);
    node.free();
    other.free();
    ledger.expectNoLeaks();
  });
});

describe("growth that nothing live explains", () => {
  it("is named where objects are given away and declared as lent: 80 MB in 2,000 calls", async () => {
    const { ledger, wasm, c } = await open();
    const before = wasm.memory.byteLength;
    for (let turn = 0; turn < 2000; turn++) c.lend();
    const grown = wasm.memory.byteLength - before;
    expect(grown).toBeGreaterThan(79_000_000);
    expect(ledger.objects).toEqual([]);
    const error = thrownBy(() => ledger.expectNoLeaks()) as Error;
    expect(error).toMatchObject({
      code: "memory-leaked",
      details: {
        allocations: [],
        bytes: 0,
        growth: [{ instance: 1, calls: 2000, lent: [{ class: "Node", count: 2000 }] }],
      },
    });
    expect(error.message).toContain("declare t.owned in place of t.object");
    expect(error.message).toMatch(/objects\.both\.test/);
    ledger.accept();
    ledger.expectNoLeaks();
  });

  it("is not that of what was built by many calls and has ended, though the allocator keeps its memory", async () => {
    const { ledger, wasm, c } = await open();
    const list = new c.List();
    for (let turn = 0; turn < 500; turn++) list.add();
    list.free();
    expect(wasm.memory.byteLength).toBeGreaterThan(19_000_000);
    ledger.expectNoLeaks();
    // Nor of what is in something that was accepted.
    const kept = new c.List();
    ledger.accept();
    for (let turn = 0; turn < 1000; turn++) kept.add();
    ledger.expectNoLeaks();
    kept.free();
    ledger.expectNoLeaks();
  });

  it("is not that of what JavaScript has allocated and freed", async () => {
    const { ledger, wasm, c } = await open();
    const nodes = Array.from({ length: 500 }, () => c.make());
    for (const node of nodes) node.free();
    const addresses = Array.from({ length: 1000 }, () => wasm.memory.alloc(40_000));
    for (const address of addresses) wasm.memory.free(address);
    ledger.expectNoLeaks();
  });
});

describe("expectNoGrowth", () => {
  it("finds what grows again in each part of the same work", async () => {
    const { ledger, c } = await open();
    const error = await rejectionOf(ledger.expectNoGrowth(() => { for (let turn = 0; turn < 10; turn++) c.lend(); })); // prettier-ignore
    expect(error).toMatchObject({ code: "memory-grew", details: { rounds: 50, instances: [{ instance: 1 }] } });
    const { instances } = (
      error as { readonly details: { readonly instances: readonly { parts: readonly number[] }[] } }
    ).details;
    expect(instances[0]?.parts).toHaveLength(4);
    expect(instances[0]?.parts.every((bytes) => bytes > 3_000_000)).toBe(true);
  });

  it("passes what an allocator keeps, whatever the work takes at most", async () => {
    const { ledger, c } = await open();
    await ledger.expectNoGrowth(async () => {
      const list = new c.List();
      for (let turn = 0; turn < 50; turn++) list.add();
      list.free();
      await Promise.resolve();
    });
    ledger.expectNoLeaks();
  });

  it("refuses rounds that cannot be compared, and passes on what the work throws", async () => {
    const { ledger } = await open();
    await ledger.expectNoGrowth(() => undefined, {});
    for (const rounds of [0, 9, 10.5, NaN, "50"]) {
      const found = ledger.expectNoGrowth(() => undefined, { rounds: rounds as number });
      expect(await rejectionOf(found)).toMatchObject({ code: "invalid-argument", details: { argument: "rounds" } });
    }
    const error = new Error("the work's own");
    const failing = () => {
      throw error;
    };
    expect(await rejectionOf(ledger.expectNoGrowth(failing))).toBe(error);
  });
});
