import type { Declared, DeclaredMember, FunctionText, PropertyText, Signature } from "./declared.ts";
import { type Header, printHeader } from "./print-js.ts";
import { commentText, isIdentifier, keyText, quote } from "./text.ts";

type ClassMemberText = Extract<DeclaredMember, { kind: "class" }>;
type EnumerationText = Extract<DeclaredMember, { kind: "enumeration" }>;

/**
 * Prints the types of a declaration file.
 *
 * @param declared - The interface.
 * @param header - The facts for the comment at the start.
 * @param hasImports - Whether the file exports functions for the option `imports`.
 */
export function printDts(declared: Declared, header: Header, hasImports: boolean): string {
  return `${printHeader(declared, header)}\n${printTypes(declared, hasImports, "declare ")}`;
}

/**
 * Prints the types of a declaration file as the body of a `declare module`, with the address of the module as the export
 * `source`.
 *
 * @param declared - The interface.
 * @param hasImports - Whether the file exports functions for the option `imports`.
 */
export function printAmbient(declared: Declared, hasImports: boolean): string {
  return `${printTypes(declared, hasImports, "")}
/** The address of the module: a URL in a browser, a \`file:\` URL in Node. */
export const source: string;
`;
}

/** Prints the types. What is ambient already takes no `declare`. */
function printTypes(declared: Declared, hasImports: boolean, declare: "declare " | ""): string {
  const { members, types, imports } = declared;
  const taken = new Set([
    ...members.map(({ name }) => name),
    ...types.map(({ name }) => name),
    ...imports.flatMap(({ names }) => [...names.keys()]),
  ]);
  const [library, values, declaration] = ["unglue", "Api", "declaration"].map((name) => unique(name, taken)) as [
    string,
    string,
    string,
  ];
  const classes = members.filter((one): one is ClassMemberText => one.kind === "class");
  const enumerations = members.filter((one): one is EnumerationText => one.kind === "enumeration");
  const blocks = [
    importLines(imports, library),
    ...types.map(({ docs, text }) => `${docsText(docs, "")}export ${text}\n`),
    ...enumerations.map((one) => printEnumeration(one, mentionsOf(declared, one.name), declare)),
    ...classes.map((one) => printClass(one, library, taken)),
    `/** The members of \`wasm.api\`. */\nexport interface ${values} {\n${members
      .map((one) => printMember(one, classes, values))
      .join("")}}\n`,
    `${declare}const ${declaration}: ${library}.DeclarationFile<${library}.StatedMembers<${values}>>;\nexport default ${declaration};\n`,
    ...(hasImports
      ? [
          "/** The functions of the package that the module imports: a value for the option `imports`. */\n" +
            `export ${declare}const imports: Readonly<Record<string, Readonly<Record<string, ${library}.ImportFunction>>>>;\n`,
        ]
      : []),
  ];
  return blocks.join("\n");
}

function unique(name: string, taken: Set<string>): string {
  let found = name;
  while (taken.has(found)) found += "_";
  taken.add(found);
  return found;
}

function importLines(imports: Declared["imports"], library: string): string {
  const lines = imports.flatMap(({ source, names }) => {
    const named = [...names].filter(([, there]) => there !== "*");
    const whole = [...names].filter(([, there]) => there === "*");
    const list = named.map(([here, there]) => {
      const name = isIdentifier(there) || there === "default" ? there : quote(there);
      return name === here ? here : `${name} as ${here}`;
    });
    return [
      ...(list.length > 0 ? [`import type { ${list.join(", ")} } from ${quote(source)};\n`] : []),
      ...whole.map(([here]) => `import type * as ${here} from ${quote(source)};\n`),
    ];
  });
  return `import type * as ${library} from "unglue";\n${lines.join("")}`;
}

function docsText(docs: string | undefined, indent: string): string {
  return docs === undefined ? "" : commentText(docs, indent);
}

/** Whether a type names a single value of an enumeration, as in `Mode.Fast`. */
function mentionsOf({ members, types }: Declared, name: string): boolean {
  const texts = JSON.stringify([members.map((one) => ({ ...one, data: 0, docs: 0 })), types.map(({ text }) => text)]);
  return texts.includes(`${name}.`);
}

function printEnumeration({ name, docs, data }: EnumerationText, hasNames: boolean, declare: string): string {
  const values = [...new Set(data.values)].map((one) => (typeof one === "number" ? String(one) : quote(one)));
  const type = `${docsText(docs, "")}export type ${name} = ${values.join(" | ") || "never"};\n`;
  if (!hasNames) return type;
  const lines = (data.names ?? []).map((key, at) =>
    isIdentifier(key) ? `  type ${key} = ${String(data.values[at])};\n` : "",
  );
  return `${type}export ${declare}namespace ${name} {\n${lines.join("")}}\n`;
}

/** Prints the objects of a class. */
function printClass(
  { name, docs, parent, methods, properties }: ClassMemberText,
  library: string,
  taken: Set<string>,
): string {
  const own = [...methods, ...properties.filter(({ isStatic }) => !isStatic)].map((one) => one.name);
  const standing = own.filter((one) => one === "free" || one === "dispose");
  const object = `${library}.WasmObject<${quote(name)}>`;
  const base = standing.length > 0 ? `Omit<${object}, ${standing.map(quote).join(" | ")}>` : object;
  let start = "";
  let extended = base;
  if (parent !== undefined) {
    // An object of a class has the names of both, which only an intersection has.
    extended = unique(`${name}Base`, taken);
    start = `type ${extended} = ${base} & ${own.length > 0 ? `Omit<${parent}, ${own.map(quote).join(" | ")}>` : parent};\n`;
  }
  const lines = [
    ...properties.filter(({ isStatic }) => !isStatic).map((one) => printProperty(one, "  ")),
    ...methods.map((one) => printFunction(one, "  ")),
  ];
  const body = lines.length === 0 ? "{}" : `{\n${lines.join("")}}`;
  return `${start}${docsText(docs, "")}export interface ${name} extends ${extended} ${body}\n`;
}

function printProperty({ name, docs, read, write }: PropertyText, indent: string): string {
  const comment = docsText(docs, indent);
  const key = keyText(name);
  if (read !== undefined && write === undefined) return `${comment}${indent}readonly ${key}: ${read};\n`;
  if (read === write) return `${comment}${indent}${key}: ${read};\n`;
  const getter = read === undefined ? "" : `${indent}get ${key}(): ${read};\n`;
  return `${comment}${getter}${indent}set ${key}(value: ${write});\n`;
}

function printFunction({ name, docs, signature }: FunctionText, indent: string): string {
  // Without quotes, `new` would be the constructor.
  const key = name === "new" ? quote(name) : keyText(name);
  return `${docsText(docs, indent)}${indent}${key}${signatureText(signature)};\n`;
}

function signatureText({ generics, params, result }: Signature): string {
  return `${genericsText(generics)}(${paramsText(params)}): ${result}`;
}

function genericsText(generics: Signature["generics"]): string {
  const texts = generics.map(({ name, limit, default: other, isConst }) => {
    const limited = limit === undefined ? "" : ` extends ${limit}`;
    return `${isConst ? "const " : ""}${name}${limited}${other === undefined ? "" : ` = ${other}`}`;
  });
  return texts.length > 0 ? `<${texts.join(", ")}>` : "";
}

function paramsText(params: Signature["params"]): string {
  return params
    .map(({ name, text, isOptional, isRest }, at) => {
      // Only names that a parameter can have: others are those of no package that TypeScript reads.
      const own = isIdentifier(name) ? name : `arg${at}`;
      if (isRest) return `...${own}: ${text}`;
      // One that may be left out cannot stand before one that may not.
      const mayBeLeftOut = isOptional && params.slice(at).every((one) => one.isOptional || one.isRest);
      return `${own}${mayBeLeftOut ? "?" : ""}: ${text}${isOptional && !mayBeLeftOut ? " | undefined" : ""}`;
    })
    .join(", ");
}

function printMember(member: DeclaredMember, classes: readonly ClassMemberText[], values: string): string {
  switch (member.kind) {
    case "function":
      return printFunction(member, "  ");
    case "enumeration": {
      const { name, docs, data, valueDocs } = member;
      const lines = (data.names ?? []).map(
        (key, at) =>
          `${docsText(valueDocs.get(key), "    ")}    readonly ${keyText(key)}: ${String(data.values[at])};\n`,
      );
      return `${docsText(docs, "  ")}  readonly ${keyText(name)}: {\n${lines.join("")}  };\n`;
    }
    case "class":
      return printStatics(member, classes, values);
  }
}

/** Prints a class as a value: its constructor and its static members. */
function printStatics(
  { name, docs, parent, construct, statics, properties }: ClassMemberText,
  classes: readonly ClassMemberText[],
  values: string,
): string {
  const lines = [
    ...(construct
      ? [`${docsText(construct.docs, "    ")}    new ${signatureText({ ...construct.signature, result: name })};\n`]
      : []),
    `    readonly prototype: ${name};\n`,
    ...properties.filter(({ isStatic }) => isStatic).map((one) => printProperty(one, "    ")),
    ...statics.map((one) => printFunction(one, "    ")),
  ];
  const own = new Set([...statics, ...properties].map((one) => one.name));
  const inherited: string[] = [];
  const seen = new Set([name]);
  for (let at = parent; at !== undefined && !seen.has(at);) {
    seen.add(at);
    const of = classes.find((one) => one.name === at);
    const names = [...(of?.statics ?? []), ...(of?.properties.filter(({ isStatic }) => isStatic) ?? [])]
      .map((one) => one.name)
      .filter((one) => !own.has(one));
    for (const one of names) own.add(one);
    if (names.length > 0) inherited.push(` & Pick<${values}[${quote(at)}], ${names.map(quote).join(" | ")}>`);
    at = of?.parent;
  }
  const start = construct ? "" : `(abstract new () => ${name}) & `;
  return `${docsText(docs, "  ")}  readonly ${keyText(name)}: ${start}{\n${lines.join("")}  }${inherited.join("")};\n`;
}
