import { basename, relative, sep } from "node:path";
import type { BuiltinOptions, DeclarationFile, Known, Shape } from "../../public/index.ts";
import { compactShape } from "../../reflect/compact.ts";
import { fingerprintOf } from "../../reflect/fingerprint.ts";
import { compileUnstarted, type Unstarted } from "../unstarted.ts";
import { declareAssemblyscript } from "./assemblyscript.ts";
import { readCalls } from "./calls.ts";
import { companionRemarks } from "./companions.ts";
import type { Declared } from "./declared.ts";
import { findForeignSource } from "./foreign-source.ts";
import type { Inputs } from "./inputs.ts";
import { type KnownImports, knownOf } from "./known.ts";
import { merge } from "./merge.ts";
import { printDts } from "./print-dts.ts";
import { type Header, printJs } from "./print-js.ts";
import { settleTypes } from "./settle-types.ts";
import { interfaceOf, verify, verifyKnown } from "./verify.ts";

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
  const instantiate = await compileUnstarted(module.bytes, builtins);
  const fitting = await verify(instantiate, declaredSoFar);
  const classes = new Set(fitting.members.filter(({ kind }) => kind === "class").map(({ name }) => name));
  const known = found && (await verified(instantiate, found, classes));
  // JavaScript that is wrapped by hand may export nothing that calls the module.
  const nothing =
    read || dts
      ? { member: glueName, reason: `it ${read ? "exports" : "declares"} no function or class that calls the module` }
      : { member: module.name, reason: "it exports no function, and there is neither JavaScript nor a .d.ts" };
  const surroundings = (read?.surroundings ?? []).map(({ subject, text, line, column }) => ({
    member: `${glueName}:${line}:${column}`,
    reason: `${subject} is not followed: \`${text}\``,
  }));
  const holes = [
    ...fitting.holes,
    ...surroundings,
    ...remarks.holes,
    ...(fitting.members.length === 0 ? [nothing] : []),
    ...(known?.holes ?? []),
  ];
  const covered = [...(read?.covered ?? [])].map(([member, { line, column }]) => ({
    member,
    reason: `the package exports other JavaScript by this name, at ${glueName}:${line}:${column}; this is the generated one`,
  }));
  const companions =
    read && inputs.glue
      ? companionRemarks(
          inputs.glue,
          inputs.package,
          new Set([...read.functions.keys(), ...read.classes.keys(), ...read.enums.keys()]),
          read.loads ?? [],
        )
      : [];
  const declared = settleTypes({
    ...fitting,
    holes,
    guesses: [...fitting.guesses, ...(known?.guesses ?? []), ...companions],
    differences: [...fitting.differences, ...covered],
    notes: [...fitting.notes, ...remarks.notes],
  });
  const file = fileOf(shape, declared, known?.known, options);
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
  instantiate: Unstarted,
  found: KnownImports,
  classes: ReadonlySet<string>,
): Promise<KnownImports> {
  if (!found.known) return found;
  const functions = new Set(found.foreign.map(({ name }) => name));
  const { known, holes } = await verifyKnown(instantiate, found.known, { classes, functions });
  return { ...found, known, holes: [...found.holes, ...holes], identified: found.identified - holes.length };
}

/** Writes the declaration file of an AssemblyScript module. Its imports follow from their names. */
async function writeAssemblyscript(inputs: Inputs, options: WriteOptions): Promise<Written> {
  const { module, shape } = inputs;
  const instantiate = await compileUnstarted(module.bytes, options.builtins);
  const declared = settleTypes(await verify(instantiate, declareAssemblyscript(inputs, options.withDocs)));
  const file = fileOf(shape, declared, undefined, options);
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

/** Puts the options of a load together. */
function fileOf(
  shape: Shape,
  { members }: Declared,
  known: Known | undefined,
  { builtins, withShape }: WriteOptions,
): DeclarationFile<unknown> {
  return {
    format: 1,
    fingerprint: fingerprintOf(shape),
    ...builtins,
    api: { checked: true, members: interfaceOf(members) },
    ...(known && { known }),
    ...(withShape && { shape: compactShape(shape) }),
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
