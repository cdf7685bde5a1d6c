import {
  Bytes,
  Callable,
  compute,
  ErrorClass,
  ErrorValue,
  failure,
  List,
  primitive,
  provide,
  SymbolValue,
  Thing,
  Unknown,
  type Value,
  View,
} from "./values.ts";

/** Deeper objects than those that are written as JSON. */
const deepest = 20;
/** Longer texts than those that are read as numbers or JSON. */
const longestText = 100_000;
/** The expression by which generated JavaScript finds the class in the description of an object. */
const description = /\[object ([^\]]+)\]/;

/** Makes the objects of the language that only wasm-bindgen's own functions use. */
export function languageGlobals(): Map<string, Value> {
  const record = (members: Record<string, Value>): Thing => withMembers(new Thing(), members);
  const globals = new Map<string, Value>();
  for (const name of ["Error", "TypeError", "RangeError", "SyntaxError"]) globals.set(name, new ErrorClass(name));
  const toInteger = (fit: (bits: number, value: bigint) => bigint): Callable =>
    provide(([bits, value]) => {
      if (typeof bits !== "number" || !(bits >= 0 && bits <= 4096)) throw new Unknown();
      if (typeof value !== "bigint") throw failure("TypeError", "no bigint");
      return fit(bits, value);
    });
  globals.set(
    "BigInt",
    withMembers(
      provide(([value]) => {
        const given = primitive(value);
        if (typeof given === "string" && given.length > 1000) throw new Unknown();
        return compute(() => BigInt(given as string));
      }),
      {
        asUintN: toInteger((bits, value) => BigInt.asUintN(bits, value)),
        asIntN: toInteger((bits, value) => BigInt.asIntN(bits, value)),
      },
    ),
  );
  globals.set(
    "Symbol",
    withMembers(
      provide(([text], _, isNew) => {
        if (isNew) throw failure("TypeError", "Symbol is no constructor");
        return new SymbolValue(text === undefined ? undefined : String(primitive(text)));
      }),
      { dispose: "[dispose]", iterator: new SymbolValue("Symbol.iterator") },
    ),
  );
  globals.set(
    "JSON",
    record({
      parse: provide(([text]) => {
        const given = primitive(text);
        if (typeof given === "string" && given.length > longestText) throw new Unknown();
        const parsed: { value?: unknown } = {};
        compute(() => {
          parsed.value = JSON.parse(String(given));
          return undefined;
        });
        return modelOf(parsed.value);
      }),
      stringify: provide(([value, ...others]) => {
        if (others.some((one) => one !== undefined)) throw new Unknown();
        const plain = plainOf(value, 0);
        return compute(() => JSON.stringify(plain));
      }),
    }),
  );
  globals.set(
    "toString",
    provide((_, self) => `[object ${tagOf(self)}]`),
  );
  globals.set("WebAssembly", webAssembly());
  return globals;
}

function withMembers<Kind extends Thing>(of: Kind, members: Record<string, Value>): Kind {
  for (const [name, value] of Object.entries(members)) of.members.set(name, value);
  return of;
}

/** Exceptions of the engine, with which modules that unwind throw and catch. */
function webAssembly(): Thing {
  const prototype = new Thing();
  const payloadOf = (self: Value, tag: Value): List | undefined => {
    const payload = self instanceof Thing && self.members.get("tag") === tag ? self.members.get("payload") : undefined;
    return payload instanceof List ? payload : undefined;
  };
  withMembers(prototype, {
    is: provide(([tag], self) => payloadOf(self, tag) !== undefined),
    getArg: provide(([tag, at], self) => payloadOf(self, tag)?.items[Number(primitive(at))]),
  });
  const exception = provide(([tag, payload]) => withMembers(new Thing(prototype), { tag, payload }));
  exception.members.set("prototype", prototype);
  return withMembers(new Thing(), { Tag: provide(() => new Thing()), Exception: exception });
}

/** The value that an exception of WebAssembly carries; any other value as it is. */
export function carriedBy(value: Value): Value {
  const payload = value instanceof Thing ? value.members.get("payload") : undefined;
  return payload instanceof List && value instanceof Thing && value.parent?.members.has("getArg") === true
    ? payload.items[0]
    : value;
}

/** The class in the description of a value. */
function tagOf(value: Value): string {
  if (value === undefined) return "Undefined";
  if (value === null) return "Null";
  if (value instanceof SymbolValue) return "Symbol";
  if (value instanceof List) return "Array";
  if (value instanceof Callable) return "Function";
  if (value instanceof ErrorValue) return "Error";
  if (value instanceof View) return value.type;
  if (value instanceof Bytes) return "ArrayBuffer";
  if (value instanceof Thing) return "Object";
  const name = typeof value;
  return name === "bigint" ? "BigInt" : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** The one regular expression that generated JavaScript has. */
export function expressionFor(pattern: string): Thing {
  if (pattern !== description.source) throw new Unknown();
  return withMembers(new Thing(), {
    exec: provide(([text]) => {
      const found = description.exec(String(primitive(text)));
      return found ? new List([...found]) : null;
    }),
  });
}

/** A value that JSON can have, as the program sees it. */
function modelOf(value: unknown): Value {
  if (Array.isArray(value)) return new List(value.map(modelOf));
  if (typeof value === "object" && value !== null) {
    const made = new Thing();
    for (const [name, one] of Object.entries(value)) made.members.set(name, modelOf(one));
    return made;
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

function plainOf(value: Value, depth: number): unknown {
  if (depth > deepest) throw new Unknown();
  if (!(value instanceof Thing)) return value;
  if (value instanceof Callable || value instanceof SymbolValue) return undefined;
  if (value instanceof List) return value.items.map((one) => plainOf(one, depth + 1));
  if (value instanceof View || value instanceof Bytes || value.parent || value.members.has("toJSON"))
    throw new Unknown();
  if (value instanceof ErrorValue) return {};
  return Object.fromEntries([...value.members].map(([name, one]) => [name, plainOf(one, depth + 1)]));
}
