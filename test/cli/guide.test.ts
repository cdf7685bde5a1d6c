import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "./terminal.ts";

const main = resolve("dist/cli/main.js");
const pages = ["README.md", "docs/from-npm.md"];

/** The commands and the programs of a page that use a declaration file, in order. */
function stepsOf(page: string): { readonly commands: readonly string[]; readonly programs: readonly string[] } {
  const blocks = [...readFileSync(page, "utf8").matchAll(/^```(sh|js)\n(.*?)^```/gms)];
  const texts = (language: string) => blocks.flatMap(([, of, text = ""]) => (of === language ? [text] : []));
  return {
    commands: texts("sh").flatMap((text) => text.split("\n").filter((line) => line.startsWith("npx unglue declare"))),
    programs: texts("js").filter((text) => text.includes("./prqlc.js")),
  };
}

/** The exit codes that the guide tells of commands that guess. */
const guessing = "cjs-module-lexer";

describe.each(pages)("the steps of %s", (page) => {
  it("work as they stand there", () => {
    const { commands, programs } = stepsOf(page);
    expect(commands.length).toBeGreaterThan(0);
    expect(programs.length).toBeGreaterThan(0);
    const folder = temporaryFolder();
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(resolve("."), join(folder, "node_modules/unglue"));
    for (const name of ["prqlc", "cjs-module-lexer"]) {
      symlinkSync(resolve("node_modules", name), join(folder, "node_modules", name));
    }
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    for (const command of commands) {
      const [, , ...args] = command.split(" ");
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
        cwd: folder,
        encoding: "utf8",
      });
      expect({ command, status, stderr }).toMatchObject({ status: command.includes(guessing) ? 1 : 0 });
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    }
    for (const [at, text] of programs.entries()) {
      const path = join(folder, `program${at}.js`);
      writeFileSync(path, text);
      const expected = [...text.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, line = ""]) => line);
      expect(expected.length).toBeGreaterThan(0);
      expect(execFileSync(process.execPath, [path], { cwd: folder, encoding: "utf8" }).trimEnd().split("\n")).toEqual(
        expected,
      );
    }
  });
});
