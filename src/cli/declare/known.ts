import type { Known, Shape } from "../../public/index.ts";
import { formatMeaning } from "../../toolchains/wasm-bindgen/format-meaning.ts";
import type { StatedClosure } from "../../toolchains/wasm-bindgen/options.ts";
import type { Remark } from "./declared.ts";
import { foreignHost } from "./foreign.ts";
import type { GlueImport, GlueModule } from "./glue/model.ts";
import { isHole } from "./merging.ts";
import type { ForeignImport } from "./print-js.ts";
import type { ForeignSource } from "./foreign-source.ts";

/** The meanings of a module's imports. */
export interface KnownImports {
  readonly known: Known | undefined;
  /** The functions of the package that the module imports. */
  readonly foreign: readonly ForeignImport[];
  readonly holes: readonly Remark[];
  /** The functions whose names say something else than the JavaScript does. */
  readonly guesses: readonly Remark[];
  /** The texts that the JavaScript puts into the module's table of references, by their places. */
  readonly texts: ReadonlyMap<number, string>;
  /** The number of imported functions, and of those whose task is known. */
  readonly all: number;
  readonly identified: number;
}

/**
 * Finds what each import of a module does, as its generated JavaScript says.
 *
 * @param shape - The module's shape.
 * @param glue - The generated JavaScript.
 * @param glueName - Its name, for remarks.
 * @param sourceOf - Finds the module that the generated JavaScript imports by this name.
 */
export function knownOf(
  { imports, toolchain }: Shape,
  glue: GlueModule,
  glueName: string,
  sourceOf: (module: string) => ForeignSource,
): KnownImports {
  const meanings = new Map<string, string>();
  const casts = new Map<string, string>();
  const closures = new Map<string, StatedClosure>();
  const holes: Remark[] = [];
  const guesses: Remark[] = [];
  const foreign: ForeignImport[] = [];
  const texts = new Map<number, string>();
  const functions = imports.filter(({ kind }) => kind === "function");
  const leave = (member: string, reason: string): void => void holes.push({ member, reason });
  const place = (module: string, name: string, read: GlueImport): void => {
    switch (read.kind) {
      case "meaning": {
        const meaning = formatMeaning({ crate: "", ...read.declaration });
        if (meaning === undefined) leave(name, `no meaning can state what ${glueName} does for it`);
        else meanings.set(name, meaning);
        // Several exports may have the type of a closure that is taken.
        const [first, ...others] = read.closures ?? [];
        if (first && meaning !== undefined && others.every(({ call }) => call === first.call))
          closures.set(name, first);
        return;
      }
      case "cast":
        casts.set(name, read.type);
        return;
      case "closure":
        closures.set(name, read.closure);
        return;
      case "foreign": {
        const { address, isCommonJs } = sourceOf(read.module);
        const host = "declaration" in read ? foreignHost(read.declaration) : undefined;
        const members = "path" in read ? read.path : [];
        // Loaders find the names in a CommonJS module by its text, if at all. All of it is always the default export.
        const path = [...(isCommonJs ? ["default"] : []), read.name, ...members];
        if (read.name === "*") leave(name, "it is a whole module, which no import can be");
        else if (host && "reason" in host) leave(name, host.reason);
        else foreign.push({ module, name, source: address, path, host });
        return;
      }
      // The adapter knows these by their names.
      case "intrinsic":
        if (read.changed) {
          const { text, line, column } = read.changed;
          const reason = `it is taken for wasm-bindgen's own, and does something else at ${glueName}:${line}:${column}: \`${text}\``;
          guesses.push({ member: name, reason });
        }
        for (const [place, text] of read.texts ?? []) texts.set(place, text);
        return;
      case "wrap":
      case "unwrap":
    }
  };
  for (const { module, name } of functions) {
    const read = glue.imports.get(name);
    if (!read) leave(name, `${glueName} gives the module no such import`);
    else if (isHole(read)) {
      leave(name, `${read.subject} has an unknown form at ${glueName}:${read.line}:${read.column}: \`${read.text}\``);
    } else place(module, name, read);
  }
  const stated = {
    ...(meanings.size > 0 && { meanings: Object.fromEntries(meanings) }),
    ...(casts.size > 0 && { casts: Object.fromEntries(casts) }),
    ...(closures.size > 0 && { closures: Object.fromEntries(closures) }),
    ...(holes.length > 0 && { holes: holes.map(({ member }) => member) }),
  };
  const { name, version } = toolchain;
  return {
    known: name === "unknown" ? undefined : { toolchain: name, ...(version !== undefined && { version }), ...stated },
    foreign,
    holes,
    guesses,
    texts,
    all: functions.length,
    identified: functions.length - holes.length,
  };
}
