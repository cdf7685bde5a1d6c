import type * as unglue from "unglue";
import type { wasmBindgen } from "unglue/wasm-bindgen";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { assemble, functionType, i32, list, text, unsigned } from "../reflect/assemble.ts";
import { buildCounted, type Counted } from "./counted.ts";

// Doubling what is given at most doubles the steps of every public call. Wall clocks tell less: they differ by machine, and
// a quadratic loop hides behind what is merely slow until the module is a stranger's.

// They count steps, so they may take as long as a busy machine needs.
vi.setConfig({ testTimeout: 120_000 });

interface Library {
  readonly unglue: typeof unglue;
  readonly wasmBindgen: typeof wasmBindgen;
}

let counted: Counted<Library>;
let library: Library;
beforeAll(async () => {
  counted = await buildCounted(
    `export * as unglue from "./src/node.ts"; export { wasmBindgen } from "./src/entries/wasm-bindgen.ts";`,
  );
  library = counted.exports;
}, 120_000);
afterAll(() => counted.remove());

/** How much more than its share of the bytes a module of twice the size may cost: names with one digit more, tables that grow. */
const tolerance = 1.15;

type Bytes = Uint8Array<ArrayBuffer>;

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const contents = unsigned(items.length);
  for (const item of items) for (const byte of item) contents.push(byte);
  return [id, ...unsigned(contents.length)].concat(contents);
}

const each = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** A number as a hash has it. */
const hash = (index: number) => index.toString(16).padStart(16, "0");

interface Parts {
  readonly types?: readonly number[][];
  readonly imports?: readonly (readonly [module: string, name: string, ...kindAndType: number[]])[];
  /** The exports of functions by name and type; each is a function of its own. */
  readonly exports?: readonly (readonly [name: string, type: number])[];
  readonly custom?: readonly (readonly [name: string, contents: readonly number[]])[];
}

const plainTypes = [
  functionType([]),
  functionType([i32]),
  functionType([i32, i32]),
  functionType([], [i32]),
  functionType([i32], [i32]),
  functionType([i32, i32, i32]),
  functionType([i32, i32], [i32]),
];

function moduleOf({ types = plainTypes, imports = [], exports = [], custom = [] }: Parts): Bytes {
  const functions = imports.filter(([, , kind]) => kind === 0).length;
  return assemble(
    section(1, types),
    section(
      2,
      imports.map(([module, name, ...rest]) => [...text(module), ...text(name), ...rest]),
    ),
    section(
      3,
      exports.map(([, type]) => unsigned(type)),
    ),
    section(5, [[0, 1]]),
    section(
      7,
      [[...text("memory"), 2, 0]].concat(exports.map(([name], at) => [...text(name), 0, ...unsigned(functions + at)])),
    ),
    section(
      10,
      exports.map(() => [3, 0, 0, 0x0b]),
    ),
    ...custom.map(([name, contents]) => [
      0,
      ...unsigned(text(name).length + contents.length),
      ...text(name),
      ...contents,
    ]),
  );
}

const wide = (count: number) => [0x60, ...unsigned(count), ...Array<number>(count).fill(0x7f), 0];

/** The type `(ref null index)`: an index there is a signed number. */
function referenceTo(index: number): number[] {
  const bytes = unsigned(index);
  const last = bytes.pop() ?? 0;
  return [0x63, ...bytes, ...(last < 0x40 ? [last] : [last | 0x80, 0])];
}

/** Imports whose types refer to others by index: a table, a global and a tag for each of as many types. */
const references = (count: number, referTo = referenceTo) =>
  moduleOf({
    types: [functionType([]), ...each(count, (at) => functionType([referTo(at)]))],
    imports: each(
      count,
      (at) =>
        [
          ["env", `t${at}`, 1, ...referTo(at), 0, 1],
          ["env", `g${at}`, 3, ...referTo(at), 1],
          ["env", `x${at}`, 4, 0, ...unsigned(at)],
        ] as const,
    ).flat(),
  });

/** Modules of a size, each of another kind. */
const families: Readonly<Record<string, readonly [count: number, make: (count: number) => Bytes]>> = {
  "many exports": [600, (count) => moduleOf({ exports: each(count, (at) => [`run${at}`, 6]) })],
  "wasm-bindgen classes": [
    300,
    (count) =>
      moduleOf({
        exports: each(
          count,
          (at) =>
            [
              [`__wbg_c${at}_free`, 2],
              [`c${at}_new`, 3],
              [`c${at}_go`, 1],
              [`__wbg_get_c${at}_x`, 4],
            ] as const,
        ).flat(),
      }),
  ],
  "wasm-bindgen classes whose names begin others": [
    100,
    (count) =>
      moduleOf({
        exports: each(
          count,
          (at) =>
            [
              [`__wbg_${"a_".repeat(at)}b_free`, 2],
              [`${"a_".repeat(at)}b_new`, 3],
            ] as const,
        ).flat(),
      }),
  ],
  "C classes": [
    300,
    (count) =>
      moduleOf({
        exports: each(
          count,
          (at) =>
            [
              [`c${at}_new`, 3],
              [`c${at}_free`, 1],
              [`c${at}_x_get`, 4],
            ] as const,
        ).flat(),
      }),
  ],
  "C classes whose names begin others": [
    100,
    (count) =>
      moduleOf({
        exports: each(
          count,
          (at) =>
            [
              [`${"x_".repeat(at)}new`, 3],
              [`${"x_".repeat(at)}free`, 1],
            ] as const,
        )
          .flat()
          .slice(2),
      }),
  ],
  "C++ classes": [
    300,
    (count) =>
      moduleOf({
        exports: each(
          count,
          (at) =>
            [
              [`_ZN1a${`c${at}`.length}c${at}C1Ev`, 1],
              [`_ZN1a${`c${at}`.length}c${at}C2Ev`, 1],
              [`_ZN1a${`c${at}`.length}c${at}3addEv`, 4],
            ] as const,
        ).flat(),
      }),
  ],
  "one long C++ name": [
    4000,
    (count) =>
      moduleOf({
        exports: [
          [`_ZN${"1aC2EC2E".repeat(count)}\n`, 1],
          [`_ZN${"1a".repeat(count)}C2Ev`, 1],
        ],
      }),
  ],
  "one long name of a shim": [
    2000,
    (count) =>
      moduleOf({
        exports: [
          [`convert__closure_${"convert__closure____".repeat(count)}`, 2],
          [`__wbg_${"a_".repeat(count)}free`, 2],
        ],
      }),
  ],
  "unknown imports of wasm-bindgen": [
    300,
    (count) => moduleOf({ imports: each(count, (at) => ["wbg", `__wbg_mystery_${hash(at)}`, 0, 6]) }),
  ],
  "unknown imports of wasm-bindgen of one name with many meanings": [
    200,
    (count) => moduleOf({ imports: each(count, (at) => ["wbg", `__wbg_new_${hash(at)}`, 0, 4]) }),
  ],
  "panic hooks": [
    200,
    (count) =>
      moduleOf({
        imports: each(count, (at) =>
          (["new", "stack", "error"] as const).map((part) => ["wbg", `__wbg_${part}_${hash(at)}`, 0, 2] as const),
        ).flat(),
      }),
  ],
  "closures and what may run them": [
    200,
    (count) =>
      moduleOf({
        imports: [
          ...each(count, (at) => ["wbg", `__wbindgen_closure_wrapper${at}`, 0, 6] as const),
          ...each(count, (at) => ["wbg", `__wbindgen_cast_${hash(at)}`, 0, 6] as const),
        ],
        exports: [
          ["__wbindgen_malloc", 6],
          ...each(count, (at) => [`_dyn_core__ops__function__FnMut_${at}`, 5] as const),
        ],
      }),
  ],
  "exports with stripped names": [
    300,
    (count) =>
      moduleOf({
        imports: [["wbg", "__wbindgen_throw", 0, 2]],
        exports: each(count, (at) => [`__wbindgen_export_${at}`, at % 7]),
      }),
  ],
  "many functions of one wide type": [
    300,
    (count) =>
      moduleOf({
        types: [wide(count)],
        imports: each(count, (at) => ["wbg", `__wbg_wide${at}_${hash(at)}`, 0, 0]),
        exports: each(count, (at) => [`__wbindgen_export_${at}`, 0]),
      }),
  ],
  "many imports": [600, (count) => moduleOf({ imports: each(count, (at) => ["env", `f${at}`, 0, at % 7]) })],
  "many imports of one name": [600, (count) => moduleOf({ imports: each(count, (at) => ["env", "same", 0, at % 7]) })],
  "many modules of imports": [600, (count) => moduleOf({ imports: each(count, (at) => [`m${at}`, "f", 0, 4]) })],
  "many tables, globals and tags": [
    150,
    (count) =>
      moduleOf({
        imports: each(
          count,
          (at) =>
            [
              ["env", `t${at}`, 1, 0x70, 0, 1],
              ["env", `g${at}`, 3, 0x7f, 0],
              ["env", `x${at}`, 4, 0, 1],
            ] as const,
        ).flat(),
      }),
  ],
  "many imports of concrete reference types, of as many types": [150, (count) => references(count)],
  "many types": [
    600,
    (count) =>
      moduleOf({
        types: each(count, (at) => functionType(Array<number>(at % 9).fill(i32))),
        imports: each(count, (at) => ["env", `f${at}`, 0, ...unsigned(at)]),
      }),
  ],
  "minified names": [
    300,
    (count) =>
      moduleOf({
        imports: each(count, (at) => ["a", at.toString(36), 0, 4]),
        exports: each(count, (at) => [`$${at.toString(36)}`.slice(0, 3), 0] as const).filter(
          ([name], at, all) => all.findIndex(([other]) => other === name) === at,
        ),
      }),
  ],
  "names of imports and exports that look like lines of evidence": [
    2000,
    (count) =>
      moduleOf({
        imports: [
          ["wbg", ". ".repeat(count), 0, 1],
          [". ".repeat(count), "x", 0, 1],
        ],
        exports: [
          [`export ${". ".repeat(count)}`, 0],
          [`a:b/${"c-".repeat(count)}`, 0],
        ],
        custom: [["producers", list([...text("sdk"), ...list([...text(". ".repeat(count)), ...text("1")])])]],
      }),
  ],
  "many custom sections": [
    600,
    (count) => moduleOf({ custom: each(count, (at) => [at % 2 ? "producers" : `section${at}`, list()] as const) }),
  ],
};

type Call = (bytes: Bytes, count: number) => unknown;

const names = (bytes: Bytes) =>
  library.unglue
    .inspect(bytes)
    .exports.filter(({ kind }) => kind === "function")
    .map(({ name }) => name);

/** The calls, each on whatever module. */
const calls: Readonly<Record<string, Call>> = {
  inspect: (bytes) => library.unglue.inspect(bytes, { names: true }),
  load: (bytes) => library.unglue.load(bytes, { missing: "zero" }),
  "load with policies by pattern": (bytes) =>
    library.unglue.load(bytes, {
      missing: { "env.f1*": "zero", "*.*9": "trap", "*": "zero" },
      imports: { env: { "*7": () => 0 } },
    }),
  "load that lacks its imports": (bytes) =>
    library.unglue.load(bytes, { missing: "error", imports: { env: { g: () => 0 } } }),
  "loadSync with the adapter": (bytes) =>
    library.unglue.loadSync(bytes, { missing: "zero", adapters: [library.wasmBindgen()] }),
  "compile and instantiate": async (bytes) =>
    (await library.unglue.compile(bytes)).instantiateSync({ missing: "zero" }),
  "load under limits": (bytes) =>
    library.unglue.load(bytes, { missing: "zero", limits: { memoryPages: 9, tableElements: 9 } }),
  "what an instance has": async (bytes) => {
    const wasm = await library.unglue.load(bytes, { missing: "zero" });
    return [wasm.guarded, wasm.imports, wasm.exports, Object.keys(wasm.tables)];
  },
};

/**
 * By how much steps grow faster than bytes, from one size to its double and from there to the double of that: what is done
 * once and for all, such as reading a table, is not the module's, and falls out of the differences.
 */
async function growthOf(count: number, make: (count: number) => Bytes, call: Call): Promise<number> {
  const counts = [1, 2, 4].map((times) => (count * times) / 2);
  const steps: number[] = [];
  const lengths: number[] = [];
  for (const of of counts) {
    const bytes = make(of);
    lengths.push(bytes.length);
    steps.push(await counted.steps(() => call(bytes, of)));
  }
  return rise(steps) / rise(lengths);
}

function rise([first = 0, second = 0, third = 0]: readonly number[]): number {
  expect(second).toBeGreaterThan(first);
  return (third - second) / (second - first);
}

describe.each(Object.entries(families))(
  "a module with twice as much, %s, costs twice the steps",
  (_, [count, make]) => {
    it.each(Object.entries(calls))("%s", async (__, call) => {
      expect(await growthOf(count, make, call)).toBeLessThan(tolerance);
    });
  },
);

describe("twice as many imports of concrete reference types, of as many types, cost twice the steps", () => {
  const { Module, Instance, instantiate } = WebAssembly;
  const empty = new Module(moduleOf({}));

  /** An engine that knows concrete references, as not every one does that the tests run in: it refuses one value. */
  const engine = (wrong?: unknown) => {
    const refuse = (imports: WebAssembly.Imports = {}) => {
      const values = Object.values(imports).flatMap((group) => Object.values(group));
      if (wrong !== undefined && values.includes(wrong as never)) throw new WebAssembly.LinkError("It does not fit.");
    };
    const modules: number[] = [];
    Object.assign(WebAssembly, {
      Module: new Proxy(Module, {
        construct(_, [bytes]: [Bytes]) {
          modules.push(bytes.length);
          return empty;
        },
      }),
      Instance: new Proxy(Instance, {
        construct(_, given: [unknown, WebAssembly.Imports?]) {
          refuse(given[1]);
          return { exports: new Proxy({}, { get: (__, name) => `made ${String(name)}` }) };
        },
      }),
      instantiate: async (_: unknown, imports?: WebAssembly.Imports) => {
        refuse(imports);
        return instantiate(empty);
      },
    });
    return modules;
  };
  afterEach(() => void Object.assign(WebAssembly, { Module, Instance, instantiate }));

  const load = (bytes: Bytes, count: number, given: object = {}) => {
    // The same imports of plain types, since the engine may not compile the others.
    const module = new Module(references(count, () => [0x6f]));
    const shape = library.unglue.inspect(bytes);
    return library.unglue.load(module, { shape, missing: "zero", imports: { env: given } as never });
  };

  it("to create them", async () => {
    const helpers = engine();
    const { imports } = await load(references(6), 6);
    expect(imports.map(({ provider }) => provider)).toEqual(Array(18).fill("created"));
    expect(helpers).toHaveLength(1);
    expect(await growthOf(150, (count) => references(count), load)).toBeLessThan(tolerance);
  });

  it.each<[which: string, place: (count: number) => number]>([
    ["the first", () => 0],
    ["one in the middle", (count) => Math.floor(count / 2)],
    ["the last", (count) => count - 1],
  ])("to find which does not fit: %s", async (_, place) => {
    const wrong = new WebAssembly.Table({ element: "externref", initial: 1 });
    const call = (bytes: Bytes, count: number) => load(bytes, count, { [`t${place(count)}`]: wrong });
    engine(wrong);
    await expect(call(references(6), 6)).rejects.toMatchObject({
      code: "import-mismatch",
      details: { name: `t${place(6)}` },
    });
    // Halves are asked for again: as often as the logarithm says.
    expect(await growthOf(150, (count) => references(count), call)).toBeLessThan(1.4);
  });

  it("to refuse them, where the engine does not know their types", async () => {
    Object.assign(WebAssembly, {
      Module: new Proxy(Module, {
        construct() {
          throw new WebAssembly.CompileError("invalid value type");
        },
      }),
    });
    await expect(load(references(6), 6)).rejects.toMatchObject({ code: "cannot-create", details: { name: "t0" } });
    expect(await growthOf(150, (count) => references(count), load)).toBeLessThan(1.4);
  });
});

describe("an interface of twice the size costs twice the steps", () => {
  const exported = (count: number) =>
    moduleOf({
      exports: [
        ["malloc", 4],
        ["free", 1],
        ...each(
          count,
          (at) =>
            [
              [`f${at}`, 6],
              [`c${at}_new`, 3],
              [`c${at}_free`, 1],
              [`c${at}_go`, 4],
            ] as const,
        ).flat(),
      ],
    });
  const declared = (count: number, letter: string, wrong = false) => {
    const { t } = library.unglue;
    return t.api(
      Object.fromEntries(
        each(
          count,
          (at) =>
            [
              [`${letter}${at}`, t.fn([t.i32, wrong ? t.f64 : t.i32], t.i32)],
              [`C${at}`, t.class({ new: t.ctor([]), go: t.method([], t.owned(`C${(at + 1) % count}`)) })],
            ] as const,
        ).flat(),
      ) as never,
    );
  };

  it.each<[what: string, bind: (bytes: Bytes, count: number) => unknown]>([
    ["that fits", (bytes, count) => library.unglue.loadSync(bytes, { api: declared(count, "f") }).api],
    [
      "whose functions have other types",
      (bytes, count) => library.unglue.loadSync(bytes, { api: declared(count, "f", true) }),
    ],
    [
      "whose functions have other names",
      (bytes, count) => library.unglue.loadSync(bytes, { api: declared(count, "g") }),
    ],
  ])("%s", async (_, bind) => {
    const steps = async (count: number) => {
      const bytes = exported(count);
      return counted.steps(() => bind(bytes, count));
    };
    expect((await steps(300)) / (await steps(150))).toBeLessThan(2 * tolerance);
  });

  it("also with a parameter list of twice the length that could be read in two ways at each place", async () => {
    const steps = (count: number) => {
      const bytes = moduleOf({
        types: [wide(2 * count), functionType([i32], [i32]), functionType([i32])],
        exports: [
          ["take", 0],
          ["malloc", 1],
          ["free", 2],
        ],
      });
      const { t } = library.unglue;
      const texts = Array<typeof t.string>(count).fill(t.string);
      return counted.steps(() => library.unglue.loadSync(bytes, { api: t.api({ take: t.fn(texts, t.void) }) }));
    };
    // Each place may begin at twice as many words: that is the square, and no more.
    expect((await steps(80)) / (await steps(40))).toBeLessThan(4 * tolerance);
  });
});

describe("the counter", () => {
  it("sees a loop inside a loop, whatever it is written with", async () => {
    const quadratic = (count: number) =>
      counted.steps(() => each(count, (at) => each(count, (one) => one).includes(at)));
    expect((await quadratic(400)) / (await quadratic(200))).toBeGreaterThan(3);
    expect(names(families["many exports"]?.[1](3) as Bytes)).toEqual(["run0", "run1", "run2"]);
  });
});
