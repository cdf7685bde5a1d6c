import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { readAbi } from "../../../src/toolchains/wasm-bindgen/abi.ts";
import { createIdentify, knownTable, readTables } from "../../../src/toolchains/wasm-bindgen/known/index.ts";
import { webTable } from "../../../src/toolchains/wasm-bindgen/known/web-table.ts";
import { pairOf, paths } from "./pairs.ts";
import { holesIn, visible } from "./same.ts";

/** The package whose exports are classes of its own around the generated ones. */
const wrapped = "@resvg";

describe.each(paths)("the generated JavaScript %s", (path) => {
  const { text, shape } = pairOf(path);
  const glue = readGlue(text, path, { shape });
  const isWrapped = path.includes(wrapped);

  it("is read whole", () => {
    expect(holesIn(glue)).toEqual([]);
    const functions = shape.imports.flatMap((one) => (one.kind === "function" ? [one.name] : []));
    expect([...glue.imports.keys()].sort()).toEqual([...new Set(functions)].sort());
    if (!isWrapped) expect(glue.functions.size + glue.classes.size).toBeGreaterThan(0);
  });

  it("calls exports with the words that they take", () => {
    const names = new Set(shape.exports.map((one) => one.name));
    for (const one of glue.functions.values()) {
      if (one.kind === "function") expect(names).toContain(one.export);
    }
    for (const { free } of isWrapped ? [] : glue.classes.values()) expect(names).toContain(free);
  });

  it("agrees with the declarations of crates about every import that these identify", () => {
    const identify = createIdentify([knownTable, webTable].flatMap(readTables), shape);
    const { handles, helpers } = readAbi(shape);
    const facts = { isHeap: handles === "heap", stores: helpers.storeException !== undefined };
    let compared = 0;
    for (const wanted of shape.imports) {
      const read = glue.imports.get(wanted.name);
      const known = identify.identified(wanted)?.declaration;
      if (read?.kind !== "meaning" || !known) continue;
      compared++;
      const { crate, ...declared } = known;
      expect(visible(read.declaration, facts), `${wanted.name} of ${crate}`).toEqual(visible(declared, facts));
    }
    expect(compared).toBeGreaterThanOrEqual(shape.imports.length > 8 ? 2 : 0);
  });
});
