// `npm run oracle`: what the reader reads of every module at hand, compared with what several engines say, types
// included. Run by a Node that runs TypeScript. The results go into .reliability/, from which `npm run reliability`
// writes docs/reliability.md and its tables.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env, execPath, exit } from "node:process";
import { chromium } from "playwright";
import { UnglueError } from "../../src/errors/unglue-error.ts";
import type { Shape } from "../../src/public/index.ts";
import { knownReason } from "../fuzz/known.ts";
import { inspect } from "../reflect/reader.ts";
import { listModules, moduleBytes } from "../packages/modules.mjs";
import { chromiumArgs, chromiumMissing, findChromium } from "../setup/chromium.mjs";
import { customNames, difference, typesTold } from "./compare.ts";
import { makeCorpus } from "./corpus.ts";
import { engineFacts, type Facts } from "./engine.mjs";
import { specSuite } from "./spec-suite.ts";
import { interfaceIds, reasonOf, sectionNames } from "./sections.ts";

type Answer = Facts | { error: string };

interface Engine {
  readonly name: string;
  readonly v8?: string;
  readonly flags: string;
  readonly facts: readonly Answer[];
}

interface Case {
  readonly group: string;
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly read: Shape | UnglueError;
}

const reflection = "--experimental-wasm-type-reflection";
/** Features that V8 has behind flags. The newer V8 of Chromium names its flags otherwise. */
const experiments = ["stringref", "shared", "wasmfx", "custom-descriptors"];
const nodeFlags = [reflection, ...experiments.map((name) => `--experimental-wasm-${name}`)];
// V8 stops reading flags at the first that it does not know. Chromium's has no type reflection.
const chromiumFlags = [...experiments, "compact-imports"].map((name) => `--wasm-${name}`);

const suite = specSuite();
const cases = await readCases();
const engines = await askEngines();
const failures: string[] = [];
const report = {
  modules: cases.length,
  suite: suite && { texts: suite.texts },
  groups: [...groupBy(cases, ({ group }) => group)].map(([group, list]) => ({
    group,
    modules: list.length,
    ...tally(list),
  })),
  engines: engines.map((engine) => compared(engine)),
  readerOnly: counted(
    cases.flatMap(({ bytes, read }, at) => {
      const taken = read instanceof UnglueError && engines.some(({ facts }) => !("error" in (facts[at] as Answer)));
      return taken ? [knownReason(read, bytes) ?? "unknown"] : [];
    }),
  ),
  noEngine: refusedByAll(),
  failures,
};
mkdirSync(".reliability", { recursive: true });
writeFileSync(".reliability/oracle.json", JSON.stringify(report, null, 2));
print();
exit(failures.length ? 1 : 0);

async function readCases(): Promise<Case[]> {
  const groups = await makeCorpus();
  const ours = await Promise.all(
    (await listModules()).map(async (name) => [name, new Uint8Array(await moduleBytes(name))] as const),
  );
  return [["below node_modules", ours] as const, ...groups, ...(suite?.groups ?? [])].flatMap(([group, modules]) =>
    modules.map(([name, bytes]) => ({ group, name, bytes, read: readOrRefuse(bytes) })),
  );
}

function readOrRefuse(bytes: Uint8Array): Shape | UnglueError {
  try {
    return inspect(bytes);
  } catch (error) {
    if (UnglueError.is(error)) return error;
    throw error;
  }
}

async function askEngines(): Promise<Engine[]> {
  const questions = cases.map(({ bytes, read }) => [
    Buffer.from(bytes).toString("base64"),
    read instanceof UnglueError ? [] : customNames(read),
  ]);
  const folder = mkdtempSync(join(tmpdir(), "oracle-"));
  try {
    const [file, answers] = [join(folder, "questions.json"), join(folder, "answers.json")];
    writeFileSync(file, JSON.stringify(questions));
    const node = (path: string, flags: readonly string[]): Engine => {
      execFileSync(path, [...flags, join(import.meta.dirname, "ask.mjs"), file, answers]);
      return { ...(JSON.parse(readFileSync(answers, "utf8")) as Engine), flags: flags.join(" ") };
    };
    // npm is run by the Node that is installed, and has run this one.
    const installed = env["npm_node_execpath"];
    return [
      ...(installed && installed !== execPath ? [node(installed, [])] : []),
      node(execPath, [reflection]),
      node(execPath, nodeFlags),
      await askChromium(questions, []),
      await askChromium(questions, chromiumFlags),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function askChromium(questions: readonly unknown[], flags: readonly string[]): Promise<Engine> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(chromiumMissing);
  const args = [...chromiumArgs, `--js-flags=${flags.join(" ")}`];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    const facts: Answer[] = [];
    for (let at = 0; at < questions.length; at += 200) {
      // The function's own text runs in the page: it uses nothing of this file.
      const text = `(questions) => questions.map(([base64, names]) =>
        (${engineFacts.toString()})(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)), names))`;
      const some = JSON.stringify(questions.slice(at, at + 200));
      facts.push(...(await page.evaluate<Answer[]>(`(${text})(${some})`)));
    }
    return { name: `Chromium ${browser.version()}`, flags: flags.join(" "), facts };
  } finally {
    await browser.close();
  }
}

/** Reader and one engine on all modules. */
function compared({ name, v8, flags, facts }: Engine) {
  const count = { alike: 0, types: 0, customSections: 0, refusedByBoth: 0, refusedByReader: 0, refusedByEngine: 0 };
  const reasons: Record<string, Record<string, number>> = {};
  for (const [at, { group, name: module, bytes, read }] of cases.entries()) {
    const engine = facts[at] as Answer;
    const where = `${name} ${flags}: ${group}: ${module}`;
    if ("error" in engine) {
      count[read instanceof UnglueError ? "refusedByBoth" : "refusedByEngine"]++;
      if (read instanceof UnglueError) continue;
      const { id, reason } = reasonOf(bytes, engine.error);
      const section = (reasons[sectionOf(id)] ??= {});
      section[reason] = (section[reason] ?? 0) + 1;
    } else if (read instanceof UnglueError) {
      count.refusedByReader++;
      if (knownReason(read, bytes) === undefined) failures.push(`${where}: ${read.message}`);
    } else {
      const found = difference(read, bytes, engine);
      if (found) failures.push(`${where}: ${found}`);
      else count.alike++;
      count.types += typesTold(engine);
      count.customSections += read.customSections.length;
    }
  }
  return { name, v8, flags, ...count, reasons };
}

function tally(list: readonly Case[]) {
  const taken = list.filter((one) => engines.some(({ facts }) => !("error" in (facts[cases.indexOf(one)] as Answer))));
  return {
    takenByAnEngine: taken.length,
    takenByReader: list.filter(({ read }) => !(read instanceof UnglueError)).length,
  };
}

/** Modules that no engine takes: how many the reader refuses too, and those that it reads, by the last engine's reason. */
function refusedByAll() {
  const refused = cases.flatMap((one, at) => {
    const last = engines.at(-1)?.facts[at];
    const all = engines.every(({ facts }) => "error" in (facts[at] as Answer));
    return all && last && "error" in last ? [{ ...one, ...reasonOf(one.bytes, last.error) }] : [];
  });
  const read = refused.filter(({ read }) => !(read instanceof UnglueError));
  return {
    modules: refused.length,
    byReaderToo: refused.length - read.length,
    // Code, which the reader skips, has as many reasons as there are instructions.
    byReason: [
      ...groupBy(read, ({ id, reason }) => (interfaceIds.has(id) ? `${sectionOf(id)}: ${reason}` : sectionOf(id))),
    ].map(([reason, list]) => ({
      reason,
      modules: list.length,
      example: `${list[0]?.group}: ${list[0]?.name}`,
    })),
  };
}

function sectionOf(id: number): string {
  return `${sectionNames[id] ?? "between sections"}${interfaceIds.has(id) ? "" : " (not of the interface)"}`;
}

function counted(words: readonly string[]): Record<string, number> {
  return Object.fromEntries([...groupBy(words, (word) => word)].map(([word, list]) => [word, list.length]));
}

function groupBy<Value>(list: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of list) {
    const group = groups.get(keyOf(value)) ?? [];
    groups.set(keyOf(value), group);
    group.push(value);
  }
  return groups;
}

function print(): void {
  console.log(`${report.modules} modules`);
  if (!suite) console.warn("Without the official test suite: cargo is not installed here.");
  console.table(report.groups);
  console.table(
    report.engines.map((engine) => ({ ...engine, flags: engine.flags.replaceAll(/--(experimental-)?wasm-/g, "") })),
    ["name", "flags", "alike", "types", "customSections", "refusedByBoth", "refusedByReader", "refusedByEngine"],
  );
  console.log("refused by the reader alone:", report.readerOnly);
  const { modules, byReaderToo, byReason } = report.noEngine;
  console.log(`taken by no engine: ${modules}; refused by the reader too: ${byReaderToo}; the others:`);
  for (const { reason, modules, example } of byReason) console.log(`  ${modules} × ${reason} (${example})`);
  for (const failure of failures) console.error(failure);
}
