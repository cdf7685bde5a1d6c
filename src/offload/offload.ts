import { invalidArgument } from "../invalid-argument.ts";
import { abortable, compileSource } from "../source/index.ts";
import type { Source } from "../types/index.ts";
import { inWords } from "../words.ts";
import type { Setup } from "./desk.ts";
import { readCallOptions, readOffloadOptions } from "./options.ts";
import { createQueue } from "./queue.ts";
import { createSeat } from "./seat.ts";
import type { Host } from "./thread.ts";
import type { CallOptions, Offload, OffloadFunction } from "./types.ts";

/** Makes a platform's `offload`. */
export function createOffload(host: Host): OffloadFunction {
  const offload = async (source: Source, given?: unknown): Promise<Offload> => {
    const options = readOffloadOptions(given);
    const { module, shape } = await compileSource(host.platform, source, options.source);
    const setup: Setup = { module, options: { ...options.instance, shape }, imports: options.imports };
    const seats = Array.from({ length: options.workers }, (_, i) =>
      createSeat(i + 1, () => host.start(options.worker), setup),
    );
    await abortable(options.source.signal, async ({ signal }) => {
      const end = (): void => seats.forEach((seat) => void seat.end());
      signal.addEventListener("abort", end);
      await Promise.all(seats.map((seat) => seat.open()));
    });

    const queue = createQueue(seats);
    const names = shape.exports.filter(({ kind }) => kind === "function").map(({ name }) => name);
    const known = new Set(names);
    const call = async (name: string, args: readonly unknown[], terms?: CallOptions): Promise<unknown> => {
      if (!known.has(name)) throw invalidArgument("call", "name", "the name of an exported function", name);
      if (!Array.isArray(args)) throw invalidArgument("call", "args", "an array of the arguments", args);
      return queue.add({ name, args }, readCallOptions(terms, options.timeout));
    };

    const exports = Object.create(null) as { [name: string]: (...args: unknown[]) => Promise<unknown> };
    for (const name of names) exports[name] = (...args) => call(name, args);
    const dispose = (): Promise<void> => queue.dispose();
    return {
      exports: Object.freeze(exports),
      shape,
      call: inWords(call),
      dispose,
      // Where the symbol is missing, the key is a harmless second "dispose".
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the type is younger than some engines
      [Symbol.asyncDispose ?? "dispose"]: dispose,
    };
  };
  return inWords(offload) as OffloadFunction;
}
