// Checks of instances: imports, memory, tables, traps, pools, limits, ends.
/* global AbortController, WebAssembly */
import { ok, open, refused, same, sourceOf } from "./kit.mjs";

const long = "Zoë läuft 🏃 über die lange Straße, bis niemand mehr folgt. ";

/** @type {[area: string, name: string, run: import("./kit.mjs").Check["run"]][]} */
export const instances = [
  [
    "imports",
    "of the user are called, and reach the memory",
    async (env) => {
      const lines = [];
      const imports = (instance) => ({ env: { log: (at, size) => lines.push(instance.memory.readString(at, size)) } });
      const wasm = await open(env, "c", { imports });
      wasm.guarded.shout();
      same(lines, ["grüezi €"]);
    },
  ],
  [
    "imports",
    "that are missing are reported, and trap by name",
    async (env) => {
      const wasm = await open(env, "c");
      same(
        wasm.imports.map(({ module, name, provider }) => `${module}.${name} ${provider}`),
        ["env.log stub", "env.absent stub"],
      );
      same((await refused("missing-import-called", () => wasm.guarded.missing())).details.name, "absent");
    },
  ],
  [
    "imports",
    "follow the policies error, zero, warn and a function",
    async (env) => {
      const error = await refused("unresolved-imports", open(env, "c", { missing: "error" }));
      same(error.details.imports.length, 2);
      same((await open(env, "c", { missing: "zero" })).guarded.missing(), 0);
      const said = [];
      const missing = { "env.absent": () => () => 5, "*": "warn" };
      const wasm = await open(env, "c", { missing, warn: (message) => said.push(message) });
      same([wasm.guarded.missing(), wasm.guarded.shout()], [5, undefined]);
      ok(said.length === 1 && said[0].includes("log"), "one warning about log");
    },
  ],
  [
    "imports",
    "that are memories are created, or taken and checked",
    async (env) => {
      const created = await open(env, "memory");
      created.memory.u8[0] = 9;
      same(created.guarded.first(), 9);
      const own = new WebAssembly.Memory({ initial: 1, maximum: 2 });
      new Uint8Array(own.buffer)[0] = 8;
      same((await open(env, "memory", { imports: { env: { memory: own } } })).guarded.first(), 8);
      const small = new WebAssembly.Memory({ initial: 1, maximum: 3 });
      await refused("import-mismatch", open(env, "memory", { imports: { env: { memory: small } } }));
    },
  ],
  [
    "instances",
    "share nothing, and have exports of any name",
    async (env) => {
      const [a, b] = [await open(env, "c"), await open(env, "c")];
      a.memory.u8[100] = 1;
      same([b.memory.u8[100], a.guarded.__proto__(), a.guarded.wide(2n ** 40n)], [0, 7, 2n ** 40n + 1n]);
    },
  ],
  [
    "instances",
    "are made where Object.prototype has been extended",
    async (env) => {
      Object.prototype.extend = () => undefined;
      try {
        same((await open(env, "c")).exports.add(1, 2), 3);
      } finally {
        delete Object.prototype.extend;
      }
    },
  ],
  [
    "instances",
    "are made of one compiled module, as often as wanted",
    async (env) => {
      const module = await env.unglue.compile(...sourceOf(env, "c"));
      const [a, b] = [await module.instantiate(), module.instantiateSync()];
      same([a.exports.add(1, 2), b.exports.add(3, 4)], [3, 7]);
    },
  ],
  [
    "instances",
    "have the engine's own instance, that of the current life",
    async (env) => {
      const wasm = await open(env, "c", { onTrap: "restart" });
      const first = wasm.instance;
      ok(first instanceof WebAssembly.Instance, "an instance of the engine");
      same(first.exports.add(1, 2), 3);
      await refused("trap", () => wasm.guarded.trap());
      ok(wasm.instance instanceof WebAssembly.Instance && wasm.instance !== first, "the next life's");
    },
  ],
  [
    "initialize",
    "is done by the library, by nobody, or by a function",
    async (env) => {
      same((await open(env, "reactor")).guarded.value(), 7);
      same((await open(env, "reactor", { initialize: false })).guarded.value(), 0);
      let before;
      const initialize = async (instance) => {
        before = instance.exports.value();
        await undefined;
        instance.exports._initialize();
        instance.exports._initialize();
      };
      same([(await open(env, "reactor", { initialize })).guarded.value(), before], [14, 0]);
    },
  ],
  [
    "unglue/whole",
    "loads, calls and explains with nothing to fetch",
    async (env) => {
      const { t, inspect } = env.whole;
      const api = t.api({ add: t.fn([t.i32, t.i32], t.i32), length: t.fn([t.string], t.u32) });
      const wasm = await open({ ...env, unglue: env.whole }, "c", { api });
      same([wasm.api.add(1, 2), wasm.api.length("Zoë")], [3, 4]);
      same((await open({ ...env, unglue: env.whole }, "bindgen")).toolchain.name, "wasm-bindgen");
      const error = await refused("invalid-source", env.whole.load(42));
      ok(error.message.includes("42") && inspect(env.modules.c).complete, "a message and a shape");
    },
  ],

  [
    "memory",
    "reads and writes UTF-8",
    async (env) => {
      const { memory } = await open(env, "c");
      for (const text of ["", "short", long, long.repeat(200)]) {
        const size = memory.writeString(8192, text, 40_000);
        same(memory.readString(8192, size, { fatal: true }), text);
      }
      same(memory.readString(16), "grüezi €");
      same(memory.readString(8192, memory.writeString(8192, "a\ud800z", 10)), "a\ufffdz");
    },
  ],
  [
    "memory",
    "refuses or replaces what is not UTF-8",
    async (env) => {
      const { memory } = await open(env, "c");
      memory.write(8192, Uint8Array.of(0x61, 0xf0, 0x9f, 0x8f, 0x62, 0xc0, 0x80));
      same(memory.readString(8192, 7), "a\ufffdb\ufffd\ufffd");
      same((await refused("invalid-string", () => memory.readString(8192, 7, { fatal: true }))).details.offset, 1);
    },
  ],
  [
    "memory",
    "reads and writes UTF-16",
    async (env) => {
      const { memory } = await open(env, "c");
      const size = memory.writeString(8193, long, 1000, { encoding: "utf-16" });
      same([size, memory.readString(8193, size, { encoding: "utf-16" })], [long.length * 2, long]);
    },
  ],
  [
    "memory",
    "grows, and its views with it",
    async (env) => {
      const { memory } = await open(env, "c");
      const { length } = memory.u8;
      memory.grow(2);
      same(memory.u8.length, length + 131_072);
      memory.u8[length + 1] = 3;
      await refused("out-of-bounds", () => memory.read(memory.u8.length - 1, 2));
      await refused("limit-exceeded", () => memory.grow(1000));
    },
  ],
  [
    "memory",
    "allocates by the module's own functions, and an arena frees all of it",
    async (env) => {
      const wasm = await open(env, "c");
      const length = wasm.memory.arena((arena) => wasm.guarded.length(arena.string(long, { layout: "nul" }).address));
      same([length > long.length, wasm.guarded.live()], [true, 0]);
    },
  ],
  [
    "callbacks",
    "are called by the module, and freed",
    async (env) => {
      const trampolines = env.compiled?.trampoline && { "ii->i": env.compiled.trampoline };
      const wasm = await open(env, "c", trampolines ? { trampolines } : {});
      const index = wasm.callback("ii->i", (a, b) => a * b);
      same(wasm.guarded.apply(index, 6, 7), 42);
      wasm.freeCallback(index);
      await refused("unknown-callback", () => wasm.freeCallback(index));
    },
  ],

  [
    "traps",
    "are coded, and poison the instance",
    async (env) => {
      const wasm = await open(env, "c");
      const error = await refused("trap", () => wasm.guarded.trap());
      same([error.details.export, wasm.state], ["trap", "poisoned"]);
      await refused("poisoned", () => wasm.guarded.add(1, 2));
    },
  ],
  [
    "traps",
    "list the functions that ran, where the engine tells, and never others",
    async (env) => {
      const error = await refused("trap", async () => (await open(env, "c")).guarded.trap());
      const frames = error.details.frames ?? [];
      ok(frames.length > 0, "frames");
      for (const { name, index } of frames) {
        ok(name === undefined || /deep|trap/.test(name), `a frame of the module, got ${name}`);
        ok(index === undefined || index >= 2, `an index of the module's own functions, got ${index}`);
      }
    },
  ],
  [
    "traps",
    "let the instance restart",
    async (env) => {
      let restarts = 0;
      const wasm = await open(env, "c", { onTrap: "restart", onRestart: () => restarts++ });
      await refused("trap", () => wasm.guarded.trap());
      same([wasm.guarded.add(1, 2), restarts, wasm.state], [3, 1, "live"]);
    },
  ],
  [
    "traps",
    "pass where they may",
    async (env) => {
      const wasm = await open(env, "c", { onTrap: "throw" });
      await refused("trap", () => wasm.guarded.trap());
      same([wasm.guarded.add(1, 2), wasm.state], [3, "live"]);
    },
  ],

  [
    "pools",
    "serve in order, one taker an instance",
    async (env) => {
      const module = await env.unglue.compile(...sourceOf(env, "c"));
      const pool = module.pool({ max: 2 });
      const sums = await Promise.all([1, 2, 3, 4, 5].map((n) => pool.use((wasm) => wasm.guarded.add(n, n))));
      same([sums, pool.size <= 2], [[2, 4, 6, 8, 10], true]);
      await pool.dispose();
      await refused("pool-disposed", pool.take());
    },
  ],
  [
    "pools",
    "give up on time, and on a signal",
    async (env) => {
      const module = await env.unglue.compile(...sourceOf(env, "c"));
      const pool = module.pool({ max: 1 });
      const wasm = await pool.take();
      await refused("pool-timeout", pool.take({ timeout: 5 }));
      const controller = new AbortController();
      const waiting = pool.take({ signal: controller.signal });
      controller.abort();
      await refused("aborted", waiting);
      pool.give(wasm);
      await pool.dispose();
    },
  ],
  [
    "limits",
    "hold for memories",
    async (env) => {
      if (env.compiled)
        return void (await refused("limit-needs-bytes", open(env, "c", { limits: { memoryPages: 2 } })));
      const wasm = await open(env, "c", { limits: { memoryPages: 2 } });
      await refused("limit-exceeded", () => wasm.memory.grow(2));
      await refused("limit-exceeded", open(env, "bindgen", { limits: { memoryPages: 1 } }));
    },
  ],
  [
    "limits",
    "hold for the bytes of a source",
    async (env) => {
      const { length } = env.modules.c;
      const error = await refused("limit-exceeded", env.unglue.load(env.modules.c, { limits: { bytes: length - 1 } }));
      same([error.details.limit, error.details.asked, error.details.allowed], ["bytes", length, length - 1]);
      same((await open(env, "c", { limits: { bytes: length } })).exports.add(1, 2), 3);
    },
  ],
  [
    "inspect",
    "tells imports, exports, types and the toolchain",
    ({ unglue, modules }) => {
      const shape = unglue.inspect(modules.c);
      same(shape.imports[1], {
        module: "env",
        name: "absent",
        kind: "function",
        type: { params: [], results: ["i32"] },
      });
      ok(shape.complete && shape.exports.length > 10, "exports");
      same(unglue.inspect(modules.bindgen).toolchain.name, "wasm-bindgen");
    },
  ],
  [
    "ledger",
    "names what leaks",
    async (env) => {
      const ledger = env.ledger.createLedger();
      const wasm = await open(env, "c", { ledger });
      const address = wasm.memory.alloc(24);
      const error = await refused("memory-leaked", () => ledger.expectNoLeaks());
      ok(error.message.includes("24"), "the size");
      wasm.memory.free(address);
      ledger.expectNoLeaks();
      await refused("double-free", () => wasm.memory.free(address));
    },
  ],
  [
    "dispose",
    "ends an instance for good",
    async (env) => {
      const wasm = await open(env, "c");
      wasm.dispose();
      same(wasm.state, "disposed");
      for (const use of [() => wasm.exports, () => wasm.memory, () => wasm.guarded]) await refused("disposed", use);
    },
  ],
  [
    "errors",
    "are recognised by code, and survive as JSON",
    async ({ unglue }) => {
      const error = await refused("invalid-source", unglue.load(42));
      ok(unglue.UnglueError.is(error, "invalid-source") && error instanceof unglue.UnglueError, "an UnglueError");
      ok(error.message.includes("42"), "what was given");
      ok(JSON.stringify({ ...error, code: error.code }).includes("invalid-source"), "a code in JSON");
    },
  ],
  [
    "errors",
    "of options name the option",
    async (env) => {
      ok(
        (await refused("unknown-option", open(env, "c", { mising: "trap" }))).message.includes("missing"),
        "a suggestion",
      );
      await refused("invalid-option", open(env, "c", { onTrap: "explode" }));
    },
  ],
  [
    "no WebAssembly",
    "is one code, and inspect works",
    async ({ unglue, modules }) => {
      const given = globalThis.WebAssembly;
      globalThis.WebAssembly = undefined;
      try {
        await refused("wasm-unavailable", unglue.load(modules.c));
        await refused("wasm-unavailable", unglue.compile("https://example.invalid/c.wasm"));
        await refused("wasm-unavailable", () => unglue.loadSync(modules.c));
        ok(unglue.inspect(modules.c).complete, "a shape");
      } finally {
        globalThis.WebAssembly = given;
      }
    },
  ],
];
