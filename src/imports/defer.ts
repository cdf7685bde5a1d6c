import { memberOf } from "../base/own.ts";
import type { Deferred, ImportFunction, ImportReport, ImportShape, MissingPolicy } from "../public/index.ts";
import { describerOf, type Hint, type Stubs } from "./stub.ts";

/**
 * Makes a function that is made by its first call. That call replaces it, so the others only pass through.
 *
 * @param arity - How many parameters the import has; `undefined` if that is not known.
 * @param make - Makes the function.
 */
export function madeByFirstCall(arity: number | undefined, make: () => ImportFunction): ImportFunction {
  let call: ImportFunction = (...args) => {
    call = make();
    return call(...args);
  };
  // Engines pass named parameters on without an array.
  switch (arity) {
    case 0:
      return () => call();
    case 1:
      return (a) => call(a);
    case 2:
      return (a, b) => call(a, b);
    case 3:
      return (a, b, c) => call(a, b, c);
    case 4:
      return (a, b, c, d) => call(a, b, c, d);
    default:
      return (...args) => call(...args);
  }
}

/**
 * Makes the report of an import that an adapter describes when it is read. It holds nothing of the instance, which may have
 * ended by then.
 *
 * @param wanted - The import.
 * @param adapter - The adapter's name.
 * @param describe - The adapter's description.
 * @param policy - The policy of the stub that serves the import if the adapter does not know it.
 * @param answerOf - Returns the value by which an import reports that it is unavailable.
 * @param hintFor - Describes an import of which the adapter has no hint.
 */
export function reportLater(
  wanted: ImportShape,
  adapter: string,
  describe: () => Deferred,
  policy: MissingPolicy,
  answerOf: Stubs["answerOf"],
  hintFor: Hint,
): () => ImportReport {
  return () => {
    const description = describe();
    const [evidence, meaning] = [memberOf(description, "evidence"), memberOf(description, "meaning")];
    if (evidence !== undefined)
      return { ...wanted, provider: "adapter", evidence, adapter, ...(meaning !== undefined && { meaning }) };
    const hint = (): string | undefined => memberOf(description, "hint") ?? hintFor(wanted);
    return { ...wanted, provider: "stub", evidence: describerOf(policy, hint, answerOf)(wanted) };
  };
}
