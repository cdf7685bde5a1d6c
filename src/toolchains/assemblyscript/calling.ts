import { nodeOf, type TypeNode } from "../../bind/types/node.ts";
import { typeText } from "../../bind/types/types.ts";
import {
  plainLifting,
  plainLowering,
  referenceLiftings,
  referenceLowerings,
  scalarLifting,
  scalarLowering,
} from "../../bind/values/index.ts";
import { addressOf } from "../../bind/word.ts";
import type { Calling, Instance, Lifting, Lowering, Shape } from "../../public/index.ts";
import { type Abi, abiOf, withRuntime } from "./abi.ts";
import { createHosting } from "./hosting.ts";
import type { Managed } from "./managed.ts";
import { exportNames, takesNull } from "./names.ts";
import { beginRuntime, type Runtime } from "./runtime.ts";
import { acceptanceOf, isNumber, managedOf } from "./types.ts";

/**
 * Makes the calling convention of AssemblyScript: a reference is the address of an object with a header, in memory of a
 * collector. Arguments are allocated for the call, kept alive while it runs, and let go after it. Errors:
 * `unsupported-module`.
 *
 * @param shape - The module's shape.
 * @param ceilingOf - Returns the maximum that the option limits sets for an instance's memory, in pages.
 */
export function createCalling(shape: Shape, ceilingOf: (instance: Instance) => number | undefined): Calling<Runtime> {
  const abi = abiOf(shape);
  return {
    name: "AssemblyScript",
    address: "i32",
    hasErrors: false,
    hasPromises: undefined,
    hasInPlace: false,
    hasAreas: false,
    hasClassIds: true,
    exportNames: (declared) => exportNames(abi, declared),
    begin: (context) => beginRuntime(abi, context, ceilingOf(context.instance)),
    lowerings: (type) => loweringsOf(abi, nodeOf(type)),
    liftings: (type) => liftingsOf(nodeOf(type)),
    refusal: (type) => refusalOf(abi, nodeOf(type)),
    canFree: undefined,
    givesAway: true,
    addressKey: undefined,
    boxesObjects: true,
    areaAllocates: undefined,
    // Whatever cannot be allocated has no lowering, with a reason of its own.
    ownAllocator: undefined,
    allocators: undefined,
    freeing: [{ type: { params: ["i32"], results: [] }, words: [], waits: undefined }],
    takeArea: () => 0,
    giveArea: () => undefined,
    takeError: () => undefined,
    takesNull,
    announce: abi.isToldCount ? ({ heap }, count) => heap.announce(count) : undefined,
    holding: {
      refusal: abi.allocate
        ? undefined
        : `nothing keeps its objects alive, since the module exports no runtime: ${withRuntime}`,
      first: ({ heap }, address) => {
        if (!abi.isCounted) heap.keep(address);
      },
      again: ({ heap }, address) => {
        heap.received(address);
      },
    },
    hosting: createHosting(abi, {
      lowerings: (type) => loweringsOf(abi, type),
      liftings: (type) => liftingsOf(type),
      refusal: (type) => refusalOf(abi, type),
    }),
  };
}

function loweringsOf(abi: Abi, type: TypeNode): readonly Lowering<Runtime>[] {
  if (type.type === "js") return referenceLowerings();
  if (type.type === "optional" && !isNumber(type) && isNumber(type.item)) return abi.isToldCount ? omittable(type) : [];
  const scalar = isNumber(type) ? scalarLowering(type, false) : undefined;
  if (scalar) return [scalar];
  const of = nullableOf(abi, type);
  const isNullable = of.type === "optional";
  const managed = managedOf(isNullable ? of.item : of);
  if (managed === undefined || typeof managed === "string" || !abi.allocate) return [];
  const lowering = referenceLowering(managed, of, isNullable);
  return [isNullable && of === type && abi.isToldCount ? { ...lowering, needsCount: true } : lowering];
}

/** Null of a parameter that may be left out, too: only one optional of another says that null is a value of the parameter. */
function nullableOf(abi: Abi, type: TypeNode): TypeNode {
  return abi.isToldCount && type.type === "optional" && type.item.type === "optional" && !isNumber(type.item)
    ? type.item
    : type;
}

/** A number that may be left out, at the end of a call. */
function omittable(type: Extract<TypeNode, { readonly type: "optional" }>): readonly Lowering<Runtime>[] {
  const scalar = scalarLowering(type.item, false);
  if (!scalar) return [];
  const none = scalar.words[0] === "i64" ? 0n : 0;
  return [
    {
      ...scalar,
      isSame: undefined,
      expected: `${scalar.expected}, or left out`,
      accepts: (value) => value === undefined || scalar.accepts(value),
      lower: (life, value, words, later) => {
        if (value === undefined) words.push(none);
        else scalar.lower(life, value, words, later);
      },
      needsCount: true,
    },
  ];
}

function referenceLowering(managed: Managed, type: TypeNode, isNullable: boolean): Lowering<Runtime> {
  const { writeBack } = managed;
  return {
    ...plainLowering,
    words: ["i32"],
    ...acceptanceOf(type),
    allocates: true,
    lower: (runtime, value, words, later) => {
      if (isNullable && (value === undefined || value === null)) {
        words.push(0);
        return;
      }
      const { heap } = runtime;
      managed.resolve(heap);
      const address = heap.attempt(() => managed.make(runtime, value));
      later.push(() => {
        try {
          writeBack?.(runtime, address, value);
        } finally {
          heap.letGo(address);
        }
      });
      words.push(address);
    },
  };
}

function liftingsOf(type: TypeNode): readonly Lifting<Runtime>[] {
  if (type.type === "js") return referenceLiftings();
  const scalar = isNumber(type) ? scalarLifting(type, false) : undefined;
  if (scalar) return [scalar];
  const isNullable = type.type === "optional";
  // Bytes say of themselves what they are.
  const inner = isNullable ? type.item : type;
  const managed = managedOf(inner.type === "bytes" ? { type: "array", element: "u8" } : inner);
  if (managed === undefined || typeof managed === "string") return [];
  return [
    {
      ...plainLifting,
      words: ["i32"],
      pointerTo: isNullable ? undefined : managed.text,
      lift: (runtime, words, at) => {
        const address = addressOf(words[at]);
        if (address === 0) return undefined;
        const value = managed.read(runtime, address);
        runtime.heap.received(address);
        return value;
      },
    },
  ];
}

function refusalOf(abi: Abi, type: TypeNode): string | undefined {
  if (type.type === "optional" && isNumber(type.item)) {
    return abi.isToldCount
      ? `a result is never left out: declare ${typeText(type.item)}`
      : `no function of the module has optional parameters, and a number is never null: declare ${typeText(type.item)}`;
  }
  const of = nullableOf(abi, type);
  const managed = managedOf(of.type === "optional" ? of.item : of);
  if (typeof managed === "string") return managed;
  return managed && !abi.allocate
    ? `it has to be allocated, and the module exports no runtime to allocate with, so it can only be received: ${withRuntime}`
    : undefined;
}
