import { UnglueError } from "../../src/errors/unglue-error.ts";
import type { Shape } from "../../src/public/index.ts";
import { customNames, difference } from "../oracle/compare.ts";
import { engineFacts } from "../oracle/engine.mjs";
import { interfaceIds, reasonOf, sectionNames } from "../oracle/sections.ts";
import { inspect, readHead } from "../reflect/reader.ts";
import { knownReason } from "./known.ts";
import { mutate, type Parent } from "./mutate.ts";
import { randomOf } from "./random.ts";
import { countSteps } from "./steps.ts";

/** The findings of a run. */
export interface Report {
  readonly seed: number;
  /** The modules that were changed. */
  readonly parents: number;
  /** Mutants that were made. */
  mutants: number;
  /** Those of them whose first change was in a section of the interface. */
  inInterface: number;
  /** Those that reader and engine take, and read alike. */
  takenByBoth: number;
  refusedByBoth: number;
  /** Those that only the reader refuses, for known reasons, by reason. */
  readonly refusedByReader: Record<string, number>;
  /** Those that only the engine refuses, by the section that the engine names, and by its reason. */
  readonly refusedByEngine: Record<string, Record<string, number>>;
  /** Most steps of the reader per byte of a mutant. */
  mostSteps: number;
  /** Violations, with the number of the mutant. */
  readonly failures: string[];
}

/** The most steps that the reader may take per byte. */
export const stepLimit = 8;

const steps = countSteps();
const codes: readonly unknown[] = ["not-wasm", "truncated", "malformed"];

/** Makes mutants and shows each to the reader and to the engine. */
export function fuzz(parents: readonly Parent[], seed: number, mutants: number): Report {
  const report: Report = {
    seed,
    parents: parents.length,
    mutants: 0,
    inInterface: 0,
    takenByBoth: 0,
    refusedByBoth: 0,
    refusedByReader: {},
    refusedByEngine: {},
    mostSteps: 0,
    failures: [],
  };
  for (let number = 0; number < mutants; number++) tryMutant(report, parents, number);
  return report;
}

function tryMutant(report: Report, parents: readonly Parent[], number: number): void {
  const { bytes, inInterface, parent } = mutate(randomOf(report.seed, number), parents);
  const fail = (what: string) => report.failures.push(`mutant ${number}, of ${parent}: ${what}`);
  report.mutants++;
  if (inInterface) report.inInterface++;

  steps.count = 0;
  const read = attempt(() => inspect(bytes, { names: true }));
  const perByte = steps.count / Math.max(bytes.length, 1);
  report.mostSteps = Math.max(report.mostSteps, perByte);
  if (perByte > stepLimit) fail(`${perByte.toFixed(1)} steps per byte`);
  if (read instanceof Error && !isRefusal(read)) return void fail(`the reader throws ${String(read)}`);
  const head = attempt(() => readHead(bytes));
  if (head instanceof Error && !isRefusal(head)) fail(`the reader of heads throws ${String(head)}`);
  if (!(read instanceof Error) && interfaceOf(head) !== interfaceOf(read)) fail("the head reads otherwise");

  const shape = read instanceof Error ? undefined : read;
  if (!shape && !WebAssembly.validate(bytes)) return void report.refusedByBoth++;
  const engine = engineFacts(bytes, customNames(shape));
  if ("error" in engine) {
    const { id, reason } = reasonOf(bytes, engine.error);
    const section = `${sectionNames[id] ?? "between sections"}${interfaceIds.has(id) ? "" : " (not of the interface)"}`;
    countUp((report.refusedByEngine[section] ??= {}), reason);
  } else if (!shape) {
    const known = knownReason(read, bytes);
    if (known) countUp(report.refusedByReader, known);
    else fail(`only the reader refuses it: ${(read as Error).message}`);
  } else {
    const found = difference(shape, bytes, engine);
    if (found) fail(found);
    else report.takenByBoth++;
  }
}

/** The value or the error; anything else thrown, an error about that. */
function attempt<Value>(call: () => Value): Value | Error {
  try {
    return call();
  } catch (error) {
    return error instanceof Error ? error : new Error(`not an error: ${String(error)}`);
  }
}

function isRefusal(error: Error): boolean {
  return UnglueError.is(error) && codes.includes(error.code) && error.message !== "";
}

function interfaceOf(read: Omit<Shape, "advice"> | Error): string {
  if (read instanceof Error) return String(read);
  const bigints = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}n` : value);
  return JSON.stringify([read.imports, read.exports, read.memories, read.tables, read.start], bigints);
}

function countUp(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
