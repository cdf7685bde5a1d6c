import { isDeepStrictEqual } from "node:util";
import type {
  ClassMember,
  ClassOptions,
  DeclaredClass,
  DeclaredName,
  DeclaredType,
  FieldMember,
} from "../../public/index.ts";
import { exportNames } from "../../toolchains/wasm-bindgen/calling.ts";
import { shortened } from "./check-code.ts";
import type { ClassText, DeclaredMember, FunctionText, PropertyText } from "./declared.ts";
import type { DtsClass, DtsFunction, DtsProperty, DtsType } from "./dts-model.ts";
import type { GlueClass, GlueFunction, GlueType, Read } from "./glue/model.ts";
import { type Merging, missingText, readable, signatureFor } from "./merging.ts";
import { type Call, mergeFunction, type MergedFunction } from "./merge-function.ts";

/** A class while its members are collected. */
interface Collecting {
  readonly merging: Merging;
  readonly className: string;
  /** Its members. A map, since a member may be named `__proto__`. */
  readonly members: Map<string, ClassMember>;
  /** The names that its objects and the class itself both have, with the side that is declared. */
  readonly shared: ReadonlyMap<string, Side>;
  /** Whether objects of the class can be had at all. */
  readonly isMade: () => boolean;
}

/** Members of objects, or of the class itself. */
type Side = "object" | "static";

/**
 * Combines what is known of a class.
 *
 * @param merging - The module.
 * @param name - Its name.
 * @param stated - The package's type of it.
 * @param read - The class in the generated JavaScript.
 */
export function mergeClass(
  merging: Merging,
  name: string,
  stated: DtsClass | undefined,
  read: GlueClass,
): DeclaredMember {
  const collecting: Collecting = {
    merging,
    className: name,
    members: new Map(),
    shared: sharedNames(stated, read),
    isMade: () => read.construct !== undefined || isMade(merging, name),
  };
  for (const text of stated?.skipped ?? []) {
    merging.typist.differ(name, `a member of it is not kept: \`${shortened(text)}\``);
  }
  const parent = read.parent ?? stated?.parent;
  const text: ClassText = {
    name,
    docs: docsOf(merging, stated),
    parent: parent !== undefined && merging.scope.classes.has(parent) ? parent : undefined,
    construct: constructorOf(collecting, stated, read),
    methods: functionsOf(collecting, "method", stated?.methods, read, read.methods),
    statics: [
      ...asynchronousConstructorOf(collecting, stated, read),
      ...functionsOf(collecting, "static", stated?.statics, read, read.statics),
    ],
    properties: [
      ...propertiesOf(collecting, false, stated?.properties, read),
      ...propertiesOf(collecting, true, stated?.properties, read),
    ],
  };
  const texts = [...(stated?.methods ?? []), ...(stated?.statics ?? []), ...(stated?.properties ?? [])];
  for (const other of read.others) {
    // These are printed for classes whose objects can be inspected, and a constructor for those that only Rust makes.
    if (/^(toJSON|toString|constructor|\[inspect\.custom\])$/.test(other)) continue;
    if (!texts.some((one) => one.name === other)) {
      merging.holes.push({ member: `${name}.${other}`, reason: missingText("member", true, false) });
    }
  }
  const data: DeclaredClass = {
    member: "class",
    members: Object.fromEntries(collecting.members),
    ...optionsOf(merging, name, read, text.parent),
  };
  return { kind: "class", data, ...text };
}

/**
 * Chooses between members of one name, of which a class has one: that which the package's types have, and else that of its
 * objects.
 */
function sharedNames(stated: DtsClass | undefined, read: GlueClass): ReadonlyMap<string, Side> {
  const ofObjects = [read.methods, read.getters, read.setters].flatMap((all) => [...all.keys()]);
  const ofClass = new Set([read.statics, read.staticGetters, read.staticSetters].flatMap((all) => [...all.keys()]));
  const has = (name: string, side: Side): boolean =>
    (side === "static" ? stated?.statics : stated?.methods)?.some((one) => one.name === name) === true ||
    stated?.properties.some((one) => one.name === name && one.isStatic === (side === "static")) === true;
  const isStatic = (name: string): boolean => has(name, "static") && !has(name, "object");
  return new Map(
    ofObjects.filter((name) => ofClass.has(name)).map((name) => [name, isStatic(name) ? "static" : "object"]),
  );
}

/** Whether a function of the module returns objects of a class. */
function isMade({ glue }: Merging, name: string): boolean {
  const inClasses = [...glue.classes.values()].flatMap((one) => [
    one.methods,
    one.statics,
    one.getters,
    one.staticGetters,
  ]);
  return [glue.functions, ...inClasses].some((all) =>
    [...all.values()].some((one) => one.kind === "function" && mentions(one.result, name)),
  );
}

function mentions(type: GlueType, name: string): boolean {
  if (type.kind === "object") return type.class === name;
  return (type.kind === "list" || type.kind === "optional") && mentions(type.item, name);
}

/** Whether a member gives way to another of its name, which is noted. */
function givesWay({ merging, className, shared, isMade: hasObjects }: Collecting, name: string, side: Side): boolean {
  const declared = shared.get(name);
  if (declared === undefined || declared === side) return false;
  const isMissed = side === "static" || hasObjects();
  const [kept, left] =
    side === "static" ? ["that of its objects", "the static one"] : ["the static one", "that of its objects"];
  const reason = `a class declares one member of a name, and this is ${kept}; ${left} is left out`;
  const remarks = isMissed ? merging.holes : merging.notes;
  remarks.push({
    member: `${className}.${name}`,
    reason: isMissed ? reason : `${reason}, since the module makes no objects of the class`,
  });
  return true;
}

function docsOf({ withDocs }: Merging, stated: { readonly docs?: string } | undefined): string | undefined {
  return withDocs ? stated?.docs : undefined;
}

function optionsOf(
  { exports, typist }: Merging,
  name: string,
  { free }: GlueClass,
  parent: string | undefined,
): ClassOptions {
  // The linker drops what frees objects that the module never makes.
  const isDropped = free !== undefined && !exports.has(free);
  if (isDropped) typist.differ(`${name}.free`, `the module has no export ${free}: its objects cannot be freed`);
  const expected = exportNames({ kind: "free", class: name, prefix: undefined, name: "" });
  return {
    ...(parent !== undefined && { extends: parent }),
    ...(free === undefined || isDropped ? { free: false } : !expected.includes(free) && { free }),
  };
}

function constructorOf(
  { merging, className, members }: Collecting,
  stated: DtsClass | undefined,
  { construct }: GlueClass,
): ClassText["construct"] {
  if (!construct) return undefined;
  const path = `${className}.constructor`;
  const call = readable(merging, path, construct);
  if (call && call.result.kind !== "object") return undefined;
  const of = stated?.construct;
  const one = { path, kind: "constructor", class: className, name: "new", stated: of } as const;
  // The object itself is the result.
  const made =
    call &&
    mergeFunction(merging, { ...one, call: { ...call, result: { kind: "object", class: className, isMoved: true } } });
  if (!made) return undefined;
  members.set("new", { member: "constructor", params: made.params, ...made.options });
  return { docs: docsOf(merging, of), signature: made.signature };
}

/**
 * An `async` constructor of Rust returns a promise of the object, as `new` does of a class in JavaScript alone. Here a static
 * method makes the object.
 */
function asynchronousConstructorOf(
  { merging, className, members }: Collecting,
  stated: DtsClass | undefined,
  { construct }: GlueClass,
): readonly FunctionText[] {
  if (!construct || construct.kind === "hole" || construct.result.kind === "object") return [];
  const path = `${className}.new`;
  const object: DtsType = { text: className, kind: "reference", name: className, args: [] };
  const result: DtsType = { text: `Promise<${className}>`, kind: "reference", name: "Promise", args: [object] };
  const of = stated?.construct;
  const made = mergeFunction(merging, {
    path,
    kind: "constructor",
    class: className,
    name: "new",
    stated: { params: [], ...of, result },
    call: construct,
  });
  if (!made) return [];
  merging.typist.differ(`${className}.constructor`, `it returns a promise there, as ${path}(…) does here`);
  members.set("new", { member: "static", params: made.params, result: made.result, ...made.options });
  return [{ name: "new", docs: docsOf(merging, of), signature: made.signature }];
}

function functionsOf(
  collecting: Collecting,
  kind: "method" | "static",
  stated: readonly DtsFunction[] = [],
  { others }: GlueClass,
  read: GlueClass["methods"],
): readonly FunctionText[] {
  const { merging, className, members } = collecting;
  const texts: FunctionText[] = [];
  for (const name of new Set([...stated.map((one) => one.name), ...read.keys()])) {
    const path = `${className}.${name}`;
    const of = signatureFor(
      stated.filter((one) => one.name === name),
      read.get(name),
    );
    if (!read.has(name) && isInternal(name)) continue;
    if (read.has(name) && givesWay(collecting, name, kind === "static" ? "static" : "object")) continue;
    const call = readable(merging, path, read.get(name), others.has(name));
    const made = call && mergeFunction(merging, { path, kind, class: className, name, stated: of, call });
    if (!made) continue;
    if (members.has(name) || (kind === "static" && name === "prototype")) {
      merging.holes.push({ member: path, reason: "the class has another member of that name" });
      continue;
    }
    const { params, result, options, signature } = made;
    if (kind === "static" && name === "new") {
      // One that makes an object of its class is known as such.
      const makesObject = result.type === "owned" && result.class === className;
      members.set(
        name,
        makesObject
          ? { member: "constructor", params, static: true, ...options }
          : { member: "static", params, result, ...options },
      );
    } else members.set(name, { member: kind, params, result, ...options });
    texts.push({ name, docs: docsOf(merging, of), signature });
  }
  return texts;
}

/** Whether a member is a part of the generated JavaScript that the package's types may state. */
function isInternal(name: string): boolean {
  return /^(__wrap|__unwrap|__destroy_into_raw|__wbg_ptr|ptr)$/.test(name);
}

function propertiesOf(
  collecting: Collecting,
  isStatic: boolean,
  stated: readonly DtsProperty[] = [],
  read: GlueClass,
): readonly PropertyText[] {
  const getters = isStatic ? read.staticGetters : read.getters;
  const setters = isStatic ? read.staticSetters : read.setters;
  const { merging, className, members } = collecting;
  const own = stated.filter((one) => one.isStatic === isStatic);
  const texts: PropertyText[] = [];
  for (const name of new Set([...own.map((one) => one.name), ...getters.keys(), ...setters.keys()])) {
    const path = `${className}.${name}`;
    const of = own.find((one) => one.name === name);
    const isRead = getters.has(name) || setters.has(name);
    if (isRead && givesWay(collecting, name, isStatic ? "static" : "object")) continue;
    const accessor = (kind: "getter" | "setter", found: Read<GlueFunction> | undefined): Accessor | undefined => {
      if (!found) return undefined;
      const call = readable(merging, path, found);
      if (!call) return undefined;
      const type = kind === "getter" ? of?.read : (of?.write ?? of?.read);
      const value = { name: "value", isOptional: false, isRest: false };
      const params = kind === "getter" ? [] : type ? [{ ...value, type }] : undefined;
      const from = params && { params, ...(kind === "getter" && type && { result: type }) };
      const one: Call = { path, kind, class: className, name, stated: from, call };
      const made = mergeFunction(merging, one);
      if (!made) return undefined;
      const [param] = made.params;
      const passed =
        kind === "getter" ? made.result : param?.type === "param" ? (param.of as DeclaredType) : made.result;
      return { made, call, value: passed };
    };
    const [get, set] = [accessor("getter", getters.get(name)), accessor("setter", setters.get(name))];
    const member = propertyOf(collecting, name, isStatic, get, set);
    if (!member) {
      if (!isRead && !isInternal(name)) {
        readable(merging, path, undefined, read.others.has(name));
      }
      continue;
    }
    if (members.has(name)) {
      merging.holes.push({ member: path, reason: "the class has another member of that name" });
      continue;
    }
    members.set(name, member);
    texts.push({
      name,
      docs: docsOf(merging, of),
      isStatic,
      read: get?.made.signature.result,
      write: set?.made.signature.params[0]?.text,
    });
  }
  return texts;
}

/** A getter or setter that has been combined. */
interface Accessor {
  readonly made: MergedFunction;
  readonly call: GlueFunction;
  readonly value: DeclaredType;
}

/** Declares a property: a field if it is read and written as one type. */
function propertyOf(
  { merging: { exports }, className }: Collecting,
  name: string,
  isStatic: boolean,
  get: Accessor | undefined,
  set: Accessor | undefined,
): ClassMember | undefined {
  const ofClass = isStatic ? { static: true } : {};
  /** States the export if the adapter would look for another. */
  const stated = (kind: DeclaredName["kind"], call: GlueFunction | undefined): string | undefined => {
    const tried = exportNames({ kind, class: className, prefix: undefined, name });
    return call && tried.find((one) => exports.has(one)) !== call.export ? call.export : undefined;
  };
  const getter = get && {
    member: "getter" as const,
    value: get.value,
    ...ofClass,
    ...exportOf(stated("getter", get.call)),
    ...(get.made.options.consumes && { consumes: true }),
    ...(get.made.options.throws && { throws: true }),
  };
  const setter = set && {
    member: "setter" as const,
    value: set.value,
    ...ofClass,
    ...exportOf(stated("setter", set.call)),
    ...(set.made.options.throws && { throws: true }),
  };
  if (!get || !set) return getter ?? setter;
  const value = get.made.options.consumes ? undefined : fieldValue(get, set);
  if (!value) {
    return { member: "property", get: getter as NonNullable<typeof getter>, set: setter as NonNullable<typeof setter> };
  }
  const [reads, writes] = [stated("field-get", get.call), stated("field-set", set.call)];
  const options: FieldMember["options"] = {
    ...ofClass,
    ...(reads !== undefined && { get: reads }),
    ...(writes !== undefined && { set: writes }),
  };
  return { member: "field", value, options };
}

/** The type of a property that is read and written as one type. */
function fieldValue(get: Accessor, set: Accessor): DeclaredType | undefined {
  if (isDeepStrictEqual(get.value, set.value)) return get.value;
  // The accessors of a public field have one type, of which the JavaScript shows the sign at one of them.
  const isPublic = get.call.export.startsWith("__wbg_get_") && set.call.export.startsWith("__wbg_set_");
  const isSame = isPublic && isDeepStrictEqual(get.made.signature.result, set.made.signature.params[0]?.text);
  if (isSame && set.value.type.startsWith("bits")) return get.value;
  return isSame && set.value.type === "optional" && get.value.type === "optional" ? set.value : undefined;
}

function exportOf(name: string | undefined): { readonly export?: string } {
  return name === undefined ? {} : { export: name };
}
