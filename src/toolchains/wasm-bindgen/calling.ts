import { snakeCase } from "../snake-case.ts";
import type { Acceptance } from "../../bind/types/description.ts";
import { elementArrays } from "../../bind/types/arrays.ts";
import { isOfTexts } from "../../bind/types/enumeration.ts";
import { invalidValue } from "../../bind/types/invalid-value.ts";
import { nodeOf, type TypeNode } from "../../bind/types/node.ts";
import { acceptanceOf, isAllocated } from "../../bind/types/types.ts";
import {
  passedBytes,
  plainLifting,
  plainLowering,
  referenceLiftings,
  referenceLowerings,
  scalarLifting,
  scalarLowering,
} from "../../bind/values/index.ts";
import { isObjectFor, objectText } from "../../bind/object-use.ts";
import type { Calling, DeclaredName, ElementName, Lifting, Lowering, ValueType } from "../../public/index.ts";
import { type Abi, hasReturnPointers } from "./abi.ts";
import type { Runtime } from "./runtime.ts";
import { lowerText } from "./text.ts";
import { noneAmong } from "./none-among.ts";
import { pairLiftings } from "./pair-liftings.ts";
import { handle, option, slice, splitsLongs, typeOfNode } from "./types.ts";

/**
 * Makes the calling convention of a wasm-bindgen module's exports.
 *
 * @param abi - The module's conventions.
 */
export function createCalling(abi: Abi): Calling<Runtime> {
  const handleWord: ValueType = abi.handles === "heap" ? "i32" : "externref";
  return {
    name: "wasm-bindgen",
    address: "i32",
    addressKey: "__wbg_ptr",
    boxesObjects: true,
    hasClassIds: undefined,
    takesNull: undefined,
    announce: undefined,
    holding: undefined,
    hasErrors: true,
    hasPromises: true,
    // An export with a return pointer is called with the stack pointer moved, and a module with such exports can move it.
    hasAreas: hasReturnPointers(abi),
    hasInPlace: false,
    exportNames,
    lowerings: (type) => loweringOf(nodeOf(type), abi, handleWord),
    liftings: (type) => liftingOf(nodeOf(type), abi, handleWord),
    refusal: (type) => refusalOf(nodeOf(type), abi),
    freeing: [
      // With 1 the module waits for the calls that borrow the object, including asynchronous ones. With 0 it would throw.
      { type: { params: ["i32", "i32"], results: [] }, words: [1], waits: true },
      { type: { params: ["i32"], results: [] }, words: [], waits: undefined },
    ],
    canFree: undefined,
    givesAway: true,
    begin: undefined,
    areaAllocates: undefined,
    ownAllocator: abi.helpers.malloc !== undefined,
    allocators: ["__wbindgen_malloc"],
    takeArea: (runtime, size) => runtime.moveStackPointer(-size) >>> 0,
    giveArea: (runtime, address, size, hasThrown) => {
      // Stack memory of a call that threw lies below the room.
      const drift = hasThrown ? address + size - runtime.moveStackPointer(0) : size;
      if (drift !== 0) runtime.moveStackPointer(drift);
    },
    takeError: (runtime, word) => runtime.handles.take(word as number),
  };
}

/** Returns the names by wasm-bindgen's rule. Rust's own spelling of a name comes second. */
export function exportNames({ kind, class: className, prefix, name }: DeclaredName): readonly string[] {
  const names = [...new Set([name, snakeCase(name)])];
  if (className === undefined) return names;
  const start = startOf(prefix, className);
  switch (kind) {
    case "free":
      return [`__wbg_${start}_free`];
    case "upcast":
      return [`__wbg_upcast_${start}_to_${startOf(undefined, name)}`];
    case "setter":
      return names.map((one) => `${start}_set_${one}`);
    case "getter":
      return names.flatMap((one) => [`${start}_${one}`, `${start}_get_${one}`]);
    case "field-get":
      return names.flatMap((one) => [`__wbg_get_${start}_${one}`, `${start}_${one}`, `${start}_get_${one}`]);
    case "field-set":
      return names.flatMap((one) => [`__wbg_set_${start}_${one}`, `${start}_set_${one}`]);
    default:
      return names.map((one) => `${start}_${one}`);
  }
}

/** The beginning of the export names of a class. */
function startOf(prefix: string | undefined, className: string): string {
  // An underscore is added anyway, so a trailing one in the prefix makes no difference.
  return prefix?.replace(/_$/, "") ?? className.toLowerCase();
}

const incomplete =
  '"none" is passed as a number that no value has, so all values must be in the list. If they are, say so: ' +
  "t.enumeration(…, { complete: true })";

/**
 * Whether the list may lack a value, which would then be confused with none. Nothing in the module shows all values.
 */
function mayLack(type: TypeNode, abi: Abi): boolean {
  const item = type.type === "optional" ? type.item : type;
  const isStated = type.type !== "optional" || type.none !== undefined;
  return !isStated && item.type === "enumeration" && !isHandle(item, abi) && item.complete !== true;
}

const ofUnknownVersion =
  "one of some texts is passed as its number since 0.2.93, and as a value before, and nothing in the module tells its version: " +
  "keep the section `producers` when it is built";

/** Whether the ABI of a string enumeration depends on a version that is unknown. */
function isUndecided(type: TypeNode, { version, isSince93 }: Abi): boolean {
  if (version !== undefined || isSince93) return false;
  const item = type.type === "optional" ? type.item : type;
  return item.type === "enumeration" && isOfTexts(item.values);
}

/**
 * Explains why a type cannot be passed, if there is more to say than that there is no way.
 *
 * @param type - The type.
 * @param abi - The module's conventions.
 */
export function refusalOf(type: TypeNode, abi: Abi): string | undefined {
  if (isUndecided(type, abi)) return ofUnknownVersion;
  return mayLack(type, abi) ? incomplete : undefined;
}

function loweringOf(type: TypeNode, abi: Abi, handleWord: ValueType): readonly Lowering<Runtime>[] {
  if (refusalOf(type, abi) !== undefined) return [];
  const acceptance = acceptanceOf(type, false);
  if (isHandle(type, abi)) {
    const known = handleLowering(isLent(type), handleWord, acceptance);
    return type.type === "js" ? [known, ...referenceLowerings(handleWord)] : [known];
  }
  const optional = optionalNumber(type, abi);
  if (optional) return optional;
  const scalar = isSplit(type, abi) ? undefined : scalarLowering(type, false);
  if (scalar) return [scalar];
  if (type.type === "array" && type.mutable) return mutableLowering(type.element, abi, handleWord, acceptance);
  const isOptionalHandle = type.type === "optional" && isHandle(type.item, abi);
  const found = isOptionalHandle ? option(handle(true)) : typeOfNode(type);
  if (!found) return [];
  const pair: Lowering<Runtime>["pair"] = {
    first: (runtime, text) => lowerText(runtime, text as string),
    second: ({ size }) => size,
  };
  return [
    {
      ...plainLowering,
      pair: type.type === "string" ? pair : undefined,
      allocates: isAllocated(type) ? true : undefined,
      words: found.resultWords?.(abi) ?? found.words(abi),
      ...acceptance,
      lower: (runtime, value, words) => {
        found.lower(runtime, value, words);
      },
      // To take a value back is to receive it.
      undo: found.resultWords
        ? ({ handles }, words, at) => {
            if (words[at] !== 0) handles.drop(words[at] as number);
          }
        : (runtime, words, at) => {
            found.lift(runtime, words, at);
          },
    },
  ];
}

function liftingOf(type: TypeNode, abi: Abi, handleWord: ValueType): readonly Lifting<Runtime>[] {
  if (refusalOf(type, abi) !== undefined) return [];
  if (isHandle(type, abi)) {
    const known = handleLifting(handleWord, false, checkOf(type));
    return type.type === "js" ? [known, ...referenceLiftings(handleWord)] : [known];
  }
  if (type.type === "optional" && isHandle(type.item, abi))
    return [handleLifting(handleWord, true, checkOf(type.item))];
  const optional = optionalNumber(type, abi);
  if (optional) return optional;
  const alone = isSplit(type, abi) ? undefined : scalarLifting(type, false);
  if (alone) return [alone];
  const found = typeOfNode(type);
  if (!found) return [];
  const list = type.type === "optional" ? type.item : type;
  const check = list.type === "list" ? checkOf(list.item) : undefined;
  const lift: Lifting<Runtime>["lift"] = (runtime, words, at) => {
    const value = found.lift(runtime, words, at);
    if (check && value !== undefined) for (const item of value as readonly unknown[]) check(item);
    return value;
  };
  return [{ ...plainLifting, words: found.words(abi), lift }, ...pairLiftings(type, abi)];
}

/**
 * Whether a type is passed as a JavaScript value. The module calls JavaScript closures through its own imports.
 *
 * @param type - The type.
 * @param abi - The module's conventions.
 */
export function isHandle(type: TypeNode, { version = Infinity }: Abi): boolean {
  // A string enumeration is passed by number since 0.2.93.
  if (type.type === "enumeration") return version < 93 && isOfTexts(type.values);
  return type.type === "js" || type.type === "closure" || type.type === "promise";
}

/** Whether a JavaScript value is borrowed for the call. */
function isLent(type: TypeNode): boolean {
  return (type.type === "js" && type.borrowed === true) || (type.type === "closure" && type.lent === true);
}

/**
 * Whether an integer is passed as two words.
 *
 * @param type - The type.
 * @param abi - The module's conventions.
 */
export function isSplit(type: TypeNode, abi: Abi): boolean {
  return (type.type === "i64" || type.type === "u64" || type.type === "bits64") && splitsLongs(abi);
}

/**
 * Makes the conversions of an optional enumeration, or of a number with a stated none: none is a number that no value has.
 * Numbers are passed as f64 since 0.2.130. If the version does not tell, the function's type does, unless the result is
 * written to memory.
 *
 * @param type - The type.
 * @param abi - The module's conventions.
 * @returns `undefined` for any other type.
 */
export function optionalNumber(type: TypeNode, abi: Abi): readonly (Lowering & Lifting)[] | undefined {
  if (type.type !== "optional") return undefined;
  const { item } = type;
  const values = item.type === "enumeration" ? item.values : [];
  if (type.none === undefined && (item.type !== "enumeration" || isHandle(item, abi))) return undefined;
  const stated = { ...type, none: type.none ?? noneAmong(values) };
  const ways = {
    ...(scalarLowering(stated, false) as Lowering),
    ...(scalarLifting(stated, false) as Lifting),
    ...acceptanceOf(type, false),
  };
  return numberWords(values, abi).map((word) => ({ ...ways, words: [word] }));
}

/** The types of the word that such a number may be passed as. Of 0.2.129 it is not known. */
function numberWords(values: readonly (string | number)[], { version }: Abi): readonly ValueType[] {
  if (isOfTexts(values) || (version !== undefined && version < 129)) return ["i32"];
  return version !== undefined && version > 129 ? ["f64"] : ["i32", "f64"];
}

function handleLowering(isBorrowed: boolean, handleWord: ValueType, acceptance: Acceptance): Lowering<Runtime> {
  const words = [handleWord];
  if (handleWord === "externref") {
    return { ...plainLowering, words, ...acceptance, lower: (_, value, to) => void to.push(value), isSame: true };
  }
  if (!isBorrowed) {
    return {
      ...plainLowering,
      words,
      ...acceptance,
      lower: ({ handles }, value, to) => void to.push(handles.add(value)),
      undo: ({ handles }, from, at) => {
        handles.drop(from[at] as number);
      },
    };
  }
  return {
    ...plainLowering,
    words,
    ...acceptance,
    lower: ({ handles }, value, to, later) => {
      const { lent } = handles;
      to.push(handles.lend(value));
      later.push(() => {
        handles.restore(lent);
      });
    },
  };
}

/**
 * Makes the check that refuses a JavaScript value outside its declared type, because the module may return the handle of any
 * value.
 *
 * @param type - The type.
 * @returns `undefined` if any value is accepted.
 */
export function checkOf(type: TypeNode): ((value: unknown) => unknown) | undefined {
  if (type.type === "js") return undefined;
  const { accepts, expected } = acceptanceOf(type, false);
  const isOne = (value: unknown): boolean => {
    if (type.type === "owned") return isObjectFor({ class: type.class, isOwned: true }, value);
    // Text that JavaScript passed to the module as a value may have lone surrogates.
    return type.type === "string" ? typeof value === "string" : accepts(value);
  };
  return (value) => {
    if (isOne(value)) return value;
    throw invalidValue(
      `t.${type.type}`,
      objectText(value),
      `which is not ${expected}. Declare t.js for a JavaScript value of another kind.`,
    );
  };
}

/** As the only result it is the value itself if the module keeps values in a table; among several results it is a number. */
function handleLifting(
  handleWord: ValueType,
  isOptional: boolean,
  check: ((value: unknown) => unknown) | undefined,
): Lifting<Runtime> {
  const read: Lifting<Runtime>["lift"] = ({ handles }, words, at, isAlone) => {
    const word = words[at];
    if (isAlone && handleWord === "externref") return isOptional ? (word ?? undefined) : word;
    if (!isOptional) return handles.take(word as number);
    return word === 0 ? undefined : (handles.take(word as number) ?? undefined);
  };
  const checked: Lifting<Runtime>["lift"] = (runtime, words, at, isAlone) => {
    const value = read(runtime, words, at, isAlone);
    return check === undefined || (isOptional && value === undefined) ? value : check(value);
  };
  return { ...plainLifting, words: ["i32"], alone: [handleWord], lift: check ? checked : read };
}

/**
 * Since 0.2.84 a third word is the array itself, and the module copies into it; before that, the caller copied back and
 * freed.
 */
function mutableLowering(
  element: ElementName,
  abi: Abi,
  handleWord: ValueType,
  acceptance: Acceptance,
): readonly Lowering<Runtime>[] {
  const inner = slice(element, true);
  const words = inner.words(abi);
  const copied: Lowering<Runtime> = {
    ...plainLowering,
    words: [...words, handleWord],
    ...acceptance,
    allocates: true,
    lower: (runtime, value, to, later) => {
      const passed = passedBytes(runtime.memory, value);
      let target = value;
      if (passed.isInside) {
        // An allocation by the module may detach the array, so it writes to a copy.
        target = passed.bytes;
        later.push(() => {
          passed.set(passed.bytes);
        });
      }
      inner.lower(runtime, value, to);
      to.push(handleWord === "externref" ? target : runtime.handles.add(target));
    },
    undo: (runtime, from, at) => {
      inner.lift(runtime, from, at);
      if (handleWord !== "externref") runtime.handles.drop(from[at + words.length] as number);
    },
  };
  const lent: Lowering<Runtime> = {
    ...plainLowering,
    words,
    ...acceptance,
    allocates: true,
    lower: (runtime, value, to, later) => {
      const passed = passedBytes(runtime.memory, value);
      const at = to.length;
      inner.lower(runtime, value, to);
      const { length: size } = passed.bytes;
      later.push(() => {
        // A life that has ended needs no cleanup.
        if (runtime.instance.state !== "live") return;
        const start = to[at] as number;
        try {
          if (size > 0) passed.set(runtime.memory.read(start, size));
        } finally {
          runtime.free(start, size, elementArrays[element].BYTES_PER_ELEMENT);
        }
      });
    },
  };
  const { version } = abi;
  if (version === undefined) return [copied, lent];
  return version < 84 ? [lent] : [copied];
}
