import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cellOf, engines, features } from "./features/engines.mjs";

const root = join(import.meta.dirname, "..");
const textOf = (path: string): string => readFileSync(join(root, path), "utf8");
const page = textOf("docs/toolchains.md");

/** The cells of a table's rows, without its heading. */
function rowsOf(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The sections by the anchors of their headings. */
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((text) => [anchorOf(text.split("\n", 1)[0] ?? ""), text] as const),
);

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replaceAll(" ", "-");
}

const lines = sections.get("lines-before-and-after") ?? "";
/** The tables of tests: what works, and the file and name of a test. */
const tables = [...sections.keys()].filter((name) => name !== "lines-before-and-after");
const rows = tables.flatMap((section) =>
  rowsOf(sections.get(section) ?? "").map(([what = "", test = ""]) => {
    const [, file = "", name = ""] = /^`([^`]+)`: (.+)$/.exec(test) ?? [];
    return { section, what, file, name };
  }),
);

describe("docs/toolchains.md", () => {
  it("has sections, each with rows of its own that name a test", () => {
    expect(tables.length).toBeGreaterThan(9);
    for (const section of tables) expect(rows.filter((one) => one.section === section).length).toBeGreaterThan(2);
    expect(rows.filter(({ name }) => name === "")).toEqual([]);
    expect(new Set(rows.map(({ section, what }) => `${section} ${what}`)).size).toBe(rows.length);
  });

  it.each(rows)("$what: its test exists", ({ file, name }) => {
    expect(existsSync(join(root, file))).toBe(true);
    const text = textOf(file);
    const isTitle = [`"${name}"`, `'${name}'`, `\`${name}\``].some((title) => text.includes(title));
    expect(isTitle || (name.startsWith('"') && text.includes(`${name}: {`)), name).toBe(true);
  });
});

describe("the README's table of toolchains", () => {
  const [, table = ""] = /^## What is supported$([^]*?)^## /m.exec(textOf("README.md")) ?? [];
  const supported = rowsOf(table).map(([from = "", what = "", tested = ""]) => ({ from, what, tested }));

  it("has every toolchain", () => {
    const names = supported.map(({ from }) => from).join();
    for (const name of [
      ...["wasm-bindgen", "C++", "Zig", "Rust", "Emscripten", "WASI", "AssemblyScript", "Node-API", "Go"],
      ...["Kotlin", "MoonBit", "Dart", "Scala.js", "TeaVM", "components"],
    ]) {
      expect(names).toContain(name);
    }
  });

  it.each(supported)("$from: its tests have a section, and run where it says", ({ from, tested }) => {
    const [, where = "", anchor = ""] = /^\[(.+)\]\(docs\/toolchains\.md#(.+)\)$/.exec(tested) ?? [];
    const its = rows.filter(({ section }) => section === anchor);
    expect(its.length, tested).toBeGreaterThan(2);
    const inBoth = its.filter(({ file }) => /\.both\.test\.ts$|-cases\.ts$/.test(file));
    if (/Chromium|runtimes/.test(where)) expect(inBoth.length).toBeGreaterThan(2);
    if (anchor === "wasmgc") {
      for (const name of (/^\[(.+)\]/.exec(from)?.[1] ?? "").split(", ")) {
        expect(
          its.some(({ what }) => what.includes(name)),
          name,
        ).toBe(true);
      }
    }
    if (where.includes("runtimes")) {
      // No gap is in the checks of these two conventions.
      expect(textOf("docs/appendix/runtimes.md")).not.toMatch(/^- (t in |wasm-bindgen)/m);
      const [, count] = /all (\d+) runtimes/.exec(where) ?? [];
      const [, summary = ""] = /^# Runtimes$([^]*?)^## /m.exec(textOf("docs/runtimes.md")) ?? [];
      expect(rowsOf(summary)).toHaveLength(Number(count));
    }
  });
});

describe("the lines before and after", () => {
  const blocks = new Map(
    lines
      .split(/^### /m)
      .slice(1)
      .map((text) => [
        text.split("\n", 1)[0],
        [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = ""]) => countOf(code)),
      ]),
  );

  /** Lines that are neither empty nor only a comment. */
  function countOf(code: string): number {
    return code.split("\n").filter((line) => !/^\s*(\/\/|$)/.test(line)).length;
  }

  it.each(rowsOf(lines.split("### ", 1)[0] ?? ""))("of %s are as many as its blocks have", (name, before, after) => {
    expect(blocks.get(name)).toEqual([Number(before), Number(after)]);
  });

  it("have a row for each pair of blocks", () => {
    expect(rowsOf(lines.split("### ", 1)[0] ?? "").map(([name]) => name)).toEqual([...blocks.keys()]);
  });
});

describe("the features of engines in docs/runtimes.md", () => {
  it("are those that the tests find", () => {
    const [, section = ""] = /^## Features of engines$([^]*?)^## /m.exec(textOf("docs/runtimes.md")) ?? [];
    const names = Object.keys(features) as (keyof typeof features)[];
    const expected = names.map((name) => [name, ...engines.map((engine) => cellOf(name, engine))]);
    expect(rowsOf(section)).toEqual(expected);
  });
});
