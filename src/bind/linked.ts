import { describe } from "../errors/describe.ts";
import { invalidParameter } from "../errors/invalid.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { LengthType, Lowering, Word } from "../public/index.ts";
import { type CallValues, type Host, type Linked, objectConvert } from "./host.ts";
import { readWord } from "./layout.ts";
import { nullPointer } from "./null.ts";
import type { BufferPlan, FunctionPlan, LinkedPlan, OutPlan, ReceivedPlan } from "./plans.ts";
import { lengthValue } from "./types/buffer.ts";
import { invalidValue } from "./types/invalid-value.ts";
import { acceptanceOf, typeText } from "./types/types.ts";
import { addressOf, addressWord } from "./word.ts";

/**
 * Makes what passes and receives the linked parameters of a function.
 *
 * @param plan - How it is called.
 * @param linked - The parameters that are not only passed.
 * @param host - The instance.
 * @param hasSelf - Whether it is called on an object.
 */
export function createLinked(plan: FunctionPlan, linked: LinkedPlan, host: Host, hasSelf: boolean): Linked {
  const { calling, name } = plan;
  const { unpassed, places, split } = linked;
  const isWide = calling.address === "i64";
  const wordOf = wordIndices(plan, hasSelf);
  // Values in room are received first: a buffer can be refused, and objects must not be lost with it.
  const order = [...linked.received.entries()].sort(([, a], [, b]) => Number(!a.out) - Number(!b.out));
  const reads = order.map(([index, one]) => ({ index, read: createRead(one, plan, host, wordOf) }));

  const point = ({ words, room }: CallValues, { offset, room: { pointers } }: OutPlan): void => {
    for (const pointer of pointers) words.push(addressWord(calling, room + offset + pointer));
  };

  /** Passes the lengths, once every parameter is lowered: a length may come before what it is of. */
  const passLengths = (call: CallValues, counts: readonly number[], slots: readonly number[]): void => {
    for (const [index, { out, length }] of unpassed.entries()) {
      if (!length) continue;
      const { declared, of, lowering } = length;
      const count = counts[of] ?? 0;
      const value = lengthValue(declared, count);
      const { accepts, expected } = acceptanceOf({ type: declared.as }, isWide);
      if (!accepts(value)) {
        const most = `what has a length that is ${expected}, its ${typeText(declared)}`;
        throw invalidParameter(name, of, plan.params.length, most, `${describe(call.args[of])} of the length ${count}`);
      }
      if (out) out.room.write?.(call.life, call.room + out.offset, value);
      else if (lowering) {
        const words: Word[] = [];
        lowering.lower(call.life, value, words, call.later);
        call.words[slots[index] as number] = words[0];
      }
    }
  };

  return {
    lower: (call, params, begin) => {
      const { life, room, args, words, later } = call;
      const counts: number[] = [];
      const slots: number[] = [];
      for (let at = 0, next = 0; at <= params.length; at++) {
        begin(at);
        for (; unpassed[next]?.at === at; next++) {
          const out = unpassed[next]?.out;
          slots[next] = words.length;
          if (out) point(call, out);
          else words.push(0);
        }
        if (at === params.length) break;
        const place = places.get(at);
        if (place) {
          place.room.write?.(life, room + place.offset, args[at]);
          point(call, place);
          continue;
        }
        (params[at] as Lowering).lower(life, args[at], words, later);
        counts[at] = split.has(at) ? addressOf(words.pop()) : ((args[at] ?? 0) as number);
      }
      passLengths(call, counts, slots);
    },
    receive: (call, result) => {
      const written: unknown[] = [];
      for (const { index, read } of reads) written[index] = read(call, result);
      if (written.length === 0) return result;
      if (plan.result) return [result, ...written];
      return written.length === 1 ? written[0] : written;
    },
  };
}

/** The index of the first word of each parameter that the caller passes. */
function wordIndices({ area, params, linked }: FunctionPlan, hasSelf: boolean): readonly number[] {
  let word = (area ? 1 : 0) + (hasSelf ? 1 : 0);
  const { unpassed = [], places } = linked ?? {};
  const indices: number[] = [];
  for (let at = 0, next = 0; at < params.length; at++) {
    for (; unpassed[next]?.at === at; next++) word += unpassed[next]?.out?.room.pointers.length ?? 1;
    indices.push(word);
    word += places?.get(at)?.room.pointers.length ?? params[at]?.lowering?.words.length ?? 1;
  }
  return indices;
}

/** Makes the function that reads one value that the module has written. */
function createRead(
  { out, buffer }: ReceivedPlan,
  plan: FunctionPlan,
  host: Host,
  wordOf: readonly number[],
): (call: CallValues, result: unknown) => unknown {
  if (buffer) {
    const { at, filled } = buffer;
    return (call, result) => {
      const capacity = call.args[at] as number | undefined | null;
      if (capacity === undefined || capacity === null) return undefined;
      const word = call.words[wordOf[at] as number];
      return filled.read(call.life, word, countOf(buffer, plan, { ...call, word, capacity }, result));
    };
  }
  const { offset, room, object } = out;
  const { address } = plan.calling;
  const what = `The output of ${plan.name}`;
  if (!object) {
    const { pointerTo } = room;
    return (call) => {
      const start = call.room + offset;
      if (pointerTo !== undefined && addressOf(readWord(host.instance.memory, address, start)) === 0)
        throw nullPointer(what, pointerTo);
      return room.read(call.life, start);
    };
  }
  const convert = objectConvert(object, host, what);
  return (call) => convert(readWord(host.instance.memory, address, call.room + offset));
}

/** A call that has filled a buffer. */
interface FilledCall extends CallValues {
  /** The word of the buffer's address. */
  readonly word: Word;
  readonly capacity: number;
}

/** The number of elements that the module says it has written to a buffer. */
function countOf({ count, filled }: BufferPlan, { name }: FunctionPlan, call: FilledCall, result: unknown): number {
  const { capacity, word } = call;
  if (!count) return capacity;
  const { declared, out } = count;
  const isResult = out === "result";
  const told = (isResult ? result : out.room.read(call.life, call.room + out.offset)) as number | bigint;
  const { isText } = filled;
  // Functions such as snprintf tell the length of the whole text, without its zero, and cut it to the capacity.
  const isCut = isText && capacity > 0 && Number(told) === capacity && filled.isEnded(call.life, word, capacity);
  if (told > capacity || isCut)
    throw tooSmall(name, declared, { capacity, told, isText }, isResult ? undefined : result);
  if (told >= 0) return Number(told);
  // A function that returns a length returns a negative one for a failure, which the caller receives beside the buffer.
  if (isResult) return 0;
  throw invalidValue(
    `t.${typeText(declared)}`,
    String(told),
    "and no length is negative. Declare which one it writes.",
  );
}

/** Makes the error for a module that says it has written more than there was room for. */
function tooSmall(
  name: string,
  declared: LengthType,
  { capacity, told, isText }: { readonly capacity: number; readonly told: number | bigint; readonly isText: boolean },
  result: unknown,
): UnglueError<"buffer-too-small"> {
  const zero = isText ? 1 : 0;
  const length = typeof told === "bigint" ? told + BigInt(zero) : told + zero;
  return new UnglueError(
    "buffer-too-small",
    `${name} tells the length ${told} where ${typeText(declared)} is declared, and its buffer has the capacity ${capacity}: ` +
      `nothing of it was read. If that is the length that it needs, call it again with the capacity ${length}` +
      `${isText ? ", which has room for the terminating zero" : ""}; if it is a negative failure, declare a signed type.`,
    {
      name,
      capacity,
      length,
      ...((typeof result === "number" || typeof result === "bigint" || typeof result === "boolean") && { result }),
    },
  );
}
