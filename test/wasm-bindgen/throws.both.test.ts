import { afterEach, describe, expect, it, vi } from "vitest";
import { UnglueError } from "unglue";
import { answersOf } from "../packages/served.ts";
import { thrownBy } from "../wat.ts";
import { openBrotli } from "./packages/brotli.ts";

interface Answers {
  throwing: { calls: number; messages: string[]; lost: number };
}

/** What Rust's panic hook says of a setting that brotli-wasm cannot read. */
const panic =
  "panicked at 'called `Result::unwrap()` on an `Err` value: " +
  String.raw`Error("invalid type: string \"x\", expected i32", line: 1, column: 14)', src/lib.rs:38:44`;

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a call that throws out of the module", () => {
  it("costs neither stack nor handles in 100,000 calls, where the package's own JavaScript loses stack in each", async () => {
    const { compressStep, wasm } = await openBrotli();
    const before = wasm.exports.__wbindgen_add_to_stack_pointer(0);
    const messages = new Set<string>();
    // The null pointer is what the package passes for a stream that was freed.
    for (let at = 0; at < 100_000; at += 1) messages.add(String(thrownBy(() => compressStep(0, undefined, 16))));
    const { throwing } = await answersOf<Answers>("brotli");
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
    const { compress, wasm } = await openBrotli();
    const error = thrownBy(() => compress(Uint8Array.of(1), { quality: "x" }));
    expect(UnglueError.is(error, "trap") && error.details).toMatchObject({ export: "compress", panic });
    expect(written.mock.calls.flat().join()).toContain(panic);
    expect(wasm.state).toBe("poisoned");
  });

  it("leaves later instances alone", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const poisoned = await openBrotli();
    expect(
      UnglueError.is(
        thrownBy(() => poisoned.compressStep(1, undefined, -1)),
        "trap",
      ),
    ).toBe(true);
    const { compress, decompress } = await openBrotli();
    const bytes = new TextEncoder().encode("to and fro, to and fro, to and fro");
    expect(decompress(compress(bytes, {}))).toEqual(bytes);
  });
});
