import { languageGlobals } from "./language.ts";
import { type Registrations, registryOf } from "./registries.ts";
import {
  arrayTypes,
  Bytes,
  bytesIn,
  Callable,
  compute,
  lengthOf,
  List,
  primitive,
  provide,
  readAt,
  SymbolValue,
  Thing,
  Thrown,
  Unknown,
  type Value,
  View,
  writeAt,
} from "./values.ts";

/** The longest text or list that is made. */
export const longest = 100_000;

function text(value: Value): string {
  if (typeof value !== "string") throw new Unknown();
  return value;
}

function number(value: Value): number {
  return Number(primitive(value));
}

/** A JavaScript engine as far as generated JavaScript needs it: with or without `encodeInto`, for one. */
export interface Engine {
  readonly hasEncodeInto: boolean;
  /** Whether a buffer tells that it is detached. */
  readonly hasDetached: boolean;
}

/** A view of a buffer, of all of it or of a part. */
function viewOf(name: string, size: number, of: Bytes, from: Value, length: Value): View {
  const offset = number(from ?? 0);
  const rest = Math.floor((of.data.byteLength - offset) / size);
  const count = length === undefined ? rest : number(length);
  if (!(offset >= 0 && offset % size === 0 && count >= 0 && count <= rest)) throw new Thrown("out of bounds");
  return new View(name, of, offset, count);
}

/** A method of the prototype of lists. */
function ofList(name: string): Callable {
  return provide((args, self) => {
    const method = self instanceof List ? listMember(self, name) : undefined;
    if (!(method instanceof Callable)) throw new Unknown();
    return method.call(args, self, false);
  });
}

/**
 * Makes the global objects.
 *
 * @param engine - The engine.
 * @param registrations - The objects that registries know, which the program adds to.
 */
export function globalsFor({ hasEncodeInto }: Engine, registrations: Registrations): Map<string, Value> {
  const globals = languageGlobals();
  const record = (members: Record<string, Value>): Thing => {
    const made = new Thing();
    for (const [name, value] of Object.entries(members)) made.members.set(name, value);
    return made;
  };
  const withMembers = (callable: Callable, members: Record<string, Value>): Callable => {
    for (const [name, value] of Object.entries(members)) callable.members.set(name, value);
    return callable;
  };
  const array = provide((args) => {
    if (args.length !== 1 || typeof args[0] !== "number") return new List([...args]);
    if (args[0] > longest) throw new Unknown();
    return new List(Array.from<Value>({ length: args[0] }));
  });
  globals.set(
    "Array",
    withMembers(array, {
      isArray: provide(([value]) => value instanceof List),
      prototype: record({ slice: ofList("slice"), concat: ofList("concat") }),
    }),
  );
  for (const [name, { size }] of arrayTypes) {
    globals.set(
      name,
      provide(([of, from, length]) => {
        if (of instanceof Bytes) return viewOf(name, size, of, from, length);
        if (of instanceof View && of.type === name) {
          const copy = bytesIn(of).slice();
          return new View(name, new Bytes(copy.buffer), 0, lengthOf(of));
        }
        const count = of instanceof List ? of.items.length : number(of ?? 0);
        if (!(count >= 0 && count <= longest)) throw new Unknown();
        const made = new View(name, new Bytes(new ArrayBuffer(count * size)), 0, count);
        if (of instanceof List) of.items.forEach((one, at) => setElement(made, at, one));
        return made;
      }),
    );
  }
  globals.set(
    "DataView",
    provide(([of, from, length]) => {
      if (!(of instanceof Bytes)) throw new Unknown();
      return viewOf("DataView", 1, of, from, length);
    }),
  );
  globals.set(
    "TextEncoder",
    provide(() => {
      const encoder = record({
        encode: provide(([value]) => {
          const bytes = new TextEncoder().encode(String(primitive(value ?? "")));
          return new View("Uint8Array", new Bytes(bytes.slice().buffer), 0, bytes.length);
        }),
      });
      const encodeInto = provide(([value, view]) => {
        if (!(view instanceof View)) throw new Unknown();
        const { read, written } = new TextEncoder().encodeInto(text(value), bytesIn(view));
        return record({ read, written });
      });
      if (hasEncodeInto) encoder.members.set("encodeInto", encodeInto);
      return encoder;
    }),
  );
  globals.set(
    "TextDecoder",
    provide(([encoding, options]) => {
      const option = (name: string): boolean => options instanceof Thing && Boolean(options.members.get(name));
      if (encoding !== undefined && !/^utf-?8$/i.test(text(encoding))) throw new Unknown();
      const decoder = new TextDecoder("utf-8", { ignoreBOM: option("ignoreBOM"), fatal: option("fatal") });
      const decode = provide(([view]) => {
        if (view !== undefined && !(view instanceof View)) throw new Unknown();
        try {
          return decoder.decode(view && bytesIn(view));
        } catch {
          throw new Thrown("not UTF-8");
        }
      });
      return record({ decode });
    }),
  );
  const buffer = provide(() => {
    throw new Unknown();
  });
  globals.set(
    "Buffer",
    withMembers(buffer, {
      byteLength: provide(([value]) => new TextEncoder().encode(text(value)).length),
      from: provide(([of]) => {
        if (!(of instanceof Bytes)) throw new Unknown();
        const view = new View("Uint8Array", of, 0, of.data.byteLength);
        view.members.set(
          "write",
          provide(([value, at, length]) => {
            const bytes = new TextEncoder().encode(text(value)).subarray(0, number(length));
            bytesIn(view).set(bytes, number(at));
            return bytes.length;
          }),
        );
        return view;
      }),
    }),
  );
  globals.set(
    "FinalizationRegistry",
    provide(([callback]) => registryOf(registrations, callback)),
  );
  globals.set(
    "String",
    provide(([value]) => String(primitive(value))),
  );
  globals.set(
    "Number",
    withMembers(
      provide(([value]) => number(value)),
      { MAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER },
    ),
  );
  globals.set(
    "Math",
    record({
      min: provide((args) => Math.min(...args.map(number))),
      max: provide((args) => Math.max(...args.map(number))),
    }),
  );
  const util = record({ TextEncoder: globals.get("TextEncoder"), TextDecoder: globals.get("TextDecoder") });
  const require = provide(([name]) => {
    if (name !== "util" && name !== "node:util") throw new Unknown();
    return util;
  });
  globals.set("require", require);
  globals.set("module", record({ require, exports: new Thing() }));
  globals.set("exports", new Thing());
  globals.set(
    "Object",
    record({
      prototype: record({ toString: globals.get("toString") }),
      freeze: provide(([value]) => value),
      create: provide(([prototype, more]) => {
        if (!(prototype instanceof Thing) || more !== undefined) throw new Unknown();
        return new Thing(prototype);
      }),
    }),
  );
  return globals;
}

function elementOf(
  { type, buffer, offset }: View,
  at: number,
): { readonly bytes: Bytes; readonly access: string; readonly at: number } {
  const found = arrayTypes.get(type);
  if (!found) throw new Unknown();
  return { bytes: buffer, access: found.access, at: offset + at * found.size };
}

/** Reads an element of a typed array. */
export function getElement(view: View, at: number): Value {
  if (!Number.isInteger(at) || at < 0 || at >= lengthOf(view)) return undefined;
  const found = elementOf(view, at);
  return readAt(found.bytes, found.access, found.at);
}

/** Writes an element of a typed array. */
export function setElement(view: View, at: number, value: Value): void {
  if (!Number.isInteger(at) || at < 0 || at >= lengthOf(view)) return;
  const found = elementOf(view, at);
  writeAt(found.bytes, found.access, found.at, value);
}

/** Reads a member that the interpreter provides for a kind of value. */
export function builtinMember(of: Value, name: string): Value {
  if (typeof of === "string") return textMember(of, name);
  if (of instanceof List) return listMember(of, name);
  if (of instanceof View) return viewMember(of, name);
  if (of instanceof Callable) return callableMember(of, name);
  if (of instanceof SymbolValue) return name === "description" ? of.description : undefined;
  if (of instanceof Bytes) {
    if (name === "byteLength") return of.isDetached ? 0 : of.data.byteLength;
    return name === "detached" && of.tellsDetached ? of.isDetached : undefined;
  }
  return undefined;
}

function textMember(of: string, name: string): Value {
  switch (name) {
    case "length":
      return of.length;
    case "concat":
      return provide((args) => compute(() => of.concat(...args.map((one) => String(primitive(one))))));
    case "charCodeAt":
      return provide(([at]) => of.charCodeAt(number(at)));
    case "codePointAt":
      return provide(([at]) => of.codePointAt(number(at)));
    case "slice":
      return provide(([from, to]) => of.slice(number(from), to === undefined ? undefined : number(to)));
    case "substring":
      return provide(([from, to]) => of.substring(number(from), to === undefined ? undefined : number(to)));
    case "toLowerCase":
      return provide(() => of.toLowerCase());
    case "toUpperCase":
      return provide(() => of.toUpperCase());
    case "trim":
      return provide(() => of.trim());
    default:
      return undefined;
  }
}

function listMember(of: List, name: string): Value {
  const { items } = of;
  switch (name) {
    case "length":
      return items.length;
    case "push":
      return provide((args) => {
        if (items.length > longest) throw new Unknown();
        return items.push(...args);
      });
    case "pop":
      return provide(() => items.pop());
    case "fill":
      return provide(([value]) => {
        items.fill(value);
        return of;
      });
    case "slice":
      return provide(
        ([from, to]) => new List(items.slice(number(from ?? 0), to === undefined ? undefined : number(to))),
      );
    case "concat":
      return provide(
        (args) => new List([...items, ...args.flatMap((one) => (one instanceof List ? one.items : [one]))]),
      );
    default:
      return undefined;
  }
}

function viewMember(of: View, name: string): Value {
  const size = arrayTypes.get(of.type)?.size ?? 1;
  switch (name) {
    case "buffer":
      return of.buffer;
    case "byteOffset":
      return of.buffer.isDetached ? 0 : of.offset;
    case "length":
      return of.type === "DataView" ? undefined : lengthOf(of);
    case "byteLength":
      return lengthOf(of) * size;
    case "subarray":
    case "slice":
      return provide(([from, to]) => {
        const [first, last] = [number(from ?? 0), to === undefined ? lengthOf(of) : number(to)];
        const within = (at: number): number => Math.min(Math.max(Math.trunc(at) || 0, 0), lengthOf(of));
        const [begin, end] = [within(first), within(last)];
        const part = new View(of.type, of.buffer, of.offset + begin * size, Math.max(end - begin, 0));
        if (name === "subarray") return part;
        return new View(of.type, new Bytes(bytesIn(part).slice().buffer), 0, part.count);
      });
    case "set":
      return provide(([values, at]) => {
        const from = number(at ?? 0);
        const all = values instanceof View ? listOf(values) : values instanceof List ? values.items : undefined;
        if (!all || !Number.isInteger(from)) throw new Unknown();
        if (from < 0 || from + all.length > lengthOf(of)) throw new Thrown("offset is out of bounds");
        all.forEach((one, index) => setElement(of, from + index, one));
        return undefined;
      });
    default:
  }
  const [, verb, access] = /^(get|set)(\w+)$/.exec(name) ?? [];
  if (of.type !== "DataView" || access === undefined) return undefined;
  return provide((args) => {
    const [at, value] = args;
    const isLittle = access.endsWith("8") ? true : verb === "get" ? args[1] === true : args[2] === true;
    if (of.buffer.isDetached || !isLittle) throw new Thrown("detached, or in the other byte order");
    if (verb === "get") return readAt(of.buffer, access, number(at));
    writeAt(of.buffer, access, number(at), value);
    return undefined;
  });
}

/** The elements of a typed array. */
export function listOf(view: View): Value[] {
  return Array.from({ length: lengthOf(view) }, (_, at) => getElement(view, at));
}

function callableMember(of: Callable, name: string): Value {
  switch (name) {
    case "call":
      return provide(([self, ...args]) => of.call(args, self, false));
    case "apply":
      return provide(([self, list]) => of.call(list instanceof List ? list.items : [], self, false));
    case "bind":
      return provide(([self, ...first]) => provide((args) => of.call([...first, ...args], self, false)));
    default:
      return undefined;
  }
}
