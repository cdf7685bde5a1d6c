// Measures processes from their start: nothing is compiled, optimised or cached before. In Node alone.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const child = fileURLToPath(new URL("child.mjs", import.meta.url));

/** The groups, by the names that the command takes. */
export const processGroups = { process: wholeProcesses, cold: coldLoads };

/** From the start of the process to its end. */
async function* wholeProcesses() {
  const folder = await declare("package", "@emurgo/cardano-serialization-lib-nodejs/cardano_serialization_lib_bg.wasm");
  const contenders = [
    ["glue", "package: glue"],
    ["load, with api", "package: load", 1.3],
    ["load, with a declaration file", "package: load, with a declaration file", 1.05],
  ];
  for (const [what, measure] of [
    ["wall clock", undefined],
    ["CPU", ({ cpu }) => cpu],
  ]) {
    yield [
      `whole process, 197 classes: ${what}`,
      contenders.map(([name, work, target]) => ({
        name,
        run: () => inProcess(work, folder),
        ...(measure && { measure }),
        ...(target && { target }),
      })),
      { rounds: 10 },
    ];
  }
  await rm(folder, { recursive: true });
}

/** The first load of a process, without what it takes to start one and to import the library. */
async function* coldLoads() {
  const measure = ({ result }) => result;
  const folder = await declare("module", "gluesql/web/gluesql_js_bg.wasm");
  yield [
    "first load from bytes, imports of web-sys",
    [
      { name: "compile + instantiate", run: () => inProcess("module: engine"), measure },
      { name: "load", run: () => inProcess("module: load"), measure },
      {
        name: "load, with a declaration file",
        run: () => inProcess("module: load, with a declaration file", folder),
        measure,
      },
    ],
    { rounds: 10 },
  ];
  await rm(folder, { recursive: true });
}

/** Writes the declaration file of a package's module into a folder of its own. */
async function declare(name, module) {
  const folder = await mkdtemp(join(tmpdir(), "unglue-bench-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const file = join(folder, `${name}.js`);
  // It ends with 1 if it has left something out of the file.
  await run(process.execPath, [command, "declare", require.resolve(module), "-o", file]).catch((error) => {
    if (!existsSync(file)) throw error;
  });
  return folder;
}

async function inProcess(work, folder = "") {
  const { stdout } = await run(process.execPath, [child, work, folder]);
  return JSON.parse(stdout);
}
