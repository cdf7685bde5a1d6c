import { compile, type Instance, type InstantiateOptions, load, loadSync, t, UnglueError } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { afterEach, describe, expect, it, vi } from "vitest";
import { bindgen, conventions, valueOf } from "../bind/bindgen.ts";
import { moduleUrl } from "../packages/served.ts";
import { host, realmUrl } from "../realm/built.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

afterEach(() => void vi.restoreAllMocks());

/** Fails if a module reaches the global console. */
const watchConsole = () =>
  (["log", "debug", "info", "warn", "error"] as const).map((name) => vi.spyOn(console, name).mockReturnValue());
const untouched = (spies: ReturnType<typeof watchConsole>) => {
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
};

/** A console that keeps its lines, as a class with methods. */
class Log {
  readonly lines: unknown[][] = [];
  log(...values: unknown[]) {
    this.lines.push(["log", ...values]);
  }
  debug(...values: unknown[]) {
    this.lines.push(["debug", ...values]);
  }
  info(...values: unknown[]) {
    this.lines.push(["info", ...values]);
  }
  warn(...values: unknown[]) {
    this.lines.push(["warn", ...values]);
  }
  error(text: unknown) {
    this.lines.push(["error", text]);
  }
}

describe.each(conventions)("a module with %s", (_, convention) => {
  const value = valueOf(convention);
  const isHeap = convention.handles === "heap";
  const at = (name: string) => `__wbg_${name}_0123456789abcdef`;

  /** Imports by stated meanings, each of which the module exports as `call…`. */
  const build = async (imports: Readonly<Record<string, readonly [meaning: string, type: string]>>, body = "") => {
    const bytes = await bindgen(
      Object.keys(imports)
        .map((name) => `(export "call_${name}" (func $by_${name}))`)
        .join("") + body,
      convention,
      Object.entries(imports)
        .map(([name, [, type]]) => `(import "wbg" "${at(name)}" (func $by_${name} ${type}))`)
        .join(""),
    );
    const meanings = Object.fromEntries(Object.entries(imports).map(([name, [meaning]]) => [at(name), meaning]));
    return (options: InstantiateOptions) => {
      const wasm = loadSync(bytes, { adapters: [wasmBindgen({ meanings })], ...options });
      const lower = (one: unknown) => (typeof one === "number" ? one : isHeap ? wasm.handles.add(one) : one);
      const call = (name: string, ...values: unknown[]): unknown => {
        const result = wasm.guarded[`call_${name}`]?.(...(values.map(lower) as never[]));
        return isHeap && wasm.shape.exports.length > 0 && name.startsWith("h")
          ? wasm.handles.take(result as number)
          : result;
      };
      return { wasm, call };
    };
  };

  it("calls the console that is given with values", async () => {
    const open = await build({
      log: ["console.log: (h,h)", `(param ${value} ${value})`],
      warn: ["console.warn: (s)", "(param i32 i32)"],
      hconsole: ["console: ()->h", `(result ${value})`],
    });
    const spies = watchConsole();
    const log = new Log();
    const { wasm, call } = open({ console: log });
    const object = { level: 9 };
    call("log", "a text", object);
    const { address, length } = wasm.memory.allocString("a warning");
    call("warn", address, length);
    expect(log.lines).toEqual([
      ["log", "a text", object],
      ["warn", "a warning"],
    ]);
    expect(log.lines[0]?.[2]).toBe(object);
    expect(wasm.imports.filter(({ meaning }) => meaning !== undefined)).toMatchObject([
      { provider: "adapter", meaning: "console.log", evidence: /given by meaning/ },
      { meaning: "console.warn" },
      { meaning: "console" },
    ]);
    untouched(spies);
  });

  it("gives of Node only cryptography to a module that asks for the module of JavaScript for Node", async () => {
    const open = await build({
      hmodule: ["module: H", `(result ${value})`],
      hrequire: [".require: (h)->H", `(param ${value} ${value}) (result ${value})`],
    });
    const { call } = open({});
    const isNode = "process" in globalThis;
    if (!isNode) {
      expect(thrownBy(() => call("hmodule"))).toMatchObject({ code: "unavailable-here", details: { what: "module" } });
      return;
    }
    const module = call("hmodule");
    expect(call("hrequire", module, "crypto")).toHaveProperty("randomFillSync");
    const error = thrownBy(() => call("hrequire", module, "fs"));
    expect(error).toMatchObject({ code: "unavailable-here", details: { what: "module.require" } });
    const given = { require: (name: unknown) => ({ name }) };
    const { call: callGiven } = open({ importsByMeaning: { module: () => given } });
    expect(callGiven("hrequire", callGiven("hmodule"), "fs")).toEqual({ name: "fs" });
  });

  it("names the value that lacks a function", async () => {
    const open = await build({ each: [".forEach: (h)", `(param ${value} ${value})`] });
    const error = thrownBy(() => open({}).call("each", { length: 1 }, () => undefined));
    expect(error).toMatchObject({ code: "unavailable-here", details: { what: ".forEach" } });
    expect((error as Error).message).toContain(
      "on an object (Object), which has no such function. Pass a value that has it",
    );
  });

  it("calls functions as JavaScript would call what they replace", async () => {
    const open = await build({
      move: ["Game.prototype.move: (h)", `(param ${value} ${value})`],
      name: ["set Game.prototype.name: (h)", `(param ${value} ${value})`],
      hname: ["get Game.prototype.name: ()->H", `(param ${value}) (result ${value})`],
      hnew: ["new Game(): (h)->H", `(param ${value}) (result ${value})`],
      is: ["instanceof Game: ()->b", `(param ${value}) (result i32)`],
      hitem: ["get Game[]: (h)->H", `(param ${value} ${value}) (result ${value})`],
      now: ["Date.now: ()->d", "(result f64)"],
    });
    const calls: unknown[][] = [];
    function spy(name: string, result?: unknown) {
      return function (this: unknown, ...values: unknown[]) {
        calls.push([name, this, ...values]);
        return result;
      };
    }
    const made = {};
    const { call } = open({
      importsByMeaning: {
        "Game.prototype.move": spy("move"),
        "set Game.prototype.name": spy("set"),
        "get Game.prototype.name": spy("get", "a name"),
        "new Game()": spy("new", made),
        "instanceof Game": spy("is", true),
        "get Game[]": spy("item", "an item"),
        "Date.now": () => 5.5,
      },
    });
    const game = { is: "a game" };
    expect([call("move", game, "left"), call("name", game, "N"), call("hname", game)]).toEqual([
      undefined,
      undefined,
      "a name",
    ]);
    expect(call("hnew", "options")).toBe(made);
    expect([call("is", game), call("hitem", game, "key"), call("now")]).toEqual([1, "an item", 5.5]);
    expect(calls).toEqual([
      ["move", game, "left"],
      ["set", game, "N"],
      ["get", game],
      ["new", undefined, "options"],
      ["is", undefined, game],
      ["item", game, "key"],
    ]);
  });

  it("prefers imports to meanings, and a meaning to the console", async () => {
    const open = await build({
      log: ["console.log: (h)", `(param ${value})`],
      info: ["console.info: (h)", `(param ${value})`],
    });
    const log = new Log();
    const lines: unknown[] = [];
    const push = (line: unknown) => void lines.push(line);
    const both = open({ console: log, importsByMeaning: { "console.log": push } });
    both.call("log", "one");
    both.call("info", "two");
    expect([lines, log.lines]).toEqual([["one"], [["info", "two"]]]);
    // It is a bare function of words.
    const raw = open({ console: log, imports: { wbg: { [at("log")]: push } } });
    raw.call("log", "three");
    expect(lines[1]).toBe(isHeap ? raw.wasm.handles.size + 1027 : "three");
  });

  it("stores what a function for an import with catch throws, and throws what others do", async () => {
    const open = await build(
      {
        open: ["Door.open: ()->!", ""],
        shut: ["Door.shut: ()", ""],
      },
      `(global $stored (mut i32) (i32.const 0)) (func (export "stored") (result i32) (global.get $stored))
       (func (export "__wbindgen_exn_store") (param i32) (global.set $stored (local.get 0)))`,
    );
    const failure = new Error("locked");
    const throwing = () => {
      throw failure;
    };
    const importsByMeaning = { "Door.open": throwing, "Door.shut": throwing };
    const { wasm, call } = open({ onHostThrow: "poison", importsByMeaning });
    expect(call("open")).toBeUndefined();
    expect(wasm.handles.take(wasm.guarded["stored"]?.() as number)).toBe(failure);
    expect(wasm.state).toBe("live");
    expect(thrownBy(() => call("shut"))).toBe(failure);
    expect(wasm.state).toBe("poisoned");
  });

  it("refuses another value than a text for a text", async () => {
    const open = await build({
      title: ["Game.title: ()->S", "(param i32)"],
      maybe: ["Game.maybe: ()->?S", "(param i32)"],
    });
    const results: unknown[] = [];
    const next = () => results.shift();
    const { wasm, call } = open({ importsByMeaning: { "Game.title": next, "Game.maybe": next } });
    const area = wasm.memory.alloc(8);
    for (const wrong of [undefined, null, 5, ["a"], new Uint8Array(3)]) {
      results.push(wrong);
      expect(thrownBy(() => call("title", area))).toMatchObject({
        code: "invalid-value",
        details: { declared: "a text" },
      });
    }
    results.push("a title", undefined);
    call("title", area);
    const [address = 0, size] = wasm.memory.u32.subarray(area / 4);
    expect(wasm.memory.readString(address, size)).toBe("a title");
    call("maybe", area);
    expect(wasm.memory.u32[area / 4]).toBe(0);
  });

  it("refuses a meaning that no import has, and names near ones", async () => {
    const open = await build({
      now: ["Performance.prototype.now: ()->d", `(param ${value}) (result f64)`],
      log: ["console.log: (h)", `(param ${value})`],
      a: ["A.a: ()", ""],
      b: ["B.b: ()", ""],
    });
    const error = thrownBy(() => open({ importsByMeaning: { "performance.now": () => 0 } }));
    expect(error).toMatchObject({
      code: "invalid-option",
      details: { option: "importsByMeaning", received: '"performance.now"' },
    });
    expect((error as Error).message).toContain('"Performance.prototype.now", "console.log", "A.a" and 1 more');
    for (const name of ["constructor", "__proto__", "toString", ""]) {
      const given = Object.defineProperty({}, name, { value: () => 0, enumerable: true });
      expect(
        thrownBy(() => open({ importsByMeaning: given })),
        name,
      ).toMatchObject({ code: "invalid-option" });
    }
    // An import that the user gives has no meaning any more.
    const imports = { wbg: { [at("log")]: () => undefined } };
    expect(thrownBy(() => open({ imports, importsByMeaning: { "console.log": () => 0 } }))).toMatchObject({
      code: "invalid-option",
    });
  });

  it("refuses a console without a function that the module imports", async () => {
    const open = await build({
      log: ["console.log: (h)", `(param ${value})`],
      error: ["console.error: (h)", `(param ${value})`],
    });
    const error = thrownBy(() => open({ console: { log: () => undefined } }));
    expect(error).toMatchObject({ code: "invalid-option", details: { option: "console" } });
    expect((error as Error).message).toContain("the function error, which the module calls");
    expect(thrownBy(() => open({ console: { log: () => 0, error: 5 as never } }))).toMatchObject({
      code: "invalid-option",
    });
  });
});

describe("handles in both conventions", () => {
  it.each(conventions)("refuse a wrong number, with %s", async (_, convention) => {
    for (const onTrap of ["poison", "restart"] as const) {
      const { handles } = loadSync(await bindgen("", convention), { adapters: [wasmBindgen()], onTrap });
      const handle = handles.add("value");
      for (const wrong of [
        "text",
        String(handle),
        undefined,
        null,
        {},
        [handle],
        NaN,
        -1,
        1.5,
        1n,
        true,
        Infinity,
      ] as never[]) {
        for (const name of ["get", "take", "drop"] as const) {
          expect(
            thrownBy(() => handles[name](wrong)),
            `${name} ${String(wrong)}`,
          ).toMatchObject({
            code: "invalid-argument",
            details: { call: `handles.${name}`, argument: "handle" },
          });
        }
      }
      for (const never of [2 ** 30, 2 ** 32 + handle, 2 ** 53]) {
        for (const name of ["take", "drop"] as const) {
          expect(thrownBy(() => handles[name](never))).toMatchObject({ code: "invalid-argument" });
        }
        expect(handles.get(never)).toBeUndefined();
      }
      expect(thrownBy(() => handles.borrow("x", "use" as never))).toMatchObject({ code: "invalid-argument" });
      expect([handles.get(handle), handles.size]).toEqual(["value", 1]);
    }
  });
});

describe("without meanings", () => {
  it("a console is not called, and functions by meaning are refused", async () => {
    const bytes = await wat(`(module (import "env" "log" (func)))`);
    const wasm = await load(bytes, { console: new Log() });
    expect(wasm.imports).toEqual([expect.not.objectContaining({ meaning: expect.anything() as unknown })]);
    const error = await rejectionOf(load(bytes, { importsByMeaning: { "console.log": () => 0 } }));
    expect(UnglueError.is(error, "invalid-option") && error.message).toContain(
      "no meaning of the module's imports is known",
    );
  });

  it("a synchronous call without the adapter says so", async () => {
    const bytes = await wat(`(module (import "wbg" "__wbindgen_throw" (func (param i32 i32))))`);
    const error = thrownBy(() => loadSync(bytes, { importsByMeaning: { "Date.now": () => 0 } }));
    expect(UnglueError.is(error, "invalid-option") && error.message).toContain("adapters: [wasmBindgen()]");
  });

  it.each<[InstantiateOptions, string]>([
    [{ console: 5 as never }, "console"],
    [{ console: (() => 0) as never }, "console"],
    [{ importsByMeaning: [] as never }, "importsByMeaning"],
    [{ importsByMeaning: { "Date.now": 5 as never } }, 'importsByMeaning["Date.now"]'],
    [{ importsByMeaning: new Map([["Date.now", () => 0]]) as never }, "importsByMeaning"],
    [{ console: new Map([["log", () => 0]]) }, "console"],
  ])("%o is refused", async (options, option) => {
    const bytes = await wat("(module)");
    expect(thrownBy(() => loadSync(bytes, options))).toMatchObject({ code: "invalid-option", details: { option } });
  });
});

describe("the text generator of 0.2.92, heap", () => {
  const api = t.api({
    Realm: t.class({ new: t.ctor([]), loadModel: t.method([t.bytes], t.void, { throws: true }) }),
  });
  const model = async () => {
    const url = realmUrl("models/declaration.rlm");
    // Node's fetch reads no files.
    if (url.protocol === "file:") return new Uint8Array(await (await import("node:fs/promises")).readFile(url));
    return new Uint8Array(await (await fetch(url)).arrayBuffer());
  };
  const line = ["info", expect.stringMatching(/loaded a model of/)];
  const options = (log: Log) => ({
    api,
    console: log,
    imports: (instance: Instance) => ({ env: host(() => instance.memory, new Map()) }),
  });

  it("logs to the console of each tenant, and to no other", async () => {
    const spies = watchConsole();
    const bytes = await model();
    const module = await compile(realmUrl("built/0.2.92-web.wasm"));
    const [first, second] = [new Log(), new Log()];
    const one = await module.instantiate(options(first));
    const two = await module.instantiate(options(second));
    new one.api.Realm().loadModel(bytes);
    expect([first.lines.length > 0, second.lines]).toEqual([true, []]);
    expect(first.lines).toContainEqual(line);
    new two.api.Realm().loadModel(bytes);
    expect(second.lines).toEqual(first.lines);
    const pool = module.pool({ ...options(second), max: 1 });
    await pool.use((wasm) => new wasm.api.Realm().loadModel(bytes));
    expect(second.lines.length).toBe(2 * first.lines.length);
    await pool.dispose();
    untouched(spies);
  });

  it("logs to the same console in each life", async () => {
    const bytes = await model();
    const log = new Log();
    const fail = () => {
      throw new Error("closed");
    };
    const imports = (instance: Instance) => ({
      env: { ...host(() => instance.memory, new Map()), realm_fetch_model: fail },
    });
    const hosted = t.api({ ...api.members, HostedRealm: t.class({ new: t.ctor([], { throws: true }) }) });
    const wasm = await load(realmUrl("built/0.2.92-web.wasm"), {
      ...options(log),
      imports,
      onHostThrow: "restart",
      api: hosted,
    });
    new wasm.api.Realm().loadModel(bytes);
    const { length } = log.lines;
    expect(thrownBy(() => new wasm.api.HostedRealm())).toMatchObject({ message: "closed" });
    new wasm.api.Realm().loadModel(bytes);
    expect(log.lines.filter((one) => one.length === 2).length).toBeGreaterThan(length);
    expect(log.lines.at(-1)).toEqual(log.lines[length - 1]);
  });
});

describe("real packages", () => {
  it("brotli, heap: a panic is written to the console that is given, and stands in the trap", async () => {
    const spies = watchConsole();
    const log = new Log();
    const api = t.api({ compress: t.fn([t.bytes, t.js], t.bytes, { throws: true }) });
    const wasm = await load(moduleUrl("brotli"), { api, console: log });
    const error = thrownBy(() => wasm.api.compress(Uint8Array.of(1), { quality: "x" }));
    expect(UnglueError.is(error, "trap") && error.details.panic).toContain("invalid type");
    expect(log.lines).toEqual([["error", expect.stringContaining("invalid type")]]);
    untouched(spies);
  });

  it("ywasm, heap: documents have the numbers that a function by meaning draws", async () => {
    const api = t.api({ YDoc: t.class({ new: t.ctor([t.js.lent], { throws: true }), id: t.getter(t.f64) }) });
    const draws: number[] = [];
    const fill = (bytes: Uint8Array) => {
      draws.push(bytes.length);
      return bytes.fill(7);
    };
    const open = (importsByMeaning: InstantiateOptions["importsByMeaning"] = {}) =>
      load(moduleUrl("ywasm"), { api, importsByMeaning });
    const seeded = { "WebCrypto.prototype.getRandomValues": fill, "NodeCrypto.prototype.randomFillSync": fill };
    const ids: number[] = [];
    for (let time = 0; time < 2; time++) ids.push(new (await open(seeded)).api.YDoc(undefined).id);
    expect(draws.length).toBeGreaterThan(0);
    expect(ids[0]).toBe(ids[1]);
    expect(new (await open()).api.YDoc(undefined).id).not.toBe(ids[0]);
  });

  it("matrix-sdk-crypto, externref: logs to the console that is given, with the keys that are drawn", async () => {
    const spies = watchConsole();
    const api = t.api({
      UserId: t.class({ new: t.ctor([t.string], { throws: true }) }),
      DeviceId: t.class({ new: t.ctor([t.string]) }),
      Tracing: t.class({ new: t.ctor([t.u32], { throws: true }) }),
      OlmMachine: t.class({
        initialize: t.static(
          [
            t.object("UserId"),
            t.object("DeviceId"),
            t.optional(t.string),
            t.optional(t.string),
            t.optional(t.js),
            t.optional(t.string),
            t.optional(t.js),
            t.optional(t.js),
          ],
          t.promise(t.js),
        ),
      }),
    });
    const hash = "wasm_bindgen_49b719dbd852acb8___";
    const call = `${hash}convert__closures_____invoke___${hash}JsValue__core_ed718c3d60ebd546___result__Result_____${hash}JsError___true_`;
    const closures = { __wbindgen_generic_0000000000000001: { call, signature: "mut (H)->!" } };
    const lines: unknown[][][] = [];
    for (let time = 0; time < 2; time++) {
      const log = new Log();
      const wasm = await load(moduleUrl("matrix"), {
        api,
        adapters: [wasmBindgen({ closures })],
        console: log,
        importsByMeaning: {
          "Date.now": () => 0,
          "globalThis.crypto.getRandomValues": (bytes: Uint8Array) => bytes.fill(7),
        },
      });
      new wasm.api.Tracing(0);
      const { UserId, DeviceId, OlmMachine } = wasm.api;
      const [none, user] = [undefined, new UserId("@alice:example.org")];
      await OlmMachine.initialize(user, new DeviceId("D"), none, none, none, none, none, none);
      lines.push(log.lines);
    }
    expect(lines[0]?.[0]).toEqual([
      "debug",
      expect.stringMatching(/Created a new Olm account[^]*user_id=@alice:example.org/),
    ]);
    expect(lines[0]).toEqual(lines[1]);
    untouched(spies);
  });
});
