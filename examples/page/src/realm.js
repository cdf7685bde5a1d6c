import { t } from "unglue";

/** The module's classes, as its `.d.ts` would declare them. */
export const api = t.api({
  Realm: t.class({
    new: t.ctor([]),
    loadModel: t.method([t.bytes], t.void, { throws: true }),
    setConfig: t.method([t.owned("GenerationConfig")], t.void, { throws: true }),
    generateStream: t.method([t.string, t.js.lent], t.void, { throws: true }),
    vocabSize: t.getter(t.u32),
  }),
  GenerationConfig: t.class({ new: t.ctor([]), maxTokens: t.field(t.u32), seed: t.field(t.u64) }),
});

/**
 * The functions that the module imports from its host. They get addresses in the module's memory.
 *
 * @param {import("unglue").Instance} instance - The instance that calls them.
 */
export function host(instance) {
  return {
    /** Multiplies a matrix by a vector, in the module's memory. */
    realm_matrix_product(matrix, vector, rows, columns, out) {
      const { f32 } = instance.memory;
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        for (let column = 0; column < columns; column++) {
          sum += f32[matrix / 4 + row * columns + column] * f32[vector / 4 + column];
        }
        f32[out / 4 + row] = sum;
      }
    },
    /** Finds a model by its number: this page has no store. */
    realm_fetch_model: () => -1,
  };
}
