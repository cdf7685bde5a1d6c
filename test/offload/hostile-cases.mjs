/* global MessageChannel, ReadableStream, structuredClone */
// A value that cannot be posted: it is refused by its code, and the worker goes on with its state.
import { failure } from "./failure.mjs";

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const throwing = (error) => ({
  get value() {
    throw error;
  },
});

function deep() {
  let value = [];
  for (let i = 0; i < 200_000; i++) value = [value];
  return value;
}

function moved() {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

/** @type {Record<string, () => unknown>} */
const values = {
  function: () => () => undefined,
  symbol: () => Symbol("s"),
  proxy: () => new Proxy({}, {}),
  revoked,
  "a getter that throws": () => throwing(new Error("no")),
  "a getter that throws nothing": () => throwing(undefined),
  "a getter that throws what cannot be read": () => throwing(revoked()),
  "far inside": () => ({ list: [new Map([["key", throwing(new Error("no"))]])] }),
  port: () => new MessageChannel().port1,
  stream: () => new ReadableStream(),
  "weak map": () => new WeakMap(),
  promise: () => Promise.resolve(1),
  "moved bytes": moved,
  deep,
};

/** Which of these is not refused with a code, by name. */
async function unrefused(tries, code = "not-cloneable") {
  const found = [];
  for (const [name, attempt] of Object.entries(tries)) {
    const error = await failure(attempt());
    if (error?.code !== code || (code === "not-cloneable" && typeof error.message !== "string")) {
      found.push([name, error?.code ?? String(error)]);
    }
  }
  return found;
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

export const hostileCases = {
  "refuses arguments that cannot be posted, and the worker keeps its state": {
    run: async ({ offload, modules, imports }) => {
      const wasm = await offload(modules.env, { imports });
      const before = [await wasm.exports.worker(), await wasm.exports.life()];
      const found = await unrefused(mapValues(values, (make) => () => wasm.exports.length(make())));
      const lists = await unrefused({
        "a list that is a proxy": () =>
          wasm.call(
            "length",
            new Proxy([1], {
              get: () => {
                throw new Error("no");
              },
            }),
          ),
        "an item that throws": () =>
          wasm.call(
            "length",
            Object.defineProperty([], 0, {
              get: () => {
                throw new Error("no");
              },
            }),
          ),
        revoked: () => wasm.call("length", revoked()),
      });
      const cyclic = { byteLength: 3 };
      cyclic.self = cyclic;
      // Longer than there can be parameters.
      const results = [
        await wasm.exports.length(cyclic),
        (await failure(wasm.call("length", new Array(2 ** 32 - 1)))).name,
      ];
      const after = [await wasm.exports.worker(), await wasm.exports.life()];
      await wasm.dispose();
      return [found, lists, results, before.join() === after.join()];
    },
    expected: [[], [], [3, "TypeError"], true],
  },

  "says of what cannot be posted whose it is and why": {
    run: async ({ offload, modules, imports, UnglueError }) => {
      const wasm = await offload(modules.env, { imports });
      const error = await failure(wasm.exports.length(throwing(new RangeError("too far"))));
      await wasm.dispose();
      return [
        UnglueError.is(error, "not-cloneable"),
        error.details,
        error.cause instanceof RangeError,
        error.message.includes("(too far)"),
      ];
    },
    expected: [true, { export: "length", what: "arguments" }, true, true],
  },

  "refuses a transfer that cannot be made, and the worker keeps its state": {
    run: async ({ offload, modules, imports }) => {
      const wasm = await offload(modules.env, { imports });
      const before = [await wasm.exports.worker(), await wasm.exports.life()];
      const buffer = new ArrayBuffer(8);
      const transfer = (list) => wasm.call("length", [1], { transfer: list });
      const found = [
        await unrefused({
          duplicates: () => transfer([buffer, buffer]),
          "what has been moved": () => transfer([moved().buffer]),
          "no transferable": () => transfer([{}]),
          proxy: () => transfer([new Proxy(new ArrayBuffer(8), {})]),
          revoked: () => transfer([revoked()]),
        }),
        await unrefused(
          {
            text: () => transfer(["text"]),
            "a list that cannot be read": () => transfer(revoked()),
            "options that cannot be read": () => wasm.call("length", [1], revoked()),
            "a getter that throws": () =>
              wasm.call("length", [1], {
                get transfer() {
                  throw new Error("no");
                },
              }),
          },
          "invalid-option",
        ),
      ];
      // Of two calls that move the same, the second finds nothing.
      const bytes = new Uint8Array(8);
      const twice = [
        wasm.call("length", [bytes], { transfer: [bytes.buffer] }),
        failure(wasm.call("length", [bytes], { transfer: [bytes.buffer] })),
      ];
      const results = [await twice[0], (await twice[1]).code, buffer.byteLength];
      // A port that is listed is moved.
      const { port1 } = new MessageChannel();
      results.push(await wasm.call("length", [{ byteLength: 5, port1 }], { transfer: [port1] }));
      const after = [await wasm.exports.worker(), await wasm.exports.life()];
      await wasm.dispose();
      return [found, results, before.join() === after.join()];
    },
    expected: [[[], []], [8, "not-cloneable", 8, 5], true],
  },

  "refuses results that cannot be posted, and the worker keeps its state": {
    run: async ({ offload, modules, imports }) => {
      const wasm = await offload(modules.env, { imports });
      const before = [await wasm.exports.worker(), await wasm.exports.life()];
      const errors = [];
      for (let which = 0; which < 13; which++) errors.push(await failure(wasm.exports.hostile(which)));
      const good = await wasm.exports.hostile(13);
      const after = [await wasm.exports.worker(), await wasm.exports.life()];
      await wasm.dispose();
      return [
        errors
          .map(({ code, details }, at) =>
            code === "not-cloneable" && details.what === "result" ? "" : `${at} ${code}`,
          )
          .join(""),
        good,
        before.join() === after.join(),
      ];
    },
    expected: ["", { value: 7 }, true],
  },

  "brings across as much as can be posted of what is thrown, and the worker keeps its state": {
    run: async ({ offload, modules, imports }) => {
      const wasm = await offload(modules.env, { imports });
      const before = [await wasm.exports.worker(), await wasm.exports.life()];
      const errors = [];
      for (let which = 4; which < 12; which++) errors.push(await failure(wasm.exports.throw(which)));
      const after = [await wasm.exports.worker(), await wasm.exports.life()];
      await wasm.dispose();
      const [first, ...rest] = errors;
      return [
        [first instanceof RangeError, first.message, first.cause],
        rest.map((error) => (error === null ? "null" : typeof error)),
        before.join() === after.join(),
      ];
    },
    expected: [
      [true, "with a port", "a function"],
      ["string", "string", "string", "string", "undefined", "null", "object"],
      true,
    ],
  },

  "takes whatever names an interface has, and no function of it for a promise's": {
    run: async ({ offload, modules, t }) => {
      const functions = ["__proto__", "then", "constructor", "", "toString", "hasOwnProperty", "thens"];
      const members = ["__proto__", "constructor", "", "toString", "hasOwnProperty", "then"];
      const odd = t.class({
        new: t.ctor([], { export: "odd_new" }),
        ...Object.fromEntries(members.map((name) => [name, t.method([], t.i32, { export: "odd_get" })])),
      });
      const declared = (entries) => t.api(Object.fromEntries(entries));
      const api = declared(functions.map((name) => [name, t.fn([], t.i32)]));
      const wasm = await offload(modules.names, { api });
      const results = [await wasm.exports.thens(), await wasm.api.thens()];
      for (const name of functions) results.push(await wasm.api[name]());
      for (const name of functions) results.push(await wasm.with({}).api[name]());
      const found = [Object.keys(wasm.api).join(), Object.getPrototypeOf(wasm.api), "valueOf" in wasm.api];
      await wasm.dispose();

      const objects = [];
      for (const name of ["__proto__", "constructor", "", "then", "Odd"]) {
        const classes = await offload(modules.names, {
          api: declared([[name, t.class({ ...odd.members }, { prefix: "odd", free: "odd_free" })]]),
        });
        const Kind = classes.api[name];
        const object = await Kind.new();
        const values = [];
        for (const member of members) if (member !== "then") values.push(await object[member]());
        objects.push([name, values.join(), "then" in object, object instanceof Kind]);
        await classes.dispose();
      }
      return [results, found, objects, {}.constructor === Object, Object.keys(Object.prototype)];
    },
    expected: [
      [0, 0, 1, 2, 3, 4, 5, 6, 1, 1, 2, 3, 4, 5, 6, 2],
      ["__proto__,then,constructor,,toString,hasOwnProperty,thens", null, false],
      ["__proto__", "constructor", "", "then", "Odd"].map((name) => [name, "23,23,23,23,23", false, true]),
      true,
      [],
    ],
  },

  "has the same declaration here and in the worker, whatever the caller's object says later": {
    run: async ({ offload, modules, t }) => {
      const { then: one, add } = { then: t.fn([], t.i32), add: t.fn([t.i32, t.i32], t.i32) };
      let reads = 0;
      const changing = {
        then: one,
        get add() {
          // It is read to be checked, and once to be kept.
          return reads++ < 2 ? add : { member: "function" };
        },
      };
      const math = await offload(modules.math, { api: { members: changing } });
      const results = [await math.api.add(1, 2), await math.api.then(), reads];
      await math.dispose();
      const throwing = {
        get add() {
          if (reads++ > 2) throw new Error("no");
          return add;
        },
      };
      const error = await failure(offload(modules.math, { api: { members: throwing } }));
      return [results, error.code, error.details.option, error.cause.message];
    },
    expected: [[3, 8, 2], "invalid-option", "api", "no"],
  },

  "takes for a field none that only Object.prototype has": {
    run: async ({ offload, modules, t }) => {
      const pair = t.record(Object.fromEntries(["toString", "__proto__"].map((name) => [name, t.i32])));
      const wasm = await offload(modules.names, { api: t.api({ difference: t.fn([pair], t.i32) }) });
      const both = Object.fromEntries([
        ["toString", 9],
        ["__proto__", 2],
      ]);
      class Getters {
        get toString() {
          return 5;
        }
      }
      const inherited = Object.defineProperty(new Getters(), "__proto__", { value: 1 });
      const results = [await wasm.api.difference(both), await wasm.api.difference(inherited)];
      for (const wrong of [{}, { toString: 1 }, Object.fromEntries([["__proto__", 1]])])
        results.push((await failure(wasm.api.difference(wrong))).code);
      await wasm.dispose();
      return results;
    },
    expected: [7, 4, "invalid-argument", "invalid-argument", "invalid-argument"],
  },

  "names the option that was meant, also inside another": {
    run: async ({ offload, modules }) => {
      const math = await offload(modules.math);
      const hidden = Object.defineProperty({}, "wokers", { value: 1 });
      const errors = [
        await failure(offload(modules.math, { wokers: 2 })),
        await failure(offload(modules.math, hidden)),
        await failure(offload(modules.math, { limits: { memoryPage: 1 } })),
        await failure(offload(modules.math, { retry: { attempt: 1 } })),
        await failure(offload(modules.math, { allocator: { aloc: "malloc" } })),
        await failure(offload(modules.math, Object.fromEntries([["__proto__", 1]]))),
        await failure(math.call("add", [1, 2], { timeot: 1 })),
      ];
      await math.dispose();
      return errors.map(({ code, details }) => [code, details]);
    },
    expected: [
      { call: "offload", option: "wokers", nearest: "workers" },
      { call: "offload", option: "wokers", nearest: "workers" },
      { call: "offload", option: "limits.memoryPage", nearest: "limits.memoryPages" },
      { call: "offload", option: "retry.attempt", nearest: "retry.attempts" },
      { call: "offload", option: "allocator.aloc", nearest: "allocator.alloc" },
      { call: "offload", option: "__proto__" },
      { call: "call", option: "timeot", nearest: "timeout" },
    ].map((details) => ["unknown-option", details]),
  },

  "refuses options that cannot be posted": {
    run: async ({ offload, modules }) => {
      const named = { trampolines: { "i->i": () => undefined } };
      const errors = [
        await failure(offload(modules.math, named)),
        await failure(
          offload(modules.math, { shape: { imports: [], exports: [], function: () => undefined }, ...named }),
        ),
      ];
      return errors.map(({ code, details, cause }) => [code, details, cause.name]);
    },
    expected: Array.from({ length: 2 }, () => [
      "not-cloneable",
      { export: "offload", what: "options" },
      "DataCloneError",
    ]),
  },

  "refuses every option that is what it must not be by its code": {
    run: async ({ offload, modules, UnglueError }) => {
      const math = await offload(modules.math);
      const names =
        "api workers timeout imports missing signal worker integrity onProgress fetch shape create onTrap limits";
      const raw = [];
      const attempt = async (what, call) => {
        const error = await call().then(
          (made) => void made?.dispose?.(),
          (reason) => reason ?? "nothing",
        );
        if (error !== undefined && !UnglueError.is(error)) raw.push(`${what}: ${String(error?.stack ?? error)}`);
      };
      const wrong = {
        symbol: () => Symbol("s"),
        revoked,
        throwing: () => throwing(new Error("no")),
        bare: () => Object.create(null),
      };
      for (const [kind, make] of Object.entries(wrong)) {
        for (const option of names.split(" ")) {
          await attempt(`offload, ${option}, ${kind}`, () => offload(modules.math, { [option]: make() }));
        }
        for (const option of ["transfer", "timeout", "signal"]) {
          await attempt(`call, ${option}, ${kind}`, () => math.call("count", [], { [option]: make() }));
          await attempt(`with, ${option}, ${kind}`, async () => math.with({ [option]: make() }).exports.count());
        }
        await attempt(`options, ${kind}`, () => offload(modules.math, make()));
        await attempt(`call options, ${kind}`, () => math.call("count", [], make()));
        await attempt(`name, ${kind}`, () => math.call(make(), []));
        await attempt(`args, ${kind}`, () => math.call("count", make()));
        await attempt(`of, ${kind}`, async () => math.with({}).of(make()));
      }
      const alive = (await math.exports.add(1, 2)) === 3;
      await math.dispose();
      return [raw, alive];
    },
    expected: [[], true],
  },

  "refuses a function for workers that makes none, the same twice, or throws": {
    run: async ({ offload, modules }) => {
      const errors = [
        await failure(offload(modules.math, { worker: () => 1 })),
        await failure(offload(modules.math, { worker: revoked })),
        await failure(
          offload(modules.math, {
            worker: () => {
              throw new TypeError("no");
            },
          }),
        ),
        await failure(offload(modules.math, { worker: revoked() })),
        await failure(offload(modules.math, { workers: 1e9 })),
      ];
      return errors.map(({ code, details, cause }) => [code, details.option ?? details.reason, cause?.message ?? null]);
    },
    expected: [
      ["invalid-option", "worker", null],
      ["invalid-option", "worker", null],
      ["worker-unavailable", "refused", "no"],
      ["invalid-option", "worker", null],
      ["invalid-option", "workers", null],
    ],
  },
};
