/* global AbortController, Blob, setTimeout */
// Functions of the caller's thread that the module in a worker calls.
import { failure } from "./failure.mjs";

const later = (value, time = 5) => new Promise((resolve) => setTimeout(resolve, time, value));

/** All imports of the module `host`, with those of a case in their place. */
const env = (t, own = {}) => ({
  env: {
    save: t.host([t.bytes, t.u32], t.i32, (bytes, id) => bytes.length + (id > 2 ** 31 ? 1 : 0)),
    log: t.host([t.string], t.void, () => undefined),
    raw: (a, b, c) => a + Number(b) + c,
    wide: (value) => value,
    scale: t.host([t.array(t.f32, { mutable: true })], t.void, (numbers) => {
      for (const at of numbers.keys()) numbers[at] *= 4;
    }),
    fill: t.host([t.buffer(t.u8), t.length(0)], t.length(0, t.i32), (capacity) => new Uint8Array(capacity).fill(7)),
    any: (value) => value,
    note: () => undefined,
    limit: 42,
    ...own,
  },
});

const api = (t) =>
  t.api({
    ask: t.fn([t.closure([t.u32], t.u32), t.u32], t.u32),
    tell: t.fn([t.param("receive", t.closure([t.u32], t.void)), t.u32], t.void),
    steps: t.fn([], t.u32),
    Box: t.class({ new: t.ctor([t.i32]), value: t.getter(t.i32) }),
    pick: t.fn([t.closure([t.object("Box")], t.object("Box")), t.object("Box")], t.object("Box")),
  });

/** The part of the crate's classes that its stream takes. */
const realmApi = (t) =>
  t.api({
    Realm: t.class({
      new: t.ctor([]),
      loadModelById: t.method([t.u32], t.void),
      setConfig: t.method([t.owned("GenerationConfig")], t.void),
      generate: t.method([t.string], t.string),
      generateStream: t.method([t.string, t.closure([t.string], t.js, { lent: true })], t.void),
    }),
    GenerationConfig: t.class({ new: t.ctor([]), maxTokens: t.field(t.u32) }),
  });

/** Opens the module `host`. */
const open = ({ offload, modules, t }, own, options) => offload(modules.host, { imports: env(t, own), ...options });

/** Opens it without the imports that a worker waits for. */
const openTelling = ({ offload, modules, t }, own, options) => {
  const { log, note, limit } = env(t, own).env;
  return offload(modules.host, { imports: { env: { log, note, limit } }, ...options });
};

/** Works wherever there are workers: nobody waits. */
export const tellingCases = {
  "tells functions of the caller's thread in order, and before the call is answered": {
    run: async (given) => {
      const heard = [];
      const wasm = await openTelling(given, {
        log: given.t.host([given.t.string], given.t.void, async (text) => heard.push(text)),
        note: (number) => heard.push(number),
      });
      const call = wasm.exports.say(3).then(() => heard.push("answered"));
      await call;
      await wasm.dispose();
      return heard;
    },
    expected: ["hello", 3, "hello", 2, "hello", 1, "answered"],
  },

  "rejects the call with what such a function throws, and the module goes on": {
    run: async (given) => {
      const heard = [];
      const mine = new RangeError("mine");
      const wasm = await openTelling(given, {
        note: (number) => {
          heard.push(number);
          if (number === 3) throw mine;
        },
      });
      const error = await failure(wasm.exports.say(4));
      const steps = await wasm.exports.steps();
      await wasm.dispose();
      return [error === mine, heard, steps];
    },
    expected: [true, [4, 3, 2, 1], 4],
  },

  "rejects the call with the reason of such a function's promise": {
    run: async (given) => {
      const mine = new RangeError("mine");
      const note = async (number) => {
        if (number === 3) throw mine;
      };
      const wasm = await openTelling(given, { note }, { api: api(given.t) });
      const errors = [await failure(wasm.exports.say(4)), await failure(wasm.api.tell(() => Promise.reject(mine), 3))];
      const steps = await wasm.exports.steps();
      await wasm.dispose();
      return [...errors.map((error) => error === mine), steps];
    },
    expected: [true, true, 7],
  },

  "streams to a closure that returns nothing": {
    run: async (given) => {
      const wasm = await openTelling(given, {}, { api: api(given.t) });
      const pieces = [];
      await wasm.api.tell((piece) => pieces.push(piece), 3);
      const mine = new Error("mine");
      const error = await failure(
        wasm.api.tell(() => {
          throw mine;
        }, 2),
      );
      const wrong = await failure(wasm.api.tell("text", 2));
      const forged = await failure(wasm.api.tell({ posted: { id: 1, name: "x", reply: "none" } }, 2));
      const steps = await wasm.api.steps();
      const stop = new AbortController();
      const aborted = failure(
        wasm.with({ signal: stop.signal }).api.tell((piece) => piece === 2 ** 31 && stop.abort("enough"), 2 ** 31),
      );
      const { code, cause } = await aborted;
      const again = [];
      await wasm.api.tell((piece) => again.push(piece), 1);
      await wasm.dispose();
      return [pieces, error === mine, [wrong.code, wrong.details.argument, forged.code], steps, [code, cause], again];
    },
    expected: [[3, 2, 1], true, ["invalid-argument", "receive", "invalid-argument"], 5, ["aborted", "enough"], [1]],
  },

  "calls the module from such a function": {
    run: async (given) => {
      const answers = [];
      const wasm = await openTelling(given, { note: () => answers.push(wasm.exports.steps()) });
      await wasm.exports.say(2);
      const steps = await Promise.all(answers);
      await wasm.dispose();
      return steps;
    },
    expected: [2, 2],
  },

  "refuses imports that cannot stay on this thread": {
    run: async ({ offload, modules, imports, t }) => {
      const closure = t.host([t.closure([t.i32], t.i32)], t.void, () => undefined);
      const errors = [];
      for (const given of [
        () => ({}),
        [imports, imports],
        [{}, {}],
        { env: { log: "text" } },
        { env: { log: closure } },
        { env: { log: { member: "host", params: [], result: t.void, call: 1 } } },
        { env: { log: { member: "host", params: [null], result: t.void, call: () => undefined }, limit: 1 } },
        { env: { log: t.host([t.f64], t.void, () => undefined), limit: 1 } },
        { env: { log: t.host([t.string], t.void, () => undefined, { api: t.api({}) }), limit: 1 } },
      ]) {
        const { code, details } = await failure(offload(modules.host, { imports: given }));
        errors.push([code, details.option ?? details.name]);
      }
      return errors;
    },
    expected: [
      ["invalid-option", "imports"],
      ["invalid-option", "imports"],
      ["invalid-option", "imports"],
      ["invalid-option", 'imports: "env"."log"'],
      ["invalid-option", 'imports: "env"."log"'],
      ["invalid-option", 'imports: "env"."log"'],
      ["import-mismatch", "log"],
      ["import-mismatch", "log"],
      ["import-mismatch", "log"],
    ],
  },
};

/** Workers wait in shared memory. */
export const waitingCases = {
  "waits for functions of the caller's thread": {
    run: async (given) => {
      const wasm = await open(given, {
        "w*": async (value) => later(value + 1n),
        wide: undefined,
      });
      const results = [
        await wasm.exports.save(-5),
        await wasm.exports.raw(-1, 2n ** 40n, 0.5),
        Object.is(await wasm.exports.raw(0, 0n, -0), 0),
        String(await wasm.exports.raw(0, 0n, Infinity)),
        Number.isNaN(await wasm.exports.raw(0, 0n, NaN)),
        String(await wasm.exports.wide(-(2n ** 63n))),
        await wasm.exports.scale(),
        await wasm.exports.limit(),
      ];
      await wasm.dispose();
      return results;
    },
    expected: [6, 1099511627775.5, true, "Infinity", true, "-9223372036854775807", 7, 42],
  },

  "passes values of every kind and any size": {
    run: async (given) => {
      const wasm = await open(given, { any: (value) => later(value, 0) });
      const shared = [1];
      const values = [
        -0,
        NaN,
        2n ** 100n,
        "lone \ud800 surrogate",
        null,
        undefined,
        true,
        [1, [2]],
        { a: { b: shared }, c: shared },
        new Map([["key", new Set([1])]]),
        new Date(5),
        new Float64Array([1.5, -0]),
        new Uint16Array([1, 2, 3, 4]).subarray(1, 3),
        new Uint8Array([5]).buffer,
        "x".repeat(200_000),
      ];
      const answers = [];
      for (const value of values) answers.push(await wasm.exports.any(value));
      const sizes = [];
      for (const size of [65_000, 65_536, 70_000, 100_000_000]) sizes.push(await wasm.exports.fill(size));
      await wasm.dispose();
      return [
        Object.is(answers[0], -0),
        Number.isNaN(answers[1]),
        String(answers[2] === 2n ** 100n),
        ...answers.slice(3, 8),
        answers[8].a.b === answers[8].c,
        [...answers[9].get("key")],
        answers[10].getTime(),
        [answers[11].constructor.name, answers[11][0], Object.is(answers[11][1], -0)],
        [answers[12].constructor.name, ...answers[12]],
        answers[13].byteLength,
        answers[14].length,
        sizes,
      ].map((answer) => (answer === undefined ? "undefined" : answer));
    },
    expected: [
      true,
      true,
      "true",
      "lone \ud800 surrogate",
      null,
      "undefined",
      true,
      [1, [2]],
      true,
      [1],
      5,
      ["Float64Array", 1.5, true],
      ["Uint16Array", 2, 3],
      1,
      200_000,
      [7, 7, 7, 7],
    ],
  },

  "passes on what such a function throws, and follows onHostThrow": {
    run: async (given) => {
      const { t, UnglueError } = given;
      const save = t.host([t.bytes, t.u32], t.i32, async (_, id) => {
        await later();
        throw id === 1 ? new RangeError("far", { cause: new TypeError("why") }) : { plain: "data" };
      });
      const wasm = await open(given, { save });
      const range = await failure(wasm.exports.save(1));
      const plain = await failure(wasm.exports.save(2));
      await wasm.exports.say(1);
      const kept = await wasm.exports.steps();
      await wasm.dispose();
      const poisoning = await open(given, { save }, { onHostThrow: "poison" });
      await poisoning.exports.say(1);
      const { name } = await failure(poisoning.exports.save(1));
      const fresh = await poisoning.exports.steps();
      await poisoning.dispose();
      const recovering = await open(given, {
        save: t.host(
          [t.bytes, t.u32],
          t.i32,
          () => {
            throw new Error("-7");
          },
          { error: async (error) => -Number(error.message) },
        ),
      });
      const recovered = await recovering.exports.save(1);
      await recovering.dispose();
      const failing = await open(given, { save: t.host([t.bytes, t.u32], t.i32, () => "text") });
      const wrong = await failure(failing.exports.save(1));
      await failing.dispose();
      return [
        [range instanceof RangeError, range.message, range.cause.name, plain],
        [kept, name, fresh],
        recovered,
        [UnglueError.is(wrong, "invalid-argument"), wrong.details.argument],
      ];
    },
    expected: [[true, "far", "TypeError", { plain: "data" }], [1, "RangeError", 0], 7, [true, "result"]],
  },

  "refuses by name what cannot be passed": {
    run: async (given) => {
      const wasm = await open(given, { any: (value) => (value === 1 ? () => 1 : new Blob(["x"])) });
      const errors = [await failure(wasm.exports.any(1)), await failure(wasm.exports.any(2))];
      const after = await wasm.exports.save(1);
      await wasm.dispose();
      const isNamed = errors.every(({ message }) => message.startsWith('The result of the function "env"."any" '));
      return [...errors.map(({ code, details }) => [code, details.what, details.export]), isNamed, after];
    },
    expected: [["not-cloneable", "result", '"env"."any"'], ["not-cloneable", "result", '"env"."any"'], true, 5],
  },

  "ends a worker that waits: after a timeout, an abort and dispose": {
    run: async (given) => {
      const releases = [];
      let called;
      const save = given.t.host(
        [given.t.bytes, given.t.u32],
        given.t.i32,
        (_, id) => new Promise((resolve) => (called?.(), releases.push(() => resolve(id)))),
      );
      const wasm = await open(given, { save });
      /** Waits until the worker waits for the next call. */
      const isCalled = () => new Promise((resolve) => (called = resolve));
      const timeout = await failure(wasm.call("save", [1], { timeout: 500 }));
      releases[0]();
      const stop = new AbortController();
      const aborting = failure(wasm.call("save", [2], { signal: stop.signal }));
      await isCalled();
      stop.abort("enough");
      const aborted = await aborting;
      // The late answers do not reach the next worker.
      const steps = await wasm.exports.steps();
      const disposing = failure(wasm.exports.save(3));
      await isCalled();
      await wasm.dispose();
      const calls = releases.length;
      return [timeout.code, aborted.code, steps, (await disposing).code, calls];
    },
    expected: ["timeout", "aborted", 0, "disposed", 3],
  },

  "refuses a call that its own worker would have to run, and lets another run it": {
    run: async (given) => {
      const { t, UnglueError } = given;
      const answers = [];
      for (const workers of [1, 2]) {
        const wasm = await open(
          given,
          { save: t.host([t.bytes, t.u32], t.i32, async (_, id) => (id === 0 ? 9 : (await wasm.exports.save(0)) + 1)) },
          { workers },
        );
        answers.push(
          await wasm.exports.save(1).catch((error) => [UnglueError.is(error, "worker-busy"), error.details]),
        );
        await wasm.dispose();
      }
      const two = await open(
        given,
        {
          save: t.host([t.bytes, t.u32], t.i32, async (_, id) =>
            id === 0 ? 9 : (await later(), wasm2.exports.save(id - 1)),
          ),
        },
        { workers: 2 },
      );
      const wasm2 = two;
      const both = await Promise.all([two.exports.save(1), two.exports.save(0)]);
      await two.dispose();
      return [...answers, both];
    },
    expected: [[true, { call: "save", function: '"env"."save"' }], 10, [9, 9]],
  },

  "waits for closures that return something": {
    run: async (given) => {
      const wasm = await open(given, {}, { api: api(given.t) });
      const { api: bound } = wasm;
      const sums = [await bound.ask((x) => x * 10, 1), await bound.ask(async (x) => later(x), 5)];
      const mine = await failure(
        bound.ask(() => {
          throw new TypeError("mine");
        }, 1),
      );
      const one = await bound.Box.new(7);
      let seen;
      const picked = await bound.pick((box) => (seen = box), one);
      const busy = await failure(bound.pick((box) => box.value(), one));
      const wrong = await failure(bound.pick(() => 5, one));
      const value = await picked.value();
      await wasm.dispose();
      return [sums, [mine.name, mine.message], seen === one, picked === one, busy.code, wrong.code, value];
    },
    expected: [[30, 11], ["TypeError", "mine"], true, true, "worker-busy", "invalid-argument", 7],
  },

  "joins imports of this thread with those of a module that each worker imports": {
    run: async ({ offload, modules, imports }) => {
      const wasm = await offload(modules.env, { imports: [imports, { env: { life: async () => later(100) } }] });
      const results = [await wasm.exports.life(), await wasm.exports.text()];
      await wasm.dispose();
      return results;
    },
    expected: [100, "from memory"],
  },

  "serves start functions": {
    run: async ({ offload, modules }) => {
      const heard = [];
      const wasm = await offload(modules.early, {
        imports: { env: { log: (x) => heard.push(x), ask: () => later(5) } },
      });
      const got = await wasm.exports.got();
      await wasm.dispose();
      const mine = new Error("mine");
      const throwing = () => {
        throw mine;
      };
      const told = await failure(offload(modules.early, { imports: { env: { log: throwing, ask: () => 1 } } }));
      const asked = await failure(offload(modules.early, { imports: { env: { log: () => 1, ask: throwing } } }));
      return [heard, got, told === mine, asked.message];
    },
    expected: [[1], 5, true, "mine"],
  },

  "streams the tokens of a model, whose file the caller's thread reads": {
    run: async ({ offload, modules, imports, t }) => {
      const asked = [];
      const fetchModel = t.host([t.u32, t.buffer(t.u8), t.length(1)], t.length(1, t.u32), async (id, capacity) => {
        asked.push([id, capacity]);
        return later(modules.model);
      });
      const logged = [];
      const log = t.host([t.u32, t.string, t.string], t.void, (level, target) => logged.push(`${level} ${target}`));
      const wasm = await offload(modules.realm, {
        api: realmApi(t),
        imports: [new URL("realm-imports.mjs", imports), { env: { realm_fetch_model: fetchModel, realm_log: log } }],
      });
      const made = await wasm.api.Realm.new();
      await made.loadModelById(2 ** 31 + 5);
      const config = await wasm.api.GenerationConfig.new();
      await config.maxTokens(40);
      await made.setConfig(config);
      const pieces = [];
      await made.generateStream("The People", (piece) => void pieces.push(piece));
      const few = [];
      const stopped = await failure(made.generateStream("The People", async (piece) => few.push(piece) < 3));
      const text = await made.generate("The People");
      const thrown = await failure(
        made.generateStream("The People", () => {
          throw new Error("mine");
        }),
      );
      await wasm.dispose();
      return [
        pieces.join("") === text,
        pieces.length,
        few.length,
        stopped.message,
        thrown.message,
        asked.map(([id, capacity]) => [id, capacity === 0 || capacity === modules.model.length]),
      ];
    },
    expected: [
      true,
      40,
      3,
      "generation was stopped by its receiver",
      "mine",
      [
        [2147483653, true],
        [2147483653, true],
      ],
    ],
  },
};

/** A page that is not isolated. Calls of exports by name can be suspended; others cannot. */
export const aloneCases = {
  "says what to do if a worker cannot wait": {
    run: async (given) => {
      const { UnglueError, t } = given;
      const errors = [await failure(open(given, {}, { api: api(t) }))];
      const wasm = await openTelling(given, {}, { api: api(t) });
      errors.push(await failure(wasm.api.ask((x) => x, 1)));
      const steps = await wasm.api.steps();
      await wasm.dispose();
      return [
        errors.map((error) => [
          UnglueError.is(error, "unavailable-here"),
          error.details.what,
          error.message.includes("Cross-Origin-Embedder-Policy: require-corp"),
          error.message.includes("the address of a module"),
        ]),
        steps,
      ];
    },
    expected: [
      [
        [true, "SharedArrayBuffer", true, true],
        [true, "SharedArrayBuffer", true, true],
      ],
      0,
    ],
  },

  "suspends calls of exports where workers cannot wait": {
    run: async (given) => {
      const { t, UnglueError } = given;
      const wasm = await open(
        given,
        {
          save: t.host(
            [t.bytes, t.u32],
            t.i32,
            async (bytes, id) => {
              await later();
              if (id < 3) throw id === 1 ? new RangeError("far") : new Error("-9");
              return bytes.length;
            },
            { error: async (error) => (error instanceof RangeError ? "text" : Number(error.message)) },
          ),
          any: (value) => (value === "fail" ? Promise.reject(new TypeError("mine")) : later(value)),
        },
        { timeout: 5000 },
      );
      const results = [
        await wasm.exports.save(3),
        await wasm.exports.raw(-1, 2n ** 40n, 0.5),
        String(await wasm.exports.wide(-(2n ** 63n))),
        await wasm.exports.scale(),
        await wasm.exports.fill(1_000_000),
        await wasm.exports.save(2),
        (await wasm.exports.any(new Map([[1, 2]]))).get(1),
      ];
      await wasm.exports.say(1);
      const before = await wasm.exports.steps();
      const wrong = await failure(wasm.exports.save(1));
      const mine = await failure(wasm.exports.any("fail"));
      const after = await wasm.exports.steps();
      const trap = await failure(wasm.exports.ask(0, 1));
      await wasm.dispose();
      const held = await open(given, { wide: () => new Promise(() => undefined) });
      const timeout = await failure(held.call("wide", [1n], { timeout: 50 }));
      const next = await held.exports.save(3);
      await held.dispose();
      return [
        results,
        [before, UnglueError.is(wrong, "invalid-argument"), mine.name, mine.message, after],
        [timeout.code, next, UnglueError.is(trap, "trap")],
      ];
    },
    expected: [
      [5, 1099511627775.5, "-9223372036854775808", 7, 7, -9, 2],
      [1, true, "TypeError", "mine", 0],
      ["timeout", 5, true],
    ],
  },
};
