import { compile, load, loadSync, t } from "unglue";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const module = await wat(`(module (memory (export "memory") 1) (func (export "get") (result i32) i32.const 16)
  (func (export "take") (param i32)) (func (export "boom") unreachable))`);
const importing = await wat(`(module (import "a" "g" (global i32)) (import "a" "f" (func)))`);

/** The code of an error. Its own members alone are read: whatever else reads it may throw here. */
const codeOf = (error: unknown): unknown => Reflect.getOwnPropertyDescriptor(error as object, "code")?.value;

describe("a getter of Object.prototype.cause that throws", () => {
  beforeEach(() => {
    Object.defineProperty(Object.prototype, "cause", {
      __proto__: null,
      get: () => {
        throw new Error("read");
      },
      configurable: true,
    } as PropertyDescriptor);
  });
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, "cause");
  });

  it("hides no error of a load", async () => {
    const busy = async () => Promise.resolve(new Response("", { status: 503 }));
    const codes = [
      codeOf(await rejectionOf(load(importing, { missing: "error" }))),
      codeOf(await rejectionOf(load(importing, { imports: { a: { g: "no" as never } } }))),
      codeOf(await rejectionOf(load(new Uint8Array(9)))),
      codeOf(await rejectionOf(load(module.slice(0, 20)))),
      codeOf(await rejectionOf(load("https://unglue.test/a.wasm", { fetch: busy }))),
      codeOf(await rejectionOf(load("https://unglue.test/a.wasm", { fetch: busy, retry: { attempts: 2, delay: 0 } }))),
      codeOf(await rejectionOf(load(module, { api: t.api({ none: t.fn([], t.void) }) }))),
    ];
    Reflect.deleteProperty(Object.prototype, "cause");
    expect(codes).toEqual([
      "unresolved-imports",
      "import-mismatch",
      "not-wasm",
      "truncated",
      "http-status",
      "http-status",
      "interface-mismatch",
    ]);
  });

  it("hides no error of an instance", async () => {
    const P = t.class(
      { x: t.field(t.f32, { offset: 0 }), make: t.static([], t.object("P"), { export: "get" }) },
      { free: false },
    );
    const wasm = loadSync(module, { api: t.api({ P }) });
    const pool = (await compile(module)).pool({ max: 1 });
    const codes = [
      codeOf(thrownBy(() => (wasm.api.P.make().x = "no" as never))),
      codeOf(thrownBy(() => wasm.memory.grow(1e9))),
      codeOf(thrownBy(() => wasm.guarded["boom"]?.())),
      codeOf(thrownBy(() => wasm.guarded["boom"]?.())),
      codeOf(await rejectionOf(pool.use((lease) => lease.guarded["boom"]?.()))),
    ];
    Reflect.deleteProperty(Object.prototype, "cause");
    expect(codes).toEqual(["invalid-argument", "limit-exceeded", "trap", "poisoned", "trap"]);
  });
});
