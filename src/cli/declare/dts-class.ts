import type { ClassBody, Node, TSTypeElement } from "@babel/types";
import { docsOf } from "./docs.ts";
import type { DtsClass, DtsFunction, DtsProperty } from "./dts-model.ts";
import { annotationOf, orUndefined, readSignature, unknownType } from "./dts-types.ts";
import type { Parsed } from "./parse.ts";

/** The members of a class. */
export type Members = Omit<DtsClass, "name" | "docs" | "parent">;

/** Members while they are collected. */
class Collected {
  readonly methods: DtsFunction[] = [];
  readonly statics: DtsFunction[] = [];
  readonly properties = new Map<string, DtsProperty>();
  readonly skipped: string[] = [];
  construct: DtsClass["construct"];

  /** A getter and a setter of one name are one property. Of two fields of one name the first counts. */
  addProperty(property: DtsProperty, text: string): void {
    const key = `${property.isStatic ? "static " : ""}${property.name}`;
    const before = this.properties.get(key);
    const isRepeated = (side: "read" | "write"): boolean =>
      before?.[side] !== undefined && property[side] !== undefined;
    if (isRepeated("read") || isRepeated("write")) this.skipped.push(text);
    else this.properties.set(key, { ...before, ...property });
  }

  result(): Members {
    const { construct, methods, statics, properties, skipped } = this;
    return {
      ...(construct && { construct }),
      methods,
      statics,
      properties: [...properties.values()],
      ...(skipped.length > 0 && { skipped }),
    };
  }
}

/**
 * Reads the members of a class. Those that are private or protected are none of its users'.
 *
 * @param body - The class.
 * @param body.body - Its members.
 * @param parsed - The text.
 */
export function readMembers({ body }: ClassBody, parsed: Parsed): Members {
  const found = new Collected();
  for (const member of body) {
    if ("accessibility" in member && (member.accessibility === "private" || member.accessibility === "protected")) {
      // A class with one is no type of other objects, which have the same public members.
      if (member.type !== "TSDeclareMethod" || member.kind !== "constructor") found.skipped.push(parsed.textOf(member));
      continue;
    }
    const documented = documentationOf(member);
    if (member.type === "TSDeclareMethod") {
      const name = memberName(member.key, member.computed ?? false);
      const isStatic = member.static ?? false;
      if (name === undefined) skip(found, member, member.key, parsed);
      else if (member.kind === "constructor") {
        // Of several the first counts, as for methods.
        found.construct ??= { params: readSignature(member, parsed).params, ...documented };
      } else if (member.kind === "get" || member.kind === "set") {
        const signature = readSignature(member, parsed);
        const side =
          member.kind === "get" ? { read: signature.result } : { write: signature.params[0]?.type ?? unknownType };
        found.addProperty({ name, isStatic, ...documented, ...side }, parsed.textOf(member));
      } else if (isStatic || name !== "free") {
        (isStatic ? found.statics : found.methods).push({ name, ...readSignature(member, parsed), ...documented });
      }
    } else if (member.type === "ClassProperty" || member.type === "ClassAccessorProperty") {
      const name = memberName(member.key, member.computed);
      if (name === undefined) skip(found, member, member.key, parsed);
      else {
        const type = annotationOf(member.typeAnnotation, parsed);
        const read = member.type === "ClassProperty" && member.optional === true ? orUndefined(type) : type;
        const isStatic = member.static;
        const isReadOnly = member.type === "ClassProperty" && member.readonly === true;
        found.addProperty(
          { name, isStatic, ...documented, read, ...(!isReadOnly && { write: read }) },
          parsed.textOf(member),
        );
      }
    } else if (member.type !== "ClassPrivateProperty" && member.type !== "ClassPrivateMethod") {
      found.skipped.push(parsed.textOf(member));
    }
  }
  return found.result();
}

/**
 * Reads the members of an interface or a type literal, as those of a class.
 *
 * @param elements - The members.
 * @param parsed - The text.
 */
export function readElements(elements: readonly TSTypeElement[], parsed: Parsed): Members {
  const found = new Collected();
  for (const element of elements) {
    const documented = documentationOf(element);
    if (element.type === "TSConstructSignatureDeclaration") {
      const { parameters, typeParameters } = element;
      const { params, generics } = readSignature({ params: parameters, typeParameters }, parsed);
      found.construct ??= { params, ...(generics && { generics }), ...documented };
      continue;
    }
    const name = "key" in element ? memberName(element.key, element.computed ?? false) : undefined;
    if (name === undefined) {
      skip(found, element, "key" in element ? element.key : element, parsed);
    } else if (element.type === "TSMethodSignature") {
      const signature = readSignature(
        { params: element.parameters, returnType: element.typeAnnotation, typeParameters: element.typeParameters },
        parsed,
      );
      if (element.kind === "method") {
        if (name !== "free") found.methods.push({ name, ...signature, ...documented });
      } else {
        const side =
          element.kind === "get" ? { read: signature.result } : { write: signature.params[0]?.type ?? unknownType };
        found.addProperty({ name, isStatic: false, ...documented, ...side }, parsed.textOf(element));
      }
    } else if (element.type === "TSPropertySignature") {
      const type = annotationOf(element.typeAnnotation, parsed);
      const read = element.optional === true ? orUndefined(type) : type;
      const sides = { read, ...(element.readonly !== true && { write: read }) };
      found.addProperty({ name, isStatic: false, ...documented, ...sides }, parsed.textOf(element));
    }
  }
  return found.result();
}

/** Notes a member without a name. Every object has those by the language's symbols for disposal. */
function skip(found: Collected, member: Node, key: Node, parsed: Parsed): void {
  if (!/^Symbol\.(asyncD|d)ispose$/.test(parsed.textOf(key))) found.skipped.push(parsed.textOf(member));
}

function documentationOf(node: Node): Pick<DtsFunction, "docs"> {
  const docs = docsOf(node);
  return docs === undefined ? {} : { docs };
}

/** The name of a member; `undefined` for one by a symbol. */
function memberName(key: Node, isComputed: boolean): string | undefined {
  if (key.type === "StringLiteral") return key.value;
  if (key.type === "NumericLiteral") return String(key.value);
  if (!isComputed) return key.type === "Identifier" ? key.name : undefined;
  return undefined;
}
