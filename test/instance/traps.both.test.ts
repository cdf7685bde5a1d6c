import { describe, expect, it } from "vitest";
import { type Instance, type InstantiateOptions, loadSync, t, UnglueError } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { bindgen, externref, heap, type Helpers } from "../bind/bindgen.ts";
import { thrownBy, wat } from "../wat.ts";

interface Aborting {
  malloc(size: number): number;
  free(address: number): void;
  lives(): number;
  nested(): number;
}

/** An allocator that aborts: at sizes from 666, and when it is given an address that is odd. */
const aborting = await wat(`(module
  (import "env" "f" (func $f (result i32)))
  (global $calls (mut i32) (i32.const 0))
  (memory (export "memory") 1)
  (func (export "lives") (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1))) (global.get $calls))
  (func (export "nested") (result i32) (call $f))
  (func (export "malloc") (param i32) (result i32)
    (if (i32.ge_u (local.get 0) (i32.const 666)) (then unreachable))
    (i32.const 1024))
  (func (export "free") (param i32)
    (if (i32.and (local.get 0) (i32.const 1)) (then unreachable)))
  (func (export "take") (param i32 i32)))`);

const openAborting = (options: InstantiateOptions = {}) =>
  loadSync<Aborting>(aborting, { imports: { env: { f: () => 0 } }, ...options });

const long = "x".repeat(1000);

describe("a trap of the module's allocator", () => {
  const calls: readonly (readonly [string, string, (wasm: Instance<Aborting>) => unknown])[] = [
    ["memory.alloc", "malloc", ({ memory }) => memory.alloc(1000)],
    ["memory.free", "free", ({ memory }) => memory.free(1025)],
    ["memory.allocString", "malloc", ({ memory }) => memory.allocString(long)],
    ["arena.alloc", "malloc", ({ memory }) => memory.arena((arena) => arena.alloc(1000))],
    ["arena.bytes", "malloc", ({ memory }) => memory.arena((arena) => arena.bytes(new Uint8Array(1000)))],
    ["arena.string", "malloc", ({ memory }) => memory.arena((arena) => arena.string(long))],
  ];

  it.each(calls)("in %s is the error trap with the name of the export, and poisons", (_, name, call) => {
    const wasm = openAborting();
    wasm.memory.alloc(8);
    const trap = thrownBy(() => call(wasm));
    expect(trap).toMatchObject({ code: "trap", details: { export: name }, cause: { name: "RuntimeError" } });
    expect(wasm.state).toBe("poisoned");
    expect(thrownBy(() => call(wasm))).toMatchObject({ code: "poisoned", cause: trap, details: { export: name } });
    expect(thrownBy(() => wasm.guarded.lives())).toMatchObject({ code: "poisoned", cause: trap });
  });

  it.each(calls)('in %s begins a new life under "restart", and nothing under "throw"', (_, name, call) => {
    const again = openAborting({ onTrap: "restart" });
    expect([again.guarded.lives(), again.guarded.lives()]).toEqual([1, 2]);
    expect(thrownBy(() => call(again))).toMatchObject({ code: "trap", details: { export: name } });
    expect([again.state, again.guarded.lives()]).toEqual(["live", 1]);
    const going = openAborting({ onTrap: "throw" });
    expect(thrownBy(() => call(going))).toMatchObject({ code: "trap", details: { export: name } });
    expect([going.state, going.guarded.lives()]).toEqual(["live", 1]);
  });

  it("inside a call ends the life with that call", () => {
    const states: string[] = [];
    const wasm: Instance<Aborting> = openAborting({
      onTrap: "restart",
      imports: {
        env: {
          f: () => {
            expect(thrownBy(() => wasm.memory.alloc(1000))).toMatchObject({ code: "trap" });
            states.push(wasm.state);
            return 7;
          },
        },
      },
    });
    expect(wasm.guarded.nested()).toBe(7);
    expect([...states, wasm.state]).toEqual(["restarting", "live"]);
  });

  it("in what a declared function passes is the error of that call", () => {
    const api = t.api({ take: t.fn([t.string], t.void) });
    const wasm = loadSync(aborting, { api, imports: { env: { f: () => 0 } } });
    wasm.api.take("short");
    expect(thrownBy(() => wasm.api.take(long))).toMatchObject({ code: "trap", details: { export: "malloc" } });
    expect(wasm.state).toBe("poisoned");
    expect(thrownBy(() => wasm.api.take("short"))).toMatchObject({ code: "poisoned" });
  });

  it("leaves what an arena still holds alone, and the first error stays", () => {
    const wasm = openAborting();
    const trap = thrownBy(() =>
      wasm.memory.arena((arena) => {
        arena.alloc(8);
        arena.alloc(1000);
      }),
    );
    expect(trap).toMatchObject({ code: "trap", details: { export: "malloc" } });
    const arena = openAborting({ onTrap: "throw" }).memory.arena();
    arena.alloc(8);
    expect(thrownBy(() => arena.alloc(1000))).toMatchObject({ code: "trap" });
    arena.dispose();
  });
});

interface Missing {
  call(): void;
  nested(): void;
  caught(): number;
  lives(): number;
}

const missing = await wat(`(module
  (import "env" "gone" (func $gone))
  (import "env" "f" (func $f))
  (global $calls (mut i32) (i32.const 0))
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (elem (i32.const 0) $call)
  (func (export "lives") (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1))) (global.get $calls))
  (func $call (export "call") (call $gone))
  (func (export "nested") (call $f))
  (func (export "caught") (result i32) (try (result i32) (do (call $gone) (i32.const 0)) (catch_all (i32.const 1)))))`);

const openMissing = (options: InstantiateOptions = {}, f: () => unknown = () => undefined) =>
  loadSync<Missing>(missing, { imports: { env: { f } }, ...options });

describe("a missing import that the module calls", () => {
  it("poisons the instance where its error leaves the module", () => {
    const wasm = openMissing();
    const error = thrownBy(() => wasm.guarded.call());
    expect(error).toMatchObject({ code: "missing-import-called", details: { module: "env", name: "gone" } });
    expect(wasm.state).toBe("poisoned");
    expect(thrownBy(() => wasm.guarded.lives())).toMatchObject({ code: "poisoned", cause: error });
    expect(thrownBy(() => wasm.memory.alloc(8))).toMatchObject({ code: "no-allocator" });
  });

  it("begins a new life where that is the policy, and changes nothing under throw", () => {
    const again = openMissing({ onTrap: "restart" });
    const going = openMissing({ onTrap: "throw" });
    for (const wasm of [again, going]) {
      expect([wasm.guarded.lives(), wasm.guarded.lives()]).toEqual([1, 2]);
      expect(thrownBy(() => wasm.guarded.call())).toMatchObject({ code: "missing-import-called" });
      expect(wasm.state).toBe("live");
    }
    expect([again.guarded.lives(), going.guarded.lives()]).toEqual([1, 3]);
  });

  it("is nothing where the module catches it, as often as it does", () => {
    const wasm = openMissing();
    for (let round = 0; round < 1000; round++) expect(wasm.guarded.caught()).toBe(1);
    expect([wasm.state, wasm.guarded.lives()]).toEqual(["live", 1]);
  });

  it("counts at the inner boundary, though JavaScript catches it there", () => {
    const wasm: Instance<Missing> = openMissing({}, () => thrownBy(() => wasm.guarded.call()));
    wasm.guarded.nested();
    expect(wasm.state).toBe("poisoned");
  });

  it("counts for the instance whose import it is alone", () => {
    const inner = openMissing();
    const outer = openMissing({}, () => {
      inner.guarded.call();
    });
    expect(thrownBy(() => outer.guarded.nested())).toMatchObject({ code: "missing-import-called" });
    expect([inner.state, outer.state]).toEqual(["poisoned", "live"]);
    // An equal error that the user throws is the user's.
    const own = openMissing({}, () => {
      throw new UnglueError("missing-import-called", "It is mine.", { module: "env", name: "gone" });
    });
    expect(thrownBy(() => own.guarded.nested())).toMatchObject({
      message: expect.stringMatching(/^It is mine\./) as string,
    });
    expect(own.state).toBe("live");
  });

  it("counts in a declared function, with the objects that it had borrowed", async () => {
    const api = t.api({
      Thing: t.class({ new: t.ctor([]), poke: t.method([], t.void) }),
    });
    const bytes = await bindgen(
      `(func (export "thing_new") (result i32) (call $malloc (i32.const 4) (i32.const 4)))
       (func (export "thing_poke") (param i32) (call $gone))
       (func (export "__wbg_thing_free") (param i32 i32) (call $free (local.get 0) (i32.const 4) (i32.const 4)))`,
      heap,
      '(import "env" "gone" (func $gone))',
    );
    const wasm = loadSync<Helpers, typeof api.members>(bytes, { api, adapters: [wasmBindgen()] });
    const thing = new wasm.api.Thing();
    const error = thrownBy(() => thing.poke());
    expect(error).toMatchObject({ code: "missing-import-called" });
    expect(wasm.state).toBe("poisoned");
    expect(thrownBy(() => new wasm.api.Thing())).toMatchObject({ code: "poisoned", cause: error });
  });
});

/** The ways in which a module lets its stack pointer be reached. Frames take 64 bytes of a stack of 1024. */
const stacks: readonly (readonly [string, string])[] = [
  ["an exported global", '(export "__stack_pointer" (global $sp))'],
  [
    "stackSave and stackRestore",
    `(func (export "stackSave") (result i32) (global.get $sp))
     (func (export "stackRestore") (param i32) (global.set $sp (local.get 0)))
     (func (export "stackAlloc") (param i32) (result i32)
       (global.set $sp (i32.sub (global.get $sp) (local.get 0))) (global.get $sp))`,
  ],
  [
    "emscripten_stack_get_current and _emscripten_stack_restore",
    `(func (export "emscripten_stack_get_current") (result i32) (global.get $sp))
     (func (export "_emscripten_stack_restore") (param i32) (global.set $sp (local.get 0)))
     (func (export "_emscripten_stack_alloc") (param i32) (result i32)
       (global.set $sp (i32.sub (global.get $sp) (local.get 0))) (global.get $sp))`,
  ],
  [
    "__wbindgen_add_to_stack_pointer",
    `(func (export "__wbindgen_add_to_stack_pointer") (param i32) (result i32)
       (global.set $sp (i32.add (global.get $sp) (local.get 0))) (global.get $sp))`,
  ],
];

const stacked = (access: string, word = "i32") =>
  wat(`(module
    (import "env" "f" (func $f (param i32)))
    (global $sp (mut ${word}) (${word}.const 1024))
    (memory (export "memory") 1)
    (table (export "table") 1 funcref)
    (elem (i32.const 0) $frame)
    ${access}
    (func (export "pointer") (result i32) ${word === "i64" ? "(i32.wrap_i64 (global.get $sp))" : "(global.get $sp)"})
    (func $frame (export "frame") (param i32) (local $own ${word})
      (global.set $sp (local.tee $own (${word}.sub (global.get $sp) (${word}.const 64))))
      (if (${word}.lt_s (local.get $own) (${word}.const 0)) (then unreachable))
      (if (i32.eq (local.get 0) (i32.const -1)) (then unreachable))
      (call $f (local.get 0))
      (global.set $sp (${word}.add (local.get $own) (${word}.const 64)))))`);

interface Stacked {
  frame(argument: number): void;
  pointer(): number;
}

const openStacked = (bytes: Uint8Array, f: (wasm: Instance<Stacked>, argument: number) => void) => {
  const wasm: Instance<Stacked> = loadSync<Stacked>(bytes, {
    onTrap: "throw",
    imports: { env: { f: (argument: number) => f(wasm, argument) } },
  });
  return wasm;
};

describe("the stack pointer", () => {
  const each = [...stacks.map(([name, access]) => [name, access, "i32"] as const)];

  it.each([...each, ["a 64-bit exported global", '(export "__stack_pointer" (global $sp))', "i64"] as const])(
    "that is reached by %s is put back after each of 1,000 traps and exceptions, nested ones too",
    async (_, access, word) => {
      const mine = new Error("mine");
      const wasm = openStacked(await stacked(access, word), (instance, argument) => {
        if (argument === 1) throw mine;
        if (argument !== 2) return;
        for (let round = 0; round < 100; round++) {
          expect(thrownBy(() => instance.guarded.frame(-1))).toMatchObject({ code: "trap" });
          expect(thrownBy(() => instance.guarded.frame(1))).toBe(mine);
          expect(instance.guarded.pointer()).toBe(1024 - 64);
        }
      });
      for (let round = 0; round < 1000; round++) {
        expect(thrownBy(() => wasm.guarded.frame(-1))).toMatchObject({ code: "trap" });
        expect(thrownBy(() => wasm.guarded.frame(1)) === mine).toBe(true);
      }
      wasm.guarded.frame(2);
      expect([wasm.guarded.pointer(), wasm.state]).toEqual([1024, "live"]);
    },
  );

  it.each(each)("that is reached by %s is not raised over the frame of a call through exports", async (_, access) => {
    const wasm = openStacked(await stacked(access), (instance, argument) => {
      if (argument === 2) thrownBy(() => instance.guarded.frame(-1));
      if (argument === 2) expect(instance.guarded.pointer()).toBe(1024 - 64);
    });
    wasm.exports.frame(2);
    wasm.table.get(0)?.(2);
    expect(wasm.guarded.pointer()).toBe(1024);
  });

  it.each(["stackSave", "stackRestore", "stackAlloc"])(
    "is left alone where a program has functions of its own by such names, and %s is missing",
    async (name) => {
      const functions = (stacks[1]?.[1] ?? "").replace(`"${name}"`, `"other"`);
      const wasm = openStacked(await stacked(functions), () => undefined);
      expect(thrownBy(() => wasm.guarded.frame(-1))).toMatchObject({ code: "trap" });
      expect(wasm.guarded.pointer()).toBe(1024 - 64);
    },
  );

  it("is left alone where a main loop leaves main, whose frame it goes on using", async () => {
    const wasm = openStacked(await stacked(stacks[0]?.[1] ?? ""), () => {
      throw "unwind";
    });
    expect(thrownBy(() => wasm.guarded.frame(0))).toBe("unwind");
    expect(wasm.guarded.pointer()).toBe(1024 - 64);
  });

  it.each([
    ["immutable", '(global (export "__stack_pointer") i32 (i32.const 5))'],
    ["a float", '(global (export "__stack_pointer") (mut f64) (f64.const 5))'],
    ["no number", '(global (export "__stack_pointer") (mut externref) (ref.null extern))'],
    ["a function", '(func (export "__stack_pointer"))'],
    ["a function that traps", stacks[1]?.[1].replace("(global.get $sp)", "unreachable") ?? ""],
  ])("is not looked for in what is %s", async (_, access) => {
    const wasm = openStacked(await stacked(access), () => undefined);
    expect(thrownBy(() => wasm.guarded.frame(-1))).toMatchObject({ code: "trap" });
    expect(wasm.guarded.pointer()).toBe(1024 - 64);
  });

  it.each([heap, { ...externref, results: "return-pointer" } as const])(
    "of a wasm-bindgen module is put back after 2,000 panics under the policy throw",
    async (convention) => {
      const bytes = await bindgen(
        `(func (export "panics") (global.set $stack (i32.sub (global.get $stack) (i32.const 16))) unreachable)`,
        convention,
      );
      const api = t.api({ panics: t.fn([], t.void) });
      const wasm = loadSync<Helpers & { panics(): void }, typeof api.members>(bytes, {
        api,
        adapters: [wasmBindgen()],
        onTrap: "throw",
      });
      for (let round = 0; round < 1000; round++) {
        expect(thrownBy(() => wasm.guarded.panics())).toMatchObject({ code: "trap" });
        expect(thrownBy(() => wasm.api.panics())).toMatchObject({ code: "trap" });
      }
      expect([wasm.guarded.taken(), wasm.state]).toEqual([0, "live"]);
    },
  );
});

describe("an error of the engine's, where the program has changed what all errors share,", () => {
  const changes: readonly (readonly [string, object, PropertyKey, unknown])[] = [
    ["a tag on Object.prototype", Object.prototype, Symbol.toStringTag, "Foo"],
    ["a tag on Error.prototype", Error.prototype, Symbol.toStringTag, "Foo"],
    ["another name of RuntimeError", WebAssembly.RuntimeError.prototype, "name", "Other"],
    ["another name of RangeError", RangeError.prototype, "name", "Other"],
  ];

  it.each(changes)("is a trap all the same: %s", async (_, target, key, value) => {
    const bytes = await wat(`(module
      (func (export "fall") unreachable)
      (func $deep (export "deep") (call $deep)))`);
    const before = Object.getOwnPropertyDescriptor(target, key);
    const seen: unknown[] = [];
    for (const name of ["fall", "deep"] as const) {
      const wasm = loadSync<Record<string, () => void>>(bytes);
      let error: unknown;
      Object.defineProperty(target, key, { value, configurable: true, writable: true });
      try {
        wasm.guarded[name]?.();
      } catch (caught) {
        error = caught;
      } finally {
        if (before) Object.defineProperty(target, key, before);
        else Reflect.deleteProperty(target, key);
      }
      seen.push([UnglueError.is(error) && error.code, wasm.state]);
    }
    expect(seen).toEqual([
      ["trap", "poisoned"],
      ["trap", "poisoned"],
    ]);
  });
});
