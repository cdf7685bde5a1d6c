import { compile, UnglueError } from "../../node.ts";
import type { InterfaceMembers } from "../../public/index.ts";
import { withoutStart } from "../providers.ts";
import type { Declared, DeclaredMember, Remark } from "./declared.ts";

/** How often members that do not fit are left out: without them others may not fit. */
const maximumRounds = 8;

/**
 * Compares an interface with the bytes as a load does, and leaves out the members that do not fit. None of the module's code
 * runs.
 *
 * @param bytes - The module.
 * @param declared - The interface.
 */
export async function verify(bytes: Uint8Array<ArrayBuffer>, declared: Declared): Promise<Declared> {
  const module = await compile(withoutStart(bytes));
  let { members } = declared;
  const holes = [...declared.holes];
  for (let round = 0; round < maximumRounds; round++) {
    const misfits = await misfitsOf(module, interfaceOf(members));
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

async function misfitsOf(
  module: Awaited<ReturnType<typeof compile>>,
  members: InterfaceMembers,
): Promise<readonly Remark[]> {
  try {
    const wasm = await module.instantiate({
      initialize: false,
      limits: { memoryPages: 65536 },
      api: { members },
      warn: () => undefined,
    });
    wasm.dispose();
    return [];
  } catch (error) {
    if (!(error instanceof UnglueError)) throw error;
    if (error.code !== "interface-mismatch") return [];
    const { misfits } = error.details as UnglueError<"interface-mismatch">["details"];
    return misfits.map(({ name, declared, reason }) => ({
      member: name,
      reason: `its export cannot be called as ${declared}${reason === undefined ? "" : `: ${reason}`}`,
    }));
  }
}

/** Leaves out a member, or the members of a class. */
function without(one: DeclaredMember, names: ReadonlySet<string>): DeclaredMember[] {
  if (names.has(one.name)) return [];
  if (one.kind !== "class") return [one];
  const { name, data, construct } = one;
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
