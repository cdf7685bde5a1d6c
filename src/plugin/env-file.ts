import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf, lockFile, replaceFile } from "../cli/files.ts";
import { messageOf } from "../errors/caught.ts";
import { type Block, blockOf, printBlocks, readBlocks, type TypedModule } from "./env-types.ts";

/**
 * The file with the types of all imports. Builds that run at the same time may share it: each adds the imports that it meets,
 * and keeps those of others.
 */
export class EnvFile {
  readonly #path: string;
  /** The modules that each import names, by their files. */
  readonly #imports = new Map<string, Map<string, TypedModule>>();
  #writing: Promise<unknown> = Promise.resolve();

  /**
   * Takes the place.
   *
   * @param path - The file.
   */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Adds the types of an import, and writes the file if that changes it.
   *
   * @param specifier - The text of the import.
   * @param path - The file of the module that it names.
   * @param module - The module.
   * @returns A warning, if the types could not be written or cannot be told apart.
   */
  async add(specifier: string, path: string, module: TypedModule): Promise<string | undefined> {
    const modules = this.#imports.get(specifier) ?? new Map<string, TypedModule>();
    this.#imports.set(specifier, modules);
    modules.set(path, module);
    const all = [...modules.values()];
    if (!blockOf(specifier, all)) return `${JSON.stringify(specifier)} gets no types: its path has a star.`;
    const written = this.#writing.then(() => this.#write());
    this.#writing = written;
    const failure = await written;
    if (failure !== undefined || new Set(all.map(({ types }) => types)).size < 2) return failure;
    return (
      `Imports of ${JSON.stringify(specifier)} name different modules: ${[...modules.keys()].sort().join(", ")}. ` +
      "TypeScript cannot tell them apart: give one of them another path to have the types of both."
    );
  }

  async #write(): Promise<string | undefined> {
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      // Nearly always there is nothing to write, and then nothing to lock.
      if (this.#next() === undefined) return undefined;
      const unlock = await lockFile(this.#path);
      try {
        const text = this.#next();
        if (text !== undefined) replaceFile(this.#path, text);
      } finally {
        unlock();
      }
      return undefined;
    } catch (error) {
      return `The types cannot be written to ${this.#path}: ${messageOf(error)}`;
    }
  }

  /** The text that the file has to get; `undefined` if it has it. */
  #next(): string | undefined {
    const now = readText(this.#path);
    const others = now === undefined ? [] : readBlocks(now);
    if (!others) throw new Error("this file is not of the plugin. Name another one with the option envFile.");
    const blocks = new Map<string, Block>(others.map((one) => [one.name, one]));
    for (const [specifier, modules] of this.#imports) {
      const block = blockOf(specifier, [...modules.values()]);
      if (block) blocks.set(block.name, block);
    }
    const text = printBlocks([...blocks.values()]);
    return now?.replaceAll("\r\n", "\n") === text ? undefined : text;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
