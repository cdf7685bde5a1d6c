import wabt from "wabt";

const features = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  multi_value: true,
  bulk_memory: true,
  reference_types: true,
};

/** Assembles a module of the text format. */
export async function wat(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const module = (await wabt()).parseWat("test.wat", new TextEncoder().encode(text), features);
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

/** What a function throws, for assertions on its details. */
export function thrownBy(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
}

/** What a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
}
