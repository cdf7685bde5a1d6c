import { invalidOption } from "../errors/invalid.ts";
import { isCount } from "../base/count.ts";
import { instantiateOptions, readOptions } from "../options.ts";
import { ownMembers } from "../base/own.ts";
import type { PoolOptions, TakeOptions } from "../public/index.ts";

/**
 * Reads the options of a pool. Fails as `readOptions` does.
 *
 * @param given - The caller's options.
 */
export function readPoolOptions(given: PoolOptions): PoolOptions {
  const call = "pool";
  const options: Partial<PoolOptions> = readOptions(call, given, ["max", "min", "reset", ...instantiateOptions]);
  const { max, min = 0, reset } = options;
  if (!isCount(max) || max < 1) refuse(call, "max", max, "a whole number from 1");
  if (!isCount(min) || min > max) refuse(call, "min", min, "a whole number from 0 to max");
  if (reset !== undefined && reset !== "fresh" && typeof reset !== "function") {
    refuse(call, "reset", reset, '"fresh" or a function');
  }
  return ownMembers({ ...options, max });
}

/**
 * Reads the options of taking an instance. Fails as `readOptions` does.
 *
 * @param call - The method.
 * @param given - The caller's options.
 */
export function readTakeOptions(call: string, given: TakeOptions | undefined): TakeOptions {
  const options: TakeOptions = readOptions(call, given, ["timeout", "signal"]);
  const { timeout = 0 } = options;
  if (typeof timeout !== "number" || !(timeout >= 0)) refuse(call, "timeout", timeout, "milliseconds, from 0");
  return options;
}

function refuse(call: string, option: string, value: unknown, expected: string): never {
  throw invalidOption(call, option, expected, value);
}
