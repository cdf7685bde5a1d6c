import { describe } from "../../errors/describe.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { Shape } from "../../public/index.ts";
import { wayIn } from "../way-in.ts";
import { moduleNames } from "./names.ts";

/**
 * Makes the error of a module that cannot be run as a program.
 *
 * @param shape - The module's shape.
 */
export function notACommand(shape: Shape): UnglueError<"not-a-command"> {
  const { exports, toolchain } = shape;
  const isReactor = exports.some(({ name, kind }) => name === "_initialize" && kind === "function");
  const kind = toolchain.name === "component" ? "component" : isReactor ? "reactor" : "library";
  return new UnglueError("not-a-command", texts[kind](shape), { kind });
}

const texts = {
  component: () =>
    "This is a core module of a component (preview 2 or later), which preview 1 does not serve. Transpile the component: " +
    "npx @bytecodealliance/jco transpile app.wasm -o app.",
  reactor: () =>
    "The module exports no function _start, so it is no command. It is a reactor (it exports _initialize), whose functions " +
    "are called: load(source, { imports: wasi() }).",
  library: ({ exports, imports, advice }: Shape) => {
    const own = wayIn({ advice }) ?? advice.find(({ code }) => code === "own-javascript")?.message;
    const options = imports.some(({ module }) => moduleNames.includes(module)) ? ", { imports: wasi() }" : "";
    return (
      "The module exports no function _start, so it is no command. " +
      (own ??
        `It exports ${list(exports)}. Build a program (with main), or call its functions: load(source${options}).`)
    );
  },
} as const;

function list(exports: Shape["exports"]): string {
  const functions = exports.filter(({ kind }) => kind === "function").map(({ name }) => describe(name));
  if (functions.length === 0) return "no function";
  const shown = functions.slice(0, 3).join(", ");
  return functions.length > 3 ? `${shown} and ${functions.length - 3} more` : shown;
}
