import type { Memory } from "unglue";

/** The builds of test/fixtures/realm that are in the repository. */
export const builds = ["0.2.92-web", "0.2.92-server", "0.2.130-web", "0.2.130-server", "0.2.130-web-stripped"];

// A name of its own: Vite rewrites an address that is made from import.meta.url in place, and knows no folders within.
const here = import.meta.url;

/** The address of a file of the crate. */
export function realmUrl(path: string): URL {
  return new URL(`../fixtures/realm/${path}`, here);
}

/** The functions that the crate imports from its host, with these models in its store, by their numbers. */
export function host(memory: () => Memory, models: ReadonlyMap<number, Uint8Array>, log: string[] = []) {
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
