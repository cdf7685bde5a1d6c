import type { DeclaredType } from "../public/index.ts";

/**
 * What was declared, as messages show it: `(string, Counter) -> u32`.
 *
 * @param params - The types of the parameters.
 * @param result - The type of the result; `undefined` for a constructor.
 */
export function declaredSignatureText(params: readonly DeclaredType[], result: DeclaredType | undefined): string {
  const list = `(${params.map(declaredTypeText).join(", ")})`;
  return result ? `${list} -> ${declaredTypeText(result)}` : `new ${list}`;
}

/**
 * A declared type, as messages show it.
 *
 * @param type - The type.
 */
export function declaredTypeText(type: DeclaredType): string {
  switch (type.type) {
    case "array":
      return `array(${type.element})`;
    case "list":
    case "optional":
      return `${type.type}(${declaredTypeText(type.item as DeclaredType)})`;
    case "enumeration":
      return "enumeration";
    case "out":
      return `out ${declaredTypeText(type.item as DeclaredType)}`;
    case "object":
      return type.class;
    case "owned":
      return `owned ${type.class}`;
    case "closure":
      return `closure${declaredSignatureText(type.params as readonly DeclaredType[], type.result as DeclaredType)}`;
    case "promise":
      return `promise(${declaredTypeText(type.value as DeclaredType)})`;
    case "record":
      return `record(${Object.values(type.fields)
        .map((field) => declaredTypeText(field as DeclaredType))
        .join(", ")})`;
    default:
      return type.type;
  }
}
