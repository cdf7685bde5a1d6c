// Declared interfaces, in C and in wasm-bindgen, closures, collection, and workers.
import { ok, open, refused, same } from "./kit.mjs";

const counter = ({ t }) =>
  t.api({
    echo: t.fn([t.string], t.string),
    fail: t.fn([], t.void, { throws: true }),
    Counter: t.class({ new: t.ctor([t.u32]), next: t.method([], t.u32) }),
  });

/** @type {[area: string, name: string, run: import("./kit.mjs").Check["run"]][]} */
export const interfaces = [
  [
    "t in C",
    "passes numbers and texts, and takes texts back",
    async (env) => {
      const { t } = env.unglue;
      const api = t.api({
        add: t.fn([t.i32, t.i32], t.i32),
        wide: t.fn([t.i64], t.i64),
        length: t.fn([t.string], t.u32),
        version: t.fn([], t.string),
      });
      const wasm = await open(env, "c", { api });
      same(
        [wasm.api.add(1, 2), wasm.api.wide(1n), wasm.api.length("Zoë"), wasm.api.length("x".repeat(999))],
        [3, 2n, 4, 999],
      );
      same([wasm.api.version(), wasm.guarded.live()], ["grüezi €", 0]);
    },
  ],
  [
    "t in C",
    "refuses what does not fit, before anything runs",
    async (env) => {
      const { t } = env.unglue;
      await refused(
        "interface-mismatch",
        open(env, "c", { api: t.api({ add: t.fn([t.i32], t.i32), gone: t.fn([], t.void) }) }),
      );
      const wasm = await open(env, "c", { api: t.api({ add: t.fn([t.i32, t.i32], t.i32) }) });
      await refused("invalid-argument", () => wasm.api.add(1, "2"));
    },
  ],
  [
    "t in wasm-bindgen",
    "compresses and decompresses with a package's module",
    async (env) => {
      const { t } = env.unglue;
      const api = t.api({ compress: t.fn([t.bytes], t.bytes), decompress: t.fn([t.bytes], t.bytes, { throws: true }) });
      const wasm = await open(env, "lz4", { api });
      const bytes = Uint8Array.from({ length: 3000 }, (_, at) => at % 7);
      const packed = wasm.api.compress(bytes);
      ok(packed.length < 300, "fewer bytes");
      same(wasm.api.decompress(packed), bytes);
    },
  ],
  [
    "t in wasm-bindgen",
    "passes texts of any length and script",
    async (env) => {
      const wasm = await open(env, "bindgen", { api: counter(env.unglue) });
      for (const text of ["", "a", "é", "🏃".repeat(99), "plain ".repeat(99)]) same(wasm.api.echo(text), text);
      same(wasm.guarded.live(), 0);
    },
  ],
  [
    "t in wasm-bindgen",
    "makes objects, frees them once, and refuses them afterwards",
    async (env) => {
      const wasm = await open(env, "bindgen", { api: counter(env.unglue) });
      const one = new wasm.api.Counter(5);
      same([one.next(), one.next(), wasm.guarded.live()], [6, 7, 1]);
      one.free();
      same(wasm.guarded.live(), 0);
      await refused("object-unusable", () => one.next());
    },
  ],
  [
    "t in wasm-bindgen",
    "passes the module's errors on",
    async (env) => {
      const wasm = await open(env, "bindgen", { api: counter(env.unglue) });
      let thrown;
      try {
        wasm.api.fail();
      } catch (error) {
        thrown = error;
      }
      same([thrown?.message, wasm.state], ["out of cheese", "live"]);
    },
  ],
  [
    "t in wasm-bindgen",
    "works synchronously with the adapter at hand",
    (env) => {
      const { loadSync } = env.unglue;
      const options = { adapters: [env.bindgen.wasmBindgen()], api: counter(env.unglue) };
      const wasm = env.compiled
        ? loadSync(env.compiled.bindgen, { ...options, shape: env.unglue.inspect(env.modules.bindgen) })
        : loadSync(env.modules.bindgen, options);
      same(wasm.api.echo("grüezi"), "grüezi");
    },
  ],
  [
    "wasm-bindgen",
    "identifies imports of js-sys and web-sys",
    async (env) => {
      const wasm = await open(env, "bindgen");
      const known = wasm.imports.filter(({ name }) => /_[0-9a-f]{16}$/.test(name)).map(({ provider }) => provider);
      same(known, ["adapter", "adapter"]);
      const list = wasm.handles.add(["a", "b"]);
      same(wasm.handles.take(wasm.guarded.at(list, 1)), "b");
      same(wasm.guarded.isWindow(list), 0);
    },
  ],
  [
    "closures",
    "of a module are functions",
    async (env) => {
      const { import: name, call } = env.closure;
      const closures = { [name]: { call, signature: "(i)->i", destroy: 3 } };
      const wasm = await open(env, "bindgen", { adapters: [env.bindgen.wasmBindgen({ closures })] });
      same(wasm.handles.take(wasm.guarded.make(40))(2), 42);
    },
  ],
  [
    "collection",
    "frees objects that nobody holds any more",
    async (env) => {
      const wasm = await open(env, "bindgen", { api: counter(env.unglue) });
      const use = () => {
        for (let round = 0; round < 200; round++) new wasm.api.Counter(round).next();
      };
      use();
      for (let round = 0; round < 100 && wasm.guarded.collected() === 0; round++) {
        // Where nothing collects on request, garbage makes the engine do it.
        if (env.collect) env.collect();
        else globalThis.unglueReachGarbage = Array.from({ length: 2000 }, () => new Uint8Array(10_000));
        await env.tick();
      }
      globalThis.unglueReachGarbage = undefined;
      ok(wasm.guarded.collected() > 0, "objects that were collected");
    },
  ],
  [
    "workers",
    "answer calls",
    async (env) => {
      const wasm = await offloaded(env);
      same(await Promise.all([wasm.exports.add(1, 2), wasm.exports.wide(1n)]), [3, 2n]);
      await wasm.dispose();
    },
  ],
  [
    "workers",
    "are replaced when a call takes too long, and end",
    async (env) => {
      const wasm = await offloaded(env);
      await refused("timeout", wasm.call("spin", [], { timeout: 200 }));
      same(await wasm.exports.add(2, 3), 5);
      await wasm.dispose();
    },
  ],
];

function offloaded({ offload, offloadOptions, modules }) {
  ok(offload, "a runtime with workers");
  return offload.offload(modules.c, { missing: "zero", ...offloadOptions });
}
