import { compile, compileSync, inspect, load, loadSync, t } from "unglue";
import { createLedger } from "unglue/ledger";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { instantiateOptions, sourceOptions } from "../../../src/options.ts";
import { wat } from "../../wat.ts";
import type { Call, Subject } from "./subject.ts";

/** Values of whatever type is wanted. */
type Given = readonly [never, never, never, never];

const source = `(module
  (import "env" "f" (func $f (param i32)))
  (import "env" "g" (global i32))
  (import "env" "m" (memory 1))
  (import "env" "t" (table 1 funcref))
  (func (export "one") (result i32) (i32.const 1))
  (func (export "call") (call $f (i32.const 1)))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func (export "free") (param i32)))`;

/** Whatever a load can be refused with: which of them it is depends on the value. */
const loading = [
  "invalid-option", "unknown-option", "unsupported-option", "needs-bytes", "limit-needs-bytes", "invalid-argument", "invalid-source",
  "read-failed", "fetch-failed", "http-status", "aborted", "integrity-mismatch", "not-wasm", "truncated", "malformed", "compile-failed",
  "unresolved-imports", "import-mismatch", "types-unknown", "cannot-create", "limit-exceeded", "link-failed", "interface-mismatch",
  "no-allocator", "restart-unavailable", "declaration-format", "declaration-mismatch", "convention-unavailable", "out-of-memory", "missing-import-called",
]; // prettier-ignore

const options = [...new Set([...sourceOptions, ...instantiateOptions])];
const synchronous = options.filter((name) => !["signal", "integrity", "onProgress", "fetch", "retry"].includes(name));
const inner: readonly (readonly [option: string, member: string])[] = [
  ["limits", "memoryPages"],
  ["limits", "tableElements"],
  ["limits", "handles"],
  ["allocator", "alloc"],
  ["allocator", "free"],
  ["missing", "env.f"],
  ["trampolines", "i->"],
  ["api", "members"],
  ["imports", "env"],
];

const adapter = { name: "own", detect: () => ({ evidence: [] }), provide: () => undefined, attach: () => ({}) };
const interfaceOfOne = { members: { one: t.fn([], t.i32) } } as never;
const given = () => ({ env: { f: () => undefined, g: 1, m: new WebAssembly.Memory({ initial: 1 }), t: new WebAssembly.Table({ element: "anyfunc", initial: 1 }) } }); // prettier-ignore

/** The calls that load, compile and declare. */
export async function subjectOfLoads(): Promise<Subject> {
  const bytes = await wat(source);
  const module = await compile(bytes);
  const call = (name: string, args: number, run: (given: Given) => unknown, more: Partial<Call> = {}): Call => ({
    name,
    args,
    codes: loading,
    // Functions among options are the caller's.
    callsBack: true,
    run: (given) => run(given as unknown as Given),
    ...more,
  });
  const later = { isAsync: true };
  const nested = (option: string, member: string, value: unknown): unknown => ({ [option]: { [member]: value } });
  const calls: Call[] = [
    call("load", 2, ([from, options]) => load(from, options), later),
    call("load of a source", 1, ([from]) => load(from), later),
    call("load of a promised source", 1, ([from]) => load(Promise.resolve(from)), later),
    call("load with options", 1, ([options]) => load(bytes, options), later),
    call("loadSync", 1, ([from]) => loadSync(from)),
    call("loadSync with options", 1, ([options]) => loadSync(bytes, options)),
    call("compile", 2, ([from, options]) => compile(from, options), later),
    call("compile with options", 1, ([options]) => compile(bytes, options), later),
    call("compileSync", 2, ([from, options]) => compileSync(from, options)),
    call("compileSync with options", 1, ([options]) => compileSync(bytes, options)),
    call("inspect", 2, ([from, options]) => inspect(from, options)),
    call("inspect with options", 1, ([options]) => inspect(bytes, options)),
    call("instantiate", 1, ([options]) => module.instantiate(options), later),
    call("instantiateSync", 1, ([options]) => module.instantiateSync(options)),
    ...options.map((name) =>
      call(`load with ${name}`, 1, ([value]) => load(bytes, { imports: given(), [name]: value }), later),
    ),
    ...synchronous.map((name) =>
      call(`loadSync with ${name}`, 1, ([value]) => loadSync(bytes, { imports: given(), [name]: value })),
    ),
    ...inner.map(([option, member]) =>
      call(
        `load with ${option}.${member}`,
        1,
        ([value]) => load(bytes, { imports: given(), ...(nested(option, member, value) as object) }),
        later,
      ),
    ),
    ...(["f", "g", "m", "t"] as const).map((name) =>
      call(
        `load with the import ${name}`,
        1,
        async ([value]) => {
          const wasm = await load(bytes, { imports: { env: { ...given().env, [name]: value } } });
          return wasm.guarded.one?.();
        },
        later,
      ),
    ),
    ...["detect", "provide", "attach", "calling", "advise"].map((name) =>
      call(
        `load with ${name} of an adapter`,
        1,
        ([value]) => load(bytes, { imports: given(), adapters: [{ ...adapter, [name]: value }], api: interfaceOfOne }),
        later,
      ),
    ),
    ...["detect", "provide", "attach", "calling", "advise"].map((name) =>
      call(
        `load with what ${name} of an adapter returns`,
        1,
        ([value]) =>
          load(bytes, { imports: given(), adapters: [{ ...adapter, [name]: () => value }], api: interfaceOfOne }),
        later,
      ),
    ),
    call("load with imports of a function", 1, ([value]) => load(bytes, { imports: () => value }), later),
    call("load with missing of a function", 1, ([value]) => load(bytes, { missing: () => value }), later),
    call(
      "load with trace",
      1,
      async ([trace]) => {
        (await load(bytes, { imports: given(), trace })).guarded.call?.();
      },
      later,
    ),
    call(
      "load that restarts",
      2,
      ([imports, onRestart]) => load(bytes, { imports, onRestart, onTrap: "restart" }),
      later,
    ),
    call(
      "pool",
      1,
      async ([options]) => {
        await module.pool(options).dispose();
      },
      later,
    ),
    call(
      "pool of a size",
      3,
      async ([size, reset, fresh]) => {
        await module.pool({ size, reset, fresh, imports: given() } as never).dispose();
      },
      later,
    ),
    call("pool.take", 1, ([options]) => withPool((pool) => pool.take(options)), {
      ...later,
      codes: [...loading, "pool-timeout"],
    }),
    call("pool.take with options", 2, ([timeout, signal]) => withPool((pool) => pool.take({ timeout, signal })), {
      ...later,
      codes: [...loading, "pool-timeout"],
    }),
    call(
      "pool.give",
      1,
      ([wasm]) =>
        withPool((pool) => {
          pool.give(wasm);
        }),
      { ...later, codes: [...loading, "foreign-instance"] },
    ),
    call(
      "pool.use",
      2,
      ([work, options]) =>
        withPool(async (pool) => {
          await pool.use(work, options);
        }),
      { ...later, codes: [...loading, "pool-timeout"] },
    ),
    call("createLedger", 1, ([options]) => createLedger(options)),
    call("createLedger with history", 1, ([history]) => createLedger({ history })),
    call("wasmBindgen", 1, ([options]) => wasmBindgen(options)),
    ...["casts", "closures", "meanings", "tables"].flatMap((name) => [
      call(`wasmBindgen with ${name}`, 1, ([value]) => wasmBindgen({ [name]: value })),
      call(`wasmBindgen with ${name} of something`, 1, ([value]) =>
        wasmBindgen({ [name]: { __wbindgen_cast_0000000000000001: value } }),
      ),
    ]),
    call("t.array", 2, ([element, options]) => t.array(element, options)),
    call("t.list", 1, ([item]) => t.list(item)),
    call("t.optional", 1, ([item]) => t.optional(item)),
    call("t.out", 1, ([item]) => t.out(item)),
    call("t.enumeration", 2, ([values, options]) => t.enumeration(values, options)),
    call("t.object", 1, ([name]) => t.object(name)),
    call("t.owned", 1, ([name]) => t.owned(name)),
    call("t.closure", 3, ([params, result, options]) => t.closure(params, result, options)),
    call("t.promise", 1, ([value]) => t.promise(value)),
    call("t.record", 1, ([fields]) => t.record(fields)),
    call("t.fn", 3, ([params, result, options]) => t.fn(params, result, options)),
    call("t.class", 2, ([members, options]) => t.class(members, options)),
    call("t.ctor", 2, ([params, options]) => t.ctor(params, options)),
    call("t.method", 3, ([params, result, options]) => t.method(params, result, options)),
    call("t.static", 3, ([params, result, options]) => t.static(params, result, options)),
    call("t.getter", 2, ([value, options]) => t.getter(value, options)),
    call("t.setter", 2, ([value, options]) => t.setter(value, options)),
    call("t.field", 2, ([value, options]) => t.field(value, options)),
    call("t.api", 1, ([members]) => t.api(members)),
    call("t.js.as", 1, ([type]) => t.js.as(type)),
    call("an interface of anything", 1, ([members]) => loadSync(bytes, { imports: given(), api: { members } })),
    call("an interface of a member", 1, ([member]) =>
      loadSync(bytes, { imports: given(), api: { members: { one: member } } }),
    ),
    call("a function of anything", 2, ([params, result]) =>
      loadSync(bytes, { imports: given(), api: { members: { one: { member: "function", params, result } } } }),
    ),
    call("a function of a type", 2, ([param, result]) =>
      loadSync(bytes, { imports: given(), api: { members: { one: t.fn([param], result) } } }),
    ),
    call("a class of anything", 2, ([members, options]) =>
      loadSync(bytes, {
        imports: given(),
        api: { members: { One: { ...(options as object), member: "class", members } } },
      }),
    ),
    call("a class of a member", 2, ([member, value]) =>
      loadSync(bytes, {
        imports: given(),
        api: {
          members: {
            One: { member: "class", members: { one: member, two: { member: "field", value, options: { offset: 4 } } } },
          },
        },
      }),
    ),
  ];

  async function withPool(use: (pool: ReturnType<typeof module.pool>) => unknown): Promise<void> {
    const pool = module.pool({ size: 1, imports: given } as never);
    try {
      await use(pool);
    } finally {
      await pool.dispose();
    }
  }

  return { name: "a load", calls, state: () => Promise.resolve("none") };
}
