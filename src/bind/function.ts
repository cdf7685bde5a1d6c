import { describe } from "../describe.ts";
import { UnglueError } from "../errors.ts";
import type { Calling, ExportedFunction, Instance, Lowering, ValueType, Word } from "../types/index.ts";
import { readWord } from "./layout.ts";
import { adopt, Bound, type ObjectClass } from "./objects.ts";
import type { FunctionPlan, ObjectUse, ParameterPlan } from "./plans.ts";
import { addressOf, addressWord } from "./word.ts";

/** What the bound functions of one instance share. */
export interface Host {
  readonly instance: Instance;
  readonly calling: Calling;
  /** What the convention keeps of the current life. */
  life: unknown;
  readonly classes: ReadonlyMap<string, ObjectClass>;
}

/** Calls a bound function: on the address of its object, if it has one, and with JavaScript's values. */
export type Invoke = (self: number, args: readonly unknown[]) => unknown;

/** An export, looked up at its first call. */
interface Link {
  call: ExportedFunction;
}

/**
 * Makes what calls an export as it was declared.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @param hasSelf - Whether it is called on an object.
 */
export function createInvoke(plan: FunctionPlan, host: Host, hasSelf: boolean): Invoke {
  const { calling } = host;
  const link = linkTo(plan.export, host);
  const params = plan.params.map((param) => lowering(param, host));
  const lift = createLift(plan, host);
  const { area, hasError } = plan;
  const count = params.length;
  const errorAt = area ? area.words.length - 2 : resultWords(plan);
  const stored = plan.result?.lifting?.stored;
  const isDirect = plan.form === "direct";

  /** Takes the results of a call apart. */
  const receive = (life: unknown, returned: unknown, room: number): unknown => {
    if (isDirect) return lift(life, [returned], true);
    if (!area) {
      const values = returned as readonly Word[];
      if (hasError && values[errorAt + 1] !== 0) throw calling.takeError(life, values[errorAt]);
      return lift(life, values, false);
    }
    const { memory } = host.instance;
    const values: Word[] = [];
    for (let at = 0; at < area.words.length; at++) {
      values.push(readWord(memory, area.words[at] as ValueType, room + (area.offsets[at] as number)));
    }
    if (hasError && values[errorAt + 1] !== 0) throw calling.takeError(life, values[errorAt]);
    return stored ? stored.read(life, room) : lift(life, values, false);
  };

  return (self, args) => {
    for (let at = 0; at < count; at++) {
      if (!(params[at] as Lowering).accepts(args[at])) throw mistaken(plan, params, at, args);
    }
    const { life } = host;
    const words: Word[] = [];
    const later: (() => void)[] = [];
    let room = 0;
    let hasThrown = true;
    if (area) {
      room = calling.takeArea(life, area.size);
      words.push(addressWord(calling, room));
      // What returns no error leaves the words of the error as they are.
      if (hasError) host.instance.memory.u8.fill(0, room, room + area.size);
    }
    try {
      if (hasSelf) words.push(addressWord(calling, self));
      for (let at = 0; at < count; at++) (params[at] as Lowering).lower(life, args[at], words, later);
      const returned = callWith(link.call, words);
      hasThrown = false;
      return receive(life, returned, room);
    } finally {
      // After a restart what was lent belongs to a life that has ended.
      if (host.life === life) {
        for (const end of later) end();
        if (area) calling.giveArea(life, room, area.size, hasThrown);
      }
    }
  };
}

/**
 * Makes the function that the user calls. Those of numbers alone are written out by how many they take, since most calls
 * are such.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @param self - Returns the address of the object that it is called on; absent for a function without one.
 */
export function createFunction(
  plan: FunctionPlan,
  host: Host,
  self?: (object: unknown) => number,
): (this: unknown, ...args: unknown[]) => unknown {
  const invoke = createInvoke(plan, host, self !== undefined);
  const fast = createFast(plan, host, self);
  const made: (this: unknown, ...args: unknown[]) => unknown =
    fast ??
    (self
      ? function (this: unknown, ...args: unknown[]) {
          return invoke(self(this), args);
        }
      : (...args: unknown[]) => invoke(0, args));
  return Object.defineProperty(made, "name", { value: plan.name.replace(/.*\./, ""), configurable: true });
}

/** A function of up to three plain words, and a result of one. */
function createFast(
  plan: FunctionPlan,
  host: Host,
  self: ((object: unknown) => number) | undefined,
): ((this: unknown, ...args: unknown[]) => unknown) | undefined {
  const { calling } = host;
  if (plan.form !== "direct" || calling.address === "i64") return undefined;
  const params: Lowering[] = [];
  for (const { lowering } of plan.params) {
    if (!lowering?.isSame) return undefined;
    params.push(lowering);
  }
  const link = linkTo(plan.export, host);
  const convert = createConvert(plan, host);
  if (!convert) return undefined;
  const wrong = (at: number, ...args: unknown[]) => mistaken(plan, params, at, args);
  const [first, second, third] = params as [Lowering, Lowering, Lowering];
  switch (params.length) {
    case 0:
      return self
        ? function (this: unknown) {
            return convert(link.call(self(this)));
          }
        : () => convert(link.call());
    case 1:
      return self
        ? function (this: unknown, a: unknown) {
            if (!first.accepts(a)) throw wrong(0, a);
            return convert(link.call(self(this), a));
          }
        : (a: unknown) => {
            if (!first.accepts(a)) throw wrong(0, a);
            return convert(link.call(a));
          };
    case 2:
      return self
        ? function (this: unknown, a: unknown, b: unknown) {
            if (!first.accepts(a)) throw wrong(0, a, b);
            if (!second.accepts(b)) throw wrong(1, a, b);
            return convert(link.call(self(this), a, b));
          }
        : (a: unknown, b: unknown) => {
            if (!first.accepts(a)) throw wrong(0, a, b);
            if (!second.accepts(b)) throw wrong(1, a, b);
            return convert(link.call(a, b));
          };
    case 3:
      return self
        ? function (this: unknown, a: unknown, b: unknown, c: unknown) {
            if (!first.accepts(a)) throw wrong(0, a, b, c);
            if (!second.accepts(b)) throw wrong(1, a, b, c);
            if (!third.accepts(c)) throw wrong(2, a, b, c);
            return convert(link.call(self(this), a, b, c));
          }
        : (a: unknown, b: unknown, c: unknown) => {
            if (!first.accepts(a)) throw wrong(0, a, b, c);
            if (!second.accepts(b)) throw wrong(1, a, b, c);
            if (!third.accepts(c)) throw wrong(2, a, b, c);
            return convert(link.call(a, b, c));
          };
    default:
      return undefined;
  }
}

/** Makes the JavaScript value of the only word that an export returned; `undefined` where that takes more than the word. */
function createConvert({ result }: FunctionPlan, host: Host): ((word: Word) => unknown) | undefined {
  if (!result) return () => undefined;
  const { object, lifting } = result;
  if (lifting) return lifting.convert;
  const kind = kindOf(object, host);
  return (word) => {
    const address = addressOf(word);
    return address === 0 && object.isOptional ? undefined : adopt(kind(), address, object.isOwned);
  };
}

function resultWords({ result }: FunctionPlan): number {
  return result ? (result.lifting?.words.length ?? 1) : 0;
}

/** Makes the JavaScript value of what an export returned. */
function createLift(
  plan: FunctionPlan,
  host: Host,
): (life: unknown, words: readonly Word[], isAlone: boolean) => unknown {
  const { result } = plan;
  if (!result) return () => undefined;
  const { lifting } = result;
  if (lifting) return (life, words, isAlone) => lifting.lift(life, words, 0, isAlone);
  const convert = createConvert(plan, host);
  return (_, [word]) => convert?.(word);
}

function lowering({ lowering, object }: ParameterPlan, host: Host): Lowering {
  if (lowering) return lowering;
  const kind = kindOf(object, host);
  const { name } = kind().plan;
  const isNone = (value: unknown) => object.isOptional && (value === undefined || value === null);
  return {
    words: [host.calling.address],
    expected: `an object of the class ${name}${object.isOptional ? ", or undefined" : ""}`,
    accepts: (value) => {
      if (isNone(value)) return true;
      if (Bound.kindOf(value)?.plan.name !== name) return false;
      // Refused before the call, and by its own name.
      Bound.address(value, kind());
      return true;
    },
    lower: (_, value, words) => {
      const address = isNone(value) ? 0 : object.isOwned ? Bound.take(value, kind()) : Bound.address(value, kind());
      words.push(addressWord(host.calling, address));
    },
  };
}

/** The class of an object, which may be made only after the functions that name it. */
function kindOf({ class: name }: ObjectUse, { classes }: Host): () => ObjectClass {
  return () => classes.get(name) as ObjectClass;
}

function linkTo(name: string, { instance }: Host): Link {
  const link: Link = {
    call: (...args) => {
      link.call = instance.guarded[name] as ExportedFunction;
      return link.call(...args);
    },
  };
  return link;
}

function callWith(call: ExportedFunction, words: readonly Word[]): unknown {
  switch (words.length) {
    case 0:
      return call();
    case 1:
      return call(words[0]);
    case 2:
      return call(words[0], words[1]);
    case 3:
      return call(words[0], words[1], words[2]);
    case 4:
      return call(words[0], words[1], words[2], words[3]);
    case 5:
      return call(words[0], words[1], words[2], words[3], words[4]);
    default:
      return call(...words);
  }
}

function mistaken(
  { name }: FunctionPlan,
  params: readonly Lowering[],
  at: number,
  args: readonly unknown[],
): UnglueError<"invalid-argument"> {
  const expected = params[at]?.expected ?? "";
  const argument = `parameter ${at + 1}`;
  const received = at < args.length ? describe(args[at]) : "missing";
  return new UnglueError(
    "invalid-argument",
    `${name}: ${argument} of ${params.length} must be ${expected}, and is ${received}. Nothing was called.`,
    { call: name, argument, expected, received },
  );
}
