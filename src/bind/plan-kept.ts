/** Plans fields that point to memory which belongs to their object. */
import { isOfKind } from "../base/own.ts";
import type { ElementName, FieldMember } from "../public/index.ts";
import type { Planning } from "./planning.ts";
import type { KeptPlan } from "./plans.ts";
import { isLengthName } from "./types/buffer.ts";
import { type InterfaceNodes, isClassNode, isEnumerationNode, parametersOf, type TypeNode } from "./types/node.ts";
import { layoutOf, typeText } from "./types/types.ts";

/**
 * Plans such a field.
 *
 * @param planning - The comparison.
 * @param className - Its class.
 * @param field - The field.
 * @param size - The size of the class's objects, if it is stated.
 * @returns The reason for one that cannot be kept.
 */
export function planKept(
  { members, by: { calling } }: Planning,
  className: string,
  { value, options: { offset, length: lengthName = "", get, set } }: Pick<FieldMember<TypeNode>, "value" | "options">,
  size: number | undefined,
): KeptPlan | string {
  const element = elementOf(value);
  const isWide = calling.address === "i64";
  if (!calling.hasInPlace) return `${calling.name} has no fields that point to memory: leave length out`;
  if (offset === undefined || get !== undefined || set !== undefined)
    return "length is for a pointer that is read and written in the object itself: state its offset";
  if (!element) return `length is for t.bytes, t.array and t.buffer of numbers, and it is ${typeText(value)}`;
  const declared = members[className];
  if (!isClassNode(declared) || declared.free === false || (declared.free === undefined && size === undefined))
    return "its memory is freed after the object, so the class states what frees its objects, or their size";
  if (isGivenAway(members, className))
    return "its memory is freed with the object, so no function takes an object of the class as owned or consumes it";
  const field = Object.hasOwn(declared.members, lengthName) ? declared.members[lengthName] : undefined;
  const at = field?.member === "field" ? field.options.offset : undefined;
  if (field?.member !== "field" || at === undefined || !isLengthName(field.value.type))
    return `its length ${JSON.stringify(lengthName)} is no field of an integer type with an offset`;
  const ends = [offset + (isWide ? 8 : 4), at + (layoutOf(field.value, isWide)?.size ?? 0)];
  if (size !== undefined && Math.max(...ends) > size)
    return `it ends at byte ${Math.max(...ends)}, and an object has ${size}`;
  return { element, isFilled: value.type === "buffer", offset, length: { offset: at, type: field.value.type } };
}

function elementOf(node: TypeNode): ElementName | undefined {
  if (node.type === "bytes") return "u8";
  if (node.type === "array") return node.element;
  return node.type === "buffer" && node.element !== "cstring" ? node.element : undefined;
}

/** Whether a function of the interface takes an object of a class away from its owner. */
function isGivenAway(members: InterfaceNodes, className: string): boolean {
  const isTaken = (node: TypeNode): boolean =>
    (node.type === "owned" && node.class === className) || (node.type === "optional" && isTaken(node.item));
  return Object.entries(members).some(([name, one]) =>
    isClassNode(one)
      ? Object.values(one.members).some(
          (member) =>
            (name === className &&
              (member.member === "method" || member.member === "getter") &&
              member.consumes === true) ||
            (isOfKind(member, "params") && parametersOf(member.params).types.some(isTaken)),
        )
      : !isEnumerationNode(one) && parametersOf(one.params).types.some(isTaken),
  );
}
