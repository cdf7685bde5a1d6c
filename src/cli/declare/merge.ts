import type { EnumerationType } from "../../public/index.ts";
import type { Declared, DeclaredMember, Remark } from "./declared.ts";
import type { DtsClass, DtsEnum, DtsFunction, DtsModule } from "./dts-model.ts";
import { readInterface } from "./dts.ts";
import { mergeClass } from "./merge-class.ts";
import { mergeFunction } from "./merge-function.ts";
import { ContradictionError, type Evidence, type Merging, missingText, readable, signatureFor } from "./merging.ts";
import { isIdentifier } from "./text.ts";
import { Typist } from "./typist.ts";

/**
 * Combines what the bytes, the generated JavaScript and the `.d.ts` say of a module's interface. Errors:
 * `ContradictionError` if they contradict one another.
 *
 * @param evidence - The evidence.
 */
export function merge(evidence: Evidence): Declared {
  const { dts, glue, shape, withDocs } = evidence;
  const typist = new Typist(dts, withDocs);
  const guesses: Remark[] = [];
  const enums = enumsOf(dts?.enums ?? [], evidence, {
    differ: (member, reason) => void typist.differences.push({ member, reason }),
    guess: (member, reason) => void guesses.push({ member, reason }),
  });
  const stated = dts && { ...dts, classes: dts.classes.map((one) => withInterface(one, dts)) };
  const classes = new Set([...(dts?.classes ?? []).map(({ name }) => name), ...glue.classes.keys()]);
  const aliases = new Map((dts?.types ?? []).flatMap(({ name, type }) => (type ? [[name, type] as const] : [])));
  const merging: Merging = {
    ...evidence,
    dts: stated,
    scope: { classes, aliases, enums: new Map([...enums].map(([name, { data }]) => [name, data])) },
    typist,
    exports: new Map(
      shape.exports.flatMap((one) => (one.kind === "function" && one.type ? [[one.name, one.type] as const] : [])),
    ),
    holes: [],
    notes: [],
  };
  for (const [name, hole] of glue.changedEnums ?? []) readable(merging, name, hole);
  const members = [...membersOf(merging), ...[...enums.values()].map((one) => docsIf(withDocs, one))];
  for (const [path, count] of overloaded(stated)) {
    merging.typist.differ(path, `it has ${count} signatures there, and one of them here`);
  }
  const declared = new Set(members.flatMap(({ kind, name }) => (kind === "function" ? [] : [name])));
  const named = merging.typist.namedTypes(declared);
  return {
    members,
    holes: merging.holes,
    guesses,
    differences: merging.typist.differences,
    notes: merging.notes,
    ...named,
  };
}

/** Adds the members that an interface of the same name gives a class: TypeScript takes the two as one. */
function withInterface(one: DtsClass, { types }: DtsModule): DtsClass {
  const texts = types.flatMap(({ name, kind, text }) => (name === one.name && kind === "interface" ? [text] : []));
  return texts.reduce((whole, text) => {
    const { methods, properties, skipped } = readInterface(text, one.name);
    const has = new Set(
      [...whole.methods, ...whole.properties.filter((field) => !field.isStatic)].map((field) => field.name),
    );
    return {
      ...whole,
      methods: [...whole.methods, ...methods.filter((method) => !has.has(method.name))],
      properties: [...whole.properties, ...properties.filter((field) => !has.has(field.name))],
      skipped: [...(whole.skipped ?? []), ...(skipped ?? [])],
    };
  }, one);
}

/** The functions and methods with several signatures, and how many they have. */
function* overloaded(dts: DtsModule | undefined): Generator<readonly [path: string, count: number]> {
  const counts = new Map<string, number>();
  const add = (path: string): unknown => counts.set(path, (counts.get(path) ?? 0) + 1);
  for (const { name } of dts?.functions ?? []) add(name);
  for (const { name, methods, statics } of dts?.classes ?? []) {
    for (const one of methods) add(`${name}.${one.name}`);
    for (const one of statics) add(`${name}.${one.name}`);
  }
  for (const one of counts) if (one[1] > 1) yield one;
}

/** Combines classes and functions, in the package's order; then those that only the JavaScript has. */
function* membersOf(merging: Merging): Generator<DeclaredMember> {
  const { dts, glue } = merging;
  for (const [name, stated, read] of pairs<DtsClass, typeof glue.classes>(dts?.classes, glue.classes)) {
    if (!isIdentifier(name)) merging.holes.push({ member: name, reason: "its name cannot name a type" });
    else if (!read)
      merging.holes.push({ member: name, reason: missingText("class", glue.others.has(name), merging.isGuessed) });
    else yield mergeClass(merging, name, stated, read);
  }
  for (const [name, first, read] of pairs<DtsFunction, typeof glue.functions>(dts?.functions, glue.functions)) {
    const stated = first && signatureFor(dts?.functions.filter((one) => one.name === name) ?? [], read);
    // Types that were printed for the JavaScript itself state its parts, too.
    if (!read && /^__wb(g|indgen)_/.test(name)) continue;
    // Packages wrap the function that loads their module, which is the library's task here.
    if (!read && /^init([A-Z_]\w*)?$/.test(name) && !merging.exports.has(name)) continue;
    const call = readable(merging, name, read, glue.others.has(name));
    const made = call && mergeFunction(merging, { path: name, kind: "function", class: undefined, name, stated, call });
    if (made) {
      const { params, result, options, signature } = made;
      const docs = merging.withDocs ? stated?.docs : undefined;
      yield { kind: "function", name, docs, signature, data: { member: "function", params, result, ...options } };
    }
  }
}

/** Pairs what the package states with what was read, by name. Overloads are one function. */
function* pairs<Stated extends { readonly name: string }, All extends ReadonlyMap<string, unknown>>(
  stated: readonly Stated[] = [],
  read: All,
): Generator<
  [name: string, stated: Stated | undefined, read: All extends ReadonlyMap<string, infer Of> ? Of | undefined : never]
> {
  type Of = All extends ReadonlyMap<string, infer One> ? One | undefined : never;
  const names = new Set([...stated.map(({ name }) => name), ...read.keys()]);
  for (const name of names) yield [name, stated.find((one) => one.name === name), read.get(name) as Of];
}

type Enumeration = Extract<DeclaredMember, { kind: "enumeration" }>;

/** Combines the enumerations of numbers. Those of texts are types of the package, not values. */
function enumsOf(
  stated: readonly DtsEnum[],
  { glue, isGuessed }: Pick<Evidence, "glue" | "isGuessed">,
  { differ, guess }: Readonly<Record<"differ" | "guess", (member: string, reason: string) => void>>,
): Map<string, Enumeration> {
  const found = new Map<string, Enumeration>();
  const add = (
    name: string,
    values: ReadonlyMap<string, number | string>,
    docs: string | undefined,
    valueDocs: ReadonlyMap<string, string>,
  ): void => {
    const numbers = [...values].filter((one): one is [string, number] => typeof one[1] === "number");
    if (numbers.length === 0 || !isIdentifier(name)) return;
    // The type is unknown then, which is noted where it is used.
    if (glue.changedEnums?.has(name)) return;
    if (numbers.length < values.size || !numbers.every(([, value]) => value === value >> 0 || value === value >>> 0))
      return;
    const data: EnumerationType = {
      type: "enumeration",
      values: numbers.map(([, value]) => value),
      names: numbers.map(([key]) => key),
      complete: true,
    };
    found.set(name, { kind: "enumeration", name, docs, data, valueDocs });
  };
  for (const { name, values, isCounted, docs, valueDocs } of stated) {
    const read = glue.enums.get(name);
    const differing = read && [...values].find(([key, value]) => !Number.isNaN(value) && read.get(key) !== value);
    const isComputed = [...values.values()].some(Number.isNaN);
    if (differing && !isCounted) {
      throw new ContradictionError(
        `The enumeration ${name} has ${differing[0]} = ${differing[1]} in the .d.ts and ` +
          `${read.get(differing[0]) ?? "no such value"} in the JavaScript. Name the files of one build with --dts and --glue.`,
      );
    }
    if (isCounted && !read && !isGuessed) {
      guess(name, "the .d.ts leaves out its values, and the JavaScript has no such object: they are counted from 0");
    }
    if (differing)
      differ(name, "the .d.ts leaves out its values, and the JavaScript has others than those counted from 0");
    add(name, read && (differing || isComputed) ? read : values, docs, valueDocs);
  }
  for (const [name, values] of glue.enums) if (!found.has(name)) add(name, values, undefined, new Map());
  return found;
}

function docsIf(withDocs: boolean, one: Enumeration): Enumeration {
  return withDocs ? one : { ...one, docs: undefined, valueDocs: new Map() };
}
