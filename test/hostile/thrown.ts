const refuse = (): never => {
  throw new Error("not to be asked");
};

const traps = new Proxy({}, { get: () => refuse });

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** An object whose members throw when they are read. */
function barbed(prototype: object | null, ...names: readonly PropertyKey[]): object {
  const object = Object.create(prototype) as object;
  for (const name of names) Object.defineProperty(object, name, { get: refuse, enumerable: true });
  return object;
}

/** The mark of the library's own errors, which anybody can write. */
const branded = { [Symbol.for("unglue.error")]: true };

/** Values to throw, new ones each time: nothing of them can be relied upon. */
export const hostile: readonly (readonly [name: string, make: () => unknown])[] = [
  ["null", () => null],
  ["undefined", () => undefined],
  ["a number", () => 0],
  ["an empty text", () => ""],
  ["a symbol", () => Symbol("x")],
  ["a bigint", () => 1n],
  ["a function", () => refuse],
  ["a frozen object", () => Object.freeze({})],
  ["an object without a prototype", () => Object.create(null) as unknown],
  ["a revoked proxy", revoked],
  ["a proxy whose traps throw", () => new Proxy({}, traps)],
  ["a proxy of an error whose traps throw", () => new Proxy(new RangeError("call stack"), traps)],
  [
    "an object with getters that throw",
    () => barbed({}, "name", "message", "code", "cause", "stack", "then", "toString"),
  ],
  ["an error with getters that throw", () => barbed(new Error("x"), "name", "message", "cause", "stack")],
  ["one whose tag throws", () => barbed({}, Symbol.toStringTag)],
  ["one that is tagged as an error", () => ({ [Symbol.toStringTag]: "Error", name: "RuntimeError", message: "x" })],
  [
    "one that is tagged as an error and inherits getters",
    () => Object.create(barbed({ [Symbol.toStringTag]: "Error" }, "name", "message")) as unknown,
  ],
  ["one with the library's mark and a code that throws", () => barbed(branded, "code")],
  [
    "one with the library's mark and a cause that throws",
    () => barbed({ ...branded, code: "trap" }, "cause", "details"),
  ],
  ["one that pretends to be out of memory", () => ({ code: "out-of-memory", details: {} })],
];
