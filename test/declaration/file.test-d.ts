import {
  type Api,
  type CompactShape,
  compile,
  compileSync,
  type DeclarationFile,
  type FunctionMember,
  type Instance,
  type Known,
  load,
  loadSync,
  type PlainType,
  t,
} from "unglue";
import { offload } from "unglue/offload";
import { wasmBindgen, type WasmBindgenKnown } from "unglue/wasm-bindgen";
import { describe, expectTypeOf, it } from "vitest";

/** The members of a `.d.ts` as the command writes it. */
interface Members {
  readonly greet: FunctionMember<readonly [PlainType<"string">], PlainType<"string">>;
  readonly add: FunctionMember<readonly [PlainType<"u32">, PlainType<"u32">], PlainType<"u32">>;
}
declare const file: DeclarationFile<Members>;
declare const bytes: Uint8Array;
type Typed = Instance["exports"] extends infer Exports extends object ? Instance<Exports, Members> : never;

/** Each call that takes a declaration file. */
export const open = {
  load: () => load(bytes, file),
  restarting: () => load(bytes, { ...file, onTrap: "restart" }),
  loadSync: () => loadSync(bytes, { ...file, adapters: [wasmBindgen()] }),
  instantiate: async () => (await compile(bytes)).instantiate(file),
  instantiateSync: () => compileSync(bytes).instantiateSync(file),
  lease: async () => (await compile(bytes)).pool({ ...file, max: 2 }).take(),
  offload: () => offload(bytes, file),
};

describe("a declaration file", () => {
  it("types the interface of every call", () => {
    const greet = expectTypeOf<(name: string) => string>();
    greet.toEqualTypeOf<Awaited<ReturnType<typeof open.load>>["api"]["greet"]>();
    greet.toEqualTypeOf<Awaited<ReturnType<typeof open.restarting>>["api"]["greet"]>();
    greet.toEqualTypeOf<ReturnType<typeof open.loadSync>["api"]["greet"]>();
    greet.toEqualTypeOf<Awaited<ReturnType<typeof open.instantiate>>["api"]["greet"]>();
    greet.toEqualTypeOf<ReturnType<typeof open.instantiateSync>["api"]["greet"]>();
    greet.toEqualTypeOf<Awaited<ReturnType<typeof open.lease>>["api"]["greet"]>();
    expectTypeOf<Awaited<ReturnType<typeof open.offload>>["api"]["greet"]>().toEqualTypeOf<
      (name: string) => Promise<string>
    >();
    expectTypeOf<Awaited<ReturnType<typeof open.load>>>().toEqualTypeOf<Typed>();
  });

  it("is made of what t.api returns, or has no interface", () => {
    const api = t.api({ add: t.fn([t.u32, t.u32], t.u32) });
    expectTypeOf({ format: 1, fingerprint: "", api } as const).toExtend<DeclarationFile<typeof api.members>>();
    expectTypeOf<DeclarationFile["api"]>().toEqualTypeOf<Api | undefined>();
    const bare = async (given: DeclarationFile) => (await load(bytes, given)).api;
    expectTypeOf(bare).returns.resolves.toEqualTypeOf<Instance["api"]>();
  });

  it("has one format, and facts that name their toolchain", () => {
    expectTypeOf<DeclarationFile["format"]>().toEqualTypeOf<1>();
    expectTypeOf<WasmBindgenKnown>().toExtend<Known>();
    expectTypeOf<NonNullable<WasmBindgenKnown["meanings"]>>().toEqualTypeOf<{ readonly [name: string]: string }>();
    // @ts-expect-error -- another format
    void load(bytes, { format: 2 });
    // @ts-expect-error -- no toolchain
    void load(bytes, { known: { meanings: {} } });
    // @ts-expect-error -- a list of texts
    void load(bytes, { shape: { imports: ["env"], exports: [] } });
    const shape: CompactShape = { imports: [], exports: [] };
    void load(bytes, { shape });
    void compile(bytes, { format: 1, fingerprint: "", known: { toolchain: "wasm-bindgen", meanings: {} }, shape });
  });
});
