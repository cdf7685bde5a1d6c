import { type Profiler, Session } from "node:inspector";

/**
 * Counts the blocks of one source that a function runs through, as the engine counts them. The source must have been imported
 * by {@link importCounted}. Copies and moves by built-in functions count as one step each.
 *
 * @param file - The end of the source's path.
 * @param run - What to count.
 */
export async function stepsOf(file: string, run: () => unknown): Promise<number> {
  await counts(file);
  await run();
  return counts(file);
}

/**
 * Counts the calls of a function, as the engine counts them. The source must have been imported by {@link importCounted}.
 *
 * @param file - The end of the source's path.
 * @param name - The function's name.
 * @param run - What to count.
 */
export async function callsOf(file: string, name: string, run: () => unknown): Promise<number> {
  await functionsOf(file);
  await run();
  const functions = await functionsOf(file);
  return functions
    .filter(({ functionName }) => functionName === name)
    .reduce((sum, one) => sum + (one.ranges[0]?.count ?? 0), 0);
}

let session: Session | undefined;

/** Imports a module whose steps can be counted: the engine counts only in what it compiles after it was asked to. */
export async function importCounted<Module>(load: () => Promise<Module>): Promise<Module> {
  if (!session) {
    session = new Session();
    session.connect();
    session.post("Profiler.enable");
    session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }
  return load();
}

/** The steps since the last time. */
async function counts(file: string): Promise<number> {
  const functions = await functionsOf(file);
  return functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
}

/** The functions of a source, with their counts since the last time. */
function functionsOf(file: string): Promise<readonly Profiler.FunctionCoverage[]> {
  return new Promise((resolve, reject) => {
    session?.post("Profiler.takePreciseCoverage", (error, { result }) => {
      if (error) reject(error);
      resolve(result.filter(({ url }) => url.endsWith(file)).flatMap((one) => one.functions));
    });
  });
}
