import { type ChildProcess, execFileSync, fork, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { replaceFile, replaceFiles, replaceOutput } from "../../src/cli/files.ts";
import { shapeCommand } from "../../src/cli/shape.ts";
import { typesCommand } from "../../src/cli/types.ts";
import { temporaryFolder, terminal } from "./terminal.ts";

describe("a file that a command writes", () => {
  it("keeps its permissions, and stays where a link leads", () => {
    const folder = temporaryFolder();
    const [file, link] = [join(folder, "file"), join(folder, "link")];
    writeFileSync(file, "old", { mode: 0o600 });
    symlinkSync("file", link);
    replaceFile(link, "new");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(["file", "link"]);
  });

  it("may be a pipe, which stays one", () => {
    const pipe = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [pipe]);
    const reader = openSync(pipe, "r+");
    replaceFile(pipe, "text");
    const buffer = Buffer.alloc(8);
    expect(buffer.toString("utf8", 0, readSync(reader, buffer))).toBe("text");
    closeSync(reader);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it("is named by the error if it cannot be written", () => {
    const path = join(temporaryFolder(), "no/such/file");
    expect(() => replaceFile(path, "text")).toThrow(`ENOENT: no such file or directory, open '${path}'`);
  });

  it("is never the module that was read", async () => {
    const path = join(temporaryFolder(), "hello.wasm");
    writeFileSync(path, readFileSync("examples/hello/hello.wasm"));
    for (const command of [typesCommand, shapeCommand]) {
      await expect(command(path, { output: path }, terminal())).rejects.toThrow(CommandError);
    }
    expect(() => replaceOutput(path, "", path, () => true)).toThrow(/is the module\. Name another file with --output/);
    expect(readFileSync(path)).toEqual(readFileSync("examples/hello/hello.wasm"));
  });
});

describe("files that belong together", () => {
  it("are of one process, and whole at any time, while several write them", async () => {
    const path = join(temporaryFolder(), "file");
    const [names, rounds] = [["a", "b", "c"], 40];
    const children = names.map((name) => fork(join(import.meta.dirname, "write-pairs.mjs"), [path, name, `${rounds}`]));
    await Promise.all(children.map((child) => once(child, "message")));
    const ended = Promise.all(children.map((child) => once(child, "exit")));
    const progress = { isDone: false, seen: new Set<string>() };
    const codes = ended.then((all) => {
      progress.isDone = true;
      return all;
    });
    for (const child of children) child.send("go");
    while (!progress.isDone) {
      for (const file of [`${path}.js`, `${path}.d.ts`]) if (existsSync(file)) progress.seen.add(wholeLine(file));
      await setImmediate();
    }
    expect(await codes).toEqual([0, 0, 0]);
    expect(progress.seen.size).toBeGreaterThan(1);
    expect(wholeLine(`${path}.js`)).toBe(wholeLine(`${path}.d.ts`));
    expect(wholeLine(`${path}.js`)).toMatch(new RegExp(`^[abc]${rounds - 1}$`));
    expect(readdirSync(join(path, "..")).sort()).toEqual(["file.d.ts", "file.js"]);
  });

  it("do not wait for a process that has been stopped while it wrote", async () => {
    const path = join(temporaryFolder(), "file");
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(`${path}.lock`, String(pid));
    let looked = 0;
    await replaceFiles([[path, "text"]], () => void looked++);
    expect([looked, readFileSync(path, "utf8"), existsSync(`${path}.lock`)]).toEqual([1, "text", false]);
  });

  it("stay, and are unlocked, if they may not be replaced", async () => {
    const path = join(temporaryFolder(), "file");
    const refuse = (): never => {
      throw new CommandError("no");
    };
    await expect(replaceFiles([[path, "text"]], refuse)).rejects.toThrow("no");
    expect([existsSync(path), existsSync(`${path}.lock`)]).toEqual([false, false]);
  });
});

/** The line that a file repeats; fails if it has another one, or a part of one. */
function wholeLine(file: string): string {
  const lines = readFileSync(file, "utf8").split("\n");
  expect(lines.pop()).toBe("");
  expect([lines.length, new Set(lines).size]).toEqual([20_000, 1]);
  return lines[0] ?? "";
}

function once(child: ChildProcess, event: "message" | "exit"): Promise<unknown> {
  return new Promise((done) => child.once(event, done));
}
