import { type Memory, t } from "unglue";

/** How the modules of a build pass values, which follows from compiler and wasm-bindgen. */
export interface Build {
  /** The name of its files in test/fixtures/realm/built. */
  readonly name: string;
  readonly version: string;
  readonly feature: "web" | "server";
  /** Where values are kept. */
  readonly handles: "heap" | "externref";
  /** How several words come back. */
  readonly results: "return-pointer" | "multi-value";
}

const features = ["web", "server"] as const;
const old = ["0.2.80", "0.2.92"].flatMap((version) =>
  features.map((feature): Build => {
    return { name: `${version}-${feature}`, version, feature, handles: "heap", results: "return-pointer" };
  }),
);
const current = features.map((feature): Build => {
  return { name: `0.2.130-${feature}`, version: "0.2.130", feature, handles: "externref", results: "multi-value" };
});

/** The builds that are in the repository. */
export const builds: readonly Build[] = [
  ...old,
  ...current,
  {
    name: "0.2.130-web-stripped",
    version: "0.2.130",
    feature: "web",
    handles: "externref",
    results: "return-pointer",
  },
];

// A name of its own: Vite rewrites an address that is made from import.meta.url in place, and knows no folders within.
const here = import.meta.url;

/** Returns the address of a file of the crate. */
export function realmUrl(path: string): URL {
  return new URL(`../fixtures/realm/${path}`, here);
}

/** Reads a file of the crate. */
export async function realmFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  // Node's fetch reads no files.
  const url = realmUrl(path);
  if (url.protocol === "file:") return new Uint8Array(await (await import("node:fs/promises")).readFile(url));
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
}

/** The parts of a memory that the host functions use. */
type HostMemory = Pick<Memory, "f32" | "write" | "readString">;

/**
 * Makes the functions that the crate imports from its host.
 *
 * @param memory - Returns the module's memory.
 * @param models - The models in the host's store, by number.
 * @param log - Receives the lines of the log, of the server's builds.
 */
export function host(memory: () => HostMemory, models: ReadonlyMap<number, Uint8Array>, log: string[] = []) {
  return {
    realm_matrix_product(matrix: number, vector: number, rows: number, columns: number, out: number) {
      const { f32 } = memory();
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        for (let column = 0; column < columns; column++) {
          const factor = f32[matrix / 4 + row * columns + column] ?? NaN;
          sum = Math.fround(sum + Math.fround(factor * (f32[vector / 4 + column] ?? NaN)));
        }
        f32[out / 4 + row] = sum;
      }
    },
    realm_fetch_model(id: number, out: number, capacity: number) {
      const model = models.get(id >>> 0);
      if (model === undefined) return -1;
      if (model.length <= capacity) memory().write(out, model);
      return model.length;
    },
    realm_log(level: number, target: number, targetLength: number, message: number, messageLength: number) {
      log.push(`${level} ${memory().readString(target, targetLength)}: ${memory().readString(message, messageLength)}`);
    },
  };
}

/**
 * Makes the same functions as declared host functions.
 *
 * @param memory - Returns the module's memory, for the matrix: nothing tells the number of its elements.
 * @param models - The models in the host's store, by number.
 * @param log - Receives the lines of the log, of the server's builds.
 */
export function declaredHost(memory: () => HostMemory, models: ReadonlyMap<number, Uint8Array>, log: string[] = []) {
  return {
    realm_matrix_product: t.host(
      [
        t.param("matrix", t.size),
        t.param("vector", t.array(t.f32)),
        t.param("rows", t.length(4)),
        t.param("columns", t.length(1)),
        t.param("out", t.buffer(t.f32)),
      ],
      t.void,
      (matrix, vector, rows) => {
        const { f32 } = memory();
        return Float32Array.from({ length: rows }, (_, row) => {
          const start = matrix / 4 + row * vector.length;
          return vector.reduce((sum, one, at) => Math.fround(sum + Math.fround((f32[start + at] ?? NaN) * one)), 0);
        });
      },
    ),
    realm_fetch_model: t.host(
      [t.param("id", t.u32), t.param("out", t.buffer(t.u8)), t.length(1, t.u32)],
      t.length(1, t.i32),
      (id) => {
        const model = models.get(id);
        if (model === undefined) throw new RangeError(`There is no model ${id}.`);
        return model;
      },
      { error: -1 },
    ),
    realm_log: t.host(
      [t.param("level", t.u32), t.param("target", t.string), t.param("message", t.string)],
      t.void,
      (level, target, message) => void log.push(`${level} ${target}: ${message}`),
    ),
  };
}
