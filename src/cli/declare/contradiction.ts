import type { ValueType } from "../../public/index.ts";
import { shortened } from "./check-code.ts";
import type { Scope, Value } from "./convert.ts";
import type { DtsType } from "./dts-model.ts";
import type { GlueType } from "./glue/model.ts";

/** The names of what a value may be; `undefined` if it may be anything. */
type Kinds = ReadonlySet<string> | undefined;

/** How a type contradicts. */
export interface Contradiction {
  /** The difference in words. */
  readonly reason: string;
  /** Whether it only leaves out that there may be no value. */
  readonly isNothing: boolean;
}

const nothing = "nothing";

/** The classes of JavaScript that the types of generated declarations mention, and that no module passes as words. */
const builtIns: ReadonlySet<string> = new Set([
  "Date",
  "Error",
  "Function",
  "Map",
  "Promise",
  "RegExp",
  "Set",
  "Symbol",
]);

/** Aliases that lead on from each other are followed so far. */
const deepest = 16;

/**
 * Explains how the package's type of a value contradicts the way it is passed.
 *
 * @param value - The value.
 * @param value.glue - How it is passed.
 * @param value.stated - The package's TypeScript type.
 * @param value.words - Its words, which tell a number from a bigint.
 * @param value.isGiven - Whether the caller gives it.
 * @param scope - The module's names.
 * @returns `undefined` if they agree, or if the package's type may stand for anything.
 */
export function contradiction(
  { glue, stated, words, isGiven }: Pick<Value, "glue" | "stated" | "isGiven"> & Partial<Pick<Value, "words">>,
  scope: Scope,
): Contradiction | undefined {
  const said = stated && kindsOf(stated, scope);
  const passed = passedKinds(glue, isGiven, words?.at(-1));
  if (!stated || !said || said.size === 0 || !passed) return undefined;
  const values = [...said].filter((one) => one !== nothing);
  const fits = values.length === 0 ? passed.has(nothing) : values.some((one) => passed.has(one));
  if (!fits) {
    const reason = `the .d.ts says ${shortened(stated.text)}, and the JavaScript passes ${[...passed].join(" or ")}`;
    return { reason, isNothing: false };
  }
  return !isGiven && glue.kind === "optional" && !said.has(nothing) ? { reason: "", isNothing: true } : undefined;
}

/** Finds the values of a TypeScript type. */
function kindsOf(stated: DtsType, scope: Scope, depth = 0): Kinds {
  switch (stated.kind) {
    case "keyword":
      switch (stated.name) {
        case "bigint":
          return new Set(["a bigint"]);
        case "boolean":
          return new Set(["a boolean"]);
        case "number":
          return new Set(["a number"]);
        case "string":
          return new Set(["a text"]);
        case "null":
        case "undefined":
        case "void":
          return new Set([nothing]);
        default:
          return undefined;
      }
    case "literal":
      return new Set([typeof stated.value === "string" ? "a text" : `a ${typeof stated.value}`]);
    case "array":
      return new Set(["an array"]);
    case "function":
      return new Set(["a function"]);
    case "union": {
      const members = stated.members.map((one) => kindsOf(one, scope, depth + 1));
      return members.includes(undefined) ? undefined : new Set(members.flatMap((one) => [...(one ?? [])]));
    }
    case "reference":
      return referredKinds(stated.name, scope, depth);
    case "other":
      return undefined;
  }
}

function referredKinds(name: string, scope: Scope, depth: number): Kinds {
  // A class may share its name with a type of JavaScript around it.
  if (scope.classes.has(name)) return new Set([`an object of ${name}`]);
  const alias = scope.aliases.get(name);
  if (alias) return depth < deepest ? kindsOf(alias, scope, depth + 1) : undefined;
  // The members of an enumeration of texts are texts.
  const enumeration = scope.enums.get(name);
  if (enumeration?.type === "enumeration")
    return new Set(enumeration.values.map((one) => (typeof one === "string" ? "a text" : "a number")));
  if (/^(Readonly)?Array$/.test(name)) return new Set(["an array"]);
  return /^(Big)?(Int|Uint|Float)\d+(Clamped)?Array$/.test(name) || builtIns.has(name)
    ? new Set([`${/^[EI]/.test(name) ? "an" : "a"} ${name}`])
    : undefined;
}

/** The values that are passed in a way; `undefined` for a JavaScript value, which may be anything. */
function passedKinds(glue: GlueType, isGiven: boolean, word?: ValueType): Kinds {
  switch (glue.kind) {
    case "plain":
      // A boolean that is given becomes a number at the border. One that is returned is made by a comparison.
      return new Set([...numbersOf(word ?? glue.inMemory), ...(isGiven ? ["a boolean"] : [])]);
    case "void":
      return new Set([nothing]);
    case "bool":
      return new Set(["a boolean"]);
    case "char":
    case "string":
    case "text-enum":
      return new Set(["a text"]);
    case "int128":
    case "int64-halves":
      return new Set(["a bigint"]);
    case "array":
      return new Set(arraysOf(glue.element, isGiven));
    case "list":
      return new Set(["an array"]);
    case "object":
      return new Set([`an object of ${glue.class}`]);
    case "optional": {
      const item = passedKinds(glue.item, isGiven, word);
      return item && new Set([...item, nothing]);
    }
    case "js":
      return undefined;
  }
}

/** The numbers that a word holds: those of 64-bit integers are bigints, and no other is. */
function numbersOf(word: ValueType | undefined): readonly string[] {
  if (word === "i64") return ["a bigint"];
  return word === "i32" || word === "f32" || word === "f64" ? ["a number"] : ["a number", "a bigint"];
}

/** The arrays of an element. The words do not tell signs, and the JavaScript copies any array that is given. */
function arraysOf(element: Extract<GlueType, { kind: "array" }>["element"], isGiven: boolean): readonly string[] {
  const size = element.replace(/\D/g, "");
  const whole = [`an Int${size}Array`, `a Uint${size}Array`, ...(size === "8" ? ["a Uint8ClampedArray"] : [])];
  const typed = element.startsWith("f")
    ? [`a Float${size}Array`]
    : size === "64"
      ? ["a BigInt64Array", "a BigUint64Array"]
      : whole;
  return isGiven ? [...typed, "an array"] : typed;
}
