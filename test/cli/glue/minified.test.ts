import { parse } from "@babel/parser";
import { transform } from "esbuild";
import { format } from "prettier";
import { minify } from "terser";
import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { isModule, pairOf, paths } from "./pairs.ts";
import { comparable } from "./same.ts";

/** Texts of which a minifier makes something in a moment. */
const small = paths.map((path) => [path, pairOf(path)] as const).filter(([, { text }]) => text.length < 80_000);

describe.each(small)("the generated JavaScript %s says the same", (path, { text, shape }) => {
  const own = readGlue(text, path, { shape });
  const expected = comparable(own);
  // Where wrapped classes are not exported, a minifier leaves their names to the package's types.
  const classNames = [...own.classes.keys()];
  const read = (changed: string) => comparable(readGlue(changed, path, { shape, classNames }));

  it("as printed by Prettier", async () => {
    const changed = await format(text, { parser: "babel", printWidth: 40, semi: false, singleQuote: true });
    expect(changed).not.toBe(text);
    expect(read(changed)).toEqual(expected);
  });

  it("in the opposite order", () => {
    const { program } = parse(text, { sourceType: "unambiguous" });
    const statements = program.body.map(({ start, end }) => text.slice(start ?? 0, end ?? 0));
    expect(read(statements.reverse().join("\n;\n"))).toEqual(expected);
  });

  it("as minified by esbuild", async () => {
    const { code } = await transform(text, { minify: true, ...(isModule(text) && { format: "esm" }) });
    expect(code.length).toBeLessThan(text.length);
    expect(read(code)).toEqual(expected);
  });

  it.each([
    ["with names kept", { mangle: false }],
    ["as far as it can", { toplevel: true, compress: { passes: 3 } }],
  ])("as minified by terser %s", async (_, options) => {
    const { code = "" } = await minify(text, { module: isModule(text), ...options });
    expect(code.length).toBeLessThan(text.length);
    expect(read(code)).toEqual(expected);
  });
});
