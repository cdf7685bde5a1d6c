import { explain } from "../../src/errors/explain.ts";
import { messages } from "../../src/errors/messages/index.ts";
import { shapeOfModule as shapeOfCompiled } from "../../src/reflect/compiled.ts";
import * as reflect from "../../src/reflect/index.ts";
import { inspect as inspectBytes } from "../../src/reflect/inspect.ts";
import { advise } from "../../src/toolchains/advice.ts";
import { identify } from "../../src/toolchains/identify.ts";
import { toolchainSections } from "../../src/toolchains/registry.ts";

/** A function that explains its errors, as all that a user calls does. */
function explained<Args extends unknown[], Result>(call: (...args: Args) => Result): (...args: Args) => Result {
  return (...args) => {
    try {
      return call(...args);
    } catch (error) {
      explain(error, messages);
      throw error;
    }
  };
}

export const inspect = explained((...args: Parameters<typeof inspectBytes>) => advise(identify(inspectBytes(...args))));
export const readHead = explained((...args: Parameters<typeof reflect.readHead>) =>
  identify(reflect.readHead(...args)),
);
export const readModule = explained((...args: Parameters<typeof reflect.readModule>) =>
  identify(reflect.readModule(...args)),
);

/** Adds to a head what the engine tells, and the toolchain. */
export function completeShape(head: reflect.ReadShape, module: WebAssembly.Module) {
  return identify(reflect.completeShape(head, module, toolchainSections));
}

/** Reads a compiled module through the engine, with the toolchain. */
export function shapeOfModule(module: WebAssembly.Module) {
  return identify(reflect.completeShape(shapeOfCompiled(module), module, toolchainSections));
}
