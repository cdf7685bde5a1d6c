import { compileSync, load, loadSync, UnglueError } from "unglue";
import { describe, expect, it } from "vitest";
import { define } from "../src/base/own.ts";
import { explain } from "../src/errors/explain.ts";
import { loadError } from "../src/errors/load-error.ts";
import { messages } from "../src/errors/messages/index.ts";
import { rejectionOf, thrownBy, wat } from "./wat.ts";

const html = new TextEncoder().encode("<!doctype html><title>Not found</title>");

describe("an error of a load", () => {
  it("has its message in the first line of its stack, where the engine writes one there", async () => {
    const errors = [await rejectionOf(load(html)), thrownBy(() => loadSync(html)), thrownBy(() => compileSync(html))];
    for (const error of errors as UnglueError[]) {
      expect(error.message).toMatch(/is not a WebAssembly module: it is an HTML page/);
      const isV8 = String(new Error("x").stack).startsWith("Error: x\n");
      const [first, second] = String(error.stack).split("\n");
      if (isV8) expect([first, second]).toEqual([`UnglueError: ${error.message}`, expect.stringMatching(/^ +at /)]);
    }
  });

  it("stays the same object when its message is written", () => {
    const error = loadError("not-wasm", { found: "html" });
    const { details } = error;
    expect(error.message).toBe("not-wasm");
    explain(error, messages);
    expect(error.message).toMatch(/^The source is not a WebAssembly module/);
    expect(error.details).toBe(details);
    const { message } = error;
    explain(error, messages);
    expect(error.message).toBe(message);
  });

  it("has its code and details as message where the catalogue cannot be had", () => {
    const error = loadError("limit-exceeded", { limit: "bytes", asked: 9n, allowed: 5 });
    explain(error);
    expect(error.message).toBe(
      'limit-exceeded: {"limit":"bytes","asked":"9","allowed":5} See unglue/docs/errors.md#limit-exceeded',
    );
  });

  it("has those of its causes written with it, in a chain without an end too", () => {
    const cause = loadError("out-of-memory", {}, new RangeError("no room"));
    const error = new UnglueError("restart-failed", "It failed.", {}, { cause });
    explain(error, messages);
    expect(error.message).toBe("It failed. See unglue/docs/errors.md#restart-failed");
    expect(cause.message).toContain("no room");
    const circle = loadError("link-failed", {});
    Object.assign(circle, { cause: circle });
    explain(circle, messages);
    expect(circle.message).toContain("refused to link");
  });

  it("stays what it is where it is frozen, or the program's way of making stacks throws", () => {
    const frozen = Object.freeze(loadError("link-failed", {}));
    expect(() => explain(frozen, messages)).not.toThrow();
    const error = loadError("not-wasm", { found: "html" });
    define(error, "stack", {
      get: () => {
        throw new Error("mine");
      },
      configurable: true,
    });
    expect(() => explain(error, messages)).not.toThrow();
    expect(error.message).toContain("is not a WebAssembly module");
  });

  it("has its message at once where a restart fails in a call that cannot wait", async () => {
    const bytes = await wat(`(module (import "env" "f" (func)) (func (export "run") unreachable))`);
    for (const isSync of [false, true]) {
      let lives = 0;
      const options = {
        onTrap: "restart",
        missing: "error",
        imports: () => (lives++ === 0 ? { env: { f: () => undefined } } : {}),
      } as const;
      const wasm = isSync ? loadSync(bytes, options) : await load(bytes, options);
      expect(() => wasm.guarded.run?.()).toThrow("unreachable");
      const error = thrownBy(() => wasm.guarded.run?.()) as UnglueError;
      const reason = (error.cause as UnglueError).cause as UnglueError;
      expect([error.code, reason.code]).toEqual(["poisoned", "unresolved-imports"]);
      expect(reason.message).toMatch(
        /^Nothing provides this import[^]* See unglue\/docs\/errors\.md#unresolved-imports$/,
      );
    }
  });

  it("is left alone where it is another's, or throws when it is looked at", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const other = Object.assign(new Error("not-wasm"), { code: "not-wasm", details: {} });
    for (const error of [proxy, other, null, "not-wasm"]) expect(() => explain(error, messages)).not.toThrow();
    expect(other.message).toBe("not-wasm");
  });
});

describe("UnglueError as data", () => {
  it("is written as JSON whole, with its cause", async () => {
    const error = await rejectionOf(load(await wat(`(module (import "env" "f" (global i64)))`), { missing: "error" }));
    const written = JSON.parse(JSON.stringify(error)) as Record<string, unknown>;
    expect(written).toEqual({
      name: "UnglueError",
      code: "unresolved-imports",
      message: (error as Error).message,
      details: { imports: [expect.objectContaining({ module: "env", name: "f", kind: "global" })] },
    });
    const caused = new UnglueError(
      "out-of-bounds",
      "Far.",
      { address: 2n ** 40n, length: 1, size: 8 },
      { cause: error },
    );
    expect(JSON.parse(JSON.stringify(caused))).toEqual({
      name: "UnglueError",
      code: "out-of-bounds",
      message: "Far. See unglue/docs/errors.md#out-of-bounds",
      details: { address: String(2n ** 40n), length: 1, size: 8 },
      cause: written,
    });
    const plain = new UnglueError("link-failed", "No.", {}, { cause: new RangeError("odd") });
    expect(JSON.parse(JSON.stringify(plain))).toMatchObject({ cause: { name: "RangeError", message: "odd" } });
  });

  it("is written as JSON with any cause", () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const looping = new UnglueError("link-failed", "No.", {});
    Object.assign(looping, { cause: looping });
    const odd = Object.assign(new Error("x"), { message: 5n });
    const causes = [
      5n,
      circle,
      { size: 5n },
      { toJSON: () => thrownBy(() => circle.self) },
      odd,
      looping,
      null,
      "text",
    ];
    const written = causes.map(
      (cause) =>
        (JSON.parse(JSON.stringify(new UnglueError("link-failed", "No.", {}, { cause }))) as { cause?: unknown }).cause,
    );
    expect(written.slice(0, 3)).toEqual(["5", undefined, { size: "5" }]);
    expect(written[4]).toEqual({ name: "Error", message: "5" });
    expect(written[5]).toMatchObject({ code: "link-failed", cause: { cause: { code: "link-failed" } } });
    expect(written.slice(6)).toEqual([null, "text"]);
  });

  it("has details that can be cloned", async () => {
    for (const error of [await rejectionOf(load(html)), thrownBy(() => loadSync(5 as never))] as UnglueError[]) {
      expect(structuredClone(error.details)).toEqual(error.details);
    }
  });
});
