import { afterEach, describe, expect, it, vi } from "vitest";
import { UnglueError } from "unglue";
import { answersOf } from "../served.ts";
import { thrownBy } from "../../wat.ts";
import { openBrotli } from "./exports.ts";

interface Throwing {
  calls: number;
  messages: string[];
  lost: number;
}

/** The message of Rust's panic hook about a setting that brotli-wasm cannot read. */
const panic =
  "panicked at 'called `Result::unwrap()` on an `Err` value: " +
  String.raw`Error("invalid type: string \"x\", expected i32", line: 1, column: 14)', src/lib.rs:38:44`;

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a call that throws out of the module", () => {
  it("costs neither stack nor handles in 100,000 calls, where the package's own JavaScript loses stack in each", async () => {
    const { api, wasm } = await openBrotli();
    const before = wasm.exports.__wbindgen_add_to_stack_pointer(0);
    const messages = new Set<string>();
    const stream = new api.CompressStream();
    // As the package does, it passes a null pointer from now on.
    stream.free();
    for (let at = 0; at < 100_000; at += 1) messages.add(String(thrownBy(() => stream.compress(undefined, 16))));
    const throwing = await answersOf<Throwing>("brotli-throwing");
    expect([...messages]).toEqual(throwing.messages);
    expect(before - wasm.exports.__wbindgen_add_to_stack_pointer(0)).toBe(0);
    expect(wasm.handles.size).toBe(0);
    expect(wasm.state).toBe("live");
    expect(throwing.lost / throwing.calls).toBeGreaterThan(0);
  });
});

describe("a panic", () => {
  it("is the error trap with Rust's message, which the module's own hook also writes to the console", async () => {
    const written = vi.spyOn(console, "error").mockReturnValue();
    const { api, wasm } = await openBrotli();
    const error = thrownBy(() => api.compress(Uint8Array.of(1), { quality: "x" as never }));
    expect(UnglueError.is(error, "trap") && error.details).toMatchObject({ export: "compress", panic });
    expect(written.mock.calls.flat().join()).toContain(panic);
    expect(wasm.state).toBe("poisoned");
  });

  it("leaves later instances alone", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const poisoned = await openBrotli();
    expect(
      UnglueError.is(
        thrownBy(() => poisoned.api.compress(Uint8Array.of(1), { quality: "x" as never })),
        "trap",
      ),
    ).toBe(true);
    const { compress, decompress } = (await openBrotli()).api;
    const bytes = new TextEncoder().encode("to and fro, to and fro, to and fro");
    expect(decompress(compress(bytes, {}))).toEqual(bytes);
  });
});
