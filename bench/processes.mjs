// Measures processes from their start: nothing is compiled, optimised or cached before. In Node alone.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const child = fileURLToPath(new URL("child.mjs", import.meta.url));

/** The groups, by the names that the command takes. */
export const processGroups = { process: wholeProcesses, cold: coldLoads };

/** From the start of the process to its end. */
async function* wholeProcesses() {
  const contenders = [
    ["glue", "package: glue"],
    ["load, with api", "package: load"],
  ];
  for (const [what, measure] of [
    ["wall clock", undefined],
    ["CPU", ({ cpu }) => cpu],
  ]) {
    yield [
      `whole process, 197 classes: ${what}`,
      contenders.map(([name, work], at) => ({
        name,
        run: () => inProcess(work),
        ...(measure && { measure }),
        ...(at > 0 && { target: 1.3 }),
      })),
      { rounds: 10 },
    ];
  }
}

/** The first load of a process, without what it takes to start one and to import the library. */
async function* coldLoads() {
  const measure = ({ result }) => result;
  yield [
    "first load from bytes, imports of web-sys",
    [
      { name: "compile + instantiate", run: () => inProcess("module: engine"), measure },
      { name: "load", run: () => inProcess("module: load"), measure },
    ],
    { rounds: 10 },
  ];
}

async function inProcess(work) {
  const { stdout } = await run(process.execPath, [child, work]);
  return JSON.parse(stdout);
}
