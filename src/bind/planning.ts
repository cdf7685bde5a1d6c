import { describe } from "../errors/describe.ts";
import type { UnglueError } from "../errors/unglue-error.ts";
import type {
  Calling,
  FieldMember,
  FunctionType,
  LengthType,
  Lifting,
  Lowering,
  Shape,
  ValueType,
} from "../public/index.ts";
import type { Called, Conventions, NamedCalling } from "./conventions.ts";
import type { KeptPlan, LinkedPlan, OutPlan } from "./plans.ts";
import type { InterfaceNodes, TypeNode } from "./types/node.ts";

/**
 * The parts of planning that few declarations need, which are fetched for those: parameters that belong together, fields that
 * point to memory of their object, and errors.
 */
export interface PlanExtras {
  linkParameters(params: readonly TypeNode[], result: TypeNode): Links | string;
  splitWays(ways: readonly Lowering[], address: "i32" | "i64"): readonly Lowering[];
  planLinked(
    types: readonly TypeNode[],
    ways: readonly Lowering[],
    links: Links | undefined,
    outs: ReadonlyMap<number, OutPlan>,
  ): LinkedPlan | undefined;
  planKept(
    planning: Planning,
    className: string,
    field: Pick<FieldMember<TypeNode>, "value" | "options">,
    size: number | undefined,
  ): KeptPlan | string;
  compareDeclared(declared: Compared, type: FunctionType, passing: Passing): Comparison;
  misfitError(
    planning: Pick<Planning, "misfits" | "exported"> & Pick<Shape, "advice">,
    cause?: unknown,
  ): UnglueError<"interface-mismatch">;
  conventionMissing(
    member: string,
    isHidden: boolean,
    convention: string | undefined,
    called: Pick<Called, "toolchain" | "adapter" | "toolchainAdapter" | "askWayIn">,
  ): UnglueError<"convention-unavailable">;
  allocatorMissing(needy: readonly string[], calling: Calling, tried: readonly string[]): UnglueError;
}

/** Returns the extras. They may not have been fetched yet, and then it throws; the plan is made again with them. */
export type AskExtras = () => PlanExtras;

/** The links between the parameters of a function, by their indices. */
export interface Links {
  /** The parameters whose length another parameter tells. */
  readonly split: ReadonlySet<number>;
  /** Where the module tells how many elements of a buffer it has written: the index of a parameter, or in its result. */
  readonly counts: ReadonlyMap<number, { readonly declared: LengthType; readonly at: number | "result" }>;
}

/** A declared function that does not fit its export. */
export interface Compared {
  readonly params: readonly TypeNode[];
  readonly result: TypeNode;
  readonly isConstructor: boolean | undefined;
  /** Whether it reads or writes a property. */
  readonly isProperty: boolean;
}

/** How types are passed in the call that does not fit. */
export interface Passing {
  readonly calling: Calling;
  /** The words before the parameters. */
  readonly self: readonly ValueType[];
  readonly lowerings: (type: TypeNode) => readonly Lowering[];
  /** `undefined` means no result. */
  readonly liftings: (type: TypeNode) => readonly (Lifting | undefined)[];
}

/** The state of a comparison, and the misfits found so far. */
export interface Planning {
  readonly members: InterfaceNodes;
  /** Whether the interface declares a class of a name. */
  readonly hasClass: (name: string) => boolean;
  readonly conventions: Conventions;
  /** The convention of what is compared. */
  readonly by: NamedCalling;
  /** The convention of each class, by the name of the class. */
  readonly classes: Pick<ReadonlyMap<string, NamedCalling>, "get">;
  /** The exported functions. */
  readonly exported: ReadonlyMap<string, FunctionType>;
  readonly misfits: Misfit[];
  readonly askExtras: AskExtras;
  /** Whether JavaScript can run during a call: through an import, or a function in a table. */
  readonly callsOut: boolean;
  /** The classes whose objects come out of the module, either lent or given away. */
  readonly received: { readonly object: ReadonlySet<string>; readonly owned: ReadonlySet<string> };
}

/** A declared member that the module lacks, or has with another signature. */
export interface Misfit {
  readonly name: string;
  /** The convention by which it was compared, if it was. */
  readonly by: NamedCalling | undefined;
  /** The declared member. */
  readonly declared: string;
  /** The export names that were tried. */
  readonly tried: readonly string[];
  /** The export that was found, with its type. */
  readonly export: string | undefined;
  readonly type: FunctionType | undefined;
  /** The reason why it does not fit, in words, if the signatures do not show it. */
  readonly reason: string;
  /** Compares the declaration with the export again, for the message. */
  readonly compare: (() => Comparison) | undefined;
}

/** A declaration next to the export that it does not fit. */
export interface Comparison {
  /** The words that the declaration asks of the export. */
  readonly words: FunctionType | undefined;
  /** Similar declarations that fit. */
  readonly fitting: readonly string[];
}

/**
 * Returns the details of an error about misfits.
 *
 * @param misfits - The misfits.
 */
export function misfitDetails(misfits: readonly Misfit[]): UnglueError<"interface-mismatch">["details"] {
  return {
    misfits: misfits.map(({ name, declared, by, export: found, type, reason }) => ({
      name,
      declared,
      ...(by && { convention: by.name }),
      ...(found !== undefined && { export: found }),
      ...(type && { type }),
      ...(reason && { reason }),
    })),
  };
}

/** The members of a {@link Misfit} for which no export was looked for. */
export const withoutExport = { tried: [], export: undefined, type: undefined, compare: undefined } as const;

/**
 * Refuses a declaration for which no export has to be looked for.
 *
 * @param planning - Receives the misfit.
 * @param name - The member.
 * @param declared - The declaration, in words.
 * @param reason - The reason, in words.
 */
export function refuseDeclared(
  { misfits, by }: Pick<Planning, "misfits" | "by">,
  name: string,
  declared: string,
  reason: string,
): void {
  misfits.push({ ...withoutExport, by, name, declared, reason });
}

/**
 * Returns the convention of a member; `undefined` is a misfit.
 *
 * @param conventions - Those of the module.
 * @param misfits - Receives the misfit.
 * @param name - The member.
 * @param convention - The name of its convention; `undefined` for the module's.
 */
export function under(
  conventions: Conventions,
  misfits: Misfit[],
  name: string,
  convention: string | undefined,
): NamedCalling | undefined {
  const by = conventions.named(convention);
  if (by || convention === undefined) return by;
  const names = conventions.names.map((one) => describe(one)).join(" and ");
  misfits.push({
    ...withoutExport,
    by: undefined,
    name,
    declared: `with the convention ${describe(convention)}`,
    reason: `the conventions of this module are ${names}`,
  });
  return undefined;
}

/**
 * Returns the same comparison by another convention; `undefined` for an unknown one, which is a misfit.
 *
 * @param planning - The comparison.
 * @param name - The declared member.
 * @param convention - The name of its convention; `undefined` for that of the comparison.
 */
export function withConvention(planning: Planning, name: string, convention: string | undefined): Planning | undefined {
  if (convention === undefined) return planning;
  const by = under(planning.conventions, planning.misfits, name, convention);
  return by && { ...planning, by };
}
