import { ownMembers } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import { loadError } from "../errors/load-error.ts";
import { requireEngine } from "../platform/engine.ts";
import type { Platform } from "../platform/platform.ts";
import type { SourceOptions, SyncSource } from "../public/index.ts";
import { compileBytesSync, type Compiled } from "./compile.ts";
import { describeModule, type ReadDeclaration } from "./describe-module.ts";
import { type Input, isPromise, membersOf, recognise } from "./source.ts";
import type { Terms } from "./terms.ts";

/**
 * Compiles a source that is already there, synchronously. Errors: those of {@link CompileSync}.
 *
 * @param platform - Where this runs.
 * @param source - Bytes, a compiled module, or a file if the platform has files.
 * @param options - The shape of a compiled module, and the maximum number of bytes.
 * @param terms - What caps the module's memories and tables, if the options limit them, and its builtins.
 */
export function compileSourceSync(
  platform: Platform,
  source: SyncSource,
  options: Pick<SourceOptions, "fingerprint" | "shape" | "limits">,
  terms: Pick<Terms, "limiter" | "builtins">,
  reader: ReadDeclaration,
): Compiled {
  requireEngine("Module", "Instance");
  const ceiling = options.limits?.bytes;
  const input = membersOf(source, () => recognise(platform, source));
  const { module, bytes, path } = input ?? ownMembers<Input>({});
  if (module) return describeModule(module, options, terms, reader);
  if (bytes) return compileBytesSync(bytes, {}, { ...terms, ceiling });
  if (path === undefined || !platform.files) {
    const isAsync = input !== undefined || typeof source === "function" || isPromise(source);
    throw loadError("invalid-source", { received: describe(source), problem: isAsync ? "sync" : "kind" });
  }
  const file = platform.files.readSync(path, ceiling);
  return compileBytesSync(file.bytes, file, { ...terms, ceiling });
}
