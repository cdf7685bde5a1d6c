import { UnglueError } from "../../errors/unglue-error.ts";
import type { Shape } from "../../public/index.ts";

/** The module from which a program imports its runtime. */
export const runtimeModule = "gojs";
/** The same before Go 1.21. */
const oldModule = "go";
/** The functions by which JavaScript runs a program. */
const entrances = ["run", "resume", "getsp"] as const;
const memory = "mem";

/**
 * Refuses a module that is no program for JavaScript, by Go 1.21 or later. Errors: `unsupported-module`.
 *
 * @param shape - The module's shape.
 */
export function requireProgram({ imports, exports, toolchain }: Shape): void {
  const importsFrom = (module: string): boolean =>
    imports.some((one) => one.module === module && one.name === "runtime.wasmExit" && one.kind === "function");
  // A shape that the caller gave may lack it.
  const { name = "unknown" } = (toolchain as Shape["toolchain"] | undefined) ?? {};
  if (name === "tinygo") {
    throw refusal(
      name,
      "TinyGo",
      "TinyGo built the module, whose runtime is another than Go's. Build it with Go, or load it with go.importObject of " +
        "TinyGo's own wasm_exec.js.",
    );
  }
  if (importsFrom(oldModule)) {
    throw refusal(
      "go",
      "Go before 1.21",
      "A Go before 1.21 built the module. Build it with Go 1.21 or later, or load it with go.importObject of its own wasm_exec.js.",
    );
  }
  if (!importsFrom(runtimeModule)) {
    if (imports.some(({ module }) => module === "wasi_snapshot_preview1") && name === "go") {
      throw refusal(
        name,
        "GOOS=wasip1",
        exports.some((one) => one.name === "_start")
          ? "Go built the module for WASI. Run it with loadCommand of unglue/wasi, or build it with GOOS=js."
          : "Go built the module as a library for WASI. Call its functions: load(source, { imports: wasi() }), from unglue/wasi; " +
              "or build a program with GOOS=js.",
      );
    }
    throw refusal(
      name,
      "no import gojs.runtime.wasmExit",
      "The module is no Go program for JavaScript, which imports gojs.runtime.wasmExit. Build one with " +
        "GOOS=js GOARCH=wasm go build, or use load().",
    );
  }
  const missing = [...entrances, memory].find(
    (wanted) => !exports.some((one) => one.name === wanted && one.kind === (wanted === memory ? "memory" : "function")),
  );
  if (missing === undefined) return;
  throw refusal(
    "go",
    `no export ${missing}`,
    `The module imports Go's runtime and does not export "${missing}", without which it cannot run: a tool has removed it. ` +
      "Load the file that go build wrote.",
  );
}

/**
 * Returns the names of the functions that the program exports on its own, with `//go:wasmexport`.
 *
 * @param shape - The module's shape.
 */
export function ownExports({ exports }: Shape): readonly string[] {
  return exports.flatMap(({ name, kind }) =>
    kind === "function" && !(entrances as readonly string[]).includes(name) ? [name] : [],
  );
}

function refusal(toolchain: string, feature: string, message: string): UnglueError<"unsupported-module"> {
  return new UnglueError("unsupported-module", message, { toolchain, feature });
}
