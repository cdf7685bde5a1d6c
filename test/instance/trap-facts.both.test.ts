import { load, t, UnglueError } from "unglue";
import { describe, expect, it } from "vitest";
import { bindgen, heap } from "../bind/bindgen.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const trapOf = (body: () => unknown): UnglueError<"trap"> => {
  const error = thrownBy(body);
  if (!UnglueError.is(error, "trap")) throw error;
  return error;
};

/** An allocator that asks for the pages it needs, and ends if there are none. */
const greedy = (name: string, words: string, memory: string) => `
  (memory (export "memory") ${memory})
  (func $fails_to_allocate unreachable)
  (func (export "${name}") (param ${words}) (result i32)
    (if (i32.eq (memory.grow (i32.add (i32.div_u (local.get 0) (i32.const 65536)) (i32.const 1))) (i32.const -1))
      (then call $fails_to_allocate))
    i32.const 65536)`;

describe("a trap of an allocator", () => {
  const text = "x".repeat(200_000);

  it("names the declared function that was called, with the functions that were running", async () => {
    const bytes = await wat(
      `(module ${greedy("malloc", "i32", "1 2")} (func (export "free") (param i32))
        (func (export "greet") (param i32)) (func (export "longer") (param i32 i32)))`,
      { names: true },
    );
    const api = t.api({ greet: t.fn([t.cstring], t.void), longer: t.fn([t.cstring, t.u32], t.void) });
    const { api: c } = await load(bytes, { api, onTrap: "throw" });
    for (const [name, call] of [
      ["greet", () => c.greet(text)],
      ["longer", () => c.longer(text, 1)],
    ] as const) {
      const { message, details } = trapOf(call);
      expect(details).toMatchObject({ export: "malloc", call: name, memory: { asked: 4, pages: 1, maximum: 2 } });
      expect(message).toMatch(
        new RegExp(`^In a call of ${name}, the export "malloc" trapped: .*in "?fails_to_allocate"?`),
      );
      expect(message).toContain("Out of memory: asked for 4 pages more, and it has 1 of at most 2 pages.");
    }
  });

  it("names the call of the memory", async () => {
    const { memory } = await load(
      await wat(`(module ${greedy("malloc", "i32", "1 1")}
      (func (export "free") (param i32) unreachable))`),
      { onTrap: "throw" },
    );
    expect(trapOf(() => memory.alloc(8)).details).toMatchObject({ export: "malloc", call: "memory.alloc" });
    const freeing = trapOf(() => memory.free(8));
    expect(freeing.details).toMatchObject({ export: "free", call: "memory.free" });
    expect(freeing.message).toMatch(/^In a call of memory\.free, the export "free" trapped/);
    expect(freeing.message).not.toContain("Out of memory");
  });

  it("is the same in the cause of later refusals", async () => {
    const { memory, guarded } = await load(
      await wat(`(module ${greedy("malloc", "i32", "1 1")}
      (func (export "f")))`),
    );
    const trap = trapOf(() => memory.alloc(8));
    expect((thrownBy(() => guarded["f"]?.()) as Error).cause).toBe(trap);
  });

  it("names the declared function, by wasm-bindgen's convention", async () => {
    const bytes = await wat(`(module (memory (export "memory") 1 1)
      (func (export "__wbindgen_malloc") (param i32 i32) (result i32) unreachable)
      (func (export "__wbindgen_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
      (func (export "__wbindgen_free") (param i32 i32 i32))
      (func (export "__wbindgen_add_to_stack_pointer") (param i32) (result i32) i32.const 0)
      (func (export "greet") (param i32 i32)) (func (export "both") (param i32 i32 i32 i32)))`);
    const api = t.api({ greet: t.fn([t.string], t.void), both: t.fn([t.string, t.bytes], t.void) });
    const { api: rust } = await load(bytes, { api, onTrap: "throw" });
    for (const [name, call] of [
      ["greet", () => rust.greet("hello")],
      ["both", () => rust.both("hello", Uint8Array.of(1))],
    ] as const) {
      const { details, message } = trapOf(call);
      expect(details).toMatchObject({ export: "__wbindgen_malloc", call: name, memory: { asked: 1, pages: 1 } });
      expect(message).toContain("Out of memory: asked for 1 page more, and it has 1 of at most 1 page.");
    }
  });

  it("inside of a call that the module made belongs to that call", async () => {
    const bytes = await wat(`(module (import "env" "inner" (func $inner)) ${greedy("malloc", "i32", "1 1")}
      (func (export "free") (param i32)) (func (export "outer") (param i32) call $inner)
      (func (export "greet") (param i32)))`);
    const api = t.api({ outer: t.fn([t.u32], t.void), greet: t.fn([t.cstring], t.void) });
    const wasm = await load(bytes, {
      api,
      onTrap: "throw",
      imports: { env: { inner: () => wasm.api.greet("x") } },
    });
    expect(trapOf(() => wasm.api.outer(1)).details).toMatchObject({ export: "malloc", call: "greet" });
  });
});

describe("a trap after a failed allocation", () => {
  it("says so where the function of AssemblyScript that grows memory was running", async () => {
    for (const name of ["tlsf/growMemory", "stub/maybeGrowMemory"]) {
      const bytes = await wat(
        `(module (memory (export "memory") 2 3) (func $~lib/rt/${name} unreachable)
          (func (export "grow") call $~lib/rt/${name}))`,
        { names: true },
      );
      const wasm = await load<{ grow(): void }>(bytes);
      const { message } = trapOf(() => wasm.guarded.grow());
      expect(message).toContain("Out of memory: it has 2 of at most 3 pages.");
    }
  });

  it("says so where Rust's function for it was running", async () => {
    const bytes = await wat(
      `(module (memory (export "memory") 2 3) (func $alloc::alloc::handle_alloc_error unreachable)
        (func (export "grow") call $alloc::alloc::handle_alloc_error) (func (export "other") unreachable))`,
      { names: true },
    );
    const { guarded } = await load(bytes, { onTrap: "throw" });
    const { message, details } = trapOf(() => guarded["grow"]?.());
    expect(details.memory).toEqual({ pages: 2, maximum: 3, pageSize: 65_536 });
    expect(message).toContain("Out of memory: it has 2 of at most 3 pages.");
    expect(trapOf(() => guarded["other"]?.()).details).not.toHaveProperty("memory");
  });
});

describe("an object that is used while a call of it is running", () => {
  /** A module whose `counter_add` refuses to run twice at a time, as wasm-bindgen's code does. */
  const imports = `(import "wbg" "__wbindgen_throw" (func $throw (param i32 i32)))
    (import "env" "step" (func $step))`;
  const body = `(global $busy (mut i32) (i32.const 0)) (data (i32.const 1024) "recursive use of an object detected which would lead to unsafe aliasing in rust")
    (func $borrow (if (global.get $busy) (then (call $throw (i32.const 1024) (i32.const 79)))) (global.set $busy (i32.const 1)))
    (func (export "__wbg_counter_free") (param i32 i32))
    (func (export "counter_add") (param i32) call $borrow call $step (global.set $busy (i32.const 0)))
    (func (export "counter_get") (param i32) call $borrow (global.set $busy (i32.const 0)))
    (func (export "tick") call $step)`;

  it("is named with both calls", async () => {
    const bytes = await bindgen(body, heap, imports);
    const messages: string[] = [];
    const wasm = await load<{ counter_add(self: number): void; counter_get(self: number): void }>(bytes, {
      onTrap: "throw",
      imports: { env: { step: () => messages.push((thrownBy(() => wasm.guarded.counter_get(8)) as Error).message) } },
    });
    wasm.guarded.counter_add(8);
    expect(messages).toEqual([
      'recursive use of an object detected which would lead to unsafe aliasing in rust. The export "counter_get" was called on an ' +
        'object of the class "counter" while "counter_add" was running. Call it once that call has ended, as from a microtask.',
    ]);
  });

  it("is named as before where another text is thrown", async () => {
    const bytes = await bindgen(
      '(data (i32.const 1024) "no") (func (export "f") (call $throw (i32.const 1024) (i32.const 2)))',
      heap,
      '(import "wbg" "__wbindgen_throw" (func $throw (param i32 i32)))',
    );
    const { guarded } = await load(bytes);
    expect((thrownBy(() => guarded["f"]?.()) as Error).message).toBe("no");
    expect(await rejectionOf(load(bytes, { imports: { wbg: { __wbindgen_throw: 5 } } as never }))).toMatchObject({
      code: "import-mismatch",
    });
  });
});
