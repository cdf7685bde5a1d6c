import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/toolchains.md"), "utf8");
/** The rows of the tables: what works, and the file and name of a test. */
const rows = [...page.matchAll(/^\| (?!-|what works)(.+?) +\| `([^`]+)`: (.+?) +\|$/gm)].map(
  ([, what = "", file = "", name = ""]) => ({ what, file, name }),
);

describe("docs/toolchains.md", () => {
  it("has rows, and each names a test", () => {
    const lines = page.split("\n").filter((line) => line.startsWith("| ") && !/^\| (-|what works)/.test(line));
    expect(rows.length).toBeGreaterThan(20);
    expect(rows).toHaveLength(lines.length);
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  });

  it.each(rows)("$what: its test exists", ({ file, name }) => {
    expect(existsSync(join(root, file))).toBe(true);
    const text = readFileSync(join(root, file), "utf8");
    const isTitle = [`"${name}"`, `'${name}'`, `\`${name}\``].some((title) => text.includes(title));
    expect(isTitle || (name.startsWith('"') && text.includes(`${name}: {`)), name).toBe(true);
  });
});
