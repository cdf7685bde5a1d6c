import type { Effect, Evaluation } from "./evaluation.ts";
import { isConstant, partsOf, type Term } from "./term.ts";

const typed = (type: string): readonly string[] => [`(=== (typeof p0) "${type}")`];
const optional = (type: string): string => `if((=== (typeof p1) "${type}"),p1,undefined)`;
const number = (element: string, type: string): readonly string[] => [
  `undefined; write ${element} (+ p0 8)=if(none(${optional(type)}),0,${optional(type)}); write i32 p0=(! none(${optional(type)}))`,
];
const operated = (operator: string): readonly string[] => [`(${operator} p0 p1)`];
/** A text that is stored at the address that the first parameter holds. */
const stored = (value: string, before: string): string =>
  `undefined; ${before}; write i32 (+ p0 4)=length(${value}); write i32 p0=pointer(${value})`;
const parsed = "JSON.parse(text(p0,p1))";
const serialized = "JSON.stringify(if((=== p1 undefined),null,p1))";
const error = "new Error(text(p0,p1))";
const table = "export.grow(4)";
/** An exception of a module that unwinds. */
const exception = (value: string): string => `new WebAssembly.Exception(new WebAssembly.Tag(record),[${value}])`;

/**
 * The results and effects of wasm-bindgen's own functions, as {@link formOf} writes them, by their names without underscores.
 * Functions that are not listed have many forms.
 */
const forms: ReadonlyMap<string, readonly (string | RegExp)[]> = new Map(
  Object.entries<readonly (string | RegExp)[]>({
    isundefined: ["(=== p0 undefined)"],
    objectisundefined: ["(=== p0 undefined)"],
    isnull: ["(=== p0 null)"],
    isobject: ['(&& (=== (typeof p0) "object") (! (=== p0 null)))'],
    isfunction: typed("function"),
    isstring: typed("string"),
    isbigint: typed("bigint"),
    issymbol: typed("symbol"),
    isarray: ["Array.isArray(p0); call Array.isArray(p0)"],
    isfalsy: ["(! p0)"],
    in: ["(in p0 p1)"],
    jsvaleq: ["(=== p0 p1)"],
    jsvallooseeq: ["(== p0 p1)"],
    booleanget: [
      'if((=== (typeof p0) "boolean"),if(p0,1,0),2)',
      'if(none(if((=== (typeof p0) "boolean"),p0,undefined)),16777215,if(if((=== (typeof p0) "boolean"),p0,undefined),1,0))',
    ],
    jsonparse: [`${parsed}; call ${parsed}`],
    jsonserialize: [stored(serialized, `call ${serialized}`)],
    debugstring: [
      /^undefined; (?:(?:call|unknown)\b.*; )?write i32 \(\+ p0 4\)=length\((.*)\); write i32 p0=pointer\(\1\)$/s,
    ],
    rethrow: [
      "undefined; throw p0",
      "undefined; drop p0; throw p0",
      `undefined; call ${exception("p0")}; throw ${exception("p0")}`,
      `undefined; drop p0; call ${exception("p0")}; throw ${exception("p0")}`,
    ],
    module: ["function.__wbindgen_wasm_module", "variable"],
    isnullorundefined: ["none(p0)"],
    objectisnullorundefined: ["none(p0)"],
    asnumber: ["(+ p0)"],
    neg: ["(- p0)"],
    bitnot: ["(~ p0)"],
    typeof: ["(typeof p0)"],
    bitand: operated("&"),
    bitor: operated("|"),
    bitxor: operated("^"),
    shl: operated("<<"),
    shr: operated(">>"),
    unsignedshr: operated(">>>"),
    add: operated("+"),
    sub: operated("-"),
    mul: operated("*"),
    div: operated("/"),
    rem: operated("%"),
    pow: operated("**"),
    lt: operated("<"),
    le: operated("<="),
    ge: operated(">="),
    gt: operated(">"),
    arraynew: ["[]"],
    arraypush: [
      "undefined; call p0.push(p1); drop p1",
      "undefined; call p0.push(p1)",
      "undefined; drop p1; call p0.push(p1)",
    ],
    symbolnamednew: ["Symbol(text(p0,p1)); call Symbol(text(p0,p1))"],
    symbolanonymousnew: ["Symbol(); call Symbol()"],
    numberget: number("f64", "number"),
    bigintgetasi64: number("i64", "bigint"),
    stringget: [
      `undefined; write i32 (+ p0 4)=if(none(${optional("string")}),variable,length(${optional("string")})); ` +
        `write i32 p0=if(none(${optional("string")}),0,pointer(${optional("string")}))`,
    ],
    stringnew: ["text(p0,p1)"],
    numbernew: ["p0"],
    bigintfromi64: ["p0"],
    bigintfromu64: ["(asUintN 64 p0)"],
    errornew: [`${error}; call ${error}`],
    throw: [
      `undefined; call ${error}; throw ${error}`,
      // The text may be in the module's cache.
      "undefined; call new Error(if((=== p0 0),p1,text(p0,p1))); throw new Error(if((=== p0 0),p1,text(p0,p1)))",
      `undefined; call ${error}; call ${exception(error)}; throw ${exception(error)}`,
    ],
    objectcloneref: ["p0"],
    objectdropref: ["undefined; drop p0"],
    initexternreftable: [
      `undefined; call ${table}; call export.set(0,undefined); call export.set((+ ${table} 0),undefined); ` +
        `call export.set((+ ${table} 1),null); call export.set((+ ${table} 2),true); call export.set((+ ${table} 3),false)`,
      // The newest modules have made the places themselves. Constant texts follow.
      /^undefined; call export\.set\(0,undefined\); call export\.set\(\d+,undefined\); call export\.set\(\d+,null\); call export\.set\(\d+,true\); call export\.set\(\d+,false\)(?:; call export\.set\(\d+,"(?:[^"\\]|\\.)*"\))*$/,
    ],
  }),
);

/** Whether the form of a function of a name is known. */
export function hasKnownForm(name: string): boolean {
  return forms.has(name);
}

/**
 * Whether a function does what wasm-bindgen's own function of its name does, as far as that is known.
 *
 * @param name - The name, without underscores.
 * @param result - The result of the function.
 * @param evaluation - Its evaluation.
 */
export function isKnownForm(name: string, result: Term, evaluation: Evaluation): boolean {
  const known = forms.get(name);
  if (!known) return true;
  const form = formOf(result, evaluation);
  return known.some((one) => (typeof one === "string" ? one === form : one.test(form)));
}

/** Writes what a function does, without handles, checks of a debug build, and the handling of the engine's exceptions. */
function formOf(result: Term, { effects }: Evaluation): string {
  const written = effects.flatMap((one) => {
    const isCheck = one.guards.some(
      (guard) => guard.kind === "caught" || (guard.kind === "test" && guard.is && isTypeTest(guard.test)),
    );
    if (isCheck) return [];
    const when = one.guards.map((guard) => (guard.kind === "test" ? `when ${textOf(guard.test)} ` : `${guard.kind} `));
    // The first places of a list are never given back.
    const isConstantTest = one.kind === "drop" && when.every((test) => /^when (\(! )?\(< p\d+ \d+\)+ $/.test(test));
    return [`${isConstantTest ? "" : when.join("")}${stepOf(one)}`];
  });
  return [textOf(result), ...written].join("; ");
}

function stepOf(one: Effect): string {
  if (one.kind === "call") return `call ${textOf(one.term)}`;
  if (one.kind === "write") return `write ${one.element} ${textOf(one.address)}=${textOf(one.value)}`;
  if (one.kind === "throw") return `throw ${textOf(one.value)}`;
  return one.kind === "drop" ? `drop ${textOf(one.word)}` : one.kind;
}

/** Whether a condition is that a value has not the type that it must have. */
function isTypeTest(test: Term): boolean {
  if (test.kind !== "operation" || test.operator !== "!") return false;
  const [inner] = test.args;
  const [type] = inner?.kind === "operation" && inner.operator === "===" ? inner.args : [];
  return type?.kind === "operation" && type.operator === "typeof";
}

/** Whether something makes the same errors with `new` and without, which minifiers leave out. */
function isErrorClass(term: Term): boolean {
  return term.kind === "global" && /^([A-Z]\w*)?Error$/.test(term.name);
}

/** Deeper terms than those of these functions. */
const deepest = 12;

function textOf(term: Term, depth = 0): string {
  if (depth > deepest) return "…";
  const of = (inner: Term): string => textOf(inner, depth + 1);
  const all = (terms: readonly Term[]): string => terms.map(of).join(",");
  switch (term.kind) {
    case "constant":
      return isConstant(term) && typeof term.value === "string" ? JSON.stringify(term.value) : String(term.value);
    case "param":
      return `p${term.index}`;
    case "handle":
      return of(term.value);
    case "handled":
      return of(term.word);
    case "global":
      return term.name;
    case "member":
      return `${of(term.of)}.${term.name}`;
    case "call":
      return `${term.isNew || isErrorClass(term.callee) ? "new " : ""}${of(term.callee)}(${all(term.args)})`;
    case "operation":
      return `(${[term.operator, ...term.args.map(of)].join(" ")})`;
    case "either":
      return `if(${all([term.test, term.then, term.otherwise])})`;
    case "is-none":
      return `none(${of(term.of)})`;
    case "text":
      return `text(${all([term.pointer, term.length])})`;
    case "pointer":
    case "length":
      return `${term.kind}(${of(term.of.value)})`;
    case "list":
      return `[${all(term.items)}]`;
    default:
      return partsOf(term).length === 0 ? term.kind : `${term.kind}(${all(partsOf(term))})`;
  }
}
