import { CommandError } from "../../../src/cli/command-error.ts";
import type { Remark } from "../../../src/cli/declare/declared.ts";
import { findInputs } from "../../../src/cli/declare/inputs.ts";
import { writeDeclaration, type Written } from "../../../src/cli/declare/write.ts";

/** A change of generated JavaScript: texts that are replaced, each with the one that takes its place. */
export type Edit = readonly [name: string, ...pairs: readonly (string | RegExp)[]];

/** A package whose generated JavaScript is changed. */
export type Inputs = Awaited<ReturnType<typeof findInputs>>;

/**
 * Finds the files of a package.
 *
 * @param module - The path of the module.
 */
export function inputsOf(module: string): Promise<Inputs> {
  return findInputs(module, {});
}

/**
 * Writes the declaration of a package whose JavaScript is changed. Returns it, or the message with which nothing is written.
 *
 * @param inputs - The files of the package.
 * @param change - Changes the text.
 */
export async function declaredWith(
  inputs: Inputs,
  change: (text: string) => string,
): Promise<Written["declared"] | string> {
  const { glue } = inputs;
  if (!glue) throw new Error("The package has no JavaScript.");
  const text = change(glue.text);
  try {
    const { declared } = await writeDeclaration(
      { ...inputs, glue: { ...glue, text } },
      { withDocs: false, withShape: false, version: "1", command: "npx unglue declare" },
    );
    return declared;
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
}

/** Remarks as texts. */
export function textsOf(...remarks: readonly (readonly Remark[])[]): readonly string[] {
  return remarks.flat().map(({ member, reason }) => `${member}: ${reason}`);
}

/**
 * Returns the remarks of the file that is written for changed JavaScript, or the message with which nothing is written.
 *
 * @param inputs - The files of a package.
 * @param change - Changes the text.
 */
export async function remarksWith(
  inputs: Inputs,
  change: (text: string) => string,
): Promise<readonly string[] | string> {
  const declared = await declaredWith(inputs, change);
  return typeof declared === "string" ? declared : textsOf(declared.holes, declared.guesses, declared.differences);
}

/**
 * Returns the remarks of the file that is written after an edit.
 *
 * @param inputs - The files of a package.
 * @param edit - The change.
 */
export function remarksOn(inputs: Inputs, [name, ...pairs]: Edit): Promise<readonly string[] | string> {
  return remarksWith(inputs, (given) => {
    let text = given;
    for (let at = 0; at < pairs.length; at += 2) {
      const before = text;
      const now = String(pairs[at + 1]);
      text = text.replace(pairs[at] ?? "", (_, ...groups: unknown[]) => now.replace("$1", String(groups[0])));
      if (text === before) throw new Error(`Nothing is changed where ${name}.`);
    }
    return text;
  });
}
