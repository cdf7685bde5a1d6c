import { elementArrays } from "../../bind/types/arrays.ts";
import { nodeOf, type TypeNode } from "../../bind/types/node.ts";
import { invalidValue } from "../../bind/types/invalid-value.ts";
import { acceptanceOf, isAllocated, typeText } from "../../bind/types/types.ts";
import { describe } from "../../errors/describe.ts";
import {
  passedBytes,
  plainReceiving,
  plainReturning,
  receivedDetached,
  receivingBy,
  returningBy,
  scalarLifting,
  scalarLowering,
} from "../../bind/values/index.ts";
import type { ElementName, Hosting, ImportShape, Receiving, Returning, Shape, Word } from "../../public/index.ts";
import type { Abi } from "./abi.ts";
import { checkOf, isHandle, isSplit, optionalNumber, refusalOf } from "./calling.ts";
import type { Runtime } from "./runtime.ts";
import type { Type } from "./type.ts";
import { handle, option, slice, typeOfNode } from "./types.ts";

/**
 * Makes the way in which the imports of a wasm-bindgen module are served with values.
 *
 * @param abi - The module's conventions.
 * @param shape - Its shape.
 */
export function createHosting(abi: Abi, { imports }: Pick<Shape, "imports">): Hosting<Runtime> {
  // All its own imports are in one module, whose name depends on the target that the CLI was told.
  const own = new Set(imports.filter(({ name }) => /^__wb(g|indgen)_/.test(name)).map(({ module }) => module));
  return {
    owns: ({ module }: ImportShape) => own.has(module),
    receivings: (type, consumes) => receivingsOf(nodeOf(type), abi, consumes),
    returnings: (type, owned) => returningsOf(nodeOf(type), abi, owned),
    fillings: () => [],
    buffer: () => undefined,
    refusal: (type, use, stated) => hostRefusal(nodeOf(type), abi, use, stated),
    lendsObjects: false,
    hand: abi.helpers.storeException
      ? (runtime, error) => {
          runtime.storeException(error);
        }
      : undefined,
  };
}

function innermost(type: TypeNode): TypeNode {
  return type.type === "optional" ? type.item : type;
}

/** Whether the module either lends such a value or gives it away, and its signature does not tell which. */
function isOpen(type: TypeNode, abi: Abi): boolean {
  const inner = innermost(type);
  if (inner.type === "cstring") return false;
  return isAllocated(inner) || (inner.type !== "js" && isHandle(inner, abi) && abi.handles === "heap");
}

function hostRefusal(
  type: TypeNode,
  abi: Abi,
  use: "parameter" | "result" | "output",
  stated: boolean | undefined,
): string | undefined {
  if (use === "output") return "Rust passes no outputs to its imports: return the value";
  const inner = innermost(type);
  if (inner.type === "object")
    return `objects are only given away between Rust and its imports: declare t.owned(${JSON.stringify(inner.class)})`;
  if (inner.type === "list" && (inner.item.type === "object" || inner.item.type === "owned"))
    return "a list of objects has no way into imports or out of them: declare t.list(t.js)";
  if (use === "parameter") {
    if (inner.type === "array" && inner.mutable && stated === true)
      return "an array that is given away cannot be written back: leave out mutable";
    if (isOpen(type, abi) && stated === undefined)
      return (
        "its type does not show whether Rust lends it (&str, &[T]) or gives it away (String, Vec<T>), and freeing what is lent corrupts " +
        "memory: say { consumes: false } or { consumes: true }, or a list of one for each parameter"
      );
  } else {
    if (stated === false) return "the module frees what an import returns: leave out owned";
    if (inner.type === "js" && inner.borrowed) return "an import gives away the value that it returns: declare t.js";
  }
  return refusalOf(type, abi);
}

function receivingsOf(type: TypeNode, abi: Abi, consumes: boolean | undefined): readonly Receiving<Runtime>[] {
  if (hostRefusal(type, abi, "parameter", consumes) !== undefined) return [];
  const optional = optionalNumber(type, abi);
  if (optional) return optional.map((one) => receivingBy(one, true));
  const scalar = isHandle(type, abi) || isSplit(type, abi) ? undefined : scalarLifting(type, false);
  if (scalar) return [receivingBy(scalar, true)];
  const inner = innermost(type);
  const isTaken = inner.type === "js" ? inner.borrowed !== true : consumes !== false;
  const found = typeOf(type, abi, isTaken);
  if (!found) return [];
  const check = isHandle(inner, abi) ? checkOf(inner) : inner.type === "list" ? checkItems(inner.item) : undefined;
  // A view of the memory, which changes as soon as the module goes on.
  const isView = !isTaken && (inner.type === "bytes" || inner.type === "array");
  return [
    {
      ...plainReceiving,
      words: found.words(abi),
      // Text that is lent may be interned, and then lies at null.
      pointerTo:
        type.type === "bytes" || type.type === "array" || type.type === "list" || (isTaken && type.type === "string")
          ? typeText(type)
          : undefined,
      lift: (runtime, words, at) => {
        const value = found.lift(runtime, words, at);
        if (type.type === "string" && typeof value !== "string") return internedText(value, words[at + 1]);
        if (value === undefined) return undefined;
        check?.(value);
        return isView ? (value as Uint8Array).slice() : value;
      },
      finish: inner.type === "array" && inner.mutable ? writingBack(inner.element) : undefined,
    },
  ];
}

/** Returns the text of null with a length, which no interned text has. Errors: `invalid-value`. */
function internedText(value: unknown, length: Word): string {
  if (length === 0) return "";
  throw invalidValue("a text", describe(value), "which is no interned text. Correct the pointer in the module.");
}

/** Writes an array back to where its words say. */
function writingBack(element: ElementName): Receiving<Runtime>["finish"] {
  const view = slice(element, false);
  return (runtime, value, words, at) => {
    if (value === undefined) return () => undefined;
    const size = ((words[at + 1] as number) >>> 0) * elementArrays[element].BYTES_PER_ELEMENT;
    const { bytes } = passedBytes(runtime.memory, value);
    if (bytes.length !== size) throw receivedDetached(size);
    return () => {
      (view.lift(runtime, words, at) as Uint8Array).set(new elementArrays[element](bytes.slice().buffer) as never);
    };
  };
}

/** The conversion of a type that takes several words, or is a JavaScript value. */
function typeOf(type: TypeNode, abi: Abi, isTaken: boolean): Type | undefined {
  if (isHandle(type, abi)) return handle(isTaken);
  if (type.type === "optional" && isHandle(type.item, abi)) return option(handle(isTaken));
  return typeOfNode(type, isTaken);
}

/** Refuses the items of a list that are not of its type: the module may pass the handle of any value. */
function checkItems(item: TypeNode): ((values: unknown) => void) | undefined {
  const check = checkOf(item);
  if (!check) return undefined;
  return (values) => {
    for (const one of values as readonly unknown[]) check(one);
  };
}

function returningsOf(type: TypeNode, abi: Abi, owned: boolean | undefined): readonly Returning<Runtime>[] {
  if (hostRefusal(type, abi, "result", owned) !== undefined) return [];
  const optional = optionalNumber(type, abi);
  if (optional) return optional.map(returningBy);
  const scalar = isHandle(type, abi) || isSplit(type, abi) ? undefined : scalarLowering(type, false);
  if (scalar) return [returningBy(scalar)];
  const found = typeOf(type, abi, true);
  if (!found) return [];
  return [
    {
      ...plainReturning,
      ...acceptanceOf(type, false),
      words: found.resultWords?.(abi) ?? found.words(abi),
      allocates: isAllocated(type) ? true : undefined,
      lower: (runtime, value, words) => {
        found.lower(runtime, value, words);
      },
    },
  ];
}
