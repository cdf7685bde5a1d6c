import { describe, expect, it, vi } from "vitest";
import { compile, inspect, load, loadSync, t, type DefaultExports, type StatedMembers } from "unglue";
import { go, loadProgram, type GoOptions, type Program } from "unglue/go";
import { collector } from "../wasi/fixture.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { goBytes, type GoFunction, type Served, versions } from "./fixture.ts";

const programs = Object.fromEntries(
  await Promise.all(
    versions.map(async (version) => [version, await loadProgram<Served>(await goBytes(`program-${version}`))]),
  ),
) as Record<string, Program<Served>>;
const program = programs["1.26"] as Program<Served>;

/** Runs a job of the program; returns its exit code and output. */
async function run(args: readonly string[], options: GoOptions = {}, of = program) {
  const [out, error] = [collector(), collector()];
  const code = await of.run({ args, stdout: out.write, stderr: error.write, ...options });
  return { code, out: out.text(), error: error.text() };
}

describe.each(versions)("a program of Go %s", (version) => {
  const of = programs[version] as Program<Served>;

  it("has its version, its arguments and its environment, in UTF-8", async () => {
    expect(of.version).toMatch(`go${version}`);
    const { code, out, error } = await run(["arguments", "Zoë 🦀", ""], { name: "prog", env: { B: "2", A: "=" } }, of);
    expect([code, out.split("\n").slice(0, 2), error]).toEqual([
      0,
      ["prog|arguments|Zoë 🦀|", "A==|B=2"],
      "no end of line",
    ]);
    expect(out.split("\n")[2]).toMatch(/^-1 -1 .*not implemented/);
  });

  it("has the exit code of os.Exit, of main and of a panic", async () => {
    expect((await run(["exit", "3"], {}, of)).code).toBe(3);
    expect((await run(["exit", "0"], {}, of)).code).toBe(0);
    const { code, error } = await run(["panic"], {}, of);
    expect([code, error]).toEqual([2, expect.stringContaining("panic: at the disco")]);
  });

  it("reports a deadlock, as with Go's own file at the end of Node", async () => {
    const { code, error } = await run(["deadlock"], {}, of);
    expect([code, error]).toEqual([2, expect.stringContaining("all goroutines are asleep - deadlock!")]);
  });

  it("has timers, a clock and random bytes", async () => {
    expect(await run(["sleep"], {}, of)).toEqual({ code: 0, out: "slept true true\n", error: "" });
    expect((await run(["random"], {}, of)).out).toBe("256\n");
  });
});

describe("the standard input", () => {
  const bytes = new TextEncoder().encode("Zoë\n");
  const answer = { code: 0, out: "5 ok\nZOË\n", error: "" };

  it("is text, bytes, a function, a promise or a stream, and the answer is the same", async () => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const parts = (): Uint8Array[] => [bytes.slice(0, 2), bytes.slice(2)];
    const [now, later] = [parts(), parts()];
    for (const stdin of ["Zoë\n", bytes, stream, () => now.shift(), () => Promise.resolve(later.shift())] as const) {
      expect(await run(["input"], { stdin })).toEqual(answer);
    }
    expect(stream.locked).toBe(false);
    expect(await run(["input"])).toEqual({ code: 0, out: "0 ok\n", error: "" });
  });

  it("has a function whose error ends the program, and reaches the caller", async () => {
    const error = new Error("no input");
    const fails = (): never => {
      throw error;
    };
    expect(await rejectionOf(run(["input"], { stdin: fails }))).toBe(error);
    expect(await rejectionOf(run(["input"], { stdin: () => Promise.reject(error) }))).toBe(error);
    expect(await rejectionOf(run(["input"], { stdin: () => "text" as never }))).toMatchObject({
      code: "invalid-argument",
    });
  });
});

describe("the standard outputs", () => {
  it("are streams, which stay open", async () => {
    const out = collector();
    const stream = new WritableStream<Uint8Array>({ write: (part) => out.write(part) });
    expect((await run(["input"], { stdin: "a\n", stdout: stream })).code).toBe(0);
    expect([out.text(), stream.locked]).toEqual(["2 ok\nA\n", false]);
  });

  it("have an error that is the result of a run", async () => {
    const error = new Error("disk full");
    const stream = new WritableStream<Uint8Array>({ write: () => Promise.reject(error) });
    expect(await rejectionOf(run(["input"], { stdout: stream }))).toBe(error);
  });

  it("must be open", async () => {
    const stream = new WritableStream<Uint8Array>();
    await stream.close();
    const refused = { code: "invalid-option", details: { call: "loadProgram", option: "stdout" } };
    expect(await rejectionOf(run(["input"], { stdout: stream }))).toMatchObject(refused);
  });
});

describe("a program that serves", () => {
  it("shares nothing with another: globals, functions and versions side by side", async () => {
    const before = Reflect.ownKeys(globalThis).length;
    const running = await Promise.all(
      [...versions, "1.26"].map((version) =>
        (programs[version] as Program<Served>).start({ globals: { mine: version } }),
      ),
    );
    const found = running.map(({ globals }) => /^go(\d+\.\d+)/.exec(String(globals["version"]?.()))?.[1]);
    expect(found).toEqual([...versions, "1.26"]);
    const [one, other] = running;
    one?.globals["set"]?.(one.globals["global"]?.(), "shared", 1);
    expect([one?.globals["shared"], other?.globals["shared"]]).toEqual([1, undefined]);
    expect(running.map(({ globals }) => globals["mine"])).toEqual([...versions, "1.26"]);
    expect(Reflect.ownKeys(globalThis)).toHaveLength(before);
    for (const one of running) one.dispose();
  });

  it("sees the page's globals, and calls them", async () => {
    const { globals, dispose } = await program.start();
    const own = globals["global"]?.();
    expect(globals["get"]?.(own, "Array")).toBe(Array);
    expect(globals["get"]?.(own, "globalThis")).toBe(own);
    expect(globals["instanceOf"]?.(own, Object)).toBe(true);
    await new Promise<void>((resolve) => void globals["call"]?.(own, "setTimeout", () => resolve(), 1));
    globals["remove"]?.(own, "Array");
    expect([globals["get"]?.(own, "Array"), typeof Array]).toEqual([undefined, "function"]);
    dispose();
  });

  it("lets go of values: the count after 10,000 rounds", async () => {
    // It could not hold a tenth of them.
    const limited = await loadProgram<Served>(await goBytes("program-1.26"), { limits: { handles: 500 } });
    const { globals, dispose } = await limited.start();
    for (let round = 0; round < 10_000; round++) {
      expect(globals["get"]?.({ round }, "round")).toBe(round);
      if (round % 10 === 0) globals["collect"]?.();
      // Go's finalizers run in a goroutine.
      if (round % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    dispose();
    const few = await loadProgram(await goBytes("program-1.26"), { limits: { handles: 3 } });
    expect(await rejectionOf(few.run())).toMatchObject({
      code: "limit-exceeded",
      details: { limit: "handles", allowed: 3 },
    });
  }, 60_000);

  it("goes on when its memory has grown between two calls", async () => {
    const { globals, dispose } = await program.start();
    for (let round = 1; round <= 4; round++) {
      expect(globals["grow"]?.(8 << 20)).toBe(round);
      expect(globals["text"]?.("after")).toBe("after");
    }
    dispose();
  });

  it("gets fetch from the page or from the option globals, as a promise", async () => {
    const { globals, dispose } = await program.start({
      globals: { fetch: () => Promise.resolve(new Response("body")) },
    });
    expect(await globals["fetchText"]?.("https://unglue.test/")).toBe("body");
    dispose();
    const without = await program.start({ globals: { fetch: undefined } });
    expect(without.globals["fetchText"]?.("")).toBe("no fetch");
    without.dispose();
  });

  it("ends by os.Exit in a function, and refuses later calls", async () => {
    const { globals, exited } = await program.start();
    expect(globals["leave"]?.(5)).toBe(undefined);
    expect(await exited).toBe(5);
    expect(thrownBy(() => globals["half"]?.(1))).toMatchObject({ code: "exited", details: { exitCode: 5 } });
  });

  it("ends by os.Exit in a call inside a call, which unwinds both", async () => {
    const { globals, exited } = await program.start();
    let after = false;
    globals["unguarded"]?.(() => {
      globals["leave"]?.(6);
      after = true;
    });
    expect([await exited, after]).toEqual([6, false]);
  });

  it("ends by a panic in a function, with the panic on the standard error", async () => {
    const error = collector();
    const { globals, exited } = await program.start({ stderr: error.write });
    expect(globals["panicking"]?.()).toBe(undefined);
    expect([await exited, error.text()]).toEqual([2, expect.stringContaining("panic: in a callback")]);
  });

  it("ends by an error of Go's runtime in a function, as by a panic", async () => {
    const error = collector();
    const { globals, exited } = await program.start({ stderr: error.write });
    expect(globals["unguarded"]?.()).toBe(undefined);
    expect([await exited, error.text()]).toEqual([2, expect.stringContaining("index out of range [0] with length 0")]);
  });

  it("ends by reading behind a pointer to nothing, as by a panic", async () => {
    const error = collector();
    const { globals, exited } = await program.start({ stderr: error.write });
    expect(globals["nothing"]?.()).toBe(undefined);
    expect([await exited, error.text()]).toEqual([2, expect.stringContaining("nil pointer dereference")]);
  });

  it("traps by a recursion that the engine ends, and refuses later calls", async () => {
    const { globals, exited } = await program.start();
    const ending = exited.catch((error: unknown) => error);
    const trap = thrownBy(() => globals["endless"]?.());
    expect(trap).toMatchObject({ code: "trap" });
    expect(await ending).toBe(trap);
    expect(thrownBy(() => globals["half"]?.(1))).toMatchObject({ code: "poisoned", cause: trap });
  });

  it("panics by what a function of yours throws, if it does not recover", async () => {
    const error = collector();
    const { globals, exited } = await program.start({ stderr: error.write });
    globals["unguarded"]?.(() => {
      throw new RangeError("out of luck");
    });
    expect([await exited, error.text()]).toEqual([2, expect.stringContaining("JavaScript error: out of luck")]);
  });

  it("runs where the platform has no text coders", async () => {
    vi.stubGlobal("TextEncoder", undefined);
    vi.stubGlobal("TextDecoder", undefined);
    try {
      const parts: Uint8Array[] = [];
      const bare = await loadProgram<Served>(await goBytes("program-1.26"));
      const exit = await bare.run({
        args: ["arguments", "Zoë 🦀"],
        env: { A: "é" },
        stdout: (bytes) => void parts.push(bytes.slice()),
      });
      const { globals } = await bare.start();
      (globals["set"] as GoFunction)(globals, "größe", "🦀");
      vi.unstubAllGlobals();
      const out = new TextDecoder().decode(Uint8Array.from(parts.flatMap((part) => [...part])));
      expect([exit, out.split("\n").slice(0, 2)]).toEqual([0, ["js|arguments|Zoë 🦀", "A=é"]]);
      expect(Reflect.get(globals, "größe")).toBe("🦀");
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("can be disposed of", async () => {
    const { globals, exited, dispose } = await program.start();
    dispose();
    dispose();
    expect(await rejectionOf(exited)).toMatchObject({ code: "disposed" });
    expect(thrownBy(() => globals["half"]?.(1))).toMatchObject({ code: "disposed" });
  });
});

describe("hostile values", () => {
  const revoked = (): object => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  const failing = {
    get member() {
      throw new Error("not today");
    },
  };

  it.each([
    ["a getter", failing],
    ["a revoked proxy", revoked()],
    ["a proxy whose traps throw", new Proxy({}, { get: (_, key) => fail(String(key)) })],
  ])("%s that throws where Go expects a value ends the program, by name", async (_, hostile) => {
    const error = (await rejectionOf(program.run({ args: ["throws"], globals: { hostile } }))) as Error;
    expect(error).toMatchObject({ code: "host-threw", details: { export: "run" } });
    expect(error.message).toContain('reads the property "member"');
    const { globals, exited } = await program.start();
    expect(thrownBy(() => globals["get"]?.(hostile, "member"))).toMatchObject({ code: "host-threw" });
    expect(thrownBy(() => globals["half"]?.(1))).toMatchObject({ code: "poisoned", cause: { code: "host-threw" } });
    expect(await rejectionOf(exited)).toMatchObject({ code: "host-threw", details: { export: "resume" } });
  });

  it("that are thrown by a function reach Go", async () => {
    const { globals, dispose } = await program.start();
    const own = revoked();
    const { thrown } = globals["invoke"]?.(() => fail(own)) as { thrown: unknown };
    expect(thrown === own).toBe(true);
    dispose();
  });

  it("are arguments that are too long, with the room that Go has", async () => {
    const error = await rejectionOf(program.run({ args: ["x".repeat(9000)] }));
    expect(error).toMatchObject({ code: "limit-exceeded", details: { limit: "bytes", allowed: 8191 } });
    expect((await run(["arguments", "x".repeat(8000)])).code).toBe(0);
  });

  it.each([
    [{ args: "text" }, "args"],
    [{ env: { "A=B": "" } }, "env"],
    [{ stdin: {} }, "stdin"],
    [{ stdout: 1 }, "stdout"],
    [{ fs: {} }, "fs"],
    [{ path: {} }, "path"],
    [{ globals: [] }, "globals"],
  ])("are options: %o", async (options, name) => {
    const bytes = await goBytes("program-1.26");
    for (const error of [
      await rejectionOf(loadProgram(bytes, options as never)),
      await rejectionOf(program.run(options as never)),
      thrownBy(() => go(options as never)),
    ]) {
      expect(error).toMatchObject({ code: "invalid-option" });
      expect((error as { details: { option: string } }).details.option).toContain(name);
    }
    expect(await rejectionOf(loadProgram(bytes, { argz: [] } as never))).toMatchObject({
      code: "unknown-option",
      details: { call: "loadProgram", nearest: "args" },
    });
  });
});

describe("a module that is no program of Go 1.21 or later", () => {
  const exports = `(func (export "run") (param i32 i32)) (func (export "resume")) (func (export "getsp") (result i32) (i32.const 0))`;

  it.each([
    ["a library", "(module)", "no import gojs.runtime.wasmExit"],
    [
      "Go before 1.21",
      `(module (import "go" "runtime.wasmExit" (func (param i32))) (memory (export "mem") 1))`,
      "Go before 1.21",
    ],
    [
      "TinyGo",
      `(module (import "gojs" "runtime.ticks" (func (result f64))) (import "gojs" "syscall/js.valueGet" (func (param i64 i32 i32) (result i64))))`,
      "TinyGo",
    ],
    [
      "stripped of an export",
      `(module (import "gojs" "runtime.wasmExit" (func (param i32))) ${exports})`,
      "no export mem",
    ],
  ])("is refused by name: %s", async (_, text, feature) => {
    const bytes = await wat(text);
    expect(await rejectionOf(loadProgram(bytes))).toMatchObject({ code: "unsupported-module", details: { feature } });
  });

  it("with addresses outside its memory gets a coded error", async () => {
    const bytes = await wat(`(module
      (import "gojs" "runtime.wasmExit" (func (param i32)))
      (import "gojs" "syscall/js.valueGet" (func $get (param i32)))
      (memory (export "mem") 1)
      (data (i32.const 20000) "\\ff\\ff\\ff\\ff\\ff\\ff\\00\\00\\ff\\ff\\00\\00")
      (func (export "run") (param i32 i32) (call $get (i32.const 19984)))
      (func (export "resume")) (func (export "getsp") (result i32) (i32.const 0)))`);
    const weird = await loadProgram(bytes);
    expect(await rejectionOf(weird.run())).toMatchObject({ code: "out-of-bounds" });
  });

  it("is a program without its sections, which runs all the same", async () => {
    const bytes = withoutSections(await goBytes("program-1.21"));
    expect(inspect(bytes).toolchain.version).toBe(undefined);
    const stripped = await loadProgram(bytes);
    expect([stripped.version, await stripped.run({ args: ["exit", "4"] })]).toEqual([undefined, 4]);
  });
});

describe("the adapter", () => {
  it("starts the program in load, and its api is the program's global object", async () => {
    const bytes = await goBytes("program-1.26");
    const wasm = await load<DefaultExports, StatedMembers<{ half(value: number): number; leave: GoFunction }>>(bytes, {
      adapters: [go()],
    });
    expect([wasm.toolchain.name, wasm.api.half(3)]).toEqual(["go", 1.5]);
    expect(wasm.imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
    wasm.api.leave(0);
    expect(thrownBy(() => wasm.api.half(1))).toMatchObject({ code: "exited" });
  });

  it("fails with the exit code of a program that ends with one, and runs each instance on its own", async () => {
    const module = await compile(await goBytes("program-1.21"), { adapters: [go({ args: ["exit", "3"] })] });
    expect(await rejectionOf(module.instantiate())).toMatchObject({ code: "exited", details: { exitCode: 3 } });
    expect(await rejectionOf(module.instantiate())).toMatchObject({ code: "exited" });
  });

  it("begins again after a failure under restart; a panic is no failure of the module, and ends the program", async () => {
    const hostile = {
      get member() {
        throw new Error("not today");
      },
    };
    const stderr = collector();
    const wasm = await load<DefaultExports, StatedMembers<Record<string, GoFunction>>>(await goBytes("program-1.26"), {
      adapters: [go({ stderr: stderr.write })],
      onTrap: "restart",
      onHostThrow: "restart",
    });
    for (let life = 1; life <= 2; life++) {
      expect([wasm.api["grow"]?.(5), wasm.api["grow"]?.(5)]).toEqual([1, 2]);
      expect(thrownBy(() => wasm.api["get"]?.(hostile, "member"))).toMatchObject({ code: "host-threw" });
    }
    expect([wasm.state, wasm.api["grow"]?.(5)]).toEqual(["live", 1]);
    wasm.api["panicking"]?.();
    expect(thrownBy(() => wasm.api["grow"]?.(5))).toMatchObject({ code: "exited", details: { exitCode: 2 } });
    expect(stderr.text()).toContain("panic: in a callback");
  });

  it("is told to leave out a declaration of what the program sets", async () => {
    const bytes = await goBytes("program-1.26");
    const api = t.api({ half: t.fn([t.f64], t.f64) });
    for (const options of [{ adapters: [go()] }, {}]) {
      const error = await rejectionOf(load(bytes, { ...options, api }));
      expect(error).toMatchObject({ code: "interface-mismatch" });
      expect((error as Error).message).toContain("with `adapters: [go()]`, from `unglue/go`, and leave out `api`");
    }
    const none = thrownBy(() => loadSync(bytes).api);
    expect((none as Error).message).toContain("with `adapters: [go()]`");
  });

  it("is named by the advice, with the version of Go", async () => {
    const { advice, toolchain } = inspect(await goBytes("program-1.26"));
    const text = advice.find(({ code }) => code === "go-program")?.message;
    expect(text).toContain(`Go (${String(toolchain.version)})`);
    expect(text).toContain("loadProgram(source)`, from `unglue/go`");
  });
});

describe("functions of go:wasmexport", () => {
  it("are called while the program waits", async () => {
    const library = await loadProgram(await goBytes("exports"));
    const { exports, exited } = await library.start({ stderr: () => undefined });
    expect([exports["add"]?.(1, 2), exports["add"]?.(3, 4), exports["calls"]?.(), exports["half"]?.(5)]).toEqual([
      3, 7, 2, 2.5,
    ]);
    expect(thrownBy(() => exports["crash"]?.())).toMatchObject({ code: "exited", details: { exitCode: 2 } });
    expect(await exited).toBe(2);
    expect(thrownBy(() => exports["add"]?.(1, 2))).toMatchObject({ code: "exited" });
  });
});

/** Removes the custom sections of a module. */
function withoutSections(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    let [size, shift, next] = [0, 0, at + 1];
    for (let more = true; more; shift += 7) {
      const byte = bytes[next++] ?? 0;
      size += (byte & 127) * 2 ** shift;
      more = byte > 127;
    }
    if (bytes[at] !== 0) parts.push(bytes.subarray(at, next + size));
    at = next + size;
  }
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function fail(reason: unknown): never {
  throw reason;
}
