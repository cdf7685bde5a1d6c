import { UnglueError } from "../../errors/unglue-error.ts";
import type { AtImport } from "../../errors/details.ts";
import type { ImportFunction, Instance, Memory, Prepared, Word } from "../../public/index.ts";
import { suspending } from "../../base/suspending.ts";
import { checkRange } from "../field.ts";
import { endAll } from "../function.ts";
import type { Suspension } from "../suspension.ts";
import { writeWord } from "../layout.ts";
import { nullPointer } from "../null.ts";
import { refuseTwice } from "../object-use.ts";
import { addressOf } from "../word.ts";
import { lengthValue } from "../types/buffer.ts";
import { check, checkList, type Hosted } from "./check.ts";
import { fastCall } from "./fast.ts";
import type { HostBuffer } from "./params.ts";
import type { HostPlan } from "./plan.ts";
import { convertAt, importPlace, type Place, resultPlace } from "./place.ts";

/** One life of an instance, as host functions use it. */
export interface HostLife {
  readonly instance: Instance;
  /** Returns the convention's state. Errors: `not-ready` before the convention has any. */
  readonly state: () => unknown;
  /** Keeps the error of a call that returned an error value. */
  readonly failed: (error: unknown) => void;
  /** The calls that the engine may suspend. */
  readonly suspension: () => Suspension | undefined;
  /** Throws, as a function that the module called. */
  readonly raise: (error: unknown) => never;
}

/**
 * Makes the function that the engine gets for an import.
 *
 * @param hosted - The host function.
 * @param life - The life of the instance that calls it.
 */
export function createHostCall(hosted: Hosted, life: HostLife): ImportFunction {
  const { name, node, plan, hosting } = hosted;
  const fast = fastCall(hosted);
  if (fast) return fast;
  const { params, result, form, words: types, offsets } = plan;
  const { call, error: onError, catches } = node;
  const { instance } = life;
  /** Frees what the function returned the last time. */
  let kept: (() => void)[] = [];

  const ofResult = resultPlace(name);
  const ofImport = importPlace(name);
  const stateOf = (): unknown => convertAt(ofImport, life.state);

  const receive = (state: unknown, words: readonly Word[]): unknown[] => {
    for (const { pointer, at, place } of params) {
      if (!pointer || addressOf(words[at]) !== 0 || pointer.length?.(state, words) === 0) continue;
      throw nullPointer(place.text, pointer.to, pointer.isWritten ? byHand : undefined, factsOf(place));
    }
    const args: unknown[] = [];
    for (const { receiving, at, place } of params) {
      if (!receiving) continue;
      args.push(convertAt(place, () => receiving.lift(state, words, at)));
    }
    return args;
  };

  /** Returns the words of a result, which is written to the first parameter if it has none or several. */
  const give = (state: unknown, value: unknown, words: readonly Word[], later: (() => void)[]): unknown => {
    if (!result) return undefined;
    const lowered: Word[] = [];
    if (form !== "return-pointer") {
      result.lower(state, value, lowered, later);
      return form === "direct" ? lowered[0] : lowered;
    }
    const { memory } = instance;
    const address = resultAddress(ofResult, memory, words[0], resultSize(plan));
    if (result.store) result.store(state, value, address, later);
    else {
      result.lower(state, value, lowered, later);
      for (const [at, word] of lowered.entries())
        writeWord(instance.memory, types[at] ?? "i32", address + (offsets[at] ?? 0), word);
    }
    return undefined;
  };

  /** Gives a checked result to the module, with everything else that is written. */
  const answer = (state: unknown, value: unknown, words: readonly Word[], write: () => void): unknown => {
    const later: (() => void)[] = [];
    try {
      const returned = convertAt(ofResult, () => give(state, value, words, later));
      write();
      // A call inside the function may have returned something too, which the module may still use.
      kept.push(...later);
      return returned;
    } catch (error) {
      endAll(later, true);
      throw error;
    }
  };

  /** Receives the arguments, and frees what the last call returned. */
  const begin = (state: unknown, words: readonly Word[]): unknown[] => {
    const args = receive(state, words);
    const before = kept;
    kept = [];
    endAll(before, false);
    return args;
  };

  /** Gives what the function returned to the module. */
  const complete = (state: unknown, args: readonly unknown[], words: readonly Word[], returned: unknown): unknown => {
    const values = splitAnswer(hosted, returned);
    const writes: (() => void)[] = [];
    let own = values.result;
    let out = 0;
    let arg = 0;
    for (const { receiving, filling, buffer, at, place } of params) {
      const value = receiving ? args[arg++] : undefined;
      if (filling) {
        const given = values.outs[out++];
        writes.push(convertAt(place, () => filling.prepare(state, given, words, at)));
      } else if (buffer) {
        const given = values.outs[out++];
        const prepared = convertAt(place, () => buffer.way.prepare(state, given, words[at], value as number));
        // The usual question of C for the size, before the memory is allocated.
        const asksSize = addressOf(words[at]) === 0 && value === 0 && buffer.tell !== undefined;
        const told = lengthTold(hosted, buffer, prepared, asksSize, place);
        if (buffer.tell === "result") own = told;
        else if (buffer.tell) writes.push(buffer.tell(state, words, prepared.count));
        if (prepared.needed <= prepared.capacity) writes.push(prepared.write);
      } else if (receiving?.finish) {
        const { finish } = receiving;
        writes.push(convertAt(place, () => finish(state, value, words, at)));
      }
    }
    return answer(state, own, words, () => {
      for (const write of writes) write();
    });
  };

  const blank = types[0] === "i64" ? 0n : undefined;
  /** Returns the declared error instead of throwing. An instance that has ended would go on with it, so there it is thrown. */
  const recover = (error: unknown, words: readonly Word[], made?: { readonly value: unknown }): unknown => {
    if (instance.state !== "live") throw error;
    if (catches) {
      hosting.hand?.(stateOf(), error);
      return blank;
    }
    if (!onError) throw error;
    life.failed(error);
    const { value: given } = onError;
    const value = check(
      hosted,
      "error",
      result,
      made ? made.value : typeof given === "function" ? (given as ErrorValue)(error) : given,
    );
    return answer(stateOf(), value, words, () => undefined);
  };

  if (node.suspends) {
    /** Never ends for a life that has ended: the module must not go on. */
    const untilLive = (): Promise<void> | undefined =>
      instance.state === "live" ? undefined : new Promise(() => undefined);
    return suspending(async (...words: Word[]) => {
      let resume: (() => void) | undefined;
      try {
        const state = stateOf();
        const args = begin(state, words);
        const promise = call(...args);
        resume = life.suspension()?.pause();
        const returned = await promise;
        await untilLive();
        resume?.();
        return complete(state, args, words, returned);
      } catch (error) {
        const make = onError?.value;
        const made = typeof make === "function" ? { value: await (make as ErrorValue)(error) } : undefined;
        await untilLive();
        resume?.();
        try {
          return recover(error, words, made);
        } catch (thrown) {
          return life.raise(thrown);
        }
      }
    }) as ImportFunction;
  }
  return (...words: Word[]) => {
    try {
      const state = stateOf();
      const args = begin(state, words);
      return complete(state, args, words, call(...args));
    } catch (error) {
      return recover(error, words);
    }
  };
}

/** The option `error` as a function. */
type ErrorValue = (error: unknown) => unknown;

/** The values that a function returned, checked. */
interface Answer {
  readonly result: unknown;
  readonly outs: readonly unknown[];
}

/** Splits what a function returned: its result, its outputs, or both in a list. */
function splitAnswer(hosted: Hosted, returned: unknown): Answer {
  const { params, result, length } = hosted.plan;
  const written = params.flatMap(({ filling, buffer }) => filling ?? buffer?.way ?? []);
  const own = result && !length ? [result] : [];
  const count = own.length + written.length;
  if (count === 0) return { result: undefined, outs: [] };
  const values = count === 1 ? [returned] : checkList(hosted, returned, count);
  const outs = written.map((way, at) => check(hosted, `output ${at + 1}`, way, values[at + own.length]));
  const checked = { result: own.length > 0 ? check(hosted, "result", result, values[0]) : undefined, outs };
  refuseTwiceIn(hosted, checked);
  return checked;
}

/** Refuses an object that is given to the module in two places of one answer. */
function refuseTwiceIn({ name, plan: { params, givesObject } }: Hosted, { result, outs }: Answer): void {
  const given: unknown[] = [];
  const lent: unknown[] = [];
  (givesObject ? given : lent).push(result);
  let out = 0;
  for (const one of params) {
    if (one.filling ?? one.buffer) (one.givesObject ? given : lent).push(outs[out++]);
  }
  convertAt(resultPlace(name), () => {
    refuseTwice(given, lent);
  });
}

/**
 * Returns the length that the module is told by the result: negative, or greater than its capacity, if the buffer is too small,
 * and that of the contents if it only asks for their size.
 * Errors: `buffer-too-small` if the result tells no length, or an error value is stated; `invalid-argument`.
 */
function lengthTold(
  hosted: Hosted,
  { tell, isEnded }: HostBuffer,
  { count, needed, capacity }: Prepared,
  asksSize: boolean,
  place: Place,
): unknown {
  const { name, node, plan } = hosted;
  const { length } = plan;
  const isTooSmall = needed > capacity && !asksSize;
  if (isTooSmall && (node.error || !length || tell !== "result")) {
    throw new UnglueError(
      "buffer-too-small",
      `${place.text} is a buffer with room for ${capacity}, and ${needed} are needed. Nothing was ` +
        "written. Give a larger one.",
      { name, capacity, length: needed, ...factsOf(place) },
    );
  }
  if (!tell && !isEnded && needed < capacity) throw notFilled(name, needed, capacity);
  if (!length || tell !== "result") return undefined;
  const isSigned = length.as.startsWith("i");
  const told = !isTooSmall ? count : isSigned ? -needed : needed;
  return check(hosted, "length", plan.result, lengthValue(length, told));
}

function notFilled(call: string, needed: number, capacity: number): UnglueError<"invalid-argument"> {
  const expected = `${capacity} elements, since the module is not told how many are written`;
  return new UnglueError(
    "invalid-argument",
    `The host function ${call} must return ${expected}, got ${needed}. Nothing was written. Declare the t.length that tells it.`,
    { call, argument: "output", expected, received: String(needed) },
  );
}

/** The fix for a module that may pass null for an output: no type says that it is left out. */
const byHand = "declare the parameter t.size, which is the address, and write there with wasm.memory";

function factsOf({ call, argument }: Place): AtImport {
  return { call, ...(argument !== undefined && { argument }) };
}

/** The bytes of the words of a result in memory. A struct checks its own. */
function resultSize({ words, offsets }: HostPlan): number {
  return words.length === 0 ? 0 : (offsets.at(-1) ?? 0) + (words.at(-1)?.endsWith("64") ? 8 : 4);
}

/** Returns where a result goes. Errors: `null-pointer`, `out-of-bounds`. */
function resultAddress(place: Place, memory: Memory, word: Word, size: number): number {
  const address = addressOf(word);
  if (address === 0) {
    const remedy = "declare the address as a parameter t.size and the result t.void, and write there with wasm.memory";
    throw nullPointer(
      `The address for the result of the import ${place.call}`,
      "a result in memory",
      remedy,
      factsOf(place),
    );
  }
  checkRange(memory, address, size);
  return address;
}
