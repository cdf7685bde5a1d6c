import { describe, expect, it } from "vitest";
import { compile, inspect, load, loadSync, t, UnglueError } from "unglue";
import { createLedger } from "unglue/ledger";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { list, sections, text } from "../reflect/assemble.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { type Bindgen, conventions, externref, heap, type Helpers } from "./bindgen.ts";
import { type Counts, members, mixed } from "./mixed.ts";

const api = t.api(members);
type All = Counts & Helpers;

const allocators = conventions.flatMap(([name, convention]) => [
  [name, convention, false] as const,
  [`${name}, an allocator without alignment`, { ...convention, isUnaligned: true }, false] as const,
  [`${name}, and C's library`, convention, true] as const,
]) satisfies readonly (readonly [string, Bindgen, boolean])[];

describe.each(allocators)("wasm-bindgen beside C: %s", (_, convention, hasLibrary) => {
  const bytes = mixed(convention, hasLibrary);

  it("calls each member by its convention", async () => {
    const wasm = await load<All, typeof api.members>(await bytes, { api });
    const { Counter, Realm, ...functions } = wasm.api;
    expect(functions.greet("H")).toBe(72);
    using realm = new Realm();
    expect([realm.level, Realm.hash("abc")]).toEqual([9, 3]);
    expect(functions.textLength("four")).toBe(4);
    expect(functions.sum(Uint32Array.of(1, 2, 39))).toBe(42);
    expect(functions.divide(17, 5)).toEqual([3, 2]);
    expect(functions.flip({ x: 1, y: -2 })).toEqual({ x: -2, y: 1 });
    expect(functions.greeting()).toBe("a greeting");
    expect(functions.initial("Zebra")).toBe("Z");
    expect(functions.apply((value) => value * 2, 21)).toBe(42);
    using counter = new Counter(40);
    counter.add(2);
    expect(counter.value).toBe(42);
    expect(wasm.toolchain.name).toBe("wasm-bindgen");
  });

  it("still serves wasm-bindgen's imports, and ends every allocation when one throws", async () => {
    const wasm = await load<All, typeof api.members>(await bytes, { api });
    expect(thrownBy(() => wasm.api.fail("a text that is passed"))).toMatchObject({ message: "no" });
    expect([wasm.guarded.live(), wasm.guarded.c_live(), wasm.guarded.taken()]).toEqual([0, 0, 0]);
    expect(wasm.imports.map(({ name, provider }) => `${name} ${provider}`)).toContain("__wbindgen_throw adapter");
  });

  it("frees what it has allocated, over many rounds", async () => {
    const wasm = await load<All, typeof api.members>(await bytes, { api });
    const { api: bound, memory } = wasm;
    const before = memory.byteLength;
    for (let round = 0; round < 3000; round++) {
      bound.textLength(`round ${round}`);
      bound.sum(Uint32Array.of(round, round));
      bound.flip({ x: round, y: 0 });
      bound.divide(round, 3);
      bound.initial("x");
      bound.greet("y");
      bound.Realm.hash("z");
      bound.apply((value) => value, round);
      new bound.Counter(round).free();
      try {
        bound.fail("not kept");
      } catch {
        // The import throws.
      }
    }
    expect([wasm.guarded.live(), wasm.guarded.c_live(), wasm.guarded.taken()]).toEqual([0, 0, 0]);
    expect(memory.byteLength).toBe(before);
  });

  it("shows nothing that stays in the ledger", async () => {
    const ledger = createLedger();
    const wasm = await load(await bytes, { api, ledger });
    wasm.api.textLength("text");
    wasm.api.initial("text");
    wasm.api.flip({ x: 1, y: 2 });
    expect(ledger.live).toEqual([]);
    ledger.expectNoLeaks();
  });
});

describe("a convention that is stated", () => {
  const bytes = mixed(heap);
  const c = { convention: "c" } as const;
  const refusalOf = async (declared: Parameters<typeof load>[1]) => {
    const error = await rejectionOf(load(await bytes, declared));
    if (UnglueError.is(error, "interface-mismatch")) return error;
    throw error;
  };

  it("holds for a class and for the interface, and a member's own goes before", async () => {
    const ofC = t.api(
      {
        textLength: t.fn([t.cstring], t.u32),
        greet: t.fn([t.string], t.u32, { convention: "wasm-bindgen" }),
        Counter: t.class({ new: t.ctor([t.u32]), value: t.field(t.u32, { readonly: true, get: "counter_value" }) }),
        Realm: t.class({ new: t.ctor([]), hash: t.static([t.cstring], t.u32, c) }, { convention: "wasm-bindgen" }),
      },
      c,
    );
    const { api } = await load(await bytes, { api: ofC });
    expect([api.textLength("abc"), api.greet("A"), new api.Counter(7).value, api.Realm.hash("ab")]).toEqual([
      3, 65, 7, 2,
    ]);
  });

  it("is kept apart from the same members by another", async () => {
    const module = await compile(await bytes);
    const shared = { greet: t.fn([t.string], t.u32) };
    const [own, asC] = [t.api(shared), t.api(shared, c)];
    for (let round = 0; round < 2; round++) {
      const wasm = module.instantiateSync<Helpers, typeof shared>({ api: own });
      expect(wasm.api.greet("H")).toBe(72);
      expect(wasm.guarded.live()).toBe(0);
      const other = module.instantiateSync<Helpers, typeof shared>({ api: asC });
      expect(other.api.greet("H")).toBe(72);
      // The function has freed its text, and C's convention frees it again.
      expect(other.guarded.live()).toBe(-1);
    }
  });

  it("is refused with those of the module if it is another", async () => {
    const api = t.api({ textLength: t.fn([t.cstring], t.u32, { convention: "cdecl" }) });
    const error = await refusalOf({ api });
    expect(error.details.misfits).toEqual([
      {
        name: "textLength",
        declared: 'with the convention "cdecl"',
        reason: 'the conventions of this module are "c" and "wasm-bindgen"',
      },
    ]);
    expect(error.message).toContain(
      'textLength is declared with the convention "cdecl": the conventions of this module',
    );
    const ofC = await wat(`(module (memory (export "memory") 1) (func (export "f") (param i32 i32)))`);
    const other = t.api({ f: t.fn([t.string], t.void, { convention: "wasm-bindgen" }) });
    expect((await rejectionOf(load(ofC, { api: other }))) as Error).toMatchObject({
      details: { misfits: [{ reason: 'the conventions of this module are "c"' }] },
    });
  });

  it("is named by each misfit where they are compared by several", async () => {
    const Counter = t.class({ new: t.ctor([t.f64]) }, c);
    const error = await refusalOf({ api: t.api({ textLength: t.fn([t.cstring], t.u32), Counter }) });
    expect(error.details.misfits.map(({ name, convention }) => [name, convention])).toEqual([
      ["textLength", "wasm-bindgen"],
      ["Counter.new", "c"],
    ]);
    expect(error.message).toMatch(/textLength is declared .*, by wasm-bindgen\n.*Counter\.new is declared .*, by C\n/);
    const alone = await refusalOf({ api: t.api({ Counter }) });
    expect(alone.message).toContain("does not fit the module, by the convention of C:");
  });

  it.each([
    ["a parameter", { peek: t.fn([t.object("Realm")], t.u32, { ...c, export: "realm_peek" }) }, "peek"],
    ["a result", { peek: t.fn([], t.owned("Realm"), { ...c, export: "realm_new" }) }, "peek"],
    ["a written value", { peek: t.fn([t.out(t.object("Realm"))], t.void, { ...c, export: "realm_peek" }) }, "peek"],
    [
      "a parameter of a function",
      { peek: t.fn([t.closure([t.object("Realm")], t.void)], t.void, { ...c, export: "realm_peek" }) },
      "peek",
    ],
  ])("takes no object that wasm-bindgen keeps in a box: %s", async (_, more, name) => {
    const Realm = t.class({ new: t.ctor([]) });
    const error = await refusalOf({ api: t.api({ Realm, ...more }) });
    expect(error.details.misfits).toMatchObject([{ name, convention: "c" }]);
    expect(error.message).toContain("wasm-bindgen keeps an object of Realm in a box of its own");
  });

  it.each([
    ["a method", t.class({ new: t.ctor([]), peek: t.method([], t.u32, c) }), "Realm.peek"],
    ["a constructor", t.class({ new: t.ctor([], { ...c, export: "realm_new" }) }), "Realm.new"],
    ["a field at an offset", t.class({ new: t.ctor([]), level: t.field(t.u32, { offset: 0 }) }), "Realm.level"],
  ])("takes no object that wasm-bindgen keeps in a box, by %s", async (_, Realm, name) => {
    const error = await refusalOf({ api: t.api({ Realm }) });
    expect(error.details.misfits.map((one) => one.name)).toEqual([name]);
    expect(error.message).toContain("in a box of its own");
  });

  it("lets a function of wasm-bindgen take an object of C, which is a pointer there", async () => {
    const Counter = t.class({ new: t.ctor([t.u32]) }, c);
    const api = t.api({ Counter, peek: t.fn([t.object("Counter")], t.u32, { export: "realm_peek" }) });
    const wasm = await load(await bytes, { api });
    expect(wasm.api.peek(new wasm.api.Counter(11))).toBe(11);
  });

  it("must be a text", async () => {
    const one = t.api({ textLength: t.fn([t.cstring], t.u32, { convention: 1 as never }) });
    expect((await refusalOf({ api: one })).message).toContain("convention must be a string");
    const all = t.api({ textLength: t.fn([t.cstring], t.u32) }, { convention: 1 as never });
    expect(await rejectionOf(load(await bytes, { api: all }))).toMatchObject({ code: "invalid-option" });
    const mistaken = t.api({ textLength: t.fn([t.cstring], t.u32) }, { convetnion: "c" } as never);
    expect((await refusalOf({ api: mistaken })).message).toContain(
      'it has no option "convetnion"; did you mean convention?',
    );
  });

  it("needs no adapter where it is C's, and names the import line where it is the adapter's", async () => {
    const { greet, Realm, ...ofC } = members;
    const wasm = loadSync(await bytes, { api: t.api(ofC) });
    expect([wasm.api.textLength("abc"), wasm.api.greeting()]).toEqual([3, "a greeting"]);
    const line = 'import { wasmBindgen } from "unglue/wasm-bindgen";';
    const add = t.fn([t.u32], t.u32, { export: "text_length", convention: "wasm-bindgen" });
    for (const [member, more] of [
      ["greet", { greet }],
      ["Realm", { Realm }],
      ["add", { add }],
    ] as const) {
      const error = thrownBy(() => loadSync(synchronous, { api: t.api({ ...ofC, ...more } as typeof members) }));
      expect(UnglueError.is(error, "convention-unavailable") && error.details).toEqual({
        toolchain: "wasm-bindgen",
        member,
        import: line,
      });
      expect((error as Error).message).toContain(line);
    }
    const adapters = [wasmBindgen()];
    expect(loadSync(await bytes, { api, adapters }).api.greet("H")).toBe(72);
  });

  it("serves a pool and restarts, which refuse an object of a life that has ended", async () => {
    const module = await compile(await bytes);
    const pool = module.pool<All, typeof api.members>({ max: 1, api, onTrap: "restart" });
    using wasm = await pool.take();
    const counter = new wasm.api.Counter(1);
    expect(wasm.api.textLength("abc")).toBe(3);
    expect(thrownBy(() => wasm.api.crash("trap"))).toMatchObject({ code: "trap" });
    expect(thrownBy(() => counter.add(1))).toMatchObject({ code: "object-unusable", details: { reason: "ended" } });
    expect([wasm.api.textLength("abcd"), wasm.api.greet("H"), new wasm.api.Counter(2).value]).toEqual([4, 72, 2]);
    expect(wasm.api.apply((value) => value + 1, 1)).toBe(2);
    expect(wasm.guarded.live()).toBe(1);
  });
});

describe('allocator: "grow"', () => {
  const bytes = wat(`(module
    (import "wbg" "__wbindgen_throw" (func (param i32 i32)))
    (memory (export "memory") 1)
    (func (export "greet") (param i32 i32) (result i32) (i32.load8_u (local.get 0)))
    (func (export "first") (param i32) (result i32) (i32.load8_u (local.get 0))))`);
  const first = t.fn([t.cstring], t.u32, { convention: "c" });

  it("serves C's functions of a wasm-bindgen module without an allocator", async () => {
    const wasm = await load(await bytes, { api: t.api({ first }), allocator: "grow" });
    expect(wasm.api.first("A")).toBe(65);
    const { byteLength } = wasm.memory;
    for (let round = 0; round < 2000; round++) wasm.api.first("a text of some length".repeat(round % 7));
    expect(wasm.memory.byteLength).toBe(byteLength);
  });

  it("is asked for at load, and not for functions of wasm-bindgen", async () => {
    const error = await rejectionOf(load(await bytes, { api: t.api({ first }) }));
    expect(UnglueError.is(error, "no-allocator") && error.message).toContain('allocator: "grow"');
    const both = t.api({ first, greet: t.fn([t.string], t.u32) });
    expect(await rejectionOf(load(await bytes, { api: both, allocator: "grow" }))).toMatchObject({
      code: "no-allocator",
      details: { tried: ["__wbindgen_malloc"] },
    });
    const mixedBytes = await mixed(externref);
    expect(await rejectionOf(load(mixedBytes, { api, allocator: "grow" }))).toMatchObject({ code: "invalid-option" });
    const { greet, ...ofC } = members;
    expect(greet.member).toBe("function");
    expect((await load(mixedBytes, { api: t.api(ofC), allocator: "grow" })).api.textLength("abc")).toBe(3);
  });
});

describe("what cargo built, before the wasm-bindgen CLI", () => {
  const unprocessed = wat(`(module
    (import "__wbindgen_placeholder__" "__wbindgen_describe" (func (param i32)))
    (import "__wbindgen_placeholder__" "__wbg_log_0011223344556677" (func $log (param i32 i32)))
    (import "__wbindgen_externref_xform__" "__wbindgen_externref_table_grow" (func (param i32) (result i32)))
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const 65536))
    (global $live (mut i32) (i32.const 0))
    (func (export "live") (result i32) (global.get $live))
    (func (export "__wbindgen_malloc") (param i32 i32) (result i32)
      (global.set $live (i32.add (global.get $live) (i32.const 1)))
      (global.get $next))
    (func (export "__wbindgen_free") (param i32 i32 i32) (global.set $live (i32.sub (global.get $live) (i32.const 1))))
    (func (export "__wbindgen_describe_greet") (call 0 (i32.const 11)))
    (func (export "first") (param i32) (result i32) (i32.load8_u (local.get 0)))
    (func (export "logged") (param i32) (call $log (local.get 0) (i32.const 1)))
    (func (export "greet") (param i32 i32)))`).then((bytes) =>
    Uint8Array.of(...bytes, ...sections.custom("__wasm_bindgen_unstable", list([...text("{}")]))),
  );
  const ofC = t.api({ first: t.fn([t.cstring], t.u32), logged: t.fn([t.cstring], t.void) }, { convention: "c" });

  it("loads under stubs for its functions of C", async () => {
    const wasm = await load<Helpers, typeof ofC.members>(await unprocessed, { api: ofC });
    expect([wasm.api.first("H"), wasm.guarded.live()]).toEqual([72, 0]);
    expect(wasm.imports.map(({ provider }) => provider)).toEqual(["stub", "stub", "stub"]);
    const [advice, ...others] = wasm.shape.advice;
    expect(others).toEqual([]);
    expect(advice).toMatchObject({ code: "unprocessed" });
    expect(advice?.message).toContain(
      'Stubs for its imports are enough as long as you call only its extern "C" functions',
    );
    expect(loadSync(await unprocessed, { api: ofC }).api.first("H")).toBe(72);
    expect(loadSync(await unprocessed, { api: ofC, adapters: [wasmBindgen()] }).api.first("H")).toBe(72);
    expect((await load(await unprocessed)).state).toBe("live");
  });

  it("says at the stub that is called what the import needs", async () => {
    const wasm = await load(await unprocessed, { api: ofC });
    const error = thrownBy(() => wasm.api.logged("x"));
    expect(UnglueError.is(error, "missing-import-called") && error.message).toContain(
      "the wasm-bindgen CLI has not run on it",
    );
    expect(wasm.state).toBe("poisoned");
  });

  it("is refused for what wasm-bindgen exports", async () => {
    const api = t.api({ ...ofC.members, greet: t.fn([t.string], t.void) });
    const error = await rejectionOf(load(await unprocessed, { api }));
    expect(UnglueError.is(error, "unsupported-module") && error.details).toEqual({
      toolchain: "wasm-bindgen",
      feature: "unprocessed",
    });
    expect((error as Error).message).toContain('{ convention: "c" }');
  });
});

describe("the option toolchain", () => {
  const bytes = mixed(heap);
  const ofC = t.api({ textLength: t.fn([t.cstring], t.u32), greeting: t.fn([], t.cstring) });

  it("serves a module by no adapter, and its functions by C's convention", async () => {
    const wasm = await load(await bytes, { api: ofC, toolchain: "c" });
    expect([wasm.api.textLength("abc"), wasm.api.greeting()]).toEqual([3, "a greeting"]);
    expect(wasm.toolchain).toEqual({ name: "c", evidence: ["the option toolchain"] });
    expect(wasm.imports.map(({ provider }) => provider)).toEqual(["stub"]);
    expect(loadSync(await bytes, { api: ofC, toolchain: "c" }).api.textLength("ab")).toBe(2);
    const refused = await rejectionOf(load(await bytes, { toolchain: "c", adapters: [wasmBindgen()] }));
    expect(refused).toMatchObject({ code: "invalid-option", details: { option: "adapters" } });
    const provides = { name: "own", detect: () => ({ evidence: ["x"] }), provide: () => undefined };
    expect((await load(await bytes, { toolchain: "c", adapters: [provides] })).toolchain.name).toBe("c");
  });

  it("can be given to compile, and differ from instance to instance", async () => {
    const module = await compile(await bytes, { toolchain: "c" });
    expect(module.shape.toolchain.name).toBe("c");
    expect(module.instantiateSync({ api: ofC }).api.textLength("abc")).toBe(3);
    expect((await module.instantiate({ api, toolchain: "wasm-bindgen" })).api.greet("H")).toBe(72);
    expect(module.instantiateSync({ api, toolchain: "wasm-bindgen" }).api.greet("H")).toBe(72);
    const usual = await compile(await bytes);
    expect(usual.instantiateSync({ api: ofC, toolchain: "c" }).toolchain.name).toBe("c");
    expect(usual.instantiateSync({ api }).toolchain.name).toBe("wasm-bindgen");
    const pool = usual.pool({ max: 1, api: ofC, toolchain: "c" });
    expect(await pool.use((wasm) => wasm.toolchain.name)).toBe("c");
  });

  it("names an adapter for a module that is not recognised", async () => {
    const plain = await wat(`(module
      (memory (export "memory") 1)
      (func (export "answer") (result i32) (i32.const 42)))`);
    expect(inspect(plain).toolchain.name).toBe("unknown");
    const wasm = await load(plain, { toolchain: "wasm-bindgen", api: t.api({ answer: t.fn([], t.u32) }) });
    expect([wasm.api.answer(), wasm.toolchain.name, wasm.handles.size]).toEqual([42, "wasm-bindgen", 0]);
  });

  it("is refused with the list if it names none", async () => {
    const expected = 'one of "c", "wasm-bindgen", "assemblyscript"';
    for (const toolchain of ["wasmbindgen", "rust", "__proto__", "toString"]) {
      for (const error of [
        await rejectionOf(load(await bytes, { toolchain })),
        await rejectionOf(compile(await bytes, { toolchain })),
        thrownBy(() => loadSync(synchronous, { toolchain })),
      ]) {
        expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject({
          option: "toolchain",
          expected,
        });
      }
    }
    const error = thrownBy(() => loadSync(synchronous, { toolchain: "wasm-bindgen" }));
    expect(UnglueError.is(error, "invalid-option") && error.details.expected).toContain(
      'import { wasmBindgen } from "unglue/wasm-bindgen";',
    );
    expect(await rejectionOf(load(await bytes, { toolchain: 1 as never }))).toMatchObject({ code: "invalid-option" });
  });
});

describe("a module of a toolchain whose convention is not known", () => {
  const bytes = wat(`(module
    (import "dart2wasm" "_1" (func))
    (memory (export "memory") 1)
    (func (export "malloc") (param i32) (result i32) (i32.const 1024))
    (func (export "free") (param i32))
    (func (export "first") (param i32) (result i32) (i32.load8_u (local.get 0))))`);
  const first = t.fn([t.cstring], t.u32);

  it("is called by C's where that is stated, and nowhere else", async () => {
    expect((await load(await bytes, { api: t.api({ first }, { convention: "c" }) })).api.first("A")).toBe(65);
    expect((await load(await bytes, { api: t.api({ first }), toolchain: "c" })).api.first("B")).toBe(66);
    const error = await rejectionOf(load(await bytes, { api: t.api({ first }) }));
    expect(UnglueError.is(error, "convention-unavailable") && error.message).toContain('{ convention: "c" }');
    const own = t.api({ first: t.fn([t.u32], t.u32, { convention: "dart" }) });
    expect(await rejectionOf(load(await bytes, { api: own }))).toMatchObject({
      code: "convention-unavailable",
      details: { toolchain: "dart", member: "first" },
    });
  });
});

it('does not let toolchain: "c" hide a runtime that claims all memory', async () => {
  const bytes = await wat(`(module
    (memory (export "memory") 1)
    (func (export "go_scheduler"))
    (func (export "first") (param i32) (result i32) (i32.load8_u (local.get 0))))`);
  const api = t.api({ first: t.fn([t.cstring], t.u32) });
  const wasm = await load(bytes, { api, allocator: "grow", toolchain: "c" });
  expect(wasm.toolchain.name).toBe("c");
  expect(thrownBy(() => wasm.api.first("A"))).toMatchObject({ code: "invalid-option" });
});

it("frees an owned result by the export that is named", async () => {
  const declared = t.api({
    text: t.fn([t.cstring], t.cstring, { export: "initial", convention: "c", owned: true, free: "counter_free" }),
  });
  const wasm = await load<All, typeof declared.members>(await mixed(externref), { api: declared });
  const { api, guarded } = wasm as unknown as { api: { text(of: string): string }; guarded: All };
  for (let round = 0; round < 500; round++) expect(api.text("Q")).toBe("Q");
  expect(guarded.live()).toBe(0);
});

const synchronous = await mixed(heap);
