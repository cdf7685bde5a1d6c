import type { ClassFunction, ClassShape, FunctionType } from "../../public/index.ts";
import { functionLetters } from "../evidence.ts";

/** A member, decoded from its mangled name. */
interface Member {
  readonly path: string;
  readonly kind: "constructor" | "destructor" | "method";
  readonly name: string;
  /** The position of the digit after `C` or `D`, which tells which part of an object it makes or destroys. */
  readonly code: number;
}

/**
 * Finds the classes of a C++ module by names mangled according to the Itanium ABI. Their constructors write into storage
 * that the caller provides.
 *
 * @param functions - The exported functions.
 */
export function cppClasses(functions: ReadonlyMap<string, FunctionType>): readonly ClassShape[] {
  const classes = new Map<string, { constructors: ClassFunction[]; methods: ClassFunction[]; free?: string }>();
  for (const [exported, type] of functions) {
    const member = readMember(exported);
    if (!member || !takesThis(member, type) || isBaseTwin(exported, member, functions)) continue;
    const found = classes.get(member.path) ?? { constructors: [], methods: [] };
    classes.set(member.path, found);
    if (member.kind === "destructor") found.free ??= exported;
    else
      found[member.kind === "method" ? "methods" : "constructors"].push({ name: member.name, export: exported, type });
  }
  return [...classes]
    .filter(([, { constructors }]) => constructors.length > 0)
    .map(([name, { constructors, methods, free }]) => ({
      name,
      constructors: constructors.map((one) => ({ ...one, pattern: "in-place" })),
      methods,
      fields: [],
      ...(free !== undefined && { free }),
      evidence: `the mangled name ${constructors[0]?.export} of its constructor`,
    }));
}

/** Constructors and destructors take the object first. They return nothing or the object. A method may be static. */
function takesThis({ kind }: Member, type: FunctionType): boolean {
  if (kind === "method") return true;
  return (kind === "destructor" ? /^[ij]>[ij]?$/ : /^[ij].*>[ij]?$/).test(functionLetters(type));
}

/** Whether it constructs or destroys the part of a base class while its variant for whole objects is exported too. */
function isBaseTwin(exported: string, { kind, code }: Member, functions: ReadonlyMap<string, FunctionType>): boolean {
  return (
    kind !== "method" &&
    exported[code] === "2" &&
    functions.has(`${exported.slice(0, code)}1${exported.slice(code + 1)}`)
  );
}

/**
 * `_ZN3app7CounterC1Ei` is the constructor of `app::Counter`, `_ZN7Counter3addEj` its method `add`. The name is read once
 * from left to right, because it may have any length.
 */
function readMember(mangled: string): Member | undefined {
  if (!mangled.startsWith("_ZN")) return undefined;
  let at = mangled[3] === "K" ? 4 : 3;
  const names: string[] = [];
  for (;;) {
    const start = at;
    while (isDigit(mangled[at])) at++;
    if (at === start) break;
    const end = at + Number(mangled.slice(start, at));
    if (end > mangled.length) return undefined;
    names.push(mangled.slice(at, end));
    at = end;
  }
  const last = names.at(-1) ?? "";
  const [letter, digit, next] = [mangled[at], mangled[at + 1], mangled[at + 2]];
  const isOfObject = digit === "1" || digit === "2";
  if (letter === "C" && isOfObject) return { path: names.join("::"), kind: "constructor", name: last, code: at + 1 };
  // D0 would also free the storage, which belongs to the caller.
  if (letter === "D" && isOfObject && next === "E")
    return { path: names.join("::"), kind: "destructor", name: last, code: at + 1 };
  return letter === "E" && names.length > 1
    ? { path: names.slice(0, -1).join("::"), kind: "method", name: last, code: at }
    : undefined;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= "0" && character <= "9";
}
