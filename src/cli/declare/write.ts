import { basename, relative, sep } from "node:path";
import type { BuiltinOptions, DeclarationFile } from "../../public/index.ts";
import { compactShape } from "../../reflect/compact.ts";
import { fingerprintOf } from "../../reflect/fingerprint.ts";
import { declareAssemblyscript } from "./assemblyscript.ts";
import { readCalls } from "./calls.ts";
import type { Declared } from "./declared.ts";
import { findForeignSource } from "./foreign-source.ts";
import type { Inputs } from "./inputs.ts";
import { type KnownImports, knownOf } from "./known.ts";
import { merge } from "./merge.ts";
import { printDts } from "./print-dts.ts";
import { type Header, printJs } from "./print-js.ts";
import { type Beside, interfaceOf, verify, verifyKnown } from "./verify.ts";

/** How to write a declaration file. */
export interface WriteOptions {
  /** Whether the documentation is kept. */
  readonly withDocs: boolean;
  /** Whether the file has the module's shape. */
  readonly withShape: boolean;
  /** The tool's version. */
  readonly version: string;
  /** The command that writes the file again. */
  readonly command: string;
  /** The folder that the file will be in; without one, files are imported by their whole paths. */
  readonly folder?: string;
  /** The builtins that the module is compiled with. */
  readonly builtins?: BuiltinOptions;
}

/** A declaration file and its types. */
export interface Written {
  readonly js: string;
  readonly dts: string;
  readonly declared: Declared;
  readonly known: KnownImports | undefined;
  readonly file: DeclarationFile<unknown>;
  /** Whether the JavaScript and the types that were found are of this module. */
  readonly uses: { readonly glue: boolean; readonly dts: boolean };
}

/**
 * Writes the declaration file of a module as text.
 *
 * @param inputs - The module, and the texts that belong to it.
 * @param options - How to write it.
 */
export async function writeDeclaration(inputs: Inputs, options: WriteOptions): Promise<Written> {
  const { module, shape } = inputs;
  const { builtins } = options;
  if (shape.toolchain.name === "assemblyscript") return writeAssemblyscript(inputs, options);
  const { glue, read, dts, ...remarks } = readCalls(inputs);
  const glueName = inputs.glue?.name ?? "the types";
  const merged = merge({ shape, glue, glueName, dts, withDocs: options.withDocs, isGuessed: read === undefined });
  // A module whose imports could not be read at all has them identified when it is loaded.
  const found =
    read && read.imports.size > 0
      ? knownOf(shape, read, glueName, (name) => findForeignSource(name, inputs, options.folder))
      : undefined;
  const declaredSoFar = { ...merged, guesses: [...merged.guesses, ...remarks.guesses] };
  const fitting = await verify(module.bytes, declaredSoFar, builtins);
  const classes = new Set(fitting.members.filter(({ kind }) => kind === "class").map(({ name }) => name));
  const known = found && (await verified(module.bytes, found, { classes, builtins }));
  // JavaScript that is wrapped by hand may export nothing that calls the module.
  const nothing =
    read || dts
      ? { member: glueName, reason: `it ${read ? "exports" : "declares"} no function or class that calls the module` }
      : { member: module.name, reason: "it exports no function, and there is neither JavaScript nor a .d.ts" };
  const holes = [
    ...fitting.holes,
    ...remarks.holes,
    ...(fitting.members.length === 0 ? [nothing] : []),
    ...(known?.holes ?? []),
  ];
  const covered = [...(read?.covered ?? [])].map(([member, { line, column }]) => ({
    member,
    reason: `the package exports other JavaScript by this name, at ${glueName}:${line}:${column}; this is the generated one`,
  }));
  const declared: Declared = {
    ...fitting,
    holes,
    guesses: [...fitting.guesses, ...(known?.guesses ?? [])],
    differences: [...fitting.differences, ...covered],
    notes: [...fitting.notes, ...remarks.notes],
  };
  const file: DeclarationFile<unknown> = {
    format: 1,
    fingerprint: fingerprintOf(shape),
    ...builtins,
    api: { checked: true, members: interfaceOf(declared.members) },
    ...(known?.known && { known: known.known }),
    ...(options.withShape && { shape: compactShape(shape) }),
  };
  const header = headerOf(inputs, options);
  const foreign = known?.foreign ?? [];
  return {
    js: printJs(file, declared, header, foreign),
    dts: printDts(declared, header, foreign.length > 0),
    declared,
    known,
    file,
    uses: { glue: read !== undefined, dts: dts !== undefined },
  };
}

/** Leaves out the meanings that a load would refuse. */
async function verified(
  bytes: Uint8Array<ArrayBuffer>,
  found: KnownImports,
  beside: Omit<Beside, "functions">,
): Promise<KnownImports> {
  if (!found.known) return found;
  const functions = new Set(found.foreign.map(({ name }) => name));
  const { known, holes } = await verifyKnown(bytes, found.known, { ...beside, functions });
  return { ...found, known, holes: [...found.holes, ...holes], identified: found.identified - holes.length };
}

/** Writes the declaration file of an AssemblyScript module. Its imports follow from their names. */
async function writeAssemblyscript(inputs: Inputs, options: WriteOptions): Promise<Written> {
  const { module, shape } = inputs;
  const declared = await verify(module.bytes, declareAssemblyscript(inputs, options.withDocs), options.builtins);
  const file: DeclarationFile<unknown> = {
    format: 1,
    fingerprint: fingerprintOf(shape),
    ...options.builtins,
    api: { checked: true, members: interfaceOf(declared.members) },
    ...(options.withShape && { shape: compactShape(shape) }),
  };
  const header = headerOf(inputs, options);
  return {
    js: printJs(file, declared, header, []),
    dts: printDts(declared, header, false),
    declared,
    known: undefined,
    file,
    uses: { glue: inputs.glue !== undefined, dts: true },
  };
}

function headerOf({ module, package: owner }: Inputs, { version, command }: WriteOptions): Header {
  const place =
    module.path !== undefined && owner ? relative(owner.folder, module.path).split(sep).join("/") : undefined;
  // A module that is embedded is named with its number.
  const [selection = ""] = module.embedded === undefined ? [] : (/#\d+$/.exec(module.name) ?? []);
  return {
    subject: owner ? `${owner.name}${owner.version === undefined ? "" : ` ${owner.version}`}` : basename(module.name),
    license: owner?.license,
    module: place === undefined ? module.name : place + selection,
    command,
    version,
  };
}
