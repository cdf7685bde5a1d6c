// One job of nearly everything that the library does, as a report that can be compared with another run's.

/**
 * Runs the job.
 *
 * @param entryPoints - What the entry points export.
 * @param sources - The bytes of the modules.
 */
export async function reportOf({ compile, inspect, load, loadSync, t, wasmBindgen, createLedger }, sources) {
  const report = Object.create(null);
  const run = async (name, body) => {
    try {
      report[name] = await body();
    } catch (error) {
      report[name] = `${error?.code ?? error?.name}: ${error?.message}`;
    }
  };
  const importsOf = (wasm) => wasm.imports.map(({ name, provider, evidence }) => [name, provider, evidence]);
  const options = { imports: { env: { now: () => 1, log: () => undefined } }, missing: { "env.*": "zero" } };

  const plainApi = () =>
    t.api({
      add: t.fn([t.i32, t.i32], t.i32),
      length: t.fn([t.string], t.u32),
      maybe: t.fn([t.optional(t.string)], t.u32, { export: "length" }),
      next: t.fn([t.enumeration(["off", "on", "auto"]), t.i32], t.enumeration(["off", "on", "auto"]), {
        export: "add",
      }),
      digit: t.fn([t.enumeration([0, 1, 2]), t.i32], t.enumeration([0, 1, 2]), { export: "add" }),
      sum: t.fn([t.array(t.i32)], t.i32),
      flag: t.fn([t.bool, t.u8], t.i8, { export: "add" }),
      pair: t.fn([t.record({ x: t.i32, y: t.i32 })], t.i32, { export: "pair" }),
      split: t.fn([t.i32, t.out(t.i32)], t.void),
      call: t.fn([t.closure([t.i32], t.i32), t.i32], t.i32),
      Counter: t.class({
        new: t.ctor([t.i32]),
        get: t.method([], t.i32),
        step: t.field(t.i32, { readonly: true }),
        raw: t.field(t.i32, { offset: 0 }),
      }),
    });
  const use = (api) => {
    const counter = new api.Counter(5);
    const seen = [
      api.add(1, 2),
      api.length("héllo"),
      [api.maybe("four"), api.maybe(undefined)],
      [api.next("off", 1), api.digit(1, 1), api.flag(true, 255)],
      api.sum(Int32Array.of(1, 2, 3)),
      api.pair({ x: 3, y: 4 }),
      api.split(9),
      api.call((x) => x * 2, 21),
      counter.get(),
      counter.step,
      counter.raw,
    ];
    for (const wrong of [() => api.add("1", 2), () => api.pair({ x: 1 }), () => api.next("none", 0)]) {
      try {
        seen.push(wrong());
      } catch (error) {
        seen.push(error.message);
      }
    }
    counter.free();
    return seen;
  };

  await run("inspect", () => JSON.parse(JSON.stringify(inspect(sources.plain, { names: true }))));
  await run("inspect rust", () => inspect(sources.rust).classes.map(({ name }) => name));
  await run("inspect minified", () => inspect(sources.minified).advice.map(({ code }) => code));
  await run("load", async () => {
    const wasm = await load(sources.plain, options);
    return [importsOf(wasm), Object.keys(wasm.guarded), wasm.memory.readString(16), wasm.toolchain.name];
  });
  await run("policies", async () => importsOf(await load(sources.plain, { missing: "trap" })));
  await run("missing", async () => (await load(sources.plain, { missing: "error" })).state);
  await run("unknown", async () => (await load(sources.plain, { mising: "zero" })).state);
  await run("damaged", async () => (await load(sources.plain.slice(0, 60), options)).state);
  await run(
    "misfit",
    async () => (await load(sources.plain, { ...options, api: t.api({ no: t.fn([], t.i32) }) })).state,
  );
  await run("bound", () => use(loadSync(sources.plain, { ...options, api: plainApi() }).api));
  await run("traps", async () => {
    const wasm = await load(sources.plain, options);
    const caught = [];
    for (let round = 0; round < 2; round++) {
      try {
        wasm.guarded.trap();
      } catch (error) {
        caught.push([error.code, error.message]);
      }
    }
    return [caught, wasm.state];
  });
  await run("restarts", async () => {
    const wasm = await load(sources.plain, { ...options, onTrap: "restart", api: plainApi() });
    try {
      wasm.guarded.trap();
    } catch (error) {
      await wasm.ready;
      return [wasm.state, error.code, use(wasm.api)];
    }
    return wasm.state;
  });
  await run("limits", async () => {
    const { memory } = await load(sources.plain, { ...options, limits: { memoryPages: 2 } });
    const grown = memory.grow(1);
    try {
      memory.grow(1);
    } catch (error) {
      return [grown, error.code, error.details];
    }
    return grown;
  });
  await run("module", async () => {
    const module = await compile(sources.plain);
    const shape = JSON.parse(JSON.stringify(module.shape));
    const instance = await load(module.raw, { ...options, shape, api: plainApi() });
    return [use(instance.api), use(module.instantiateSync({ ...options, api: plainApi() }).api)];
  });
  await run("pool", async () => {
    const pool = (await compile(sources.plain)).pool({ max: 1, ...options, api: plainApi() });
    const results = await Promise.all([1, 2].map((x) => pool.use((wasm) => wasm.api.add(x, x), { timeout: 5000 })));
    await pool.dispose();
    return results;
  });
  await run("memory", async () => {
    const { memory } = await load(sources.plain, options);
    return memory.arena((arena) => {
      const { address, length } = arena.string("Zoë", { encoding: "utf-16", layout: "u32" });
      return [
        memory.readString(address, "u32", { encoding: "utf-16" }),
        length,
        memory.writeString(16, "ok", 4, { layout: "nul" }),
      ];
    });
  });
  await run("callbacks", async () => {
    const wasm = await load(sources.plain, options);
    const index = wasm.callback("i->i", (x) => x + 1);
    return [wasm.guarded.call(index, 1), wasm.freeCallback(index)];
  });
  await run("ledger", async () => {
    const ledger = createLedger();
    const { memory, api } = await load(sources.plain, { ...options, ledger, api: plainApi() });
    memory.alloc(8);
    const counter = new api.Counter(1);
    return [counter.get(), ledger.live.map(({ size, align, disposed }) => [size, align, disposed])];
  });
  await run("rust", async () => {
    const wasm = await load(sources.rust, {
      api: t.api({
        Counter: t.class({ new: t.ctor([t.u32]), add: t.method([t.u32], t.u32) }),
        count: t.fn([t.list(t.js)], t.u32),
        size: t.fn([t.string], t.u32, { export: "count" }),
        none: t.fn([t.optional(t.string)], t.u32, { export: "count" }),
        bytes: t.fn([t.bytes], t.u32, { export: "count" }),
        same: t.fn([t.js], t.js),
        which: t.fn([t.enumeration(["a", "b"])], t.enumeration(["a", "b"])),
        maybe: t.fn([t.optional(t.enumeration(["a", "b"], { complete: true }))], t.u32, { export: "which" }),
      }),
    });
    const { api } = wasm;
    const counter = new api.Counter(2);
    const seen = [
      counter.add(3),
      api.count([1, "two"]),
      api.size("Zoë"),
      api.none(undefined),
      api.bytes(Uint8Array.of(1)),
    ];
    return [seen, api.same("me"), api.which("b"), api.maybe(undefined), importsOf(wasm), counter.free()];
  });
  await run("rust, stated", () => {
    const adapters = [wasmBindgen({ meanings: { __wbg_now_00112233445566aa: "Date.now" } })];
    return importsOf(loadSync(sources.rust, { adapters }));
  });
  await run("an adapter", async () => {
    const adapter = {
      name: "mine",
      detect: () => ({ evidence: ["stated"] }),
      provide: ({ name }) => (name === "now" ? { value: () => 2, evidence: "mine" } : undefined),
      attach: () => ({ allocator: { alloc: "malloc", free: "free" } }),
    };
    const wasm = await load(sources.plain, { ...options, adapters: [adapter], api: plainApi() });
    return [importsOf(wasm), wasm.toolchain.name, use(wasm.api)];
  });
  return report;
}
