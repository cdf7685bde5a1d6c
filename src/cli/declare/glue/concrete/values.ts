/** Larger integers than those that are computed. */
const largest = 1n << 4096n;
/** Longer texts than those that are made. */
const longestText = 1_000_000;

/** A value of a program that is interpreted. Nothing of the machine that runs the interpreter is among them. */
export type Value = undefined | null | boolean | number | string | bigint | Thing;

/** A value that is no object. */
export type Primitive = Exclude<Value, Thing>;

/** An object. Its members are in a map, so no name reaches the interpreter's own objects. */
export class Thing {
  readonly members = new Map<string, Value>();
  readonly parent: Thing | undefined;
  constructor(parent?: Thing) {
    this.parent = parent;
  }
}

/** A list. */
export class List extends Thing {
  readonly items: Value[];
  constructor(items: Value[]) {
    super();
    this.items = items;
  }
}

/** Runs a function. */
export type Call = (args: readonly Value[], self: Value, isNew: boolean) => Value;

/** A function: of the text, or one that the interpreter provides. */
export class Callable extends Thing {
  readonly call: Call;
  constructor(call: Call) {
    super();
    this.call = call;
  }
}

/** A value of the surroundings of which only its use as a function matters: each of its members is the value itself. */
export class Anything extends Callable {}

/** A symbol. */
export class SymbolValue extends Thing {
  readonly description: string | undefined;
  constructor(description: string | undefined) {
    super();
    this.description = description;
  }
}

/** An error of the engine, or one that the program makes of the engine's classes. */
export class ErrorValue extends Thing {
  /** The name of its class. */
  readonly type: string;
  constructor(type: string, message: string) {
    super();
    this.type = type;
    this.members.set("name", type).set("message", message).set("stack", "");
  }
}

/** A class of errors. */
export class ErrorClass extends Callable {
  readonly type: string;
  constructor(type: string) {
    super(([message]) => {
      // Nothing depends on the text of an object.
      const text = message instanceof Thing ? "[object]" : message;
      return new ErrorValue(type, text === undefined ? "" : String(text));
    });
    this.type = type;
    this.members.set("prototype", new Thing());
  }
}

/** The bytes of a memory. When the memory grows, they are detached: views of them are empty. */
export class Bytes extends Thing {
  isDetached = false;
  /** Whether the program can ask for that. */
  tellsDetached = true;
  readonly data: ArrayBuffer;
  constructor(data: ArrayBuffer) {
    super();
    this.data = data;
  }
}

/** A typed array, or all of a memory by a `DataView`. */
export class View extends Thing {
  readonly type: string;
  readonly buffer: Bytes;
  readonly offset: number;
  readonly count: number;
  constructor(type: string, buffer: Bytes, offset: number, count: number) {
    super();
    [this.type, this.buffer, this.offset, this.count] = [type, buffer, offset, count];
  }
}

/** An exception of the program. */
export class Thrown extends Error {
  readonly value: Value;
  constructor(value: Value) {
    super("thrown");
    this.value = value;
  }
}

/** An error that the engine throws. */
export function failure(type: string, message: string): Thrown {
  return new Thrown(new ErrorValue(type, message));
}

/** The program does something that the interpreter does not know, or too much. */
export class Unknown extends Error {}

/** The program needs a value that its surroundings would have given it. */
export class Missing extends Unknown {}

/** A variable. */
export interface Variable {
  value: Value;
  /** Whether the interpreter does not know its value. */
  isUnknown?: boolean;
}

/** The variables of a function or block. */
export interface Environment {
  readonly variables: Map<string, Variable>;
  readonly parent: Environment | undefined;
}

/** Finds a variable. */
export function variableOf(environment: Environment | undefined, name: string): Variable | undefined {
  for (let at = environment; at; at = at.parent) {
    const found = at.variables.get(name);
    if (found) return found;
  }
  return undefined;
}

/** Makes a function that the interpreter provides. */
export function provide(call: Call): Callable {
  return new Callable(call);
}

/** The typed arrays by name. */
export const arrayTypes: ReadonlyMap<string, { readonly size: number; readonly access: string }> = new Map([
  ["Int8Array", { size: 1, access: "Int8" }],
  ["Uint8Array", { size: 1, access: "Uint8" }],
  ["Uint8ClampedArray", { size: 1, access: "Uint8" }],
  ["Int16Array", { size: 2, access: "Int16" }],
  ["Uint16Array", { size: 2, access: "Uint16" }],
  ["Int32Array", { size: 4, access: "Int32" }],
  ["Uint32Array", { size: 4, access: "Uint32" }],
  ["BigInt64Array", { size: 8, access: "BigInt64" }],
  ["BigUint64Array", { size: 8, access: "BigUint64" }],
  ["Float32Array", { size: 4, access: "Float32" }],
  ["Float64Array", { size: 8, access: "Float64" }],
]);

/** The number of elements of a view. */
export function lengthOf({ buffer, count }: View): number {
  return buffer.isDetached ? 0 : count;
}

/** The bytes of a view. */
export function bytesIn(view: View): Uint8Array {
  const size = arrayTypes.get(view.type)?.size ?? 1;
  return new Uint8Array(view.buffer.data, view.offset, lengthOf(view) * size);
}

/** Reads a number by the name that `DataView` has for its type. */
export function readAt({ data }: Bytes, access: string, at: number): Value {
  const view = new DataView(data);
  try {
    switch (access) {
      case "Int8":
        return view.getInt8(at);
      case "Uint8":
        return view.getUint8(at);
      case "Int16":
        return view.getInt16(at, true);
      case "Uint16":
        return view.getUint16(at, true);
      case "Int32":
        return view.getInt32(at, true);
      case "Uint32":
        return view.getUint32(at, true);
      case "BigInt64":
        return view.getBigInt64(at, true);
      case "BigUint64":
        return view.getBigUint64(at, true);
      case "Float32":
        return view.getFloat32(at, true);
      case "Float64":
        return view.getFloat64(at, true);
      default:
        throw new Unknown();
    }
  } catch {
    throw new Thrown("out of bounds");
  }
}

/** Writes a number. */
export function writeAt({ data }: Bytes, access: string, at: number, value: Value): void {
  const view = new DataView(data);
  const number = typeof value === "number" ? value : Number(primitive(value));
  try {
    switch (access) {
      case "Int8":
      case "Uint8":
        return view.setUint8(at, number);
      case "Int16":
      case "Uint16":
        return view.setUint16(at, number, true);
      case "Int32":
      case "Uint32":
        return view.setUint32(at, number, true);
      case "BigInt64":
      case "BigUint64":
        return view.setBigUint64(at, typeof value === "bigint" ? BigInt.asUintN(64, value) : BigInt(number), true);
      case "Float32":
        return view.setFloat32(at, number, true);
      case "Float64":
        return view.setFloat64(at, number, true);
      default:
    }
  } catch {
    throw new Thrown("out of bounds");
  }
  throw new Unknown();
}

/** Computes a value. The engine's errors are the program's. */
export function compute(run: () => Primitive): Primitive {
  let value: Primitive;
  try {
    value = run();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) {
      throw failure(error.name, error.message);
    }
    throw error;
  }
  if (typeof value === "bigint" && (value > largest || value < -largest)) throw new Unknown();
  if (typeof value === "string" && value.length > longestText) throw new Unknown();
  return value;
}

/** A value that is no object, as operators take it. */
export function primitive(value: Value): Primitive {
  if (value instanceof Thing) throw new Unknown();
  return value;
}
