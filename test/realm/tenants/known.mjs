// A hundred tenants and what each must answer, from the JavaScript that wasm-bindgen's CLI generated.
/* global TextDecoder */
import { readFile } from "node:fs/promises";

const realm = new URL("../../fixtures/realm/", import.meta.url);

/** The bytes of a file of the crate. */
export async function bytesOf(path) {
  return new Uint8Array(await readFile(new URL(path, realm)));
}

/** Tenants with a model, a seed and a prompt of their own, and their answers. */
export async function listTenants(count, maxTokens) {
  const glue = await loadGlue("0.2.130-server");
  const models = [await bytesOf("models/constitution.rlm"), await bytesOf("models/declaration.rlm")];
  const prompts = ["The People", "We ", "Congress shall", "A law of the State", "in the"];
  return Array.from({ length: count }, (_, index) => {
    const model = models[index % 2].slice();
    // Another weight in each: the last bytes of a model are the biases of its characters.
    model[model.length - 1 - (index % 40)] ^= 1 << (index % 7);
    const request = { prompt: prompts[index % prompts.length], seed: 1000 + index, maxTokens };
    const generator = new glue.Realm();
    generator.loadModel(model);
    const config = Object.assign(new glue.GenerationConfig(), { maxTokens, seed: BigInt(request.seed) });
    generator.setConfig(config);
    const text = generator.generate(request.prompt);
    generator.free();
    return { id: `tenant-${index}`, model, request, text };
  });
}

/** Makes a model of a valid form whose numbers take more memory than a tenant has. */
export function largeModel() {
  const [context, embedding, hidden, characters] = [8, 128, 1024, 96];
  const matrices = [characters * embedding, hidden * context * embedding, hidden, characters * hidden, characters];
  const header = new Uint8Array(12 + 4 * characters);
  const view = new DataView(header.buffer);
  header.set(new TextEncoder().encode("RLM1"));
  [context, embedding, hidden, characters].forEach((size, at) => view.setUint16(4 + 2 * at, size, true));
  for (let at = 0; at < characters; at++) view.setUint32(12 + 4 * at, 32 + at, true);
  return new Uint8Array(Buffer.concat([header, ...matrices.map((size) => new Uint8Array(4 + size))]));
}

/** The generated JavaScript imports `env`, which is no package: it gets the functions from here instead. */
async function loadGlue(build) {
  const holder = {};
  const memory = () => holder.wasm.memory.buffer;
  const env = {
    realm_matrix_product(matrix, vector, rows, columns, out) {
      const left = new Float32Array(memory(), matrix, rows * columns);
      const right = new Float32Array(memory(), vector, columns);
      const product = new Float32Array(memory(), out, rows);
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        right.forEach((factor, at) => (sum = Math.fround(sum + Math.fround(left[row * columns + at] * factor))));
        product[row] = sum;
      }
    },
    realm_fetch_model: () => -1,
    realm_log: () => undefined,
  };
  const key = `glue of ${build}`;
  globalThis[key] = env;
  const code = new TextDecoder().decode(await bytesOf(`built/${build}.js`));
  const standing = code.replaceAll(
    /^import \* as (\w+) from "env"$/gm,
    (_, name) => `const ${name} = globalThis[${JSON.stringify(key)}];`,
  );
  const glue = await import(`data:text/javascript;base64,${Buffer.from(standing).toString("base64")}`);
  holder.wasm = await glue.default({ module_or_path: await bytesOf(`built/${build}.wasm`) });
  return glue;
}
