import type { DeclaredType } from "../public/index.ts";

/**
 * What was declared, as messages show it: `(string, Counter) -> u32`.
 *
 * @param params - The types of the parameters.
 * @param result - The type of the result; `undefined` for a constructor.
 */
export function declaredText(params: readonly DeclaredType[], result: DeclaredType | undefined): string {
  const list = `(${params.map(typeText).join(", ")})`;
  return result ? `${list} -> ${typeText(result)}` : `new ${list}`;
}

/**
 * A declared type, as messages show it.
 *
 * @param type - The type.
 */
export function typeText(type: DeclaredType): string {
  switch (type.type) {
    case "array":
      return `array(${type.element})`;
    case "list":
    case "optional":
      return `${type.type}(${typeText(type.item as DeclaredType)})`;
    case "enumeration":
      return "enumeration";
    case "out":
      return `out ${typeText(type.item as DeclaredType)}`;
    case "object":
      return type.class;
    case "owned":
      return `owned ${type.class}`;
    case "closure":
      return `closure${declaredText(type.params as readonly DeclaredType[], type.result as DeclaredType)}`;
    case "promise":
      return `promise(${typeText(type.value as DeclaredType)})`;
    case "record":
      return `record(${Object.values(type.fields)
        .map((field) => typeText(field as DeclaredType))
        .join(", ")})`;
    default:
      return type.type;
  }
}
