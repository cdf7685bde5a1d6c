import { UnglueError } from "../../errors/unglue-error.ts";
import { errno } from "./errno.ts";
import { Guest, type SystemCall, type SystemCalls, systemCall } from "./guest.ts";
import { oldModule } from "./names.ts";
import { createPoll } from "./poll.ts";
import { fillRandom } from "./random.ts";
import { openStreams, type Streams } from "./streams.ts";
import { encodeText } from "./text.ts";
import { oldSubscription, toOld } from "./unstable.ts";
import { monotonicTime, wallTime } from "./wait.ts";

/** The host's part of a program's environment, without a file system. */
export interface Basics {
  /** The arguments, its name first, in UTF-8. */
  readonly args: readonly Uint8Array[];
  /** The environment, as `NAME=value` in UTF-8. */
  readonly env: readonly Uint8Array[];
  readonly streams: Streams;
}

/** The functions that take an open file or directory: without one of that number they return `EBADF`. */
const onFiles = /^(fd|path|sock)_/;

/**
 * Makes the system interface of one life: arguments, environment, clocks, random bytes, standard streams and exit. Everything
 * about files is left to a file system; without one, it returns `EBADF` or `ENOSYS`.
 *
 * @param basics - The arguments, the environment and the streams.
 * @param memory - Returns the module's memory.
 * @param exit - Makes the error that ends the program.
 * @param files - The functions of a file system, if there is one.
 * @returns The function for a module name and a name.
 */
export function createBasic(
  { args, env, streams }: Basics,
  memory: () => WebAssembly.Memory,
  exit: (exitCode: number) => UnglueError,
  files?: SystemCalls,
): (module: string, name: string) => SystemCall {
  const guest = new Guest(memory);
  const standard = openStreams(streams, guest);
  const lists = (items: readonly Uint8Array[]) => ({
    sizes: systemCall((count: number, size: number) => {
      guest.setU32(count, items.length);
      guest.setU32(
        size,
        items.reduce((sum, item) => sum + item.length + 1, 0),
      );
      return errno.success;
    }),
    get: systemCall((addresses: number, buffer: number) => {
      guest.setList(addresses, buffer, items);
      return errno.success;
    }),
  });
  const [argumentList, environment] = [lists(args), lists(env)];
  const own: SystemCalls = new Map<string, SystemCall>(
    Object.entries({
      args_sizes_get: argumentList.sizes,
      args_get: argumentList.get,
      environ_sizes_get: environment.sizes,
      environ_get: environment.get,
      clock_res_get: systemCall((clock: number, address: number) => {
        if (clock > 1) return errno.notSupported;
        guest.setU64(address, clock === 0 ? 1_000_000n : 1000n);
        return errno.success;
      }),
      clock_time_get: systemCall((clock: number, _precision: bigint, address: number) => {
        if (clock > 1) return errno.notSupported;
        guest.setU64(address, clock === 0 ? wallTime() : monotonicTime());
        return errno.success;
      }),
      random_get: systemCall((address: number, length: number) => {
        fillRandom(guest.bytes(address, length));
        return errno.success;
      }),
      sched_yield: () => errno.success,
      poll_oneoff: createPoll(guest, standard, files?.get("poll_oneoff")),
      proc_exit: (exitCode: number | bigint) => {
        // A line without its end would be lost with the program.
        streams[1]?.end?.();
        streams[2]?.end?.();
        // Signed, as in Node's WASI and in Go's own JavaScript.
        throw exit(Number(exitCode) | 0);
      },
      fd_renumber: systemCall((from: number, to: number) => {
        // One is this library's, and the other the file system's: neither can have both.
        if (standard.has(from) || standard.has(to)) return errno.notSupported;
        return files?.get("fd_renumber")?.(from, to) ?? errno.badFile;
      }),
    }),
  );
  const functionFor = (name: string): SystemCall => {
    const mine = own.get(name);
    if (mine) return mine;
    const others = files?.get(name);
    if (!onFiles.test(name)) return others ?? (() => errno.notImplemented);
    const ofStream = standard.calls.get(name) ?? (() => errno.notSupported);
    const ofFile = others ?? (() => errno.badFile);
    return systemCall((first: number, ...rest: readonly (number | bigint)[]) =>
      standard.has(first) ? ofStream(first, ...rest) : ofFile(first, ...rest),
    );
  };
  return (module, name) => {
    if (module !== oldModule) return functionFor(name);
    return name === "poll_oneoff"
      ? createPoll(guest, standard, undefined, oldSubscription)
      : toOld(name, functionFor(name), guest);
  };
}

/**
 * Makes the error of a program that ends itself. It leaves the call that was running.
 *
 * @param exitCode - The exit code.
 */
export function exited(exitCode: number): UnglueError<"exited"> {
  return new UnglueError(
    "exited",
    `The program ended itself with the exit code ${exitCode}. Run a command with run(), which returns the code; a library ` +
      "that exits is not meant to be called again: make a new instance.",
    { exitCode },
  );
}

/** Encodes texts as C has them: in UTF-8, and without a zero byte, which would end them. */
export function encodeAll(texts: readonly string[]): readonly Uint8Array[] {
  return texts.map(encodeText);
}
