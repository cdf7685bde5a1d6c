import type { EnumerationType } from "../../public/index.ts";
import { flat, numberLayout, plainDescription, type TypeDescription } from "./description.ts";
import { invalidValue } from "./invalid-value.ts";

/** One of several texts, or one of several numbers. A text stands for its index. */
export const enumeration: TypeDescription<EnumerationType> = {
  ...plainDescription,
  members: ["values", "complete", "names"],
  flag: "complete",
  read: (type, { own, flag, items, refuse }) => {
    const values = readValues(items(own("values")));
    if (!values) {
      const found = items(own("values"))?.length === 0 ? "no values" : "values that it does not take";
      refuse(`has in t.enumeration ${found}: give texts, or whole numbers of 32 bits`);
    }
    const stated = own("names");
    const names = stated === undefined ? undefined : (items(stated) ?? []);
    if (names && !(names.length === values?.length && names.every((name) => typeof name === "string"))) {
      refuse("has in t.enumeration names that are no texts, or not as many as values");
      return;
    }
    if (values && isOfTexts(values) && new Set(values).size < values.length) {
      refuse("has in t.enumeration a text twice, and a text stands for one place");
      return;
    }
    return values && { type, values, complete: flag, ...(names && { names }) };
  },
  acceptance: ({ values }) =>
    flat(`one of ${values.map((value) => JSON.stringify(value)).join(", ")}`, (value) =>
      values.includes(value as never),
    ),
  scalar: ({ values }) => scalarOf(values),
  // A C enum has 32 bits.
  layout: ({ values }) => {
    const { lift, lower } = scalarOf(values);
    return numberLayout(
      4,
      (view, at) => lift(view.getInt32(at, true)),
      (view, at, value) => view.setInt32(at, lower ? lower(value) : value, true),
    );
  },
};

function scalarOf(values: EnumerationType["values"]) {
  const lower = isOfTexts(values) ? (value: never) => values.indexOf(value) : undefined;
  return { word: "i32", lower, lift: createEnumerationLift(values) } as const;
}

/** Texts, or whole numbers that all fit into 32 bits. */
function readValues(values: readonly unknown[] | undefined): readonly (string | number)[] | undefined {
  if (!values?.length) return undefined;
  if (values.every((value) => typeof value === "string")) return values;
  const [least, greatest] = values.some((value) => (value as number) < 0)
    ? [-(2 ** 31), 2 ** 31 - 1]
    : [0, 2 ** 32 - 1];
  const isNumber = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= greatest;
  return values.every(isNumber) ? values : undefined;
}

/**
 * Makes the function that finds an enumeration's value for a word. Errors: `invalid-value` for a word without a value.
 *
 * @param values - All texts in order, or all numbers.
 */
export function createEnumerationLift(values: readonly (string | number)[]): (word: number) => string | number {
  const refuse = (word: number): never => {
    throw invalidValue(
      "t.enumeration",
      String(word),
      `which is none of its ${values.length} values. Add the one that is missing, in the module's order where they are texts.`,
    );
  };
  if (isOfTexts(values)) return (word) => values[word] ?? refuse(word);
  const known = new Set(values);
  const isUnsigned = isOfGreatNumbers(values);
  return (word) => {
    const value = isUnsigned ? word >>> 0 : word;
    return known.has(value) ? value : refuse(value);
  };
}

/** Whether the values of an enumeration are texts. */
export function isOfTexts(values: readonly (string | number)[]): boolean {
  return typeof values[0] === "string";
}

/** Whether the numbers of an enumeration are unsigned. */
function isOfGreatNumbers(values: readonly (string | number)[]): boolean {
  return values.some((value) => typeof value === "number" && value > 2 ** 31 - 1);
}
