import { ownMembers } from "../../base/own.ts";
import type { TypeNode } from "../../bind/types/node.ts";
import { acceptanceOf, typeText } from "../../bind/types/types.ts";
import { plainLifting, plainLowering, scalarLowering } from "../../bind/values/index.ts";
import { invalidParameter } from "../../errors/invalid.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { ClosureType, Lifting, Lowering, Word } from "../../public/index.ts";
import { endAll } from "../../bind/function.ts";
import { nullPointer } from "../../bind/null.ts";
import { expectedOf, isObjectFor, objectText, refuseTwice } from "../../bind/object-use.ts";
import { Wrapper } from "../../bind/objects.ts";
import { addressOf } from "../../bind/word.ts";
import type { Call } from "./closures.ts";
import type { Runtime } from "./runtime.ts";
import type { Pointers } from "./pointers.ts";
import { countedLifting, textLowering } from "./texts.ts";

type ClosureNode = ClosureType<readonly TypeNode[], TypeNode>;

/** The conventions for the parameters and results of function pointers. */
export interface FunctionPointers {
  readonly pointers: Pointers;
  readonly lowerings: (type: TypeNode) => readonly Lowering<Runtime>[];
  readonly liftings: (type: TypeNode) => readonly Lifting<Runtime>[];
}

const letters: { readonly [word: string]: string | undefined } = ownMembers({ i32: "i", i64: "j", f32: "f", f64: "d" });

/**
 * Lowers a function as a parameter: its index in the module's table.
 *
 * @param context - The conventions for its parameters and result.
 * @param type - The function.
 * @returns The lowerings; none if a parameter or the result cannot be passed.
 */
export function functionLowering(context: FunctionPointers, type: ClosureNode): readonly Lowering<Runtime>[] {
  const { isWide, address, word } = context.pointers;
  const params = type.params.map((param) => received(context, param));
  const { result } = type;
  const returned = result.type === "void" ? undefined : returning(context, result);
  if (params.includes(undefined) || (result.type !== "void" && !returned)) return [];
  const all = params as readonly Lifting<Runtime>[];
  const text = (words: readonly string[]) => words.map((one) => letters[one] ?? "").join("");
  const signature = `${text(all.flatMap(({ words }) => words))}->${text(returned?.words ?? [])}`;
  const key = keyOf(type);
  const isLent = type.lent === true;
  return [
    {
      ...plainLowering,
      words: [address],
      ...acceptanceOf(type, isWide),
      lower: (runtime, value, words, later) => {
        const call = value as Call;
        const index = runtime.closures.place(
          call,
          key,
          signature,
          () => entryTo(call, type, all, returned, runtime),
          isLent,
        );
        if (isLent) {
          later.push(() => {
            runtime.closures.giveBack(index);
          });
        }
        words.push(word(index));
      },
    },
  ];
}

/**
 * Lifts a function as a result: a wrapper that calls the function in the module's table.
 *
 * @param context - The conventions for its parameters and result.
 * @param type - The function.
 */
export function functionLifting(context: FunctionPointers, type: ClosureNode): readonly Lifting<Runtime>[] {
  const params = type.params.map((param) => passed(context, param));
  const { result } = type;
  const returned = result.type === "void" ? undefined : received(context, result);
  if (params.includes(undefined) || (result.type !== "void" && returned?.words.length !== 1)) return [];
  const all = params as readonly Lowering<Runtime>[];
  const key = keyOf(type);
  return [
    {
      ...plainLifting,
      words: [context.pointers.address],
      pointerTo: typeText(type),
      lift: (runtime, words, at) => {
        const index = addressOf(words[at]);
        return runtime.closures.at(index, key) ?? exitTo(index, type.params, all, returned, runtime);
      },
    },
  ];
}

/** Makes the function that the module calls. It receives words and calls the JavaScript function with values. */
function entryTo(
  call: Call,
  type: ClosureNode,
  params: readonly Lifting<Runtime>[],
  returned: Lowering<Runtime> | undefined,
  runtime: Runtime,
): Call {
  return (...words) => {
    let from = 0;
    const args = params.map((param, at) => {
      const value = lift(param, runtime, words, from, `Parameter ${at + 1} of a ${typeText(type)}`);
      from += param.words.length;
      return value;
    });
    const value = call(...args);
    if (!returned) return undefined;
    if (!returned.accepts(value)) {
      const { expected } = returned;
      const received = objectText(value);
      throw new UnglueError(
        "invalid-argument",
        `The function that was passed as ${typeText(type)} must return ${expected}, and returned ${received}.`,
        { call: typeText(type), argument: "result", expected, received },
      );
    }
    const made: Word[] = [];
    returned.lower(runtime, value, made, []);
    return made[0];
  };
}

/** Makes a JavaScript function that calls the one in the table. */
function exitTo(
  index: number,
  types: readonly TypeNode[],
  params: readonly Lowering<Runtime>[],
  returned: Lifting<Runtime> | undefined,
  runtime: Runtime,
): Call {
  const name = `The function ${index} of the table`;
  return (...passed) => {
    const args: unknown[] = [];
    for (const [at, param] of params.entries()) {
      let cause: unknown;
      try {
        const value = param.copy ? param.copy(passed[at]) : passed[at];
        args.push(value);
        if (param.accepts(value)) continue;
      } catch (error) {
        cause = error;
      }
      const { expected } = param;
      const received = at < passed.length ? objectText(passed[at]) : "missing";
      throw invalidParameter(name, at, params.length, expected, received, cause);
    }
    const { instance, guard } = runtime;
    // This comes first because its error says more if the life has ended.
    const call = instance.table.get(index);
    if (!call) throw nullPointer(name, "a function");
    const valuesOf = (use: "object" | "owned") => args.filter((_, at) => types[at]?.type === use);
    refuseTwice(valuesOf("owned"), valuesOf("object"));
    const later: (() => void)[] = [];
    const words: Word[] = [];
    let hasFailed = true;
    try {
      for (const [at, param] of params.entries()) param.lower(runtime, args[at], words, later);
      // Ownership moves only after everything that can fail before the call.
      const given = types.flatMap((type, at) => (type.type === "owned" ? [[type, args[at]] as const] : []));
      for (const [, object] of given) Wrapper.refuseLent(object);
      for (const [type, object] of given) runtime.objects.lower(type, object);
      const word: unknown = guard(`(table ${index})`, call)(...words);
      const value = returned && lift(returned, runtime, [word], 0, `The result of ${name}`);
      hasFailed = false;
      return value;
    } finally {
      // After a trap there is nothing to clean up.
      if (instance.state === "live") endAll(later, hasFailed);
    }
  };
}

function lift(lifting: Lifting<Runtime>, runtime: Runtime, words: readonly Word[], at: number, name: string): unknown {
  const { pointerTo } = lifting;
  if (pointerTo !== undefined && addressOf(words[at]) === 0) throw nullPointer(name, pointerTo);
  return lifting.lift(runtime, words, at, true);
}

/** A signature does not show how text is passed: `t.string` has a length, and `t.cstring` a terminating zero. */
function received(context: FunctionPointers, type: TypeNode): Lifting<Runtime> | undefined {
  const { pointers, liftings } = context;
  if (type.type === "string") return countedLifting(pointers, false);
  if (type.type !== "object" && type.type !== "owned") return liftings(type).find(({ stored }) => !stored);
  return {
    ...plainLifting,
    words: [pointers.address],
    pointerTo: typeText(type),
    lift: ({ objects }, words, at) => objects.lift(type, addressOf(words[at])),
  };
}

function passed(context: FunctionPointers, type: TypeNode): Lowering<Runtime> | undefined {
  if (type.type === "string") return textLowering(context.pointers, true);
  const made = returning(context, type);
  if ((type.type !== "object" && type.type !== "owned") || !made) return made ?? context.lowerings(type)[0];
  const { word } = context.pointers;
  const { class: name } = type;
  const isOwned = type.type === "owned";
  return {
    ...made,
    lower: ({ objects }, value, words, later) =>
      void words.push(word(objects.lower({ type: "object", class: name }, value, isOwned ? undefined : later))),
  };
}

/** Lowers a result that needs no memory, because nothing would free the memory. */
function returning({ pointers }: FunctionPointers, type: TypeNode): Lowering<Runtime> | undefined {
  if (type.type !== "object" && type.type !== "owned") return scalarLowering(type, pointers.isWide);
  const use = { class: type.class, isOwned: type.type === "owned", isOptional: false };
  return {
    ...plainLowering,
    words: [pointers.address],
    expected: expectedOf(use),
    // The errors about unusable objects come from `objects`.
    accepts: (value) => isObjectFor(use, value),
    lower: ({ objects }, value, words) => void words.push(pointers.word(objects.lower(type, value))),
  };
}

/** The key of a function type: the same function declared with two types is called in two ways. */
function keyOf({ params, result }: ClosureNode): string {
  return JSON.stringify([params, result]);
}
