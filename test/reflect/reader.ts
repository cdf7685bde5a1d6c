import { explain } from "../../src/errors/messages/index.ts";
import * as reflect from "../../src/reflect/index.ts";
import { advise } from "../../src/toolchains/advice.ts";
import { identify } from "../../src/toolchains/identify.ts";
import { toolchainSections } from "../../src/toolchains/registry.ts";

/** A function whose failures are put into words, as all that a user calls has them. */
function worded<Args extends unknown[], Result>(call: (...args: Args) => Result): (...args: Args) => Result {
  return (...args) => {
    try {
      return call(...args);
    } catch (failure) {
      throw explain(failure);
    }
  };
}

export const inspect = worded((...args: Parameters<typeof reflect.inspect>) =>
  advise(identify(reflect.inspect(...args))),
);
export const readHead = worded((...args: Parameters<typeof reflect.readHead>) => identify(reflect.readHead(...args)));
export const readModule = worded((...args: Parameters<typeof reflect.readModule>) =>
  identify(reflect.readModule(...args)),
);

/** Adds to a head what the engine tells, and the toolchain. */
export function completeShape(head: reflect.ReadShape, module: WebAssembly.Module) {
  return identify(reflect.completeShape(head, module, toolchainSections));
}

/** Reads a compiled module through the engine, with the toolchain. */
export function shapeOfModule(module: WebAssembly.Module) {
  return identify(reflect.completeShape(reflect.shapeOfModule(module), module, toolchainSections));
}
