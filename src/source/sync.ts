import { ownMembers, ownValue } from "../base/own.ts";
import { isBuiltIn } from "../errors/caught.ts";
import { describe } from "../errors/describe.ts";
import { loadError } from "../errors/load-error.ts";
import { refusedError } from "../errors/refused.ts";
import { requireEngine } from "../platform/engine.ts";
import type { Platform } from "../platform/platform.ts";
import type { SourceOptions, SyncSource } from "../public/index.ts";
import { readModule, type Origin } from "../reflect/index.ts";
import { tooLarge } from "./body.ts";
import { type Compiled, engine, fully } from "./compile.ts";
import { describeModule, type ReadDeclaration } from "./describe-module.ts";
import { type Chunk, type Input, isPromise, membersOf, recognise } from "./source.ts";
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

/** Compiles bytes synchronously. Errors: as `compileBytes`, `sync-too-large`, `limit-exceeded`, and those of the limiter. */
function compileBytesSync(
  given: Chunk,
  origin: Origin,
  { limiter, builtins, ceiling = Infinity }: Pick<Terms, "limiter" | "builtins" | "ceiling">,
): Compiled {
  if (given.length > ceiling) throw tooLarge(given.length, ceiling, ownValue(origin, "from"));
  const read = readModule(given, origin);
  builtins?.check(read);
  const { bytes, shape } = limiter?.cap(given, read) ?? { bytes: given, shape: read };
  try {
    return fully(new (engine().Module)(bytes, builtins?.engine), shape);
  } catch (cause) {
    throw isBuiltIn(cause, "RangeError")
      ? loadError("sync-too-large", { size: bytes.length }, cause)
      : refusedError(cause, ownValue(origin, "from"));
  }
}
