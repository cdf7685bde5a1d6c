import { WASI } from "node:wasi";
import { describe, expect, it } from "vitest";
import { compile, type Imports, load, loadSync } from "unglue";
import { fixtureUrl } from "../bind/c/fixture.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

interface Reactor {
  constructed(): number;
  greet(): number;
  clock(): number;
  size(): number;
  fail(): void;
}

const url = fixtureUrl("reactor");
const make = (name = "Zoë") => new WASI({ version: "preview1", env: { NAME: name } });
const importsOf = (wasi: WASI) => wasi.getImportObject() as Imports;

describe("node:wasi", () => {
  it("serves a reactor of wasi-libc that it initializes itself", async () => {
    const module = await compile(url);
    const makers = [
      (options: object) => load<Reactor>(url, options),
      (options: object) => loadSync<Reactor>(url, options),
      (options: object) => module.instantiate<Reactor>(options),
      (options: object) => module.instantiateSync<Reactor>(options),
    ];
    for (const maker of makers) {
      const wasi = make();
      const wasm = await maker({
        imports: importsOf(wasi),
        initialize: ({ instance }: { instance: object }) => wasi.initialize(instance),
      });
      expect([wasm.guarded.constructed(), wasm.guarded.clock(), wasm.guarded.size()]).toEqual([1, 0, 0]);
      expect(wasm.memory.readString(wasm.guarded.greet())).toBe("hello, Zoë");
    }
  });

  it("serves none that was initialized without it", async () => {
    expect(await rejectionOf(load(url, { imports: importsOf(make()) }))).toMatchObject({
      code: "ERR_WASI_NOT_STARTED",
    });
  });

  it("serves each life of an instance that restarts", async () => {
    let wasi = make();
    let lives = 0;
    const wasm = await load<Reactor>(url, {
      onTrap: "restart",
      imports: () => importsOf((wasi = make(`life ${++lives}`))),
      initialize: ({ instance }) => wasi.initialize(instance),
    });
    for (let life = 1; life <= 3; life++) {
      expect(wasm.memory.readString(wasm.guarded.greet())).toBe(`hello, life ${life}`);
      expect(thrownBy(() => wasm.guarded.fail())).toMatchObject({ code: "trap" });
    }
  });

  it("starts a command with the engine's instance", async () => {
    const bytes = await wat(`(module
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1)
      (func (export "_start") (call $exit (i32.const 7))))`);
    const wasi = make();
    const wasm = await load(bytes, { imports: importsOf(wasi) });
    expect(wasi.start(wasm.instance)).toBe(7);
  });
});
