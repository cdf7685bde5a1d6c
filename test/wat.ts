import wabt from "wabt";

const features = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  function_references: true,
  annotations: true,
  memory64: true,
  multi_memory: true,
  extended_const: true,
  relaxed_simd: true,
};

/** One assembler for a file of tests: at each call, wabt makes another instance of itself. */
let assembler: ReturnType<typeof wabt> | undefined;

/** Assembles a module of the text format, with every feature of wabt; `names` writes a name section. */
export async function wat(text: string, { names = false } = {}): Promise<Uint8Array<ArrayBuffer>> {
  const module = (await (assembler ??= wabt())).parseWat("test.wat", new TextEncoder().encode(text), features);
  try {
    return new Uint8Array(module.toBinary({ write_debug_names: names }).buffer);
  } finally {
    module.destroy();
  }
}

/** Returns the exception of a function, for assertions on its details. */
export function thrownBy(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
}

/** Returns the reason that a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
}
