/* global AbortController, WebAssembly, setTimeout */
// The same calls in Node and in Chromium: each case has what to do and what comes of it, as JSON.

import { apiCases } from "./api-cases.mjs";
import { failure } from "./failure.mjs";
import { aloneCases, tellingCases, waitingCases } from "./function-cases.mjs";
import { hostileCases } from "./hostile-cases.mjs";

/**
 * @typedef {object} Given - What a case is run with.
 * @property {typeof import("../../src/entries/offload-node.ts").offload} offload - The `offload` of an entry point.
 * @property {typeof import("../../src/errors/unglue-error.ts").UnglueError} UnglueError - The error class of the same build.
 * @property {typeof import("../../src/bind/t.ts").t} t - The language of interfaces, of the same build.
 * @property {Record<string, Uint8Array>} modules - Modules by name.
 * @property {string} imports - The address of `imports.mjs`.
 * @property {string} base - An address beside which there is nothing else.
 */

/**
 * @typedef {object} Case - One case.
 * @property {(given: Given) => Promise<unknown>} run - What to do.
 * @property {unknown} expected - What comes of it.
 */

/** @type {Record<string, Case>} */
const cases = {
  "calls the exported functions, whatever their names and results": {
    run: async ({ offload, modules }) => {
      const math = await offload(modules.math);
      const { exports } = math;
      const results = [
        await exports.add(1, 2),
        String(await exports.wide(2n ** 40n)),
        await exports.both(),
        (await exports.nothing()) === undefined,
        await exports.__proto__(),
        await exports.then(),
        await exports[""](),
        await math.call("add", [3, 4]),
      ];
      const names = [
        Object.keys(exports).length,
        "memory" in exports,
        "toString" in exports,
        math.shape.exports.length,
      ];
      await math.dispose();
      return [results, names];
    },
    expected: [
      [3, "1099511627777", [1, 2.5], true, 7, 8, 9, 7],
      [10, false, false, 11],
    ],
  },

  "takes imports from a module that each worker imports, and stubs the rest": {
    run: async ({ offload, modules, imports, UnglueError }) => {
      const wasm = await offload(modules.env, { imports: new URL(imports), missing: { "missing.*": "trap" } });
      const error = await failure(wasm.exports.missing());
      const results = [await wasm.exports.text(), await wasm.exports.later()];
      await wasm.dispose();
      const zero = await offload(modules.env, { missing: "zero" });
      results.push(await zero.exports.worker());
      await zero.dispose();
      return [results, UnglueError.is(error, "missing-import-called"), error.details];
    },
    expected: [
      ["from memory", "later", 0],
      true,
      { module: "missing", name: "import", type: { params: ["i64"], results: [] } },
    ],
  },

  "moves what is to be moved, and copies the rest": {
    run: async ({ offload, modules, imports }) => {
      const wasm = await offload(modules.env, { imports });
      const moved = new Uint8Array(1000);
      const copied = new Uint8Array(2000);
      const lengths = [
        await wasm.call("length", [moved], { transfer: [moved.buffer] }),
        await wasm.exports.length(copied),
      ];
      await wasm.dispose();
      return [lengths, moved.byteLength, copied.byteLength];
    },
    expected: [[1000, 2000], 0, 2000],
  },

  "ends a worker whose call runs too long, and the next call is answered by another": {
    run: async ({ offload, modules, imports, UnglueError }) => {
      const wasm = await offload(modules.env, { imports, timeout: 60_000 });
      const before = await wasm.exports.worker();
      const [error, after] = await Promise.all([
        failure(wasm.call("spin", [], { timeout: 50 })),
        wasm.exports.worker(),
      ]);
      const again = await wasm.exports.worker();
      await wasm.dispose();
      return [UnglueError.is(error, "timeout"), error.details, before === after, after === again];
    },
    expected: [true, { what: "spin", limit: 50 }, false, true],
  },

  "runs calls side by side: one that never ends keeps one worker only": {
    run: async ({ offload, modules, imports }) => {
      const wasm = await offload(modules.env, { imports, workers: 2 });
      const first = await Promise.all([wasm.exports.worker(), wasm.exports.worker()]);
      const stop = new AbortController();
      const endless = failure(wasm.call("spin", [], { signal: stop.signal }));
      const beside = await Promise.all(Array.from({ length: 50 }, () => wasm.exports.worker()));
      stop.abort();
      const { code } = await endless;
      await wasm.dispose();
      return [new Set(first).size, new Set(beside).size, first.includes(beside[0]), code];
    },
    expected: [2, 1, true, "aborted"],
  },

  "gives a worker a new instance after a trap, and leaves the others alone": {
    run: async ({ offload, modules, imports }) => {
      const wasm = await offload(modules.env, { imports, workers: 2 });
      const before = await Promise.all([wasm.exports.worker(), wasm.exports.worker()]);
      const [{ code }, beside] = await Promise.all([failure(wasm.exports.trap()), wasm.exports.life()]);
      const lives = await Promise.all([wasm.exports.life(), wasm.exports.life()]);
      const after = await Promise.all([wasm.exports.worker(), wasm.exports.worker()]);
      await wasm.dispose();
      return [code, beside, lives.sort(), after.every((worker) => before.includes(worker))];
    },
    expected: ["trap", 1, [1, 2], true],
  },

  "goes on after an exception of an import, or not, as onHostThrow says": {
    run: async ({ offload, modules, imports }) => {
      const answers = [];
      for (const onHostThrow of ["throw", "poison", "restart"]) {
        const wasm = await offload(modules.env, { imports, onHostThrow });
        const before = await wasm.exports.life();
        const { name } = await failure(wasm.exports.throw(0));
        answers.push([name, (await wasm.exports.life()) - before]);
        await wasm.dispose();
      }
      return answers;
    },
    expected: [
      ["RangeError", 0],
      ["RangeError", 1],
      ["RangeError", 1],
    ],
  },

  'goes on with the same instance where onTrap is "throw"': {
    run: async ({ offload, modules }) => {
      const math = await offload(modules.math, { onTrap: "throw" });
      const results = [
        await math.exports.count(),
        (await failure(math.exports.trap())).code,
        await math.exports.count(),
      ];
      await math.dispose();
      return results;
    },
    expected: [1, "trap", 2],
  },

  "answers 1,000 calls in the order in which they came": {
    run: async ({ offload, modules }) => {
      const math = await offload(modules.math);
      const answers = await Promise.all(Array.from({ length: 1000 }, () => math.exports.count()));
      await math.dispose();
      return answers.every((answer, i) => answer === i + 1);
    },
    expected: true,
  },

  "answers 1,000 calls of which some trap and some run too long": {
    run: async ({ offload, modules }) => {
      const math = await offload(modules.math, { workers: 2 });
      const answers = await Promise.all(
        Array.from({ length: 1000 }, (_, i) => {
          if (i % 100 === 50) return math.exports.trap().catch(({ code }) => code);
          if (i === 500) return math.call("spin", [], { timeout: 20 }).catch(({ code }) => code);
          return math.exports.add(i, 1);
        }),
      );
      await math.dispose();
      const odd = answers.filter((answer, i) => answer !== i + 1);
      return [
        odd.filter((answer) => answer === "trap").length,
        odd.filter((answer) => answer === "timeout").length,
        odd.length,
      ];
    },
    expected: [10, 1, 11],
  },

  "aborts a call before it is made, while it waits, and while it runs": {
    run: async ({ offload, modules, UnglueError }) => {
      const math = await offload(modules.math);
      const at = [new AbortController(), new AbortController(), new AbortController()];
      at[0].abort("before");
      const calls = [
        failure(math.call("count", [], { signal: at[0].signal })),
        failure(math.call("spin", [], { signal: at[1].signal })),
        failure(math.call("count", [], { signal: at[2].signal })),
      ];
      const after = math.exports.count();
      at[2].abort("while it waits");
      await calls[2];
      at[1].abort("while it runs");
      const errors = await Promise.all(calls);
      // Neither of the two has counted.
      const count = await after;
      await math.dispose();
      return [errors.map((error) => UnglueError.is(error, "aborted") && error.cause), count];
    },
    expected: [["before", "while it runs", "while it waits"], 1],
  },

  "listens once to a signal of many calls, and leaves no listener": {
    run: async ({ offload, modules }) => {
      const math = await offload(modules.math);
      const { signal } = new AbortController();
      let listeners = 0;
      const counting = {
        aborted: false,
        reason: undefined,
        addEventListener: (...args) => (listeners++, signal.addEventListener(...args)),
        removeEventListener: (...args) => (listeners--, signal.removeEventListener(...args)),
      };
      const running = math.call("add", [1, 2], { signal: counting });
      const failing = failure(math.call("trap", [], { signal: counting }));
      await Promise.resolve();
      const during = listeners;
      await Promise.all([running, failing]);
      await math.dispose();
      return [during, listeners];
    },
    expected: [1, 0],
  },

  "refuses what waits, what runs and what comes later once it is disposed": {
    run: async ({ offload, modules }) => {
      const math = await offload(modules.math, { workers: 2 });
      const calls = [math.exports.spin(), math.exports.spin(), math.exports.count()].map(failure);
      await Promise.all([math.dispose(), math.dispose()]);
      calls.push(failure(math.exports.count()));
      await math.dispose();
      return (await Promise.all(calls)).map(({ code }) => code);
    },
    expected: ["disposed", "disposed", "disposed", "disposed"],
  },

  "brings errors across with class, code, details, message, stack and causes": {
    run: async ({ offload, modules, imports, UnglueError }) => {
      const wasm = await offload(modules.env, { imports, missing: "trap" });
      const trap = await failure(wasm.exports.trap());
      const range = await failure(wasm.exports.throw(0));
      const named = await failure(wasm.exports.throw(1));
      const thrown = [await failure(wasm.exports.throw(2)), await failure(wasm.exports.throw(3))];
      await wasm.dispose();
      return [
        [
          UnglueError.is(trap, "trap"),
          trap instanceof UnglueError,
          trap.details.export,
          trap.details.frames.length,
          trap.message,
          trap.name,
        ],
        [trap.cause instanceof WebAssembly.RuntimeError, /wasm/.test(trap.cause.stack)],
        [range instanceof RangeError, range.message, range.cause instanceof TypeError, range.cause.message],
        [named instanceof Error, named.name, named.message, named.stack.includes("imports.mjs")],
        thrown,
      ];
    },
    expected: [
      [
        true,
        true,
        "trap",
        1,
        'The export "trap" trapped: unreachable. The cause has the stack inside the module. See unglue/docs/errors.md#trap',
        "UnglueError",
      ],
      [true, true],
      [true, "too far", true, "the reason"],
      [true, "Refused", "by name", true],
      [{ plain: "data" }, "a function"],
    ],
  },

  "refuses by name what cannot be posted, and the worker goes on": {
    run: async ({ offload, modules, imports, UnglueError }) => {
      const wasm = await offload(modules.env, { imports });
      const before = await wasm.exports.worker();
      const errors = [await failure(wasm.exports.length(() => 1)), await failure(wasm.exports.function())];
      const after = await wasm.exports.worker();
      await wasm.dispose();
      return [errors.map((error) => UnglueError.is(error, "not-cloneable") && error.details), before === after];
    },
    expected: [
      [
        { export: "length", what: "arguments" },
        { export: "function", what: "result" },
      ],
      true,
    ],
  },

  "replaces a worker that an error ends, and answers what waits": {
    run: async ({ offload, modules, imports, UnglueError }) => {
      const wasm = await offload(modules.env, { imports });
      const before = await wasm.exports.worker();
      const [error, after] = await Promise.all([failure(wasm.exports.crash()), wasm.exports.worker()]);
      await wasm.dispose();
      return [
        UnglueError.is(error, "worker-ended"),
        error.details,
        error.message.includes("nobody catches this"),
        before === after,
      ];
    },
    expected: [true, { worker: 1, during: "call" }, true, false],
  },

  "fails as load does where no instance can be made": {
    run: async ({ offload, modules, imports, base }) => {
      const errors = [
        await failure(offload(modules.env, { missing: "error" })),
        await failure(offload(modules.trapping, { workers: 2 })),
        await failure(offload(new Uint8Array(8))),
        await failure(offload(modules.env, { imports: new URL("nowhere.mjs", base) })),
        await failure(offload(modules.env, { imports: new URL("cases.mjs", imports) })),
        await failure(offload(modules.math, { worker: new URL("nowhere.mjs", base) })),
      ];
      return errors.map(({ code, details }) => [
        code,
        details.imports?.length ?? details.reason ?? details.option ?? "",
      ]);
    },
    expected: [
      ["unresolved-imports", 11],
      ["trap", ""],
      ["not-wasm", ""],
      ["read-failed", ""],
      ["invalid-option", "imports"],
      ["worker-unavailable", "missing"],
    ],
  },

  "can be given up while workers start, even in a start function that never ends": {
    run: async ({ offload, modules }) => {
      const stop = new AbortController();
      const opening = failure(offload(modules.endless, { signal: stop.signal, workers: 2 }));
      setTimeout(() => stop.abort("enough"), 100);
      const { code, cause } = await opening;
      return [code, cause];
    },
    expected: ["aborted", "enough"],
  },

  "refuses options that it does not know or cannot post": {
    run: async ({ offload, modules }) => {
      const { math: bytes } = modules;
      const math = await offload(bytes);
      const errors = [
        await failure(offload(bytes, { wokers: 2 })),
        await failure(offload(bytes, { workers: 0 })),
        await failure(offload(bytes, { timeout: 2 ** 31 })),
        await failure(offload(bytes, { imports: "./imports.mjs" })),
        await failure(offload(bytes, { imports: 1 })),
        await failure(offload(bytes, { missing: () => undefined })),
        await failure(offload(bytes, { missing: { "*": () => undefined } })),
        await failure(offload(bytes, { trace: () => undefined })),
        await failure(offload(bytes, { worker: 1 })),
        await failure(math.call("add", [1, 2], { timeout: -1 })),
        await failure(math.call("add", [1, 2], { transfer: new ArrayBuffer(8) })),
        await failure(math.call("add", [1, 2], { abort: 1 })),
        await failure(math.call("memory", [])),
        await failure(math.call("add", 1)),
      ];
      await math.dispose();
      return errors.map(({ code, details }) => [code, details.option ?? details.argument]);
    },
    expected: [
      ["unknown-option", "wokers"],
      ["invalid-option", "workers"],
      ["invalid-option", "timeout"],
      ["invalid-option", "imports"],
      ["invalid-option", "imports"],
      ["invalid-option", "missing"],
      ["invalid-option", "missing"],
      ["unknown-option", "trace"],
      ["invalid-option", "worker"],
      ["invalid-option", "timeout"],
      ["invalid-option", "transfer"],
      ["unknown-option", "abort"],
      ["invalid-argument", "name"],
      ["invalid-argument", "args"],
    ],
  },
};

/** @type {Record<string, Case>} */
const everywhere = { ...cases, ...apiCases, ...hostileCases, ...tellingCases };

/**
 * The cases by where they run.
 *
 * @type {Record<string, Record<string, Case>>}
 */
export const caseLists = {
  node: { ...everywhere, ...waitingCases },
  page: { ...everywhere, ...aloneCases },
  "isolated page": { ...tellingCases, ...waitingCases },
};

/**
 * Runs the cases of a list.
 *
 * @param {Given} given - What they need.
 * @param {string} list - The name of the list.
 * @returns {Promise<Record<string, unknown>>} What came of each; a text where it failed.
 */
export async function runCases(given, list) {
  const results = [];
  for (const [name, { run }] of Object.entries(caseLists[list])) {
    const result = await run(given).catch((error) => `failed: ${error?.stack ?? error}`);
    results.push([name, result]);
  }
  return Object.fromEntries(results);
}
