import { describe, expect, it } from "vitest";
import { UnglueError } from "../../src/errors/unglue-error.ts";
import { inspect } from "./reader.ts";
import type { Shape } from "../../src/public/index.ts";
import {
  assemble,
  emptyBody,
  engineTakes,
  exported,
  externref,
  functionType,
  i32,
  i64,
  imported,
  sections,
} from "./assemble.ts";

/** Small modules that have every section, and every form of type that this reader knows. */
const modules = {
  "with the first version's types": assemble(
    sections.custom("note", [1, 2, 3]),
    sections.type(functionType([]), functionType([i32, i64], [i32])),
    sections.import(
      imported("f", 0, 1),
      imported("m", 2, 1, 1, 2),
      imported("t", 1, 0x70, 0, 1),
      imported("g", 3, i32, 0),
    ),
    sections.function([0], [1]),
    sections.global([i64, 1, 0x42, 0, 0x0b], [i32, 0, 0x23, 0, 0x0b]),
    sections.export(exported("run", 0, 1), exported("mem", 2), exported("top", 3, 1), exported("tab", 1)),
    sections.start(1),
    sections.element([0, 0x41, 0, 0x0b, 1, 1]),
    sections.dataCount(1),
    sections.code(emptyBody, [4, 0, 0x20, 0, 0x0b]),
    sections.data([0, 0x41, 0, 0x0b, 1, 9]),
    sections.custom("name", [0, 2, 1, 0x61]),
  ),
  "with references and tags": assemble(
    sections.type(functionType([externref], [0x70]), functionType([i32])),
    sections.import(imported("f", 0, 0), imported("e", 4, 0, 1)),
    sections.table([externref, 1, 1, 3], [0x70, 0, 2]),
    sections.memory([3, 1, 2]),
    sections.tag([0, 1]),
    sections.global([0x70, 0, 0xd2, 0, 0x0b], [externref, 1, 0xd0, 0x6f, 0x0b]),
    sections.export(exported("f", 0), exported("t", 1, 1), exported("e", 4, 1), exported("g", 3, 1)),
  ),
  "with types of garbage collection": assemble(
    sections.type(
      [0x4e, 2, 0x50, 0, 0x5f, 2, 0x78, 1, 0x63, 1, 0, 0x5e, 0x64, 0, 1],
      [0x4f, 1, 0, 0x5f, 3, 0x78, 1, 0x63, 1, 0, i32, 0],
      functionType([[0x63, 0], 0x6c], [[0x64, 0x6b]]),
    ),
    sections.import(imported("f", 0, 3), imported("g", 3, 0x63, 0x6d, 0)),
    sections.table([0x40, 0, 0x63, 0, 0, 1, 0xd0, 0, 0x0b]),
    sections.global([0x64, 0, 1, 0x41, 7, 0xd0, 1, 0xfb, 0, 0, 0x0b], [0x6c, 0, 0x41, 1, 0xfb, 28, 0x0b]),
    sections.export(exported("f", 0), exported("t", 1), exported("g", 3, 1)),
  ),
};

/** The shape; `undefined` for an error of the library. Any other error goes through. */
function shapeOf(bytes: Uint8Array): Shape | undefined {
  try {
    return inspect(bytes);
  } catch (error) {
    if (UnglueError.is(error, "malformed") || UnglueError.is(error, "truncated") || UnglueError.is(error, "not-wasm"))
      return undefined;
    throw error;
  }
}

function expectAgreement(shape: Shape | undefined, bytes: Uint8Array<ArrayBuffer>, change: string): void {
  const module = new WebAssembly.Module(bytes);
  const names = ({ module, name, kind }: { module?: string; name: string; kind: string }) => [module, name, kind];
  expect(shape?.imports.map(names), change).toEqual(WebAssembly.Module.imports(module).map(names));
  expect(shape?.exports.map(names), change).toEqual(WebAssembly.Module.exports(module).map(names));
  for (const { name, offset = 0, size } of shape?.customSections ?? []) {
    const contents = WebAssembly.Module.customSections(module, name).map((buffer) => String(new Uint8Array(buffer)));
    expect(contents, change).toContain(String(bytes.subarray(offset, offset + size)));
  }
}

describe.each(Object.entries(modules))("a module %s", (_, bytes) => {
  it("is read", () => {
    expect(inspect(bytes).exports.length).toBeGreaterThan(0);
    if (engineTakes(bytes)) expectAgreement(inspect(bytes), bytes, "as it is");
  });

  it("that ends at any byte is truncated, or ends between two sections", () => {
    for (let length = 1; length < bytes.length; length++) {
      const start = bytes.subarray(0, length);
      try {
        inspect(start);
        expect(boundaries(bytes)).toContain(length);
      } catch (error) {
        expect(error).toMatchObject({ code: "truncated", details: { size: length } });
        expect((error as UnglueError<"truncated">).details.offset).toBeLessThanOrEqual(length);
        expect(boundaries(bytes)).not.toContain(length);
      }
    }
  });

  it("with any byte changed to any other is read or refused, and read as the engine does where that takes it", () => {
    let taken = 0;
    for (let at = 0; at < bytes.length; at++) {
      for (let value = 0; value < 256; value++) {
        const changed = bytes.slice();
        changed[at] = value;
        const shape = shapeOf(changed);
        if (!engineTakes(changed)) continue;
        taken++;
        expectAgreement(shape, changed, `byte ${at} is ${value}`);
      }
    }
    expect(taken).toBeGreaterThanOrEqual(engineTakes(bytes) ? bytes.length : 0);
  }, 60_000);

  it("with any byte left out or put in is read or refused, and read as the engine does where that takes it", () => {
    for (let at = 0; at <= bytes.length; at++) {
      for (const inserted of [[], [0], [1], [0x80], [0xff]]) {
        const changed = Uint8Array.from([
          ...bytes.subarray(0, at),
          ...inserted,
          ...bytes.subarray(at + (inserted.length ? 0 : 1)),
        ]);
        const shape = shapeOf(changed);
        if (engineTakes(changed))
          expectAgreement(shape, changed, `${inserted.length ? `${inserted[0]} put in` : "left out"} at ${at}`);
      }
    }
  });
});

/** Where sections begin and end; all sizes here are below 128. */
function boundaries(bytes: Uint8Array): number[] {
  const found = [8];
  for (let at = 8; at < bytes.length; found.push(at)) at += 2 + (bytes[at + 1] ?? 0);
  return found;
}
