import type {
  ClassText,
  Declared,
  DeclaredMember,
  FunctionText,
  GenericText,
  NamedTypeText,
  PropertyText,
  Remark,
} from "./declared.ts";
import { KnownTypes } from "./known-types.ts";
import { printNamedType, type Printed, printType } from "./safe-types.ts";
import { isIdentifier } from "./text.ts";
import type { PrintOptions } from "./print-options.ts";
import { isGlobalType, limitsOf, withDefaults } from "./typist.ts";

/** Each round makes types unknown that rest on one that has become unknown in the round before. */
const maximumRounds = 20;

/**
 * Makes types unknown that TypeScript would refuse, since they rest on one that is unknown in the file or missing from it: an
 * interface that extends it, a member of it, a generic type that takes none of its kind.
 *
 * @param declared - The interface, as it will be printed.
 */
export function settleTypes(declared: Declared): Declared {
  let settled = declared;
  for (let round = 0; round < maximumRounds; round++) {
    const next = new Settling(settled).result();
    if (!next) break;
    settled = next;
  }
  return settled;
}

class Settling {
  private readonly declared: Declared;
  private readonly types: KnownTypes;
  private readonly differences: Remark[];
  private readonly mentioned = new Set<string>();
  private hasChanged = false;

  constructor(declared: Declared) {
    this.declared = declared;
    this.types = new KnownTypes(declared);
    this.differences = [...declared.differences];
  }

  /** Returns `undefined` if everything stays as it is. */
  result(): Declared | undefined {
    const members = this.declared.members.map((one) => this.member(one));
    const types = this.declared.types.map((one) => this.namedType(one));
    for (const name of this.mentioned) {
      if (this.types.has(name) || !isIdentifier(name) || isGlobalType(name)) continue;
      this.differ(name, "this type is unknown here: it is not declared");
      types.push({ name, docs: undefined, text: `type ${name} = unknown;` });
    }
    return this.hasChanged ? { ...this.declared, members, types, differences: this.differences } : undefined;
  }

  private differ(member: string, reason: string): void {
    this.hasChanged = true;
    if (this.differences.some((one) => one.member === member && one.reason === reason)) return;
    this.differences.push({ member, reason });
  }

  private namedType(one: NamedTypeText): NamedTypeText {
    const printed = printNamedType(one.text, true, this.types.check, this.types);
    if (!("reason" in printed)) return { ...one, text: this.kept(one.text, printed, one.name) };
    this.differ(one.name, `this type is unknown here: ${printed.reason}`);
    return { ...one, text: `type ${one.name} = unknown;` };
  }

  private type(text: string, member: string, generics?: PrintOptions["generics"]): string {
    if (/^[a-z]+$/.test(text)) return text;
    const printed = printType(text, this.types.check, { types: this.types, member, ...(generics && { generics }) });
    return this.kept(text, printed, member);
  }

  /** Keeps the words of a type that stays as it is. */
  private kept(text: string, printed: Printed, member: string): string {
    if ("reason" in printed) return text;
    for (const name of printed.names) this.mentioned.add(name);
    if (printed.unknown.length + printed.others.length === 0 || printed.text === text) return text;
    for (const reason of printed.others) this.differ(member, reason);
    for (const reason of printed.unknown) this.differ(member, `a part of its type is unknown here: ${reason}`);
    return printed.text;
  }

  private function<One extends Omit<FunctionText, "name">>(one: One, path: string): One {
    const { params, result } = one.signature;
    const generics = this.generics(one.signature.generics, path);
    const limits = limitsOf(generics);
    const signature = {
      generics,
      params: params.map((param) => ({ ...param, text: this.type(param.text, path, limits) })),
      result: this.type(result, path, limits),
    };
    return { ...one, signature };
  }

  /** A default need not be of a limit of which a part is unknown. */
  private generics(generics: readonly GenericText[], path: string): readonly GenericText[] {
    const limits = limitsOf(generics);
    const of = (text: string | undefined): string | undefined =>
      text === undefined ? undefined : this.type(text, path, limits);
    const settled = generics.map((one): GenericText => {
      const [limit, other] = [of(one.limit), of(one.default)];
      const isDoubtful = [limit, other].some((text) => text !== undefined && this.types.isTainted(text, path));
      const isDropped = limit !== undefined && other !== undefined && isDoubtful;
      if (isDropped) this.differ(path, `its type parameter ${one.name} has no default here`);
      return { ...one, limit, default: isDropped ? undefined : other };
    });
    return withDefaults(settled);
  }

  private property(one: PropertyText, path: string): PropertyText {
    const { read, write } = one;
    return {
      ...one,
      read: read === undefined ? undefined : this.type(read, path),
      write: write === undefined ? undefined : this.type(write, path),
    };
  }

  private member(one: DeclaredMember): DeclaredMember {
    if (one.kind === "enumeration") return one;
    if (one.kind === "function") return this.function(one, one.name);
    const { name, construct, methods, statics, properties } = one;
    const parts: Partial<ClassText> = {
      construct: construct && this.function(construct, `${name}.new`),
      methods: methods.map((method) => this.function(method, `${name}.${method.name}`)),
      statics: statics.map((method) => this.function(method, `${name}.${method.name}`)),
      properties: properties.map((property) => this.property(property, `${name}.${property.name}`)),
    };
    return { ...one, ...parts };
  }
}
