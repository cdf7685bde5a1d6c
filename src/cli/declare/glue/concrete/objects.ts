import type { Function as FunctionNode } from "@babel/types";
import { evaluationOf, type Glue } from "../evaluation.ts";
import { type ClassMember, classOf, membersOf } from "../members.ts";
import { variable } from "../variables.ts";
import { makeModel, type Model, type ModelCall } from "./model.ts";
import { plainSurroundings } from "./trial.ts";
import { Callable, Missing, Thing, Thrown, Unknown, type Value } from "./values.ts";

/** The address of the object that is tried. */
const address = 4096;

/** A class in a model of the module. */
interface Tried {
  readonly model: Model;
  readonly made: Callable;
  readonly prototype: Thing;
  readonly methods: ReadonlyMap<string, ClassMember>;
}

/**
 * Finds the methods that do not wrap, unwrap, give away or free objects as those that wasm-bindgen prints, and as the registry
 * of their class does.
 *
 * @param glue - The generated JavaScript.
 */
export function findFaultyMethods(glue: Glue): ReadonlySet<FunctionNode> {
  const faulty = new Set<FunctionNode>();
  const { exports, scopes, shape } = glue;
  if (!exports || !shape) return faulty;
  const model = makeModel({ scopes, exports, shape }, plainSurroundings);
  for (const { name, scope } of exports.scope.bindings.values()) {
    const found = variable(evaluationOf(glue, true), exports.scope.bindings.get(name) ?? exports);
    const term = classOf(found);
    const made = model.program.environments.get(scope)?.variables.get(name)?.value;
    const prototype = made instanceof Callable ? made.members.get("prototype") : undefined;
    // A class of before 2015 is a function, whose members are assigned.
    if (!term || term.made || !(made instanceof Callable) || !(prototype instanceof Thing)) continue;
    const methods = new Map(
      membersOf(glue, term).map((one) => [`${one.isStatic ? "static " : ""}${one.key}`, one] as const),
    );
    for (const [key, isKept] of trials) {
      const member = methods.get(key);
      if (member && !isTrue(() => isKept({ model, made, prototype, methods }))) faulty.add(member.node);
    }
  }
  return faulty;
}

const trials: ReadonlyMap<string, (tried: Tried) => boolean> = new Map([
  ["static __wrap", wraps],
  ["static __unwrap", unwraps],
  ["__destroy_into_raw", (tried: Tried) => isGivenAway(tried, (object) => method(tried, object, "__destroy_into_raw"))],
  ["free", frees],
]);

function isTrue(test: () => boolean): boolean {
  try {
    return test();
  } catch (error) {
    if (error instanceof Missing) return true;
    if (error instanceof Thrown || error instanceof Unknown) return false;
    throw error;
  }
}

/** Makes an object of a class as the class does, or with the members that wasm-bindgen has given addresses. */
function objectOf({ made, prototype }: Tried): Thing {
  const wrap = made.members.get("__wrap");
  const wrapped = wrap instanceof Callable ? wrap.call([address], made, false) : undefined;
  if (wrapped instanceof Thing && wrapped.parent === prototype) return wrapped;
  const object = new Thing(prototype);
  for (const name of ["ptr", "__wbg_ptr"]) object.members.set(name, address);
  return object;
}

function method({ prototype }: Tried, object: Thing, name: string): Value {
  const found = prototype.members.get(name);
  if (!(found instanceof Callable)) throw new Missing();
  return found.call([], object, false);
}

function holdsAddress({ members }: Thing): boolean {
  return [...members.values()].includes(address);
}

function wraps({ made, prototype }: Tried): boolean {
  const wrap = made.members.get("__wrap");
  const object = wrap instanceof Callable ? wrap.call([address], made, false) : undefined;
  return object instanceof Thing && object.parent === prototype && holdsAddress(object);
}

/** Whether something returns the address of an object, which does not have it afterwards. */
function isGivenAway(tried: Tried, take: (object: Thing) => Value): boolean {
  const object = objectOf(tried);
  const names = [...object.members].flatMap(([name, value]) => (value === address ? [name] : []));
  const taken = take(object);
  // Nothing tells the member that holds the address.
  if (taken === undefined) throw new Missing();
  return taken === address && names.some((name) => object.members.get(name) === 0);
}

function unwraps(tried: Tried): boolean {
  const unwrap = tried.made.members.get("__unwrap");
  if (!(unwrap instanceof Callable)) return true;
  const of = (value: Value): Value => unwrap.call([value], tried.made, false);
  return of(new Thing()) === 0 && of("text") === 0 && of(undefined) === 0 && isGivenAway(tried, of);
}

/** The calls of the module that something makes. */
function callsOf({ called }: Model, run: () => void): readonly ModelCall[] {
  const first = called.length;
  run();
  return called.slice(first);
}

function frees(tried: Tried): boolean {
  const { model } = tried;
  const { ended } = model.program.registrations;
  ended.length = 0;
  const object = objectOf(tried);
  const [call, ...others] = callsOf(model, () => {
    try {
      method(tried, object, "free");
    } catch (error) {
      // A module that makes no object of the class does not have the export.
      if (error instanceof Thrown) throw new Missing();
      throw error;
    }
  });
  if (call?.args[0] === undefined) throw new Missing();
  if (others.length > 0 || call.args[0] !== address) return false;
  // The registry frees what is collected by the same export.
  return ended.every((callback) => {
    const [collected, ...more] = callsOf(model, () => callback.call([address], undefined, false));
    return collected?.callee === call.callee && collected.args[0] === address && more.length === 0;
  });
}
