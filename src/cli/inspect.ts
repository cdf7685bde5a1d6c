import { signatureText, typeText } from "../base/type-text.ts";
import { inspect, UnglueError } from "../node.ts";
import type { Advice, BuiltinOptions, ClassShape, MemoryType, Shape, TableType } from "../public/index.ts";
import { type BuiltinFlags, builtinsFrom } from "./builtins.ts";
import { exitCodes } from "./command-error.ts";
import { type Feature, featuresOf } from "./features.ts";
import { type Input, readInput } from "./input.ts";
import { type Output, printable, sizeText, toJson, wrap } from "./output.ts";
import { findProviders, type Providers } from "./providers.ts";

/**
 * Runs `unglue inspect`. The exit code tells findings if the bytes are no module that can be read.
 *
 * @param argument - The module.
 * @param options - How to print.
 * @param output - The terminal.
 */
export async function inspectCommand(
  argument: string,
  { json = false, ...flags }: BuiltinFlags & { readonly json?: boolean },
  output: Output,
): Promise<number> {
  const input = await readInput(argument);
  const builtins = builtinsFrom(flags);
  const read = readShape(input, builtins);
  const providers = await findProviders(input.bytes, undefined, builtins);
  const shape = { ...read, advice: adviceOf(read, providers) };
  const features = featuresOf(shape);
  if (json) {
    const imports = "reports" in providers ? { imports: providers.reports } : { reason: providers.reason };
    output.write(toJson({ name: input.name, bytes: input.bytes.length, ...shape, ...imports, features }));
  } else {
    output.write(`${describeModule(input, shape, providers, features, output)}\n`);
  }
  return exitCodes.fine;
}

/** Returns the advice on a module. What is known of its imports, which the bytes do not tell, makes that on closures complete. */
function adviceOf({ advice }: Shape, providers: Providers): readonly Advice[] {
  const known = "advice" in providers ? providers.advice : [];
  return [...advice.filter(({ code }) => known.every((one) => one.code !== code)), ...known];
}

/** Reads a module, with the imports that are builtins, too; an error names the file. */
function readShape({ name, bytes }: Input, builtins: BuiltinOptions): Shape {
  try {
    return { ...inspect(bytes, { names: true, ...builtins }), imports: inspect(bytes).imports };
  } catch (error) {
    if (error instanceof UnglueError) error.message = `${printable(name)}: ${error.message}`;
    throw error;
  }
}

function describeModule(
  { name, bytes }: Input,
  shape: Shape,
  providers: Providers,
  features: readonly Feature[],
  output: Output,
): string {
  const { toolchain, classes = [], advice } = shape;
  const { strong, faint, width } = output;
  const version = toolchain.version === undefined ? "" : ` ${printable(toolchain.version)}`;
  const blocks = [
    [
      `${strong(printable(name))}, ${sizeText(bytes.length)}, made by ${strong(toolchain.name + version)}`,
      ...toolchain.evidence.slice(0, 3).map((evidence) => faint(wrap(`  known by ${evidence}`, width, 4))),
    ],
    describeParts(shape),
    describeImports(shape, providers, output),
    describeExports(shape, output),
    describeClasses(classes, output),
    describeSections(shape, output),
    features.length > 0 &&
      section(
        `Features (${features.length})`,
        features.map(({ name, since }) => wrap(`  ${name}${since === undefined ? "" : `: ${since}`}`, width, 4)),
        output,
      ),
    advice.length > 0 &&
      section(
        "Advice",
        advice.map(({ code, message }) => wrap(`  ${code}: ${message}`, width, 4)),
        output,
      ),
  ];
  return blocks.flatMap((block) => (block && block.length > 0 ? [block.join("\n")] : [])).join("\n\n");
}

/** Memories, tables, start function and allocator, a line each. */
function describeParts({ memories, tables, start, names, allocator }: Shape): string[] {
  const startName = names?.functions.find(([index]) => index === start)?.[1];
  return [
    ...memories.map((memory, at) => `Memory ${at}: ${memoryText(memory)}`),
    ...tables.map((table, at) => `Table ${at}: ${tableText(table)}`),
    ...(start === undefined
      ? []
      : [`Start function: ${startName === undefined ? `number ${start}` : printable(startName)}`]),
    ...(memories.length === 0
      ? []
      : [
          `Allocator: ${allocator ? [allocator.alloc, allocator.free ?? "none that frees"].join(", ") : "none that is known among the exports"}`,
        ]),
  ];
}

function memoryText({ initial, maximum, shared, address, pageSize }: MemoryType): string {
  const bytes = Number(initial) * pageSize;
  const parts = [
    `${counted(initial, "page")} (${sizeText(bytes)})`,
    maximum === undefined ? "no maximum" : `at most ${maximum}`,
    shared && "shared",
    address === "i64" && "64-bit addresses",
    pageSize !== 65536 && `pages of ${pageSize} bytes`,
  ];
  return parts.filter((part) => part !== false).join(", ");
}

function tableText({ initial, maximum, element }: TableType): string {
  return `${counted(initial, "element")} of ${element}, ${maximum === undefined ? "no maximum" : `at most ${maximum}`}`;
}

/** As in `1 page` and `2 pages`. */
function counted(count: number | bigint, unit: string): string {
  return `${count} ${unit}${Number(count) === 1 ? "" : "s"}`;
}

/** The imports by module, each with its type and who would provide it. */
function describeImports(shape: Shape, providers: Providers, output: Output): string[] {
  if (shape.imports.length === 0) return [];
  const { faint, width } = output;
  const evidenceOf = (index: number | undefined): string | undefined => {
    const report = index !== undefined && "reports" in providers ? providers.reports[index] : undefined;
    return report && `${report.provider}: ${report.evidence}`;
  };
  const lines: string[] = [];
  const groups = new Map<string, number[]>();
  for (const [at, { module }] of shape.imports.entries()) groups.set(module, [...(groups.get(module) ?? []), at]);
  for (const [module, indices] of groups) {
    lines.push(`  ${printable(module)}`);
    let alike = 0;
    for (const [at, index] of indices.entries()) {
      const one = shape.imports[index];
      if (!one) continue;
      lines.push(`    ${printable(one.name)} ${faint(typeText(one))}`);
      const evidence = evidenceOf(index);
      alike++;
      // Neighbours with one reason share a line about it: a toolchain's hint is the same for all of its imports.
      if (evidence === evidenceOf(indices[at + 1])) continue;
      if (evidence !== undefined) lines.push(wrap(`      ${alike > 1 ? `these ${alike}, ` : ""}${evidence}`, width, 8));
      alike = 0;
    }
  }
  if ("reason" in providers) lines.push(wrap(`  Who would provide them cannot be told: ${providers.reason}`, width, 2));
  return section(`Imports (${shape.imports.length})`, lines, output);
}

function describeExports({ exports }: Shape, output: Output): string[] {
  if (exports.length === 0) return [];
  const lines = exports.map((one) => `  ${printable(one.name)} ${output.faint(typeText(one))}`);
  return section(`Exports (${exports.length})`, lines, output);
}

function describeClasses(classes: readonly ClassShape[], output: Output): string[] {
  if (classes.length === 0) return [];
  const { width } = output;
  const lines = classes.flatMap(({ name, constructors, methods, fields, free, evidence }) => [
    wrap(`  ${printable(name)}, by ${evidence}`, width, 4),
    ...constructors.map(
      ({ name, pattern, type }) => `    ${printable(name)}: constructor, ${pattern}, ${signatureText(type)}`,
    ),
    ...methods.map(({ name, type }) => `    ${printable(name)}: ${signatureText(type)}`),
    ...fields.map(
      ({ name, get, set }) => `    ${printable(name)}: field${get ? "" : ", written only"}${set ? "" : ", read only"}`,
    ),
    ...(free === undefined ? [] : [`    freed by ${printable(free)}`]),
  ]);
  return section(`Classes (${classes.length})`, lines, output);
}

function describeSections({ customSections }: Shape, output: Output): string[] {
  if (customSections.length === 0) return [];
  const lines = customSections.map(({ name, size }) => `  ${printable(name)}: ${sizeText(size)}`);
  return section(`Custom sections (${customSections.length})`, lines, output);
}

function section(title: string, lines: readonly string[], { strong }: Output): string[] {
  return [strong(title), ...lines];
}
