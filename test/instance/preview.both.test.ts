import { describe, expect, it } from "vitest";
import { compileSync, type Instance, loadSync, t, type UnglueError } from "unglue";
import { thrownBy, wat } from "../wat.ts";

const bytes = await wat(`(module
  (import "env" "gone" (func))
  (import "env" "f" (func))
  (memory (export "memory") 1)
  (table (export "table") 3 funcref)
  (func (export "thing_new") (result i32) (i32.const 1024))
  (func (export "thing_free") (param i32))
  (func (export "thing_size") (param i32) (result i32) unreachable)
  (func (export "take") (param i32))
  (func (export "trap") unreachable))`);
const bare = await wat("(module)");

const api = t.api({
  Thing: t.class({ new: t.ctor([]), size: t.getter(t.u32) }),
  take: t.fn([t.owned("Thing")], t.void),
});
const imports = { env: { f: () => undefined } };

/** As Node, Bun and Deno show an object, and as it is stringified. */
const shown = (object: object): string => {
  const { [Symbol.for("nodejs.util.inspect.custom")]: custom } = object as { readonly [key: symbol]: () => string };
  return (custom as () => string).call(object);
};
const tag = (object: object): string => Object.prototype.toString.call(object);

describe("what a console shows", () => {
  it("of an instance is a line, in each state", () => {
    const wasm = loadSync(bytes, { api, imports });
    const facts = 'toolchain: "unknown", exports: 7, imports: 2, stubs: 1';
    expect(shown(wasm)).toBe(`Instance { state: "live", ${facts} }`);
    expect(JSON.parse(JSON.stringify(wasm))).toEqual({
      state: "live",
      toolchain: "unknown",
      exports: 7,
      imports: 2,
      stubs: 1,
    });
    expect(tag(wasm)).toBe("[object unglue.Instance]");
    thrownBy(() => wasm.guarded["trap"]?.());
    expect(shown(wasm)).toBe(`Instance { state: "poisoned", ${facts} }`);
    wasm.dispose();
    expect(shown(wasm)).toBe(`Instance { state: "disposed", ${facts} }`);
  });

  it("of one without a memory or a table reads no getter that throws", () => {
    const wasm = loadSync(bare);
    expect((thrownBy(() => wasm.memory) as UnglueError).code).toBe("no-memory");
    expect(shown(wasm)).toBe('Instance { state: "live", toolchain: "unknown", exports: 0, imports: 0 }');
    expect(JSON.stringify(wasm)).toContain('"live"');
  });

  it("of one that restarts, and of what belonged to its last life, is a line too", () => {
    const wasm: Instance = loadSync(bytes, { api, imports, onTrap: "restart" });
    const { memory, table } = wasm;
    expect([shown(wasm), shown(memory), shown(table)]).toEqual([
      'Instance { state: "live", toolchain: "unknown", exports: 7, imports: 2, stubs: 1 }',
      "Memory { bytes: 65536 }",
      "Table { elements: 3 }",
    ]);
    thrownBy(() => wasm.guarded["trap"]?.());
    expect([shown(memory), shown(table)]).toEqual(["Memory { ended: true }", "Table { ended: true }"]);
    expect([JSON.stringify(memory), shown(wasm.memory)]).toEqual(['{"ended":true}', "Memory { bytes: 65536 }"]);
  });

  it("of an instance in the making is a line, before there are any exports", () => {
    let seen = "";
    loadSync(bytes, {
      api,
      imports: (instance) => {
        seen = `${shown(instance)} ${JSON.stringify(instance)}`;
        return imports;
      },
    });
    expect(seen).toContain('Instance { state: "live", toolchain: "unknown", exports: 7, imports: 2');
  });

  it("of a memory, a table, a module and a pool is a line", async () => {
    const module = compileSync(bytes);
    const wasm = module.instantiateSync({ imports });
    wasm.memory.grow(1);
    const pool = module.pool({ max: 2, imports });
    const lease = await pool.take();
    expect([wasm.memory, wasm.table, module, pool, lease].map(shown)).toEqual([
      "Memory { bytes: 131072 }",
      "Table { elements: 3 }",
      'Module { toolchain: "unknown", exports: 7, imports: 2 }',
      "Pool { size: 1, idle: 0, waiting: 0 }",
      'Instance { state: "live", toolchain: "unknown", exports: 7, imports: 2, stubs: 1 }',
    ]);
    expect([wasm.memory, wasm.table, module, pool, lease].map(tag)).toEqual(
      ["Memory", "Table", "Module", "Pool", "Instance"].map((name) => `[object unglue.${name}]`),
    );
    lease.dispose();
    expect(shown(lease)).toBe("Instance { ended: true }");
    await pool.dispose();
  });

  it("of an object is its address or why it has none, and no member of it is read", () => {
    const wasm = loadSync<object, (typeof api)["members"]>(bytes, { api, imports });
    const { Thing, take } = wasm.api;
    const [live, freed, moved] = [new Thing(), new Thing(), new Thing()];
    freed.free();
    take(moved);
    expect([live, freed, moved].map(shown)).toEqual([
      "Thing { address: 1024 }",
      "Thing { freed: true }",
      "Thing { moved: true }",
    ]);
    expect(JSON.stringify([live, freed])).toBe('[{"address":1024},{"freed":true}]');
    expect(shown(Thing.prototype as object)).toBe("Object {}");
    expect([wasm.state, tag(live)]).toEqual(["live", "[object Object]"]);
  });

  it("is no member that is enumerated, copied or compared", () => {
    const wasm = loadSync(bytes, { imports });
    expect(Object.keys(wasm)).not.toContain("toJSON");
    for (const object of [wasm, wasm.memory, wasm.table]) {
      const hidden = Reflect.ownKeys(object).filter((key) => !Object.prototype.propertyIsEnumerable.call(object, key));
      expect(hidden).toEqual(["toJSON", Symbol.toStringTag, Symbol.for("nodejs.util.inspect.custom")]);
    }
  });
});
