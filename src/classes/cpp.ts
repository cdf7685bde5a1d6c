import type { ClassFunction, ClassShape, FunctionType } from "../types/index.ts";

/** What a mangled name of a member says. */
interface Member {
  readonly path: string;
  readonly kind: "constructor" | "destructor" | "method";
  readonly name: string;
}

/**
 * The classes of a C++ module, whose names are mangled by the Itanium rules. Their constructors write into storage that the
 * caller provides.
 *
 * @param functions - The exported functions.
 */
export function cppClasses(functions: ReadonlyMap<string, FunctionType>): readonly ClassShape[] {
  const classes = new Map<string, { constructors: ClassFunction[]; methods: ClassFunction[]; free?: string }>();
  for (const [exported, type] of functions) {
    const member = readMember(exported);
    if (!member || isBaseTwin(exported, functions)) continue;
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

/** Whether it is what constructs or destroys a base class's part, and the same for a whole object is there too. */
function isBaseTwin(exported: string, functions: ReadonlyMap<string, FunctionType>): boolean {
  const whole = exported.replace(/([CD])2(E.*)$/, "$11$2");
  return whole !== exported && functions.has(whole);
}

/** `_ZN3app7CounterC1Ei` is the constructor of `app::Counter`, `_ZN7Counter3addEj` its method `add`. */
function readMember(mangled: string): Member | undefined {
  let rest = /^_ZNK?(.+)$/.exec(mangled)?.[1];
  if (rest === undefined) return undefined;
  const names: string[] = [];
  for (let count = /^\d+/.exec(rest)?.[0]; count !== undefined; count = /^\d+/.exec(rest)?.[0]) {
    const end = count.length + Number(count);
    if (end > rest.length) return undefined;
    names.push(rest.slice(count.length, end));
    rest = rest.slice(end);
  }
  const last = names.at(-1) ?? "";
  if (/^C[12]/.test(rest)) return { path: names.join("::"), kind: "constructor", name: last };
  // D0 would also free the storage, which is the caller's.
  if (/^D[12]E/.test(rest)) return { path: names.join("::"), kind: "destructor", name: last };
  return rest.startsWith("E") && names.length > 1
    ? { path: names.slice(0, -1).join("::"), kind: "method", name: last }
    : undefined;
}
