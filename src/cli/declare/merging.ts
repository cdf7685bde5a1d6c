import type { FunctionType, Shape } from "../../public/index.ts";
import { CommandError } from "../command-error.ts";
import type { Scope } from "./convert.ts";
import type { Remark } from "./declared.ts";
import type { DtsFunction, DtsModule } from "./dts-model.ts";
import type { GlueFunction, GlueModule, Hole, Read } from "./glue/model.ts";
import type { Typist } from "./typist.ts";

/** The evidence of what a module's exports mean. */
export interface Evidence {
  readonly shape: Shape;
  /** The generated JavaScript, or what could be guessed in its place. */
  readonly glue: GlueModule;
  /** The name of the file with the generated JavaScript, for messages. */
  readonly glueName: string;
  readonly dts: DtsModule | undefined;
  /** Whether the documentation is kept. */
  readonly withDocs: boolean;
  /** Whether the calls were guessed, without JavaScript. */
  readonly isGuessed: boolean;
}

/** Everything that merging shares. */
export interface Merging extends Evidence {
  readonly scope: Scope;
  readonly typist: Typist;
  /** The types of the module's exported functions. */
  readonly exports: ReadonlyMap<string, FunctionType>;
  readonly holes: Remark[];
  /** Remarks on members that are neither declared nor missed. */
  readonly notes: Remark[];
}

/** Evidence that contradicts itself. */
export class ContradictionError extends CommandError {}

/**
 * Returns a member that could be read, or notes a hole.
 *
 * @param merging - The module.
 * @param member - The member, for the remark.
 * @param read - The result of reading it.
 * @param isOther - Whether the JavaScript has something of that name, which calls nothing of the module.
 */
export function readable<Value extends { readonly kind: string }>(
  { holes, glueName, isGuessed }: Pick<Merging, "holes" | "glueName" | "isGuessed">,
  member: string,
  read: Read<Value> | undefined,
  isOther = false,
): Value | undefined {
  if (!read) holes.push({ member, reason: missingText("member", isOther, isGuessed) });
  else if (isHole(read)) {
    const { subject, text, line, column } = read;
    holes.push({ member, reason: `${subject} has an unknown form at ${glueName}:${line}:${column}: \`${text}\`` });
  } else return read;
  return undefined;
}

/** The reason why something that the package's types state cannot be declared. */
export function missingText(what: "member" | "class", isOther: boolean, isGuessed: boolean): string {
  if (isGuessed) return what === "class" ? "no export fits a member of it" : "no export fits its type";
  return isOther ? "it is JavaScript that does not call the module by itself" : `the JavaScript has no such ${what}`;
}

/**
 * Whether something could not be read.
 *
 * @param read - The result of reading it.
 */
export function isHole(read: { readonly kind: string }): read is Hole {
  return read.kind === "hole";
}

/**
 * Chooses the signature that has the parameters of a call, of those that the package's types have for it.
 *
 * @param stated - The signatures.
 * @param read - The call.
 */
export function signatureFor<One extends Pick<DtsFunction, "params">>(
  stated: readonly One[],
  read: Read<GlueFunction> | undefined,
): One | undefined {
  const params = !read || isHole(read) ? [] : read.params;
  const ofCount = stated.filter((one) => one.params.length === params.length);
  return (
    ofCount.find((one) => one.params.every(({ name }, at) => name === params[at]?.name)) ?? ofCount[0] ?? stated[0]
  );
}
