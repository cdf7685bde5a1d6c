// @ts-check
// `npm test`: everything, a line for each file of tests. The build speaks only where it fails. The last line is the count.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { argv, execPath, platform } from "node:process";
import { startVitest } from "vitest/node";

const root = join(import.meta.dirname, "..");

// Not loaded into this process: where Chromium is installed only now, playwright has to look again.
if (!run(execPath, [join(import.meta.dirname, "setup/chromium.mjs")]) || !build()) end({ passed: 0, failed: 1 });

const tests = await runTests(argv.slice(2));
const consumers = run(execPath, [join(import.meta.dirname, "consumer/check.mjs")]);
end({ passed: tests.passed + Number(consumers), failed: tests.failed + Number(!consumers) });

/** Builds the package, which some tests want. */
function build() {
  const { status, stdout, stderr } = spawn("npm", ["run", "build", "--silent", "--", "--silent"], "pipe");
  if (status !== 0) console.log(`${stdout}\n${stderr}`);
  return status === 0;
}

/**
 * Runs Vitest and counts the tests. One that did not run is not one that passed.
 *
 * @param {string[]} filters - Parts of paths; all files without.
 */
async function runTests(filters) {
  const vitest = await startVitest("test", filters, { root, config: join(import.meta.dirname, "vitest.config.ts") });
  const { state } = vitest;
  const tests = state.getTestModules().flatMap((module) => [...module.children.allTests()]);
  const passed = tests.filter((test) => test.result().state === "passed").length;
  const isBroken = Boolean(process.exitCode) || state.getUnhandledErrors().length > 0;
  await vitest.close();
  return { passed, failed: Math.max(tests.length - passed, Number(isBroken)) };
}

/**
 * Runs a program whose output is shown.
 *
 * @param {string} command - The program.
 * @param {string[]} args - Its arguments.
 * @returns {boolean} Whether it did what it should.
 */
function run(command, args) {
  return spawn(command, args, "inherit").status === 0;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {"inherit" | "pipe"} stdio
 */
function spawn(command, args, stdio) {
  return spawnSync(command, args, {
    cwd: root,
    stdio,
    encoding: "utf8",
    shell: platform === "win32" && command === "npm",
  });
}

/**
 * @param {{ passed: number, failed: number }} counts
 * @returns {never}
 */
function end({ passed, failed }) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}
