import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { list, sections, text } from "../reflect/assemble.ts";
import { temporaryFolder } from "./terminal.ts";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const commands = ["inspect", "types", "shape", "declare", "run"];

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function unglue(...args: readonly string[]): Promise<Ended> {
  return unglueWith("", ...args);
}

function unglueWith(input: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

/** Runs a program with few variables of the environment. */
function started(file: string, args: readonly string[], { env }: { readonly env: NodeJS.ProcessEnv }): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env["PATH"], ...env } };
    const child = execFile(file, args, options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

describe("the built command", () => {
  it("takes the builtins that a module is compiled with, where they count", async () => {
    const hello = ["examples/hello/hello.wasm"];
    const flags = ["--builtins", "js-string", "--string-constants", "'"];
    for (const command of ["inspect", "types", "shape", "run"]) {
      expect(await unglue(command, ...hello, ...flags)).toMatchObject({ code: 0 });
      const wrong = await unglue(command, ...hello, "--builtins", "js-strings");
      expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("js-string") as string });
    }
    expect(await unglue("declare", ...hello, ...flags)).toMatchObject({ code: 2 });
  });

  it("refuses a module of an old version by a message and JSON, and goes without a text that cannot be parsed", async () => {
    const folder = temporaryFolder();
    const name = join(folder, "old.wasm");
    const tools = list([...text("wasm-bindgen"), ...text("0.2.58")]);
    const producers = sections.custom("producers", list([...text("processed-by"), ...tools]));
    writeFileSync(name, Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, ...producers));
    const output = ["-o", join(folder, "old.mjs")];
    const refused = await unglue("declare", name, ...output, "--json");
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the oldest that is supported is 0.2.68") as string,
    });
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "unsupported-module" } });
    const prqlc = ["declare", "node_modules/prqlc/dist/node/prqlc_js_bg.wasm", ...output];
    writeFileSync(join(folder, "broken.d.ts"), "export function f(: number;");
    expect(await unglue(...prqlc, "--dts", join(folder, "broken.d.ts"))).toMatchObject({ code: 2 });
    const without = await unglue(...prqlc, "--no-dts");
    expect(without).toMatchObject({ code: 0, stdout: expect.stringContaining("not wanted: --no-dts") as string });
  });

  it.each([[], ...commands.map((command) => [command])])(
    "explains %s with an example, in 80 columns",
    async (...path) => {
      const { code, stdout } = await unglue(...path, "--help");
      expect(code).toBe(0);
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
      for (const word of path.length > 0 ? ["Example:", `npx unglue ${path[0] ?? ""}`, "--json"] : commands)
        expect(stdout).toContain(word);
    },
  );

  it.each([
    [["inspect", "examples/hello/hello.wasm"], 0],
    [["run", "examples/hello/hello.wasm", "greet", "0xfffffff0"], 1],
    [["inspect", "package.json"], 1],
    [["inspect", "nowhere.wasm"], 2],
    [["inspect"], 2],
    [["inspekt", "x"], 2],
    [["inspect", "--colour", "x"], 2],
    [["run", "examples/hello/hello.wasm", "greet"], 2],
    [[], 2],
  ])("ends %j with the exit code %i", async (args, code) => {
    const ended = await unglue(...args);
    expect(ended).toMatchObject({ code });
    expect(ended.stdout + ended.stderr).not.toMatch(/\n +at .*\(?(file|node):/);
    // eslint-disable-next-line no-control-regex -- no color where there is no terminal
    expect(ended.stdout + ended.stderr).not.toMatch(/\u001b/);
    if (code > 0) expect(ended.stderr).not.toBe("");
  });

  it.each([
    [["inspect", "nowhere.wasm"], 2, "misuse", "There is no file nowhere.wasm"],
    [["inspect", "http://user:secret@127.0.0.1:9/a.wasm"], 2, "misuse", "cannot be fetched"],
    [["inspect", "http://127.0.0.1:1/a.wasm"], 2, "misuse", "http://127.0.0.1:1/a.wasm cannot be fetched"],
    [["types", "examples/hello/hello.wasm", "-o", "nowhere/at/all.d.ts"], 2, "misuse", "ENOENT"],
    [["run", "examples/hello/hello.wasm", "greet", "x", "--api", "nowhere.js"], 2, "misuse", "no file nowhere.js"],
    [["inspect", "package.json"], 1, "not-wasm", "package.json: "],
    [["inspekt"], 2, "misuse", "unknown command"],
  ])("answers the mistake in %j with one line, and as JSON", async (args, code, name, message) => {
    const plain = await unglue(...args);
    expect(plain).toMatchObject({ code, stdout: "" });
    expect(plain.stderr).toContain(message);
    expect(plain.stderr).not.toMatch(/secret|^ +at /m);
    const ended = await unglue(...args, "--json");
    expect(ended).toMatchObject({ code });
    const { error } = JSON.parse(ended.stdout) as {
      readonly error: { readonly code: string; readonly message: string };
    };
    expect(error.code).toBe(name);
    expect(error.message).toContain(message);
    expect(ended.stdout).not.toContain("secret");
  });

  it("escapes control characters of the command line in its errors", async () => {
    const odd = "\u001b[2Jx\u0007";
    const wrongs = [
      ["inspect", odd],
      ["inspekt", odd],
      [odd],
      ["inspect", "--" + odd],
      ["run", "examples/hello/hello.wasm", odd],
    ];
    for (const args of wrongs) {
      const { code, stderr } = await unglue(...args);
      expect(code).toBe(2);
      // eslint-disable-next-line no-control-regex -- they are looked for
      expect(stderr).not.toMatch(/[\u0007\u001b]/);
    }
  });

  it("writes its result alone to the standard output, and progress to the standard error", async () => {
    const { stdout, stderr } = await unglue(
      "declare",
      "prqlc/dist/web/prqlc_js_bg.wasm",
      "-o",
      "nowhere.js",
      "--check",
      "--json",
    );
    expect(JSON.parse(stdout)).toMatchObject({
      differences: ["nowhere.js does not exist", "nowhere.d.ts does not exist"],
    });
    expect(stderr).toMatch(/^Looking for .* …\nReading .* …\n$/);
    expect(await unglue("types", "examples/hello/hello.wasm")).toMatchObject({ stderr: "" });
  });

  it("prints the exit code and the output of a program as JSON", async () => {
    const program = ["run", "test/fixtures/wasi/command.wasm", "--json"];
    const ended = await unglue(...program, "--", "-a");
    expect([JSON.parse(ended.stdout), ended.code]).toEqual([{ exitCode: 66, stdout: "command.wasm\n-a\n" }, 66]);
    const trapped = await unglue(...program, "trap");
    expect([JSON.parse(trapped.stdout), trapped.code]).toMatchObject([{ error: { code: "trap" } }, 1]);
  });

  describe("in color", () => {
    // eslint-disable-next-line no-control-regex -- it is looked for
    const color = /\u001b\[1m/;
    const command = ["inspect", "examples/hello/hello.wasm"];

    it("only with FORCE_COLOR if no terminal reads it", async () => {
      const print = async (env: NodeJS.ProcessEnv) =>
        (await started(process.execPath, [main, ...command], { env })).stdout;
      expect(await print({})).not.toMatch(color);
      expect(await print({ FORCE_COLOR: "1" })).toMatch(color);
      expect(await print({ FORCE_COLOR: "0" })).not.toMatch(color);
      expect(await print({ NO_COLOR: "1" })).not.toMatch(color);
    });

    // `script` of util-linux runs a command in a terminal of its own.
    it("in a terminal, unless NO_COLOR is set", async () => {
      const print = async (env: NodeJS.ProcessEnv) => {
        const words = [process.execPath, main, ...command].map((word) => `'${word}'`).join(" ");
        const { code, stdout } = await started("script", ["-qec", words, "/dev/null"], {
          env: { TERM: "xterm", ...env },
        });
        expect(code).toBe(0);
        expect(stdout).toContain("Exports");
        return stdout;
      };
      expect(await print({})).toMatch(color);
      expect(await print({ NO_COLOR: "1" })).not.toMatch(color);
      expect(await print({ TERM: "dumb" })).not.toMatch(color);
    });
  });

  it("tells its version", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
    expect((await unglue("--version")).stdout).toBe(`${version}\n`);
  });

  describe("runs a program", () => {
    const program = ["run", "test/fixtures/wasi/command.wasm"];

    it("with its arguments, its input and its exit code", async () => {
      expect(await unglue(...program, "--", "-a", "b")).toEqual({
        code: 67,
        stdout: "command.wasm\n-a\nb\n",
        stderr: "",
      });
      expect(await unglueWith("from a pipe", ...program, "cat")).toEqual({
        code: 0,
        stdout: "from a pipe",
        stderr: "11 bytes\n",
      });
      expect(await unglue(...program, "exit", "256")).toMatchObject({ code: 1, stderr: "" });
    });

    it("with an environment and directories", async () => {
      expect(await unglue(...program, "--env", "A=b=c", "env", "A")).toMatchObject({ code: 0, stdout: "b=c\n" });
      const listed = await unglue(...program, "--dir", "test/fixtures/wasi::/here", "list", "/here");
      expect(listed.stdout.split("\n")).toContain("command.c");
      expect(await unglue(...program, "--env", "A", "env", "A")).toMatchObject({ code: 2 });
    });

    it("and reports its trap", async () => {
      const ended = await unglue(...program, "trap");
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toMatch(/^about to trap\nunglue: The export "_start" trapped: unreachable/);
    });
  });

  it("gives a library the system interface", async () => {
    expect(await unglue("run", "test/fixtures/wasi/reactor.wasm", "reserve", "5")).toMatchObject({
      stdout: "5\n",
      code: 0,
    });
    expect((await unglue("run", "test/fixtures/wasi/reactor.wasm", "leave", "5")).stderr).toContain("exit code 5");
  });
});
