import { loadSync } from "unglue";
import { describe, expect, it } from "vitest";
import { framesOf } from "../../src/errors/frames.ts";
import { thrownBy, wat } from "../wat.ts";

/** An error with the stack of another engine. */
function withStack(stack: unknown): Error {
  return Object.defineProperty(new Error("unreachable"), "stack", { value: stack });
}

describe("the frames of a trap", () => {
  it.each([
    [
      "V8",
      [
        "RuntimeError: unreachable",
        "    at core::panicking::panic (wasm://wasm/app-2fb1b2ce:wasm-function[12]:0x1a2b)",
        "    at wasm://wasm/2fb1b2ce:wasm-function[5]:0x2a",
        "    at app.main (https://example.com/a(1).wasm:wasm-function[3]:0x29)",
        "    at run (file:///app.mjs:3:5)",
      ],
      [
        { name: "core::panicking::panic", index: 12, offset: 0x1a2b },
        { index: 5, offset: 0x2a },
        { name: "app.main", index: 3, offset: 0x29 },
      ],
    ],
    [
      "SpiderMonkey",
      [
        "core::panicking::panic@https://example.com/a.wasm:wasm-function[12]:0x1a2b",
        "wasm-function[5]@https://cdn.example/pkg@1.0/a.wasm:wasm-function[5]:0x2a",
        "@https://example.com/app.mjs line 2 > WebAssembly.Module:wasm-function[3]:0x29",
        "run@https://example.com/app.mjs:3:5",
      ],
      [
        { name: "core::panicking::panic", index: 12, offset: 0x1a2b },
        { index: 5, offset: 0x2a },
        { index: 3, offset: 0x29 },
      ],
    ],
    [
      "JavaScriptCore",
      [
        "<?>.wasm-function[core::panicking::panic]@[wasm code]",
        "app.wasm-function[5]@[wasm code]",
        "app.wasm-function[(null)]@[wasm code]",
        "wasm-stub@[wasm code]",
        "run@https://example.com/app.mjs:3:5",
      ],
      [{ name: "core::panicking::panic" }, { index: 5 }, {}],
    ],
    [
      "Jest, which rewrites it",
      [
        "    at core::panicking::panic (wasm://wasm/229cfef2:1:413)",
        "    at null.<anonymous> (wasm://wasm/229cfef2:1:417)",
        "    at Object.<anonymous> (/app/a.test.js:2:15)",
      ],
      [{ name: "core::panicking::panic", offset: 412 }, { offset: 416 }],
    ],
    [
      "Deno, whose index is always 0",
      [
        "    at core::panicking::panic (wasm://wasm/1b537f02:wasm-function[0]:0x19c)",
        "    at <anonymous> (wasm://wasm/1b537f02:wasm-function[0]:0x1a0)",
        "    at file:///app.mjs:3:15",
      ],
      [{ name: "core::panicking::panic", offset: 0x19c }, { offset: 0x1a0 }],
    ],
    [
      "Jest, whose other frames may look alike",
      [
        "    at app::run (x) (wasm://wasm/app-229cfef2:1:1)",
        "    at wasm://wasm/229cfef2:1:79",
        "    at wasm://wasm/x (/app/one-line.min.js:1:70)",
        "    at f (https://example.com/a.wasm:1:70)",
        "    at f (wasm://wasm/229cfef2:1:0)",
        "    at f (wasm://wasm/229cfef2:1:99999999999)",
      ],
      [{ name: "app::run (x)", offset: 0 }, { offset: 78 }],
    ],
    ["Bun", ["RuntimeError: Unreachable code should not be executed", "    at unknown", "    at /app/a.mjs:5:60"], []],
  ])("are read from the stack of %s", (_, lines, frames) => {
    expect(framesOf(withStack(lines.join("\n")))).toEqual(frames);
  });

  it.each([undefined, 5, [], "", "\n\n", "wasm-function[", "wasm-function[]", "at wasm-function[99999999999999]:0xz"])(
    "come to no harm from the stack %j",
    (stack) => expect(() => framesOf(withStack(stack))).not.toThrow(),
  );

  it("come to no harm from one that cannot be read", () => {
    const error = Object.defineProperty(new Error(), "stack", {
      get: () => {
        throw new Error("not to be read");
      },
    });
    expect(framesOf(error)).toEqual([]);
  });

  it("are found in a long name within time that grows as its length", () => {
    const name = "(@ wasm-function[1 at ".repeat(100_000);
    expect(framesOf(withStack(`    at ${name} (wasm://wasm/1:wasm-function[1]:0x2)`))).toEqual([
      { name, index: 1, offset: 2 },
    ]);
  });
});

describe("the message of a trap", () => {
  it("names the innermost functions that have names, at most three", async () => {
    const bytes = await wat(
      `(module (func $inner unreachable) (func $middle (call $inner)) (func $outer (call $middle)) (func $last (call $outer))
        (func (export "run") (call $last)))`,
      { names: true },
    );
    const error = thrownBy(() => loadSync<{ run(): void }>(bytes).guarded.run()) as Error;
    expect(error.message).toContain('trapped: unreachable, in "inner", called by "middle", called by "outer".');
  });
});
