/* global AbortController, WebAssembly */
// Declared interfaces from workers, the same in Node and in Chromium.
import { failure } from "./failure.mjs";

/** The interface of the module `counter`, by the convention of C. */
const counterApi = (t) =>
  t.api({
    Counter: t.class({
      new: t.ctor([t.i32]),
      from_text: t.ctor([t.string]),
      last: t.static([], t.object("Counter")),
      none: t.static([], t.optional(t.object("Counter"))),
      add: t.method([t.i32], t.i32),
      merge: t.method([t.optional(t.object("Counter"))], t.i32),
      itself: t.method([], t.object("Counter")),
      then: t.method([], t.i32),
      end: t.method([], t.i32, { consumes: true }),
      spin: t.method([], t.void),
      value: t.getter(t.i32),
      mark: t.field(t.i32),
    }),
    Other: t.class({ new: t.ctor([]) }),
    absorb: t.fn([t.object("Counter"), t.owned("Counter")], t.object("Counter")),
    freed: t.fn([], t.u32),
    sum: t.fn([t.bytes], t.u32),
    double: t.fn([t.array(t.f32, { mutable: true })], t.void),
    split: t.fn([t.i32, t.out(t.i32), t.out(t.owned("Counter"))], t.i32),
    spin: t.fn([], t.void),
    trap: t.fn([], t.void),
  });

/** The interface of the module `values`, by wasm-bindgen's convention. */
const valuesApi = (t) =>
  t.api({
    Counter: t.class({ new: t.ctor([t.u32]), value: t.getter(t.u32) }),
    some: t.fn([t.u32], t.js.as(t.owned("Counter"))),
    pair: t.fn([t.u32], t.list(t.js.as(t.owned("Counter")))),
    worth: t.fn([t.js.as(t.owned("Counter"))], t.u32),
    echo: t.fn([t.js], t.js),
    wait: t.fn([t.promise(t.js)], t.promise(t.js)),
    later: t.fn([], t.promise(t.js)),
    function: t.fn([], t.js),
  });

/** An error as the cases compare it. */
const seen = ({ code, details }) => [code, details.reason ?? details.received ?? details.what ?? ""];

export const apiCases = {
  "takes a declaration file with builtins, for bytes and for compiled modules": {
    run: async ({ offload, modules: { strings }, t }) => {
      const both = { builtins: ["js-string"], importedStringConstants: "'" };
      const file = {
        format: 1,
        fingerprint: "0123456789abcdef",
        ...both,
        api: t.api({ size: t.fn([], t.i32), size_of: t.fn([t.js], t.i32) }),
        shape: {
          imports: [
            ["wasm:js-string", "x>i:length"],
            ["'", "=x:four"],
          ],
          exports: [">i:size", "x>i:size_of"],
        },
      };
      const foreign = await failure(offload(strings, file));
      const own = JSON.parse(JSON.stringify({ ...file, fingerprint: foreign.details.found }));
      const results = [];
      for (const source of [strings, new WebAssembly.Module(strings), new WebAssembly.Module(strings, both)]) {
        const wasm = await offload(source, { ...own, workers: 2 });
        results.push(await wasm.api.size(), await wasm.api.size_of("twelve"));
        await wasm.dispose();
        const other = await failure(offload(source, { ...own, importedStringConstants: "_" }));
        results.push(other.code, other.details.option);
      }
      return [foreign.code, results];
    },
    expected: [
      "declaration-mismatch",
      Array.from({ length: 3 }, () => [4, 6, "invalid-option", "importedStringConstants"]).flat(),
    ],
  },
  "takes a declaration file, whose facts are posted to the workers": {
    run: async ({ offload, modules, t }) => {
      const file = {
        format: 1,
        fingerprint: "0123456789abcdef",
        api: t.api({ text: t.fn([], t.js), told: t.fn([], t.f64) }),
        known: {
          toolchain: "wasm-bindgen",
          casts: { __wbindgen_cast_0000000000000001: "s" },
          meanings: { __wbg_log_0000000000000001: "console.debug: (s)", __wbg_now_0000000000000001: "Date.now: ()->d" },
        },
      };
      const foreign = await failure(offload(modules.stated, file));
      const own = { ...file, fingerprint: foreign.details.found };
      const wasm = await offload(modules.stated, JSON.parse(JSON.stringify(own)));
      const results = [await wasm.api.text(), (await wasm.api.told()) > 1e12];
      await wasm.dispose();
      const unknown = await failure(offload(modules.stated, { ...own, format: 2 }));
      const evaluating = { ...own.known, meanings: { __wbg_log_0000000000000001: "eval: (s)" } };
      const refused = await failure(offload(modules.stated, { ...own, known: evaluating }));
      return [results, foreign.code, unknown.code, refused.code, refused.details.option];
    },
    expected: [
      ["stated", true],
      "declaration-mismatch",
      "declaration-format",
      "invalid-option",
      'known.meanings["__wbg_log_0000000000000001"]',
    ],
  },

  "has the functions and classes of a declared interface": {
    run: async ({ offload, modules, t }) => {
      const wasm = await offload(modules.counter, { api: counterApi(t) });
      const { Counter, Other, sum } = wasm.api;
      const counter = await Counter.new(1);
      const results = [
        await sum(Uint8Array.of(1, 2, 250)),
        await counter.add(2),
        await counter.value(),
        await counter.mark(),
        (await counter.mark(7)) === undefined,
        await counter.mark(),
        await (await Counter.from_text("grüezi")).value(),
        await counter.end(),
      ];
      const names = [
        Object.keys(wasm.api).length,
        Object.keys(Counter),
        "then" in counter,
        counter instanceof Counter,
        counter instanceof Other,
        counter.constructor.name,
      ];
      await wasm.dispose();
      return [results, names];
    },
    expected: [
      [253, 3, 3, 0, true, 7, 7, 3],
      [9, ["new", "from_text", "last", "none"], false, true, false, "Counter"],
    ],
  },

  "takes adapters, a console and functions by meaning from the module of the imports, and host functions that are declared":
    {
      run: async ({ offload, modules, imports, t }) => {
        const beside = (name) => new URL(name, imports);
        const api = t.api({ text: t.fn([], t.js.as(t.string)), kept: t.fn([], t.u32), told: t.fn([], t.f64) });
        const wasm = await offload(modules.stated, { api, imports: beside("stated.mjs") });
        const results = [await wasm.api.text(), await wasm.api.kept(), await wasm.api.told()];
        await wasm.dispose();
        for (const name of ["adapters.mjs", "empty.mjs"]) {
          const error = await failure(offload(modules.stated, { imports: beside(name) }));
          results.push(error.code, error.details.option);
        }
        return results;
      },
      expected: ["stated", 46, 7, "invalid-option", "adapters", "invalid-option", "imports"],
    },

  "calls each member by the convention that is declared": {
    run: async ({ offload, modules, t }) => {
      const Counter = t.class({ new: t.ctor([t.u32]), value: t.getter(t.u32) }, { convention: "c" });
      const api = t.api({ textLength: t.fn([t.cstring], t.u32), Counter }, { convention: "c" });
      const greet = t.fn([t.string], t.u32, { convention: "wasm-bindgen" });
      const wasm = await offload(modules.mixed, { api: t.api({ ...api.members, greet }, { convention: "c" }) });
      const results = [await wasm.api.textLength("four"), await wasm.api.greet("H")];
      results.push(await (await wasm.api.Counter.new(5)).value(), await wasm.exports.live());
      await wasm.dispose();
      const plain = await offload(modules.mixed, {
        api: t.api({ textLength: api.members.textLength }),
        toolchain: "c",
      });
      results.push(await plain.api.textLength("abc"));
      await plain.dispose();
      const refused = await failure(offload(modules.mixed, { toolchain: "cdecl" }));
      return [results, refused.code, refused.details.option];
    },
    expected: [[4, 72, 5, 1, 3], "invalid-option", "toolchain"],
  },

  "keeps objects what they are: one for each, lent, given away, none": {
    run: async ({ offload, modules, t }) => {
      const wasm = await offload(modules.counter, { api: counterApi(t) });
      const { Counter, absorb } = wasm.api;
      const one = await Counter.new(1);
      const two = await Counter.new(10);
      const results = [
        (await one.itself()) === one,
        (await Counter.last()) === two,
        (await Counter.none()) === undefined,
        await one.merge(two),
        await one.merge(undefined),
        await one.merge(),
        (await absorb(one, two)) === one,
        await one.value(),
        seen(await failure(two.value())),
      ];
      await wasm.dispose();
      return results;
    },
    expected: [true, true, true, 11, -1, -1, true, 21, ["object-unusable", "moved"]],
  },

  "frees an object once, after the calls that wait, and refuses it from then on": {
    run: async ({ offload, modules, t }) => {
      const wasm = await offload(modules.counter, { api: counterApi(t) });
      const one = await wasm.api.Counter.new(1);
      const [added, freed, refused] = await Promise.all([one.add(1), one.free(), failure(one.add(1))]);
      await Promise.all([one.free(), one.dispose()]);
      const two = await wasm.api.Counter.new(1);
      await two[Symbol.asyncDispose ?? "dispose"]();
      const argument = await failure((await wasm.api.Counter.new(1)).merge(two));
      const results = [added, freed === undefined, seen(refused), seen(argument), await wasm.api.freed()];
      await wasm.dispose();
      return results;
    },
    expected: [2, true, ["object-unusable", "freed"], ["object-unusable", "freed"], 2],
  },

  "calls an object where it lives, in order, and refuses two of different workers": {
    run: async ({ offload, modules, t }) => {
      const wasm = await offload(modules.counter, { api: counterApi(t), workers: 2 });
      const other = await offload(modules.counter, { api: counterApi(t) });
      const { Counter } = wasm.api;
      // Each worker gets one of two simultaneous calls.
      const [one, two] = await Promise.all([Counter.new(0), Counter.new(100)]);
      const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? one.add(1) : two.add(1))));
      const inOrder = answers.every((answer, i) => answer === (i % 2) * 100 + Math.floor(i / 2) + 1);
      const errors = [
        await failure(one.merge(two)),
        await failure(wasm.api.absorb(one, two)),
        await failure(other.api.Counter.new(1).then((stranger) => one.merge(stranger))),
      ];
      const values = [await one.value(), await two.value()];
      await Promise.all([wasm.dispose(), other.dispose()]);
      return [inOrder, errors.map(seen), values];
    },
    expected: [true, Array(3).fill(["object-unusable", "foreign"]), [100, 200]],
  },

  "refuses objects whose worker or instance has ended, those of calls that wait too": {
    run: async ({ offload, modules, t }) => {
      const wasm = await offload(modules.counter, { api: counterApi(t) });
      const { Counter, trap } = wasm.api;
      const late = await Counter.new(1);
      const [timedOut, waiting] = await Promise.all([
        failure(wasm.with({ timeout: 50 }).of(late).spin()),
        failure(late.add(1)),
      ]);
      const after = await failure(late.add(1));
      await late.free();
      const trapped = await Counter.new(1);
      const trapping = await failure(trap());
      const ended = await failure(trapped.add(1));
      await trapped.free();
      const fresh = await Counter.new(5);
      const results = [await fresh.add(1), await wasm.api.freed()];
      await wasm.dispose();
      const disposed = await failure(fresh.add(1));
      return [[timedOut, waiting, after, trapping, ended].map(seen), results, disposed.code];
    },
    expected: [
      [
        ["timeout", "Counter.spin"],
        ["object-unusable", "ended"],
        ["object-unusable", "ended"],
        ["trap", ""],
        ["object-unusable", "ended"],
      ],
      [6, 0],
      "disposed",
    ],
  },

  "answers 1,000 calls on objects in three workers of which some trap": {
    run: async ({ offload, modules, t }) => {
      const wasm = await offload(modules.counter, { api: counterApi(t), workers: 3 });
      const { Counter, trap, sum } = wasm.api;
      const counters = await Promise.all([Counter.new(0), Counter.new(0), Counter.new(0)]);
      const codes = new Map();
      const count = (what) => codes.set(what, (codes.get(what) ?? 0) + 1);
      await Promise.all(
        Array.from({ length: 1000 }, (_, i) => {
          if (i === 900) return trap().then(count, ({ code }) => count(code));
          if (i % 4 === 3) return sum(Uint8Array.of(1, 2)).then(count);
          return counters[i % 4].add(1).then(
            () => count("added"),
            ({ code, details }) => count(`${code} ${details.reason}`),
          );
        }),
      );
      await wasm.dispose();
      const added = codes.get("added");
      const ended = codes.get("object-unusable ended") ?? 0;
      return [codes.get("trap"), codes.get(3), added + ended, ended < 300];
    },
    expected: [1, 250, 749, true],
  },

  "takes options for a call, a class and an object": {
    run: async ({ offload, modules, t }) => {
      const wasm = await offload(modules.counter, { api: counterApi(t) });
      const moved = Uint8Array.of(1, 2);
      const stop = new AbortController();
      const results = [await wasm.with({ transfer: [moved.buffer] }).api.sum(moved), moved.byteLength];
      const counter = await wasm.with({ timeout: 60_000 }).api.Counter.new(3);
      const patient = wasm.with({ timeout: 60_000 }).of(counter);
      results.push(await patient.add(1), (await patient.itself()) === counter, patient instanceof wasm.api.Counter);
      results.push(await counter.merge(patient), await wasm.with({}).exports.freed());
      stop.abort();
      const errors = [
        await failure(wasm.with({ timeout: 50 }).api.spin()),
        await failure(wasm.with({ signal: stop.signal }).api.freed()),
        await failure(Promise.resolve().then(() => wasm.with({ patience: 1 }))),
        await failure(Promise.resolve().then(() => wasm.with(5))),
        await failure(Promise.resolve().then(() => wasm.with({ timeout: -1 }))),
        await failure(Promise.resolve().then(() => wasm.with({}).of({}))),
      ];
      await wasm.dispose();
      return [results, errors.map(({ code }) => code)];
    },
    expected: [
      [3, 0, 4, true, true, 8, 0],
      ["timeout", "aborted", "unknown-option", "invalid-option", "invalid-option", "invalid-argument"],
    ],
  },

  "returns what the module writes where parameters point": {
    run: async ({ offload, modules, t }) => {
      const wasm = await offload(modules.counter, { api: counterApi(t) });
      const [five, six, counter] = await wasm.api.split(7);
      const results = [five, six, counter instanceof wasm.api.Counter, await counter.value()];
      await wasm.dispose();
      return results;
    },
    expected: [5, 6, true, 7],
  },

  "returns what the module writes to buffers and in-out parameters": {
    run: async ({ offload, modules, t }) => {
      const lengths = [t.length(0), t.out(t.length(0)), t.inout(t.u32)];
      const api = t.api({
        chars: t.fn([t.buffer(t.u8), ...lengths], t.i32),
        text: t.fn([t.buffer(t.cstring), ...lengths], t.i32, { export: "chars" }),
      });
      const wasm = await offload(modules.counter, { api });
      const [capacity, bytes, seed] = await wasm.api.chars(9, 4);
      const results = [capacity, [...bytes], seed, await wasm.api.text(2, 7)];
      results.push(await wasm.api.chars(1, 7).catch(({ code, details }) => [code, details.capacity, details.length]));
      await wasm.dispose();
      return results;
    },
    expected: [9, [97, 98], 5, [2, "ab", 8], ["buffer-too-small", 1, 2]],
  },

  "shows what the module writes to an array": {
    run: async ({ offload, modules, t }) => {
      const wasm = await offload(modules.counter, { api: counterApi(t) });
      const array = Float32Array.of(0, 1, 2, 3).subarray(1);
      await wasm.api.double(array);
      await wasm.dispose();
      return [...new Float32Array(array.buffer)];
    },
    expected: [0, 2, 4, 6],
  },

  "refuses wrong arguments by name, as without a worker": {
    run: async ({ offload, modules, t, UnglueError }) => {
      const wasm = await offload(modules.counter, { api: counterApi(t) });
      const { Counter, Other, sum, absorb } = wasm.api;
      const one = await Counter.new(1);
      const errors = [
        await failure(sum("text")),
        await failure(sum()),
        await failure(Counter.new(2 ** 40)),
        await failure(one.merge(await Other.new())),
        await failure(absorb(one)),
        await failure(absorb(one, {})),
        await failure(one.add.call({}, 1)),
        await failure(one.free.call({})),
      ];
      const goesOn = await one.add(1, () => "what is too much is not passed");
      await wasm.dispose();
      return [
        errors.map(
          (error) => UnglueError.is(error, "invalid-argument") && [error.details.call, error.details.argument],
        ),
        goesOn,
      ];
    },
    expected: [
      [
        ["sum", "parameter 1"],
        ["sum", "parameter 1"],
        ["Counter.new", "parameter 1"],
        ["Counter.merge", "parameter 1"],
        ["absorb", "parameter 2"],
        ["absorb", "parameter 2"],
        ["Counter.add", "this"],
        ["Counter.free", "this"],
      ],
      2,
    ],
  },

  "passes JavaScript values, lists of objects and promises, and no functions among them": {
    run: async ({ offload, modules, imports, t, UnglueError }) => {
      const wasm = await offload(modules.values, { api: valuesApi(t), imports });
      const { Counter, some, pair, worth, echo, wait, later } = wasm.api;
      const counter = await Counter.new(3);
      const pairs = await pair(5);
      const results = [
        await (await some(4)).value(),
        pairs.map((one) => one instanceof Counter),
        await Promise.all(pairs.map((one) => one.value())),
        (await echo(counter)) === counter,
        (await echo([counter, 1]))[0] === counter,
        await Promise.all(
          [{ object: { class: "Counter", id: 1 } }, [{ list: [] }], null, "text"].map((one) => echo(one)),
        ),
        await worth(counter),
        await wait(Promise.resolve({ a: 1 })),
        await later(),
      ];
      const errors = [
        await failure(echo(() => undefined)),
        await failure(wasm.api.function()),
        await failure(wait(Promise.reject(new RangeError("as it is")))),
        await failure(counter.value()),
      ];
      await wasm.dispose();
      return [
        results,
        errors.slice(0, 2).map((error) => UnglueError.is(error, "not-cloneable") && error.details),
        errors[2].message,
        seen(errors[3]),
      ];
    },
    expected: [
      [
        4,
        [true, true],
        [5, 6],
        true,
        true,
        [{ object: { class: "Counter", id: 1 } }, [{ list: [] }], null, "text"],
        3,
        { a: 1 },
        "later",
      ],
      [
        { export: "echo", what: "arguments" },
        { export: "function", what: "result" },
      ],
      "as it is",
      ["object-unusable", "moved"],
    ],
  },

  "awaits the promise of a call before it begins the next, so that no call finds an object in use": {
    run: async ({ offload, modules, t }) => {
      const api = t.api({
        Counter: t.class({
          new: t.ctor([t.u32]),
          add: t.method([t.u32], t.promise(t.u32)),
          value: t.getter(t.u32),
        }),
      });
      const wasm = await offload(modules.members, { api });
      const counter = await wasm.api.Counter.new(1);
      const results = await Promise.all([counter.add(2), counter.value(), counter.add(3), counter.value()]);
      await wasm.dispose();
      return results;
    },
    expected: [3, 3, 6, 6],
  },
  "compiles queries with prqlc 0.13.14, a real module": {
    run: async ({ offload, modules, imports, t }) => {
      const api = t.api({
        compile: t.fn([t.string, t.optional(t.owned("CompileOptions"))], t.optional(t.string), { throws: true }),
        get_targets: t.fn([], t.list(t.string)),
        CompileOptions: t.class({
          new: t.ctor([]),
          target: t.field(t.string),
          format: t.field(t.bool),
          signature_comment: t.field(t.bool),
        }),
      });
      const wasm = await offload(modules.prqlc, { api, imports, workers: 2 });
      const { compile, CompileOptions, get_targets } = wasm.api;
      const options = await CompileOptions.new();
      await Promise.all([options.target("sql.sqlite"), options.format(false), options.signature_comment(false)]);
      const target = await options.target();
      const [sql, targets, error] = await Promise.all([
        compile("from é | take 3", options),
        get_targets(),
        failure(compile("from")),
      ]);
      const given = seen(await failure(compile("from a", options)));
      await wasm.dispose();
      return [target, sql, targets.includes(target), String(error).includes("Error"), given];
    },
    expected: ["sql.sqlite", 'SELECT * FROM "é" LIMIT 3', true, true, ["object-unusable", "moved"]],
  },

  "fails with an interface that is not the module's, and with what is none": {
    run: async ({ offload, modules, t }) => {
      const errors = [
        await failure(offload(modules.math, { api: counterApi(t) })),
        await failure(offload(modules.counter, { api: { members: { f: 5 } } })),
        await failure(offload(await WebAssembly.compile(modules.counter), { api: counterApi(t) })),
      ];
      return errors.map(({ code, details }) => [code, details.misfits?.length ?? details.option]);
    },
    expected: [
      ["interface-mismatch", 20],
      ["invalid-option", "api"],
      ["needs-bytes", "api"],
    ],
  },
};
