import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DtsFunction, DtsType } from "../../../src/cli/declare/dts-model.ts";
import { readDts } from "../../../src/cli/declare/dts.ts";
import type { GlueFunction, GlueType, Read } from "../../../src/cli/declare/glue/model.ts";
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
  const declared = path.replace(/(_bg)?\.[cm]?js$/, ".d.ts");

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

  // Wrapped classes have other types, and not every text has a .d.ts beside it.
  if (!isWrapped && existsSync(declared)) {
    it("agrees with the types of the package", () => {
      const dts = readDts(readFileSync(declared, "utf8"), declared);
      const classes = new Set(dts.classes.map((one) => one.name));
      let compared = 0;
      const compare = (read: Read<GlueFunction> | undefined, wanted: Pick<DtsFunction, "params">, result?: DtsType) => {
        if (read?.kind !== "function") throw new Error(`${JSON.stringify(wanted)} was not read`);
        compared++;
        expect(read.params).toHaveLength(wanted.params.length);
        for (const [at, { type, isOptional }] of wanted.params.entries()) {
          expectSame(read.params[at]?.type, type, isOptional, classes);
        }
        if (result) expectSame(read.result, result, false, classes);
      };
      for (const one of dts.functions) {
        if (!glue.functions.has(one.name) && one.name.startsWith("init")) continue;
        compare(glue.functions.get(one.name), one, one.result);
      }
      for (const { name, construct, methods, statics, properties } of dts.classes) {
        const read = glue.classes.get(name);
        if (construct && read?.construct) compare(read.construct, construct);
        for (const one of methods) {
          // These are written in JavaScript.
          if (/^(toJSON|toString|\[.*)$/.test(one.name)) continue;
          compare(read?.methods.get(one.name), one, one.result);
        }
        for (const one of statics) compare(read?.statics.get(one.name), one, one.result);
        for (const one of properties) {
          const getter = one.isStatic ? read?.staticGetters.get(one.name) : read?.getters.get(one.name);
          if (getter && one.read) compare(getter, { params: [] }, one.read);
        }
      }
      expect(compared).toBeGreaterThan(0);
    });
  }

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

/** Fails if a value is passed otherwise than its type in TypeScript allows. */
function expectSame(
  read: GlueType | undefined,
  type: DtsType,
  isOptional: boolean,
  classes: ReadonlySet<string>,
): void {
  const members = type.kind === "union" ? type.members : [type];
  const some = members.filter((one) => one.kind !== "keyword" || !/^(undefined|null|void)$/.test(one.name));
  const mayBeNone = isOptional || some.length < members.length;
  const fact = `${JSON.stringify(read)} for ${type.text}`;
  // A value of JavaScript may be anything.
  const inner = read?.kind === "optional" ? read.item : read;
  if (read === undefined || inner?.kind === "js" || inner?.kind === "plain") return;
  if (read.kind === "optional") {
    if (some[0]?.kind !== "keyword" || some[0].name !== "any") expect(mayBeNone, fact).toBe(true);
    return;
  }
  if (read.kind === "void") expect(some, fact).toHaveLength(0);
  else expect(mayBeNone, fact).toBe(false);
  const [only] = some;
  if (only?.kind === "reference" && classes.has(only.name)) {
    expect(read, fact).toMatchObject({ kind: "object", class: only.name });
  }
  if (only?.kind !== "keyword") return;
  if (only.name === "string") expect(["string", "char", "text-enum"], fact).toContain(read.kind);
  if (only.name === "boolean") expect(read.kind, fact).toBe("bool");
  if (only.name === "bigint") expect(["int128", "int64-halves"], fact).toContain(read.kind);
  expect(only.name, fact).not.toBe("number");
}
