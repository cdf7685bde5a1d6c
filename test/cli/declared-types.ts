import { join, resolve } from "node:path";
import ts from "typescript";
import type { Declared } from "../../src/cli/declare/declared.ts";

/** A declaration file whose types are checked. */
export interface Checked {
  /** A name for its files. */
  readonly name: string;
  /** The text of its `.d.ts`. */
  readonly dts: string;
  readonly declared: Declared;
  /** The `.d.ts` of the package. */
  readonly packageDts: string | undefined;
}

/** The problems of a declaration file's types. */
export interface TypeProblems {
  /** Errors in the file itself. */
  readonly errors: readonly string[];
  /** The members that are not assignable to those of the package, with TypeScript's reason. */
  readonly differing: ReadonlyMap<string, string>;
}

const root = resolve(import.meta.dirname, "../..");

/**
 * Compiles declaration files under strict rules, with the library's own declarations, and compares each of their members
 * with that of the package.
 */
export function checkTypes(all: readonly Checked[]): readonly TypeProblems[] {
  const folder = join(root, "test/cli/generated");
  const files = new Map<string, string>();
  const paths = all.map(({ name, dts, declared, packageDts }) => {
    const path = join(folder, `${name}.d.ts`);
    files.set(path, dts);
    files.set(join(folder, `${name}.use.ts`), useText(name));
    if (packageDts !== undefined) files.set(join(folder, `${name}.same.ts`), comparison(name, declared, packageDts));
    return path;
  });
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ESNext,
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    types: ["node"],
    baseUrl: root,
    paths: { unglue: ["src/node.ts"] },
  };
  // A program that uses the file has the packages whose types it mentions. Here they may be missing, and are then any.
  const missing = all
    .flatMap(({ declared }) => declared.imports)
    .filter(({ source }) => !ts.resolveModuleName(source, join(folder, "a.ts"), options, ts.sys).resolvedModule);
  files.set(join(folder, "missing.d.ts"), missingText(missing));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.directoryExists = (path) => path === folder || ts.sys.directoryExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, text, ts.ScriptTarget.ESNext);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const problems = (path: string): readonly ts.Diagnostic[] => {
    const source = program.getSourceFile(path);
    return source ? [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)] : [];
  };
  return all.map(({ name }, at) => {
    const errors = [...problems(paths[at] ?? ""), ...problems(join(folder, `${name}.use.ts`))].map(textOf);
    const same = join(folder, `${name}.same.ts`);
    const lines = files.get(same)?.split("\n") ?? [];
    const differing = new Map<string, string>();
    for (const problem of problems(same)) {
      const line = problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0).line ?? 0;
      const [, member = `line ${line + 1}: ${lines[line]}`] = /\/\/ (.*)$/.exec(lines[line] ?? "") ?? [];
      if (!differing.has(member)) differing.set(member, textOf(problem));
    }
    return { errors, differing };
  });
}

/** Declares the types that other packages should export; some are generic. */
function missingText(imports: Declared["imports"]): string {
  const modules = new Map<string, Set<string>>();
  for (const { source, names } of imports) {
    modules.set(source, new Set([...(modules.get(source) ?? []), ...names.values()]));
  }
  return [...modules]
    .map(([source, names]) => {
      const types = [...names].filter((one) => one !== "*" && one !== "default");
      return `declare module ${JSON.stringify(source)} {\n${types.map((one) => `  export type ${one}<A = any, B = A, C = B> = any;\n`).join("")}}\n`;
    })
    .join("");
}

/** A use as a program writes it. */
function useText(name: string): string {
  return `import { load } from "unglue";
import declaration, { type Api } from "./${name}";
const wasm = await load("./app.wasm", declaration);
export const api: Api = wasm.api;
await load("./app.wasm", { ...declaration, onTrap: "restart" });
`;
}

/** Assigns each member to that of the package, whose classes are taken as classes of this module. */
function comparison(name: string, { members }: Declared, packageDts: string): string {
  const source = JSON.stringify(packageDts.replace(/\.d\.ts$/, ""));
  const of = (type: string, member: string) => `${type}[${JSON.stringify(member)}]`;
  const classes = members.filter((one) => one.kind === "class");
  const lines = [
    `import type { WasmObject } from "unglue";`,
    `import type * as theirs from ${source};`,
    `import type * as ours from "./${name}";`,
    `type Theirs = typeof theirs;`,
    `type Known<Type> = Pick<Type, keyof Type>;`,
    // A package may export a class as a type alone.
    `type Exported<Name extends PropertyKey> = Name extends keyof Theirs ? Theirs[Name] : object;`,
    `declare const api: ours.Api;`,
    `declare module ${source} {`,
    ...classes.map((one) => `  interface ${one.name} extends WasmObject<${JSON.stringify(one.name)}> {}`),
    `}`,
  ];
  for (const member of members) {
    const own = of("api", member.name);
    if (member.kind !== "class")
      lines.push(`{ const one: ${of("Theirs", member.name)} = ${own}; void one; } // ${member.name}`);
    else {
      // A private constructor makes the whole class another: its objects, its static members and its constructor are compared.
      lines.push(
        `{ const one: theirs.${member.name} = null! as ours.${member.name}; void one; } // ${member.name} (objects)`,
        `{ const one: Omit<Known<Exported<${JSON.stringify(member.name)}>>, "prototype"> = ${own}; void one; } // ${member.name} (static)`,
      );
      if (member.construct) {
        lines.push(
          `{ const one: new (...args: ConstructorParameters<${of("Theirs", member.name)}>) => theirs.${member.name} = ${own}; void one; } // ${member.name} (constructor)`,
        );
      }
    }
  }
  return `${lines.join("\n")}\n`;
}

function textOf({ file, start, messageText }: ts.Diagnostic): string {
  const at = file ? file.getLineAndCharacterOfPosition(start ?? 0) : undefined;
  const place = file && at ? `${file.fileName.replace(/.*\//, "")}:${at.line + 1}: ` : "";
  return place + ts.flattenDiagnosticMessageText(messageText, "\n  ").slice(0, 600);
}
