import { describe, expect, it } from "vitest";
import { assemble, list, sections, unsigned } from "../reflect/assemble.ts";
import { inspect } from "../reflect/reader.ts";
import { countSteps } from "./steps.ts";

const steps = countSteps();

/** The most steps per byte that a reader may take. */
const most = 8;

function stepsPerByte(bytes: Uint8Array): number {
  steps.count = 0;
  inspect(bytes, { names: true });
  return steps.count / bytes.length;
}

/** The bytes of a text, repeated. */
const repeat = (bytes: readonly number[], times: number) => Array.from({ length: times }, () => bytes).flat();

describe("the steps that the reader takes per byte", () => {
  it("are few where each function of the name section claims to be as long as a thousand others", () => {
    // Subsections of three bytes, each of which is the length of a name: 65,602, all of them valid UTF-8.
    const greedy = repeat([0, 3, 0xc2, 0x80, 4], 40_000);
    expect(stepsPerByte(assemble(sections.custom("name", greedy)))).toBeLessThan(most);
  });

  it("are few where each list of needed libraries claims to be as long as a thousand others", () => {
    const greedy = repeat([2, 4, 1, 0xc2, 0x80, 5], 40_000);
    expect(stepsPerByte(assemble(sections.custom("dylink.0", greedy)))).toBeLessThan(most);
  });

  it("are few where thousands of imports refer to types by index", () => {
    const imports = repeat([0, 0, 0, 1, 0, 0, 3, 0x63, 0, 0], 10_000);
    const types = sections.type([0x5f, 0], [0x60, 1, 0x63, 0, 0]);
    const section = [...unsigned(20_000), ...imports];
    expect(stepsPerByte(assemble(types, [2, ...unsigned(section.length), ...section]))).toBeLessThan(most);
  });
});

describe("a module", () => {
  it("with 50,000 imports of one type with 50,000 parameters is read", () => {
    const count = 50_000;
    const type = [0x60, ...unsigned(count), ...repeat([0x7f], count), 0];
    const imports = [...unsigned(count), ...repeat([0, 0, 0, 0], count)];
    const bytes = assemble(
      [1, ...unsigned(1 + type.length), ...list(type)],
      [2, ...unsigned(imports.length), ...imports],
    );
    const shape = inspect(bytes);
    expect(shape.imports).toHaveLength(count);
    expect(shape.imports.at(-1)).toMatchObject({ kind: "function", type: { results: [] } });
    expect(shape.toolchain.name).toBe("unknown");
  });
});
