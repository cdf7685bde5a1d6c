/** The texts of the advice. They are a separate chunk, because few modules need any, and a load can wait for it. */
import { ownMembers } from "../base/own.ts";
import type { Shape } from "../public/index.ts";
import type { ReadShape } from "../reflect/index.ts";

/** The codes of the advice about a module. */
export type AdviceCode =
  | "unprocessed"
  | "unsupported-version"
  | "minified-names"
  | "constructors-not-run"
  | "main-module"
  | "side-module"
  | "component-core"
  | "node-api"
  | "go-program"
  | "own-javascript";

/** A shape whose advice has codes but no texts yet. */
export interface UnadvisedShape extends ReadShape, Pick<Shape, "toolchain"> {
  readonly advice: readonly AdviceCode[];
}

const messages: { readonly [code in AdviceCode]: string | ((shape: UnadvisedShape) => string) } = {
  unprocessed:
    "This is what cargo built, and the wasm-bindgen CLI has not run on it. Stubs for its imports are enough as long as you " +
    'call only its extern "C" functions, and these need no JavaScript: declare them with { convention: "c" }. For everything ' +
    "that #[wasm_bindgen] exports or imports, run `wasm-bindgen --target web --out-dir pkg` on it, in the version of the crate " +
    "(`wasm-pack build` does), and load the `_bg.wasm` file that comes out.",
  "unsupported-version": ({ toolchain: { version = "" } }) =>
    `wasm-bindgen ${version} made this module, and the oldest that is supported is 0.2.68: before it, texts, objects and errors ` +
    "were passed in other ways, so only functions of numbers can be called. For the others use a newer release of the package, build " +
    "it with a newer wasm-bindgen, or keep the package's own JavaScript.",
  "minified-names":
    "Emscripten minified the names of the imports and exports, and only the JavaScript that it wrote beside this module " +
    "knows which is which. To keep the names, link with `-lexports.js`, `-o name.wasm`, `-sSTANDALONE_WASM` or `-O1`.",
  "side-module":
    "This is a dynamic library: it works only on a main module's memory, table and stack, with its place in them given by " +
    "`__memory_base` and `__table_base`. `shape.dylink` has the sizes of both, and the libraries that it needs in turn.",
  "constructors-not-run": (shape) => {
    const name = constructorsOf(shape);
    return (
      "The module's constructors were not run, because their name is minified too: what they set up is missing. They may call " +
      "imports, whose stubs throw, so give what the JavaScript beside the module gives in `imports` first. " +
      (name === undefined
        ? "That JavaScript tells which export they are: call it once, before anything else."
        : `By its place and type they are the export ${JSON.stringify(name)}: call wasm.guarded[${JSON.stringify(name)}]() once, before anything else.`)
    );
  },
  "main-module":
    "This is a main program built for dynamic linking. It imports its memory, table and stack pointer, where its data and " +
    "functions lie in them (`__memory_base`, `__table_base`), and from GOT.mem and GOT.func addresses that a dynamic linker " +
    "fills in; `shape.dylink` has the sizes. Give these in `imports`, or link without `-sMAIN_MODULE`.",
  "component-core":
    "This is a core module of a component: its functions follow the component model's canonical ABI, and its imports are " +
    "interfaces of other components. Transpile the whole component with `npx @bytecodealliance/jco transpile`, or give the interfaces in `imports`.",
  "node-api":
    "This is an addon for Node-API: its functions exist once they are registered. Load it with `adapters: [napi()]`, from " +
    "`unglue/napi`, and leave out `api`: they are `wasm.api`.",
  "go-program": ({ toolchain: { version } }) =>
    `This is a program of Go${version === undefined ? "" : ` (${version})`} for JavaScript: its functions exist once it runs. ` +
    "`const program = await loadProgram(source)`, from `unglue/go`, and `await program.run()` returns its exit code. Or " +
    "`load` it with `adapters: [go()]`, from `unglue/go`, and leave out `api`: what it sets is `wasm.api`. Or pass " +
    "`imports: go.importObject` of that Go's wasm_exec.js to `load`, and call `go.run(wasm.instance)`.",
  "own-javascript": ({ toolchain: { name } }) =>
    ownJavaScript[name] ??
    "The JavaScript that the compiler wrote beside this module provides its imports: give them in `imports`. Text and objects are " +
      "references, which pass through `wasm.exports`, and through `t.js` in a declared interface.",
};

/** The same for toolchains whose JavaScript is known. */
const ownJavaScript: { readonly [toolchain: string]: string } = ownMembers({
  kotlin:
    "Kotlin's compiler wrote what this module imports into a file beside it: `import { importObject } from " +
    '"./NAME.import-object.mjs"`. Pass it as `imports`, ' +
    "and call `wasm.exports._start()` once, which runs `main`. Text is a reference: declare it as `t.js`.",
  "scala-js":
    "Only the JavaScript that Scala.js wrote beside this module can instantiate it, because its helpers are not exported: " +
    '`import { … } from "./main.js"`, which has the exports of the program.',
  teavm:
    "Only the runtime that TeaVM wrote beside this module can instantiate it, because its start function calls the runtime, and its " +
    'exports exist once that has run: `import { load } from "./NAME.wasm-runtime.js"; const { exports } = await load(bytes)`.',
});

/** Adds the texts of a shape's advice. */
export function advise(shape: UnadvisedShape): Shape {
  const wordsOf = (code: AdviceCode): string => {
    const message = messages[code];
    return typeof message === "string" ? message : message(shape);
  };
  return { ...shape, advice: shape.advice.map((code) => ({ code, message: wordsOf(code) })) };
}

/** Finds the constructors: the linker exports them first, or right after the memory if that is exported. */
function constructorsOf({ exports }: UnadvisedShape): string | undefined {
  const first = exports[exports[0]?.kind === "memory" ? 1 : 0];
  if (first?.kind !== "function" || !first.type) return undefined;
  return first.type.params.length + first.type.results.length === 0 ? first.name : undefined;
}
