import {
  Bytes,
  bytesIn,
  Callable,
  ErrorValue,
  List,
  provide,
  SymbolValue,
  Thing,
  Thrown,
  type Value,
  View,
} from "./values.ts";

/** Values of JavaScript, and the same ones as an interpreted program sees them. */
export class Samples {
  readonly #models = new Map<object | symbol, Thing>();

  /** Returns the value for a program. */
  modelOf(real: unknown): Value {
    if (real === null || (typeof real !== "object" && typeof real !== "function" && typeof real !== "symbol")) {
      return real as Value;
    }
    const known = this.#models.get(real);
    if (known) return known;
    const made = this.#make(real);
    this.#models.set(real, made);
    return made;
  }

  #make(real: object | symbol): Thing {
    if (typeof real === "symbol") return new SymbolValue(real.description);
    if (Array.isArray(real)) return new List(real.map((one) => this.modelOf(one)));
    if (ArrayBuffer.isView(real)) {
      const bytes = new Bytes(real.buffer.slice(0) as ArrayBuffer);
      return new View(typeName(real), bytes, real.byteOffset, countOf(real));
    }
    const made = isFunction(real) ? this.#function(real) : real instanceof Error ? errorFor(real) : new Thing();
    if (isFunction(real)) made.members.set("name", real.name);
    for (const [name, one] of Object.entries(real)) made.members.set(name, this.modelOf(one));
    return made;
  }

  /** A function that returns or throws what the real one does. */
  #function(real: Real): Callable {
    return provide(() => {
      let result: unknown;
      try {
        result = real();
      } catch (error) {
        throw new Thrown(this.modelOf(error));
      }
      return this.modelOf(result);
    });
  }

  /** Whether a value of the program is a value: the same one, or a new one that looks like it. */
  isSame(value: Value, real: unknown): boolean {
    if (real === null || (typeof real !== "object" && typeof real !== "function" && typeof real !== "symbol")) {
      return Object.is(value, real);
    }
    const known = this.#models.get(real);
    return known ? known === value : this.#isLike(value, real);
  }

  /** Whether objects of the program are still as the real ones, which something may have changed. */
  areKept(): boolean {
    return [...this.#models].every(([real, made]) => this.#isLike(made, real));
  }

  #isLike(value: Value, real: object | symbol): boolean {
    if (typeof real === "symbol") return value instanceof SymbolValue && value.description === real.description;
    if (typeof real === "function") return value instanceof Callable;
    if (real instanceof Error) return value instanceof ErrorValue && value.type === real.name && isMessage(value, real);
    if (Array.isArray(real)) {
      return (
        value instanceof List &&
        value.items.length === real.length &&
        value.items.every((one, at) => this.isSame(one, real[at]))
      );
    }
    if (ArrayBuffer.isView(real)) {
      const bytes = new Uint8Array(real.buffer, real.byteOffset, real.byteLength);
      if (!(value instanceof View) || value.type !== typeName(real)) return false;
      const found = bytesIn(value);
      return found.length === bytes.length && found.every((one, at) => one === bytes[at]);
    }
    const members = Object.entries(real);
    return (
      value instanceof Thing &&
      value.members.size === members.length &&
      members.every(([name, one]) => value.members.has(name) && this.isSame(value.members.get(name), one))
    );
  }
}

type Real = () => unknown;

function isFunction(real: object): real is Real {
  return typeof real === "function";
}

function typeName(view: ArrayBufferView): string {
  return Object.prototype.toString.call(view).slice(8, -1);
}

function countOf(view: ArrayBufferView): number {
  return "length" in view ? (view as Uint8Array).length : view.byteLength;
}

function errorFor(error: Error): ErrorValue {
  const made = new ErrorValue(error.name, error.message);
  made.members.set("stack", error.stack ?? "");
  return made;
}

/** Errors of the engine may have other texts. */
function isMessage({ members }: ErrorValue, { name, message }: Error): boolean {
  return name !== "Error" || members.get("message") === message;
}
