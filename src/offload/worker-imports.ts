import { ownValue } from "../base/own.ts";
import { suspending } from "../base/suspending.ts";
import { findGiven, type Patterns } from "../imports/index.ts";
import type {
  Api,
  ImportFunction,
  Imports,
  ImportValue,
  InterfaceMembers,
  LoadOptions,
  Shape,
} from "../public/index.ts";
import type { TypeNode } from "../bind/types/node.ts";
import { givePlain, receivePlain } from "./conversion.ts";
import type { PostedFunction, PostedImport } from "./function-messages.ts";
import { pack } from "./packed.ts";
import { argumentType, convertResults, hostSignature } from "./signature.ts";
import type { WorkerFunctions } from "./worker-functions.ts";

/** The conversion of values for the other thread, and from it. */
export interface WorkerCrossing {
  give(type: TypeNode, value: unknown): unknown;
  receive(type: TypeNode, value: unknown): unknown;
}

/**
 * Makes the option `imports` of `load` from imports that stay on the caller's thread.
 *
 * @param posted - The imports.
 * @param functions - The functions of that thread.
 * @param crossing - The conversion of values, if there is an interface.
 * @param api - The declared interface, as it is given to the load.
 */
export function createWorkerImports(
  posted: readonly PostedImport[],
  functions: WorkerFunctions,
  crossing: WorkerCrossing = { give: givePlain, receive: receivePlain },
  api: Api<InterfaceMembers> | undefined,
): Imports {
  const imports = Object.create(null) as { [module: string]: { [name: string]: ImportValue } };
  for (const one of posted) {
    const group = (imports[one.module] ??= Object.create(null) as { [name: string]: ImportValue });
    group[one.name] = valueOf(one, functions, crossing, api);
  }
  return imports;
}

/**
 * Adds imports of the worker's own to those of the caller's thread, which come first.
 *
 * @param own - The worker's own, as the option `imports` of `load`.
 * @param imports - Those of the caller's thread, by exact names.
 * @param shape - The module.
 */
export function joinImports(
  own: NonNullable<LoadOptions["imports"]>,
  imports: Imports,
  shape: Shape,
): NonNullable<LoadOptions["imports"]> {
  const join = (added: Imports): Imports => {
    const joined = Object.create(null) as { [module: string]: { [name: string]: ImportValue } };
    const patterns: Patterns = new Map();
    for (const wanted of shape.imports) {
      const value = (findGiven(imports, wanted, patterns) ?? findGiven(added, wanted, patterns))?.found.value;
      if (value === undefined) continue;
      const group = (joined[wanted.module] ??= Object.create(null) as { [name: string]: ImportValue });
      group[wanted.name] = value as ImportValue;
    }
    return joined;
  };
  return typeof own === "function" ? (instance) => join(own(instance)) : join(own);
}

function valueOf(
  { value, function: called, host }: PostedImport,
  functions: WorkerFunctions,
  crossing: WorkerCrossing,
  api: Api<InterfaceMembers> | undefined,
): ImportValue {
  if (value !== undefined) return value;
  const isSuspended = called?.reply === "suspend";
  if (!host && called) {
    const call = functions.create(called);
    return isSuspended ? suspending(call as () => Promise<unknown>) : call;
  }
  if (!host) return 0;
  const { declared, error, isOfApi } = host;
  const result = ownValue(declared, "result") as TypeNode;
  const shown = {
    ...declared,
    // Without one the load refuses the types, and never calls it.
    call: called ? createCall(called, declared, functions, crossing) : () => undefined,
    ...(isSuspended && { suspends: true }),
    ...(isOfApi !== undefined && { api: isOfApi ? api : {} }),
    ...(error && {
      error: functions.create(error, {
        give: (thrown) => pack(thrown),
        receive: (value) => crossing.receive(result, value),
      }),
    }),
  };
  return shown;
}

function createCall(
  called: PostedFunction,
  declared: object,
  functions: WorkerFunctions,
  crossing: WorkerCrossing,
): ImportFunction {
  const { params, result } = declared as { readonly params: readonly TypeNode[]; readonly result: TypeNode };
  const signature = hostSignature(params, result);
  return functions.create(called, {
    give: (arg, at) => crossing.give(argumentType(signature, at), arg),
    receive: (value) => convertResults(signature, value, (type, one) => crossing.receive(type, one)),
  });
}
