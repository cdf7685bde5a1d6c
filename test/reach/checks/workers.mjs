// Checks of workers and pools.
/* global AbortController */
import { ok, refused, same, sourceOf } from "./kit.mjs";

/** A getter that throws, a function, a symbol, a proxy, and a list that leads to one of them. */
const unpostable = () => {
  const throwing = {
    get value() {
      throw new Error("no");
    },
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return [throwing, () => undefined, Symbol("s"), new Proxy({}, {}), proxy, [[throwing]]];
};

/** @type {[area: string, name: string, run: import("./kit.mjs").Check["run"]][]} */
export const workers = [
  [
    "workers",
    "keeps its state where what is passed cannot be posted",
    async (env) => {
      const wasm = await offloaded(env);
      try {
        await wasm.exports.malloc(8);
        for (const value of unpostable()) await refused("not-cloneable", wasm.exports.add(value, 1));
        const buffer = new ArrayBuffer(8);
        await refused("not-cloneable", wasm.call("add", [1, 2], { transfer: [buffer, buffer] }));
        same([await wasm.exports.live(), await wasm.exports.add(1, 2)], [1, 3]);
      } finally {
        await wasm.dispose();
      }
    },
  ],
  [
    "workers",
    "brings errors across, and goes on after a trap with a new instance",
    async (env) => {
      const wasm = await offloaded(env);
      try {
        await wasm.exports.malloc(8);
        const error = await refused("trap", wasm.exports.trap());
        same(error.details.export, "trap");
        same([await wasm.exports.live(), await wasm.exports.wide(2n ** 40n)], [0, 2n ** 40n + 1n]);
      } finally {
        await wasm.dispose();
      }
    },
  ],
  [
    "workers",
    "runs several workers side by side, which share nothing",
    async (env) => {
      const wasm = await offloaded(env, { workers: 2 });
      try {
        const stop = new AbortController();
        const endless = refused("aborted", wasm.call("spin", [], { signal: stop.signal }));
        same(await Promise.all([1, 2, 3].map((n) => wasm.exports.add(n, n))), [2, 4, 6]);
        stop.abort();
        await endless;
        same(await wasm.exports.add(3, 4), 7);
      } finally {
        await wasm.dispose();
      }
    },
  ],
  [
    "workers",
    "has the functions of a declared interface, and passes bytes",
    async (env) => {
      const { t } = env.unglue;
      const api = t.api({ add: t.fn([t.i32, t.i32], t.i32), length: t.fn([t.cstring], t.u32) });
      const wasm = await offloaded(env, { api });
      try {
        same([await wasm.api.add(1, 2), await wasm.api.length("Zoë")], [3, 4]);
        await refused("invalid-argument", wasm.api.add("1", 2));
      } finally {
        await wasm.dispose();
      }
    },
  ],
  [
    "workers",
    "ends where its module never does, and then refuses calls",
    async (env) => {
      const wasm = await offloaded(env);
      const endless = refused("disposed", wasm.exports.spin());
      await wasm.dispose();
      await endless;
      await refused("disposed", wasm.exports.add(1, 2));
      await wasm.dispose();
    },
  ],
  [
    "workers",
    "says that a worker's script cannot be loaded",
    async (env) => {
      ok(env.offload, "a runtime with workers");
      const worker = new URL("nowhere/worker.js", env.base).href;
      const error = await env.offload.offload(env.modules.c, { worker }).then(
        () => undefined,
        (reason) => reason,
      );
      ok(
        ["worker-unavailable", "worker-ended"].includes(error?.code),
        `a code of a worker, got ${error?.code ?? error}`,
      );
    },
  ],
  [
    "pools",
    "lend instances: disposing gives back, and what was given back refuses every use",
    async (env) => {
      const module = await env.unglue.compile(...sourceOf(env, "c"));
      for (const reset of ["fresh", () => undefined]) {
        const pool = module.pool({ max: 1, reset });
        const first = await pool.take();
        const { guarded } = first;
        same(guarded.add(1, 2), 3);
        first[Symbol.dispose ?? "dispose"]();
        const second = await pool.take();
        first.dispose();
        same([second.guarded.add(3, 4), first.state, second.state, pool.size], [7, "disposed", "live", 1]);
        for (const use of [() => first.exports, () => first.memory, () => first.guarded, () => guarded.add(1, 2)])
          await refused("disposed", use);
        await refused("foreign-instance", () => pool.give(first));
        second.dispose();
        await pool.dispose();
        same(pool.size, 0);
      }
    },
  ],
];

function offloaded({ offload, offloadOptions, modules }, options) {
  ok(offload, "a runtime with workers");
  return offload.offload(modules.c, { missing: "zero", ...offloadOptions, ...options });
}
