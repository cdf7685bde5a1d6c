import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { pairOf, paths } from "./pairs.ts";
import { readPrinted } from "./printed.ts";
import { comparable } from "./same.ts";

const small = paths.map((path) => [path, pairOf(path)] as const).filter(([, { text }]) => text.length < 80_000);

/** Forms that minifiers print in the place of longer ones, and others that look like them and mean something else. */
const forms: readonly (readonly [name: string, form: RegExp, same: string, other: string | undefined])[] = [
  ["an error without new", /\bthrow new Error\(/g, "throw Error(", "throw TypeError("],
  ["a number times one", /([\w.]+(?:\[\d\])?) \* 1\b/g, "+$1", "-$1"],
  ["a comparison of types", /typeof (\w+) === 'undefined'/g, '"u"<typeof $1', undefined],
];

describe.each(forms)("%s", (_, form, same, other) => {
  const texts = small.filter(([, { text }]) => text.search(form) >= 0);
  const read = (path: string, text: string) => comparable(readGlue(text, path, { shape: pairOf(path).shape }));

  it("occurs in generated JavaScript", () => {
    expect(texts.length).toBeGreaterThan(0);
  });

  it.each(texts)("means the same in %s", (path, { text }) => {
    expect(read(path, text.replace(form, same))).toEqual(read(path, text));
  });

  if (other === undefined) return;
  it("is not taken for something else", () => {
    const differing = texts.filter(([path, { text }]) => {
      const changed = JSON.stringify(read(path, text.replace(form, other)));
      return changed !== JSON.stringify(read(path, text));
    });
    expect(differing.map(([path]) => path)).toEqual(texts.map(([path]) => path));
  });
});

describe("an empty list", () => {
  const read = (body: string) => readPrinted("table", "__wbg_new_1", "->h", `function () { ${body} }`);

  it("is a new one", () => {
    expect(read("return [];")).toEqual(read("return new Array();"));
    expect(read("return new Array();")).toMatchObject({ kind: "meaning" });
  });

  it("is none with something in it", () => {
    expect(read("return [0];")).not.toEqual(read("return [];"));
  });
});

describe.each(["heap", "table"] as const)("the number of a condition with a %s", (abi) => {
  const read = (number: string) => {
    const body = `function (arg0) { const v = GET(arg0); return typeof v === "boolean" ? ${number} : 2; }`;
    const found = readPrinted(abi, "__wbindgen_boolean_get", "h->i", body);
    return found?.kind === "intrinsic" && !found.changed;
  };

  it.each(["(v ? 1 : 0)", "+!!v"])("is wasm-bindgen's own: %s", (number) => {
    expect(read(number)).toBe(true);
  });

  it.each(["(v ? 0 : 1)", "+!v", "-!!v", "2 * !!v"])("is another one: %s", (number) => {
    expect(read(number)).toBe(false);
  });
});
