// The part of realm's imports that reads and writes the module's memory, and so runs where the instance is.
export default (instance) => ({
  env: {
    realm_matrix_product(matrix, vector, rows, columns, out) {
      const { f32 } = instance.memory;
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        for (let column = 0; column < columns; column++) {
          sum = Math.fround(sum + Math.fround(f32[matrix / 4 + row * columns + column] * f32[vector / 4 + column]));
        }
        f32[out / 4 + row] = sum;
      }
    },
  },
});
