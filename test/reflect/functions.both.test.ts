import { describe, expect, it } from "vitest";
import { assemble, emptyBody, exported, functionType, i32, imported, sections, unsigned } from "./assemble.ts";
import { inspect } from "./reader.ts";

/** As many functions as the platform checks together, and more than one byte counts. */
const many = 2000;

/** Distinct function types: each has as many parameters as its index. */
const typesOf = (count: number) =>
  sections.type(...Array.from({ length: count }, (_, at) => functionType(Array<number>(at).fill(i32))));

const importSection = sections.import(imported("a", 0, 0), imported("b", 0, 1));

/** A module whose functions have these types, and that imports two and exports some of all. */
function moduleOf(types: number[], indices: readonly number[], wanted: readonly number[]) {
  return assemble(
    types,
    importSection,
    sections.function(...indices.map(unsigned)),
    sections.export(...wanted.map((index) => exported(`f${index}`, 0, index))),
    sections.code(...indices.map(() => emptyBody)),
  );
}

/** Type indices in no simple order. */
const spread = (count: number) => Array.from({ length: many }, (_, at) => (at * 7919) % count);

describe("many functions", () => {
  it.each([1, 127, 128, 129, 300])("have their own types of %i", (count) => {
    const indices = spread(count);
    const wanted = [0, 1, 2, 3, 130, 1025, many, many + 1];
    const types = count === 1 ? sections.type(functionType([]), functionType([i32])) : typesOf(count);
    const { exports } = inspect(moduleOf(types, indices, wanted));
    expect(exports.map(({ index }) => index)).toEqual(wanted);
    expect(exports.map((one) => one.kind === "function" && one.type?.params.length)).toEqual(
      wanted.map((index) => (index < 2 ? index : indices[index - 2])),
    );
  });

  it.each([
    ["one byte", 50, 50],
    ["the last of one byte", 127, 127],
    ["two bytes", 50, 128],
    ["two bytes, of many types", 200, 200],
  ])("are refused for a type that is not there: %s", (_, count, wrong) => {
    const indices = spread(count);
    const missing = detailsOf(moduleOf(typesOf(count), indices, [many + 2]));
    expect(missing).toMatchObject({ section: "export", subject: `function ${many + 2}` });
    indices[1500] = wrong;
    const bytes = moduleOf(typesOf(count), indices, []);
    const { offset, ...details } = detailsOf(bytes);
    expect(details).toMatchObject({ section: "function", problem: "index", subject: `function type ${wrong}` });
    // The offset is that of the last byte of the index.
    const sizes = indices.slice(0, 1501).map((index) => unsigned(index).length);
    expect(offset).toBe(
      functionsAt([typesOf(count), importSection], indices) + sizes.reduce((sum, size) => sum + size) - 1,
    );
  });

  it("are refused if one of their types is none of a function", () => {
    const types = sections.type(functionType([]), functionType([i32]), [0x5f, 0]);
    const indices = spread(2);
    expect(inspect(moduleOf(types, indices, [many])).exports).toHaveLength(1);
    indices[1999] = 2;
    expect(detailsOf(moduleOf(types, indices, []))).toMatchObject({ section: "function", subject: "function type 2" });
  });

  it("are refused if the section ends before the last, or after it", () => {
    const section = (count: number) => [
      3,
      ...unsigned(many + unsigned(count).length),
      ...unsigned(count),
      ...spread(2),
    ];
    const head = [sections.type(functionType([]), functionType([i32]))];
    expect(inspect(assemble(...head, section(many))).complete).toBe(true);
    expect(detailsOf(assemble(...head, section(many + 1)))).toMatchObject({ section: "function", problem: "short" });
    expect(detailsOf(assemble(...head, section(many - 1)))).toMatchObject({ section: "function", problem: "long" });
  });

  it("have types that stay when the bytes change", () => {
    const bytes = moduleOf(typesOf(100), spread(100), [40]);
    const { exports } = inspect(bytes);
    const before = structuredClone(exports);
    bytes.fill(0xff);
    expect(exports).toEqual(before);
  });
});

/** Where the first type index of the function section is: after the sections before it, and its own id, size and count. */
function functionsAt(before: readonly number[][], indices: readonly number[]): number {
  const size = sections.function(...indices.map(unsigned)).length - indices.flatMap(unsigned).length;
  return 8 + before.flat().length + size;
}

function detailsOf(bytes: Uint8Array): { readonly offset?: number; readonly [name: string]: unknown } {
  try {
    inspect(bytes);
  } catch (error) {
    return (error as { readonly details: { readonly offset?: number } }).details;
  }
  throw new Error("Nothing was thrown.");
}
