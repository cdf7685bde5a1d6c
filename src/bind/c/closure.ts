import { acceptanceOf, scalarLowering } from "../../crossing/index.ts";
import { describe } from "../../describe.ts";
import { UnglueError } from "../../errors.ts";
import type { ClosureType, DeclaredType, Instance, Lifting, Lowering, ValueType } from "../../types/index.ts";

type Call = (...args: unknown[]) => unknown;

/** The functions of one life that are in its table, by what they are and as what they are called. */
type Places = WeakMap<Call, Map<string, number>>;

/** What closures are passed by. */
export interface ClosureContext {
  /** The type of an address. */
  readonly address: ValueType;
  /**
   * The way in which a parameter is received, where there is only one.
   *
   * @param type - Its type.
   */
  readonly lifting: (type: DeclaredType) => Lifting<Instance> | undefined;
  /** What has been placed, for each life. */
  readonly places: WeakMap<Instance, Places>;
}

const letters: { readonly [Type in string]?: string } = { i32: "i", i64: "j", f32: "f", f64: "d" };

/**
 * A function pointer as a parameter. The function keeps its place in the table until the instance ends, since nothing
 * tells how long the module uses it; the same function gets the same place again.
 *
 * @param type - The function's type.
 * @param context - How its parameters are received.
 * @returns None where a parameter can be received in more ways than one or in none, or where the result is no number.
 */
export function closureLowering(type: ClosureType, context: ClosureContext): readonly Lowering<Instance>[] {
  const params: Lifting<Instance>[] = [];
  for (const param of type.params) {
    const lifting = context.lifting(param as DeclaredType);
    if (!lifting) return [];
    params.push(lifting);
  }
  const result = type.result as DeclaredType;
  const isWide = context.address === "i64";
  const returned = result.type === "void" ? undefined : scalarLowering(result, isWide);
  if (result.type !== "void" && !returned) return [];
  const spell = (words: readonly ValueType[] = []) => words.map((word) => letters[word] ?? "?").join("");
  const signature = `${spell(params.flatMap(({ words }) => words))}->${spell(returned?.words)}` as "->";
  // What tells two closures of one signature apart: how their words are read.
  const key = JSON.stringify(type);

  const place = (instance: Instance, call: Call): number =>
    instance.callback(signature, (...given: unknown[]) => {
      let at = 0;
      const value = call(
        ...params.map((param) => {
          const from = at;
          at += param.words.length;
          return param.lift(instance, given, from, true);
        }),
      );
      return returned && resultWord(returned, instance, value);
    });

  return [
    {
      words: [context.address],
      ...acceptanceOf(type, isWide),
      lower: (instance, value, words) => {
        const call = value as Call;
        const places: Places = context.places.get(instance) ?? new WeakMap<Call, Map<string, number>>();
        context.places.set(instance, places);
        const known = places.get(call) ?? new Map<string, number>();
        places.set(call, known);
        const at = known.get(key) ?? place(instance, call);
        known.set(key, at);
        words.push(isWide ? BigInt(at) : at);
      },
    },
  ];
}

function resultWord(returned: Lowering, instance: Instance, value: unknown): unknown {
  if (!returned.accepts(value)) {
    const { expected } = returned;
    const received = describe(value);
    throw new UnglueError(
      "invalid-argument",
      `A function that was passed to the module must return ${expected}, and returned ${received}.`,
      { call: "callback", argument: "result", expected, received },
    );
  }
  const words: unknown[] = [];
  returned.lower(instance, value, words, []);
  return words[0];
}
