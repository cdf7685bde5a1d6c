import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path, { dirname, join } from "node:path";
import process from "node:process";
import { runInThisContext } from "node:vm";
import { fs as zenfs } from "@zenfs/core";
import { build } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import { load } from "unglue";
import { loadProgram } from "unglue/go";
import { collector } from "../wasi/fixture.ts";
import { goBytes, versions } from "./fixture.ts";

const folder = fs.mkdtempSync(join(tmpdir(), "unglue-go-files-"));
const esbuild = dirname(createRequire(import.meta.url).resolve("esbuild-wasm/package.json"));

afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

/** The output of the job `files`, where every call has worked. */
const worked = [
  "mkdir ok",
  "write ok",
  "open ok",
  "append ok",
  "close ok",
  'read "first\\nsecond\\n" ok',
  "rename ok",
  "stat two.txt 13 false",
  "truncate ok",
  "entry b true",
  "list ok",
  "missing true",
  "exists true",
  "remove ok",
  "gone true",
];

describe.each(versions)("files of Go %s", async (version) => {
  const program = await loadProgram(await goBytes(`program-${version}`));
  const run = async (options: Parameters<typeof program.run>[0]): Promise<readonly string[]> => {
    const out = collector();
    expect(await program.run({ stdout: out.write, ...options })).toBe(0);
    return out.text().trimEnd().split("\n");
  };

  it("are real with node:fs", async () => {
    expect(await run({ fs, path, process, args: ["files", join(folder, version)] })).toEqual(worked);
    expect(fs.readdirSync(join(folder, version))).toEqual([]);
  });

  it("are in memory with @zenfs/core", async () => {
    expect(await run({ fs: zenfs, args: ["files", `/${version}`] })).toEqual(worked);
  });

  it("are refused without the option fs, and the program goes on", async () => {
    const lines = await run({ args: ["files", "/x"] });
    expect(lines[0]).toMatch(/^mkdir .*not implemented/);
    expect(lines.at(-1)).toBe("gone false");
  });

  it("include the process's own streams by their numbers", async () => {
    const file = join(folder, `out-${version}.txt`);
    const descriptor = fs.openSync(file, "w");
    expect(await program.run({ fs, process, args: ["arguments"], stdout: descriptor, stderr: descriptor })).toBe(0);
    fs.closeSync(descriptor);
    expect(fs.readFileSync(file, "utf8")).toMatch(
      new RegExp(`^js.arguments\n\n${process.getuid?.()} ${process.pid} ok\n`),
    );
  });
});

describe("esbuild-wasm, a published program", () => {
  it("bundles a file, equal to esbuild's own output", async () => {
    const entry = join(folder, "entry.js");
    fs.writeFileSync(
      join(folder, "part.js"),
      "export const part = (name) => `Hello, ${name}`; export const unused = 1;\n",
    );
    fs.writeFileSync(entry, 'import { part } from "./part.js";\nconsole.log(part("Zoë"));\n');
    const program = await loadProgram(join(esbuild, "esbuild.wasm"), { fs, path, process, name: "esbuild" });
    const out = collector();
    expect(await program.run({ args: ["--bundle", "--minify", entry], stdout: out.write })).toBe(0);
    const own = await build({ entryPoints: [entry], bundle: true, minify: true, write: false });
    expect(out.text()).toBe(own.outputFiles[0]?.text);
  }, 60_000);

  it("transforms its input, twice, and fails with its exit code", async () => {
    const program = await loadProgram(join(esbuild, "esbuild.wasm"), { fs, path, process, name: "esbuild" });
    for (const name of ["one", "two"]) {
      const out = collector();
      const options = { args: ["--loader=ts"], stdin: `let ${name}: number = 1`, stdout: out.write };
      expect(await program.run(options)).toBe(0);
      expect(out.text()).toBe(`let ${name} = 1;\n`);
    }
    const error = collector();
    expect(await program.run({ args: ["--bundle", join(folder, "none.js")], stderr: error.write })).toBe(1);
    expect(error.text()).toContain("Could not resolve");
  }, 60_000);
});

/** The files of a `wasm_exec.js`: the one that is published, and the toolchain's own if Go is on this machine. */
const found = ["/usr/local/go/bin/go", "go"].find((name) => spawnSync(name, ["version"]).status === 0);
const goRoot = found && execFileSync(found, ["env", "GOROOT"], { encoding: "utf8" }).trim();
const ownFiles = [
  join(esbuild, "wasm_exec.js"),
  ...["lib", "misc"].map((name) => join(goRoot ?? folder, name, "wasm/wasm_exec.js")),
].filter((file) => fs.existsSync(file));

describe("wasm_exec.js in two lines", () => {
  it.each(ownFiles)("%s: runs the instance that load returns", async (file) => {
    runInThisContext(fs.readFileSync(file, "utf8"));
    const { Go } = globalThis as unknown as {
      readonly Go: new () => {
        argv: string[];
        exit: unknown;
        importObject: object;
        run(instance: unknown): Promise<void>;
      };
    };
    for (const version of versions) {
      const go = new Go();
      go.argv = ["js", "exit", "5"];
      let code: unknown;
      go.exit = (exitCode: number) => (code = exitCode);
      const wasm = await load(await goBytes(`program-${version}`), { imports: go.importObject as never });
      await go.run(wasm.instance);
      expect([code, wasm.imports.filter(({ provider }) => provider !== "user")]).toEqual([5, []]);
    }
  });
});
