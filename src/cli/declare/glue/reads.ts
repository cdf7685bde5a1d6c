import { type Evaluation, valueIn } from "./evaluation.ts";
import { addressAt, sizeOf } from "./memory.ts";
import { type Cell, constant, nothing, type Term } from "./term.ts";

/** Reads a member by name. */
export function memberOf(evaluation: Evaluation, of: Term, name: string): Term {
  if (/^\d+$/.test(name) && /^(view|heap|halves|list|texts|items|copy)$/.test(of.kind)) {
    return indexOf(evaluation, of, constant(Number(name)));
  }
  switch (of.kind) {
    case "exports":
      return { kind: "export", name };
    case "export":
      if (name === "buffer") return { kind: "buffer" };
      break;
    case "foreign":
      if (of.name === "*") return { kind: "foreign", module: of.module, name };
      break;
    case "function":
    case "record":
    case "instance": {
      const cell = of.fields?.get(name);
      if (cell) return valueIn(evaluation, cell);
      if (of.kind === "function" && of.fields && name === "prototype") {
        const prototype: Term = { kind: "record", fields: new Map(), owner: of };
        const place: Cell = { name };
        of.fields.set(name, place);
        evaluation.glue.base.set(place, prototype);
        return prototype;
      }
      if (of.kind === "record" && !of.owner && evaluation.isStatic && !(name in Object.prototype)) return nothing;
      break;
    }
    case "global":
      if (of.name === "Number" && name === "MAX_SAFE_INTEGER") return constant(Number.MAX_SAFE_INTEGER);
      break;
    case "list":
      if (name === "length" && !of.items.some(({ kind }) => kind === "spread")) return constant(of.items.length);
      break;
    default:
  }
  return { kind: "member", of, name };
}

/** Reads a member by a value. */
export function indexOf(evaluation: Evaluation, of: Term, at: Term): Term {
  const index = at.kind === "constant" && typeof at.value === "number" ? at.value : undefined;
  switch (of.kind) {
    case "heap":
      return { kind: "handled", word: at };
    case "view":
      if (of.element !== "data") {
        const address = addressAt(at, sizeOf(of.element));
        return { kind: "read", element: of.element, address, after: evaluation.effects.length };
      }
      break;
    case "halves": {
      const [low, high] = [valueIn(evaluation, of.low), valueIn(evaluation, of.high)];
      if (of.element === "u32") return index === 0 ? low : high;
      return { kind: "wide", low, high, isUnsigned: of.element === "u64" };
    }
    case "list":
      if (
        index !== undefined &&
        of.items[index] &&
        !of.items.slice(0, index + 1).some(({ kind }) => kind === "spread")
      ) {
        return of.items[index];
      }
      break;
    default:
  }
  if (at.kind === "constant" && (typeof at.value === "string" || index !== undefined)) {
    const name = String(at.value);
    if (of.kind !== "items" && of.kind !== "texts" && of.kind !== "list") {
      return /^\d+$/.test(name) ? { kind: "member", of, name } : memberOf(evaluation, of, name);
    }
  }
  return { kind: "index", of, at };
}
