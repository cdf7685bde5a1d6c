import { UnglueError } from "../../node.ts";
import type { InterfaceMembers, Known } from "../../public/index.ts";
import type { WasmBindgenKnown } from "../../toolchains/wasm-bindgen/options.ts";
import type { Unstarted } from "../unstarted.ts";
import type { Declared, DeclaredMember, Remark } from "./declared.ts";

/** How many meanings that the library refuses are left out. */
const maximumRefused = 64;

/** The rest of a declaration file, as far as facts about imports depend on it. */
interface Beside {
  /** The imports that it has functions for. */
  readonly functions: ReadonlySet<string>;
  /** Its classes. */
  readonly classes: ReadonlySet<string>;
}

/**
 * Leaves out the facts about imports that a load of the module would refuse, and those about objects of classes that are not
 * declared. Names the imports that the load would serve with a stub. None of the module's code runs.
 *
 * @param instantiate - Makes instances of the module.
 * @param stated - The facts.
 * @param beside - What the declaration file has beside them.
 * @returns The facts that are left, which say that they were checked, and the others as remarks.
 */
export async function verifyKnown(
  instantiate: Unstarted,
  stated: Known,
  beside: Beside,
): Promise<{ readonly known: Known; readonly holes: readonly Remark[] }> {
  const known = structuredClone(stated) as Record<string, unknown>;
  const holes: Remark[] = [];
  const leave = (name: string, reason: string): void => {
    known["holes"] = [...((known["holes"] as readonly string[] | undefined) ?? []), name];
    holes.push({ member: name, reason });
  };
  const leaveOut = (group: string, name: string, reason: string): void => {
    known[group] = Object.fromEntries(Object.entries(known[group] as object).filter(([key]) => key !== name));
    leave(name, reason);
  };
  for (const { group, name, text } of typedFacts(stated)) {
    const lacking = classesIn(text).find((one) => !beside.classes.has(one));
    if (lacking !== undefined)
      leaveOut(group, name, `it passes an object of the class ${lacking}, which the package does not export`);
  }
  while (holes.length < maximumRefused) {
    const stubs: string[] = [];
    const error = await refusalOf(async () => {
      const instance = await instantiate({ known: known as unknown as Known });
      for (const { name, provider } of instance.imports) if (provider === "stub") stubs.push(name);
      return instance;
    });
    if (!error) {
      const open = new Set([...beside.functions, ...((known["holes"] as readonly string[] | undefined) ?? [])]);
      for (const name of new Set(stubs)) {
        if (!open.has(name)) leave(name, "the library knows no task for it, although the JavaScript was read");
      }
      known["checked"] = true;
      break;
    }
    if (error.code === "unsupported-module")
      return { known: stated, holes: [{ member: "load", reason: error.message }] };
    if (error.code !== "invalid-option") break;
    const { option } = error.details as UnglueError<"invalid-option">["details"];
    const [, group = "", quoted = '""'] = /^known\.(\w+)\[("(?:[^"\\]|\\.)*")\]/.exec(option) ?? [];
    const name = JSON.parse(quoted) as string;
    const facts = known[group];
    if (typeof facts !== "object" || facts === null || !Object.hasOwn(facts, name)) break;
    leaveOut(group, name, `the library cannot do what the JavaScript does for it: ${error.message}`);
  }
  return { known: known as unknown as Known, holes };
}

/** The facts that state types, with the text of these. */
function* typedFacts(
  known: Known,
): Generator<{ readonly group: string; readonly name: string; readonly text: string }> {
  const { meanings = {}, casts = {}, closures = {} } = known as WasmBindgenKnown;
  for (const [name, meaning] of Object.entries(meanings))
    yield { group: "meanings", name, text: meaning.slice(meaning.indexOf(":") + 1) };
  for (const [name, cast] of Object.entries(casts)) yield { group: "casts", name, text: cast };
  for (const [name, { signature }] of Object.entries(closures)) yield { group: "closures", name, text: signature };
}

/** The classes of the objects among some types. */
function classesIn(types: string): readonly string[] {
  // The texts of an enumeration may contain anything.
  return [...types.replace(/"(?:[^"\\]|\\.)*"/g, "").matchAll(/@([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu)].map(
    ([, name = ""]) => name,
  );
}

async function refusalOf(instantiate: () => Promise<{ dispose(): void }>): Promise<UnglueError | undefined> {
  try {
    (await instantiate()).dispose();
    return undefined;
  } catch (error) {
    if (error instanceof UnglueError) return error;
    throw error;
  }
}

/** How often members that do not fit are left out: without them others may not fit. */
const maximumRounds = 8;

/**
 * Compares an interface with the bytes as a load does, and leaves out the members that do not fit. None of the module's code
 * runs.
 *
 * @param instantiate - Makes instances of the module.
 * @param declared - The interface.
 */
export async function verify(instantiate: Unstarted, declared: Declared): Promise<Declared> {
  let { members } = declared;
  const holes = [...declared.holes];
  for (let round = 0; round < maximumRounds; round++) {
    const misfits = await misfitsOf(instantiate, interfaceOf(members));
    if (misfits.length === 0) break;
    holes.push(...misfits);
    members = members.flatMap((one) => without(one, new Set(misfits.map(({ member }) => member))));
  }
  return { ...declared, members, holes };
}

/**
 * Returns the data of an interface.
 *
 * @param members - Its members.
 */
export function interfaceOf(members: readonly DeclaredMember[]): InterfaceMembers {
  return Object.fromEntries(members.map(({ name, data }) => [name, data]));
}

async function misfitsOf(instantiate: Unstarted, members: InterfaceMembers): Promise<readonly Remark[]> {
  const error = await refusalOf(() => instantiate({ api: { members } }));
  if (error?.code !== "interface-mismatch") return [];
  const { misfits } = error.details as UnglueError<"interface-mismatch">["details"];
  return misfits.map(({ name, declared, reason }) => ({
    member: name,
    reason: `its export cannot be called as ${declared}${reason === undefined ? "" : `: ${reason}`}`,
  }));
}

/** Leaves out a member, or the members of a class. */
function without(one: DeclaredMember, names: ReadonlySet<string>): DeclaredMember[] {
  if (names.has(one.name)) return [];
  if (one.kind !== "class") return [one];
  const { name, data, construct } = one;
  // Objects that nothing frees are none of the module.
  if (names.has(`${name}.free`)) return [];
  const left = (member: string): boolean => !names.has(`${name}.${member}`);
  const members = Object.entries(data.members).filter(([key]) => left(key));
  return [
    {
      ...one,
      data: { ...data, members: Object.fromEntries(members) },
      construct: construct && left("new") ? construct : undefined,
      methods: one.methods.filter((of) => left(of.name)),
      statics: one.statics.filter((of) => left(of.name)),
      properties: one.properties.filter((of) => left(of.name)),
    },
  ];
}
