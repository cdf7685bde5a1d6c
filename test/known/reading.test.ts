/** How much of the tables is read for a module, and that the answers do not depend on the order of the questions. */
import { inspect } from "unglue";
import { describe, expect, it } from "vitest";
import type * as known from "../../src/toolchains/wasm-bindgen/known/index.ts";
import { numberIn } from "../../src/toolchains/wasm-bindgen/known/name-map.ts";
import { bare, createTable } from "../../src/toolchains/wasm-bindgen/known/table.ts";
import { webNames } from "../../src/toolchains/wasm-bindgen/known/web-names.ts";
import { webTable } from "../../src/toolchains/wasm-bindgen/known/web-table.ts";
import { moduleBytes } from "../packages/index.mjs";
import { callsOf, importCounted } from "../steps.ts";
import { itemsOf } from "./lines.ts";

const { createIdentify, knownTable, readTables } = await importCounted<typeof known>(
  () => import("../../src/toolchains/wasm-bindgen/known/index.ts"),
);
const shape = inspect(await moduleBytes("gluesql"));

describe("the knowledge of a module's imports", () => {
  const identifyAll = () => {
    const identify = createIdentify([knownTable, webTable].flatMap(readTables), shape);
    for (const one of shape.imports) identify.identified(one);
  };

  it("reads the lines of the module's names, of ten thousand", async () => {
    expect(await callsOf("known/table.ts", "readNaming", identifyAll)).toBe(251);
  });

  it("computes few hashes for each import", async () => {
    expect(await callsOf("known/sip.ts", "sipHash", identifyAll)).toBe(2501);
  });

  it("does not depend on the order of the questions", () => {
    const answersIn = (imports: typeof shape.imports) => {
      const identify = createIdentify([knownTable, webTable].flatMap(readTables), shape);
      const answers = new Map(imports.map((one) => [one, [identify.identified(one), identify.meanings(one)]]));
      return shape.imports.map((one) => answers.get(one));
    };
    const inOrder = answersIn(shape.imports);
    expect(answersIn([...shape.imports].reverse())).toEqual(inOrder);
    for (const step of [3, 7, 11]) {
      const shuffled = shape.imports.map(
        (_, at) => shape.imports[(at * step + 1) % shape.imports.length] ?? shape.imports[0],
      );
      const all = [...new Set([...shuffled, ...shape.imports])].filter((one) => one !== undefined);
      expect(answersIn(all)).toEqual(inOrder);
    }
  });
});

describe("the parts of the large table", () => {
  const parts = webTable.split("\n\n");

  it("are where the map of names says", () => {
    const wrong = parts.flatMap((part, number) =>
      itemsOf(part).filter(({ importName }) => numberIn(webNames, bare(importName)) !== number),
    );
    expect(wrong.map(({ importName }) => importName)).toEqual([]);
  });

  it("have no names in common", () => {
    const names = parts.flatMap((part) => [...new Set(itemsOf(part).map(({ importName }) => bare(importName)))]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(4400);
  });

  it("are not fetched for most of the names that they lack", () => {
    const names = Array.from({ length: 1000 }, (_, at) => `ownFunction${at}`);
    const found = names.filter((name) => numberIn(webNames, name) !== undefined);
    expect(found.length).toBeLessThan(200);
  });
});

describe("a table of anything", () => {
  it.each(["", "\n", ":", "\n:", "\n:a\n:b\n:", "\n:new", "\n@", "\n@A\n@B", "!", "a\n\n:new\n+@zz", "\n:new\n+@a"])(
    "has no items that are not there, and ends: %j",
    (text) => {
      const table = createTable(text);
      for (const name of ["", "new", "a", "b", "zz", "instanceofA"]) expect(table.itemsOf(name).length).toBeLessThan(2);
    },
  );
});
