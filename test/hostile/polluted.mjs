// Run as a program: what the library does where `Object.prototype` has more members, printed as JSON. The names are given.
// The first argument is the entry point, the second the names as JSON, the third what each is set to.
import { writeSync } from "node:fs";
import { createRequire } from "node:module";

const [entry, names, value, modules] = process.argv.slice(2);
const values = { function: () => "polluted", text: "polluted", number: 7, object: {}, true: true };
const { plain, rust, minified } = JSON.parse(modules);
const bytesOf = (text) => Uint8Array.from(Buffer.from(text, "base64"));
const sources = { plain: bytesOf(plain), rust: bytesOf(rust), minified: bytesOf(minified) };

for (const name of JSON.parse(names)) {
  Object.defineProperty(Object.prototype, name, {
    __proto__: null,
    value: values[value],
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

const at = (name) => new URL(`../../dist/${name}`, import.meta.url).href;
const require = createRequire(import.meta.url);
const bring = (name) => (entry === "cjs" ? require(`../../dist/${name}.cjs`) : import(at(`${name}.js`)));

const report = {};
const run = async (name, body) => {
  try {
    report[name] = await body();
  } catch (error) {
    report[name] = `${error?.code ?? error?.name}: ${error?.message}`;
  }
};
const reportOf = (wasm) => wasm.imports.map(({ name, provider, evidence }) => [name, provider, evidence]);

const { compile, inspect, load, loadSync, t } = await bring(entry === "whole" ? "whole" : "node");
const { wasmBindgen } = await bring("wasm-bindgen");
const { createLedger } = await bring("ledger");

const plainApi = () =>
  t.api({
    add: t.fn([t.i32, t.i32], t.i32),
    length: t.fn([t.string], t.u32),
    sum: t.fn([t.array(t.i32)], t.i32),
    pair: t.fn([t.record({ x: t.i32, y: t.i32 })], t.i32, { export: "pair" }),
    split: t.fn([t.i32, t.out(t.i32)], t.void),
    call: t.fn([t.closure([t.i32], t.i32), t.i32], t.i32),
    Counter: t.class({ new: t.ctor([t.i32]), get: t.method([], t.i32), step: t.field(t.i32, { readonly: true }) }),
  });
const use = (api) => {
  const counter = new api.Counter(5);
  const seen = [
    api.add(1, 2),
    api.length("héllo"),
    api.sum(Int32Array.of(1, 2, 3)),
    api.pair({ x: 3, y: 4 }),
    api.split(9),
    api.call((x) => x * 2, 21),
    counter.get(),
    counter.step,
  ];
  counter.free();
  return seen;
};
const options = { imports: { env: { now: () => 1, log: () => undefined } }, missing: { "env.*": "zero" } };

await run("inspect", () => JSON.parse(JSON.stringify(inspect(sources.plain, { names: true }))));
await run("inspect rust", () => inspect(sources.rust).classes.map(({ name }) => name));
await run("inspect minified", () => inspect(sources.minified).advice.map(({ code }) => code));
await run("load", async () => {
  const wasm = await load(sources.plain, options);
  return [reportOf(wasm), Object.keys(wasm.guarded), wasm.memory.readString(16), wasm.toolchain.name];
});
await run("policies", async () => reportOf(await load(sources.plain, { missing: "trap" })));
await run("missing", async () => (await load(sources.plain, { missing: "error" })).state);
await run("unknown", async () => (await load(sources.plain, { mising: "zero" })).state);
await run("loadSync", () => use(loadSync(sources.plain, { ...options, api: plainApi() }).api));
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
  } catch {
    // It begins anew.
  }
  await wasm.ready;
  return [wasm.state, use(wasm.api)];
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
  const instance = await load(module.raw, {
    ...options,
    shape: JSON.parse(JSON.stringify(module.shape)),
    api: plainApi(),
  });
  return [use(instance.api), use(module.instantiateSync({ ...options, api: plainApi() }).api)];
});
await run("pool", async () => {
  const pool = (await compile(sources.plain)).pool({ max: 1, ...options });
  const results = await Promise.all([1, 2].map((x) => pool.use((wasm) => wasm.guarded.add(x, x), { timeout: 5000 })));
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
  const { memory } = await load(sources.plain, { ...options, ledger });
  memory.alloc(8);
  return ledger.live.map(({ size, align, disposed }) => [size, align, disposed]);
});
await run("rust", async () => {
  const wasm = await load(sources.rust, {
    api: t.api({ Counter: t.class({ new: t.ctor([t.u32]), add: t.method([t.u32], t.u32) }) }),
  });
  return [new wasm.api.Counter(2).add(3), reportOf(wasm)];
});
await run("rust, stated", () => {
  const adapters = [wasmBindgen({ meanings: { __wbg_now_00112233445566aa: "Date.now" } })];
  return reportOf(loadSync(sources.rust, { adapters }));
});

// Printing is Node's.
for (const name of JSON.parse(names)) Reflect.deleteProperty(Object.prototype, name);
writeSync(1, JSON.stringify(report));
