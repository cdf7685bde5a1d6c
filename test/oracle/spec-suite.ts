import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** The official WebAssembly test suite, as far as it could be had. */
export interface SpecSuite {
  /** Its modules by part: versions of the specification, and proposals. */
  readonly groups: ReadonlyMap<string, (readonly [name: string, bytes: Uint8Array<ArrayBuffer>])[]>;
  /** How many of its texts are no module, which is what they are there for. */
  readonly texts: number;
}

/**
 * Reads the official test suite from the Rust crate that carries it, assembled by the parser of its own format. The crate
 * comes from the registry, so this needs cargo.
 *
 * @returns `undefined` where there is no cargo.
 */
export function specSuite(): SpecSuite | undefined {
  const manifest = join(import.meta.dirname, "spec-suite/Cargo.toml");
  const { error, status, stdout, stderr } = spawnSync("cargo", ["run", "--quiet", "--manifest-path", manifest], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (error) return undefined;
  if (status !== 0) throw new Error(`The test suite could not be read: ${stderr}`);
  const groups = new Map<string, (readonly [string, Uint8Array<ArrayBuffer>])[]>();
  let texts = 0;
  for (const line of stdout.trimEnd().split("\n")) {
    const [part = "", name = "", claim = "", digits = ""] = line.split(" ");
    if (part === "texts") {
      texts = Number(name);
      continue;
    }
    const group = `official test suite: ${part}`;
    const modules = groups.get(group) ?? [];
    groups.set(group, modules);
    modules.push([`${name} (${claim})`, Uint8Array.from(Buffer.from(digits, "hex"))]);
  }
  return { groups, texts };
}
