import type { CheckedOptions } from "./check.ts";
import { createGlobals } from "./globals.ts";
import { createImports, type GoImports } from "./imports.ts";
import { type Entrances, Life, type LifeObserver } from "./life.ts";
import { openStreams, type OpenStreams } from "./streams.ts";
import { createFiles, createPath, createProcess } from "./system.ts";

/** A run of a program with its surroundings, before it begins. */
export interface Prepared {
  readonly life: Life;
  readonly imports: GoImports;
  readonly streams: OpenStreams;
}

/**
 * Prepares a run of a program.
 *
 * @param options - Its arguments, environment, streams, files and globals.
 * @param entrances - How JavaScript enters it.
 * @param handles - The most JavaScript values that it may hold.
 * @param observer - Who hears of its end.
 */
export function prepare(
  options: CheckedOptions,
  entrances: Entrances,
  handles: number | undefined,
  observer: LifeObserver,
): Prepared {
  const { args, env, fs, process, path } = options;
  const streams = openStreams(options, (error) => life.fail(error, false));
  const files = createFiles(fs, streams);
  const globals = createGlobals({
    fs: files.object,
    process: process ?? createProcess(),
    path: path ?? createPath(),
    ...options.globals,
  });
  const life = new Life(entrances, globals, { args, env, handles, callingBack: files.functions }, observer);
  const write = (descriptor: number, bytes: Uint8Array): void => {
    if (!streams.write(descriptor, bytes)) files.writeSync(streams.real(descriptor), bytes);
  };
  return { life, imports: createImports(life, write), streams };
}
