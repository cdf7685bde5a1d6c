#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { UnglueError } from "../node.ts";
import { type BuiltinFlags, builtinFlags } from "./builtins.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import { errorJson, processOutput, withoutControls } from "./output.ts";

const output = processOutput();
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

const program = new Command("unglue")
  .description("Look into WebAssembly modules, describe them in types, and call them.")
  .version(version)
  .exitOverride()
  .configureHelp({ subcommandTerm: (command) => command.name() })
  .configureOutput({
    getOutHelpWidth: () => output.width,
    getErrHelpWidth: () => output.width,
    // A message repeats the words of the command line.
    outputError: (text, write) => write(withoutControls(text)),
  })
  .addHelpText(
    "after",
    `
With --json an error is JSON: { "error": { "code", "message", "details" } }.

Exit codes: 0 if all is well, 1 if something was found, 2 if the command was
used wrongly.`,
  );

addCommand("inspect", "Show what a module is, needs and offers. None of its code runs.", "./app.wasm")
  .option("--json", "print all of it as JSON")
  .action(async (module: string, options: BuiltinFlags & { json?: boolean }) => {
    const { inspectCommand } = await import("./inspect.ts");
    process.exitCode = await inspectCommand(module, options, output);
  });

addCommand("types", "Write a .d.ts of a module's raw exports and imports.", "./app.wasm -o app.wasm.d.ts")
  .option("-o, --output <file>", "write to this file instead of the standard output")
  .option("--json", "print the text and the counts as JSON")
  .action(async (module: string, options: BuiltinFlags & { output?: string; json?: boolean }) => {
    const { typesCommand } = await import("./types.ts");
    process.exitCode = await typesCommand(module, options, output);
  });

addCommand(
  "shape",
  "Write a module's shape as JSON, for hosts that have no bytes: load(module, { shape }).",
  "./app.wasm -o app.shape.json",
)
  .option("-o, --output <file>", "write to this file instead of the standard output")
  .option("--compact", "write only the types of imports and exports, as a declaration file has them")
  .option("--json", "the same: the shape is JSON")
  .action(async (module: string, options: BuiltinFlags & { output?: string; compact?: boolean }) => {
    const { shapeCommand } = await import("./shape.ts");
    process.exitCode = await shapeCommand(module, options, output);
  });

addCommand(
  "declare",
  "Write a declaration file: the module's interface with types, ownership and the meanings of its imports.",
  'prqlc -o prqlc.js\n\n  import prqlc from "./prqlc.js";\n  const wasm = await load("./prqlc_js_bg.wasm", prqlc);',
)
  .option("--dts <file>", "the .d.ts of the module, if it is not found beside it")
  .option("--no-dts", "go without the .d.ts")
  .option("--glue <file>", "the JavaScript that the toolchain generated, if it is not found")
  .option("--no-glue", "go without the JavaScript")
  .option(
    "-o, --output <file>",
    "the file to write, with a .d.ts beside it, and a .wasm if a script embeds the module; default: the package's name",
  )
  .option("--no-docs", "leave out the documentation")
  .option("--no-shape", "leave out the module's types, which hosts without bytes need")
  .option("--accept <member>", "end with 0 although this member is left out; repeatable, and * accepts all", collect)
  .option("--check", "write nothing; fail if the files differ from what would be written")
  .option("--json", "print counts, holes and guesses as JSON")
  .action(async (module: string, options: object) => {
    const { declareCommand } = await import("./declare.ts");
    process.exitCode = await declareCommand(module, options, version, output);
  });

addCommand(
  "run",
  "Run a program, or call an export of a library. Without an export, list those that can be called.",
  "./math.wasm add 2 3\n  5\n  $ npx unglue run ./tool.wasm --dir ./data::/data -- --verbose /data/in.txt",
)
  .argument("[export]", "the name of a function; a program's first argument")
  .argument(
    "[args...]",
    "its arguments: numbers in decimal or hexadecimal; a program's are text, after -- if they begin with -",
  )
  .option(
    "--api <file>",
    "a declaration file, or a module whose export `api`, or `default`, is an interface; arguments are JSON or text",
  )
  .addOption(
    new Option("--missing <policy>", "what stands for imports that nothing provides")
      .choices(["trap", "error", "zero", "warn"])
      .default("trap"),
  )
  .option("--env <NAME=value>", "a variable of the environment; repeatable", collect)
  .option("--dir <host::guest>", "a directory that the module may use, by its name there; repeatable", collect)
  .option("--trace", "print each call of an import")
  .option("--json", "print the result as JSON")
  .action(async (module: string, name: string | undefined, args: readonly string[], options: object) => {
    const { runCommand } = await import("./run.ts");
    process.exitCode = await runCommand(module, name, args, options, output);
  });

// Node ends with this code if nothing is left that could settle what is awaited.
process.once("exit", (code) => {
  if (code !== 13) return;
  report(new CommandError("The command never ended: it awaits a promise that nothing is left to settle."), "threw");
  process.exitCode = exitCodes.findings;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Adds a command that takes a module, with an example of its arguments. */
function addCommand(name: string, description: string, example: string): Command {
  const command = program.command(name);
  for (const flag of builtinFlags()) command.addOption(flag);
  return command
    .description(description)
    .argument(
      "<module>",
      "a .wasm file, a script that embeds one (app.js#2: the second), an installed package, or a URL",
    )
    .addHelpText("after", `\nExample:\n  $ npx unglue ${name} ${example}`);
}

/** Adds the value of an option that can be given several times. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Reports an error, unless it has been reported already, and returns the exit code for it. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.fine;
  const isFinding = error instanceof UnglueError;
  if (!(isFinding || error instanceof CommanderError || error instanceof CommandError || isSystemError(error)))
    throw error;
  report(error);
  return isFinding ? exitCodes.findings : exitCodes.misuse;
}

/** Writes an error for people, and as JSON if that was asked for. */
function report(error: Error, other?: "threw"): void {
  // Commander has written its own message.
  if (!(error instanceof CommanderError)) output.remark(`unglue: ${withoutControls(error.message)}`);
  if (asksForJson(process.argv)) output.write(errorJson(error, other));
}

/** Whether `--json` is among the options. Everything after `--` belongs to the program that is run. */
function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return (end < 0 ? words : words.slice(0, end)).includes("--json");
}

/** Whether an error is of the system: a file that may not be read, a folder that does not exist. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && Object.hasOwn(error, "syscall");
}
