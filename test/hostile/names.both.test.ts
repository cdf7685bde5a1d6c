import { describe, expect, it } from "vitest";
import { inspect, load, loadSync, type UnglueError } from "unglue";
import {
  assemble,
  emptyBody,
  exported,
  funcref,
  functionType,
  i32,
  list,
  sections,
  text,
  unsigned,
} from "../reflect/assemble.ts";
import { rejectionOf, thrownBy } from "../wat.ts";

const names = {
  "of 10,000 characters": "x".repeat(10_000),
  __proto__: "__proto__",
  then: "then",
  constructor: "constructor",
  toString: "toString",
  empty: "",
  "of other scripts": "läuft — 動く 🏃",
  "with line breaks": "a\nproducer emscripten 9\r\u2028b",
  "with control characters": "\0\u001b[31m\u0007",
  "with a byte order mark": "\ufeffx",
  "with a star": "a*",
  "with dots": "a.b.c",
  "of digits": "0",
};

/** A module that imports a function by a name, twice over, and exports it by the same name. */
function named(name: string): Uint8Array<ArrayBuffer> {
  return assemble(
    sections.type(functionType([], [i32])),
    sections.import([...text(name), ...text(name), 0, 0]),
    sections.export(exported(name, 0)),
  );
}

/** A module of many imports; made of one list, since a call takes only so many arguments. */
function importing(count: number, item: (index: number) => number[]): Uint8Array<ArrayBuffer> {
  const contents = [...unsigned(count), ...Array.from({ length: count }, (_, index) => item(index)).flat()];
  return assemble(sections.type(functionType([i32], [i32])), [2, ...unsigned(contents.length), ...contents]);
}

const aFunction = (index: number): number[] => [...text("env"), ...text(`f${index}`), 0, 0];
const aGlobal = (index: number): number[] => [...text("env"), ...text(`g${index}`), 3, i32, 0];

describe.each(Object.entries(names))("a name %s", (_, name) => {
  const bytes = named(name);

  it("can be given, called and read", async () => {
    const given = Object.defineProperty({}, name, { value: () => 7, enumerable: true });
    const wasm = await load(bytes, { imports: Object.defineProperty({}, name, { value: given, enumerable: true }) });
    expect(wasm.imports).toMatchObject([{ module: name, name, provider: "user" }]);
    expect(wasm.guarded[name]?.()).toBe(7);
    expect(Object.keys(wasm.guarded)).toEqual([name]);
  });

  it("is stubbed, and takes nothing from Object.prototype", async () => {
    const wasm = await load(bytes, { imports: { [`not ${name}`]: {} }, missing: "zero" });
    expect(wasm.imports[0]?.provider).toBe("stub");
    expect(wasm.guarded[name]?.()).toBe(0);
  });

  it("reaches messages quoted and short, and details whole", async () => {
    const wasm = await load(bytes);
    const errors = [
      await rejectionOf(load(bytes, { missing: "error" })),
      thrownBy(() => wasm.guarded[name]?.()),
      thrownBy(() => {
        wasm.dispose();
        void wasm.exports;
      }),
    ] as UnglueError[];
    for (const { message } of errors) {
      expect(message.length).toBeLessThan(1000);
      // eslint-disable-next-line no-control-regex -- that is what it is about
      expect(message.replaceAll("\n", "")).not.toMatch(/[\0-\x1f]/);
    }
    expect(errors[0]?.details).toMatchObject({ imports: [{ module: name, name }] });
    expect(errors[1]?.details).toMatchObject({ module: name, name });
  });

  it("reaches the message of a trap quoted and short", async () => {
    const trapping = assemble(
      sections.type(functionType([])),
      sections.function([0]),
      sections.export(exported(name, 0)),
      sections.code([3, 0, 0, 0x0b]),
    );
    const wasm = await load(trapping);
    const trap = thrownBy(() => wasm.guarded[name]?.()) as UnglueError;
    const poisoned = thrownBy(() => wasm.guarded[name]?.()) as UnglueError;
    expect([trap.code, poisoned.code]).toEqual(["trap", "poisoned"]);
    for (const { message, details } of [trap, poisoned]) {
      expect(message.length).toBeLessThan(500);
      // eslint-disable-next-line no-control-regex -- that is what it is about
      expect(message).not.toMatch(/[\0-\x1f]/);
      expect(details).toMatchObject({ export: name });
    }
  });

  it("gives no false evidence of a toolchain", () => {
    expect(inspect(bytes).toolchain).toEqual({ name: "unknown", evidence: [] });
  });
});

describe("evidence", () => {
  it("is of a bounded length", () => {
    const { toolchain } = inspect(named(`__wbg_${"x".repeat(10_000)}`));
    expect(toolchain.name).toBe("wasm-bindgen");
    expect(toolchain.evidence.every((line) => line.length <= 200)).toBe(true);
  });
});

describe("100,000 imports", () => {
  const count = 100_000;
  const bytes = importing(count, aFunction);

  it("load, and what was given is searched for patterns once", () => {
    let listings = 0;
    const counting = <Given extends object>(given: Given): Given =>
      new Proxy(given, { ownKeys: (target) => (listings++, Reflect.ownKeys(target)) });
    const wasm = loadSync(bytes, {
      imports: { env: counting({ f7: () => 7, "g*": () => 8 }) },
      missing: { "env.f1*": "zero", "env.*9": "zero", "*": "trap" },
    });
    expect(wasm.imports).toHaveLength(count);
    expect(wasm.imports.filter(({ provider }) => provider === "user")).toHaveLength(1);
    expect(listings).toBe(1);
  });

  it("make no message that fills a screen many times over", async () => {
    const error = (await rejectionOf(load(bytes, { missing: "error" }))) as UnglueError<"unresolved-imports">;
    expect(error.details.imports).toHaveLength(count);
    expect(error.message.length).toBeLessThan(4000);
    expect(error.message).toContain("and 99950 more, all in the error's details");
  });

  it("of unknown types make no longer one", async () => {
    const module = await WebAssembly.compile(importing(count, aGlobal));
    const error = (await rejectionOf(load(module, { missing: "zero" }))) as UnglueError<"types-unknown">;
    expect(error.details.imports).toHaveLength(count);
    expect(error.message.length).toBeLessThan(4000);
  });
});

describe("types of a thousand parameters", () => {
  const bytes = assemble(
    sections.type(functionType(Array<number>(1000).fill(i32))),
    sections.import([...text("env"), ...text("f"), 0, 0]),
  );

  it("do not fill the message of what does not fit, and are whole in its details", async () => {
    const imports = { env: { f: 5 as never } };
    const error = (await rejectionOf(load(bytes, { imports }))) as UnglueError<"import-mismatch">;
    expect(error.code).toBe("import-mismatch");
    expect(error.message.length).toBeLessThan(500);
    expect(error.details.expected).toBe(`(func (param${" i32".repeat(1000)}))`);
  });

  it("do not fill the message of what is missing either", async () => {
    const error = (await rejectionOf(load(bytes, { missing: "error" }))) as UnglueError;
    expect(error.message.length).toBeLessThan(1000);
  });
});

describe("one name, imported 5000 times with types that differ", () => {
  const types = Array.from({ length: 5000 }, (_, index) =>
    functionType(Array<number>(index % 50).fill(i32), Array<number>(Math.floor(index / 50) % 2).fill(i32)),
  );
  const [typeItems, importItems] = [
    types,
    types.map((_, index) => [...text("m"), ...text("f"), 0, ...unsigned(index)]),
  ];
  const section = (id: number, items: readonly number[][]): number[] => {
    const contents = list(...items);
    return [id, ...unsigned(contents.length), ...contents];
  };
  const bytes = assemble(
    section(1, typeItems),
    section(2, importItems),
    section(7, [exported("first", 0, 0), exported("last", 0, 4999)]),
  );

  it("is served with a stub of the right type for each", async () => {
    const wasm = await load(bytes, { missing: "zero" });
    expect(wasm.imports).toHaveLength(5000);
    expect(wasm.exports["first"]?.()).toBe(undefined);
    expect(wasm.exports["last"]?.(...Array<number>(49).fill(0))).toBe(0);
  });

  it("is served by one function of the user's", async () => {
    const wasm = await load(bytes, { imports: { m: { f: (...args: number[]) => args.length } } });
    expect(wasm.exports["last"]?.(...Array<number>(49).fill(0))).toBe(49);
  });

  it("is a conflict of few words where another kind is among them", async () => {
    const aTable = [...text("m"), ...text("f"), 1, funcref, 0, 1];
    const mixed = assemble(section(1, typeItems), section(2, [...importItems, aTable]));
    const error = (await rejectionOf(load(mixed))) as UnglueError<"import-conflict">;
    expect(error.code).toBe("import-conflict");
    expect(error.details.types).toHaveLength(101);
    expect(error.message.length).toBeLessThan(20_000);
  });
});

describe("hostile export names", () => {
  it("stay apart, in an object without a prototype", async () => {
    const all = Object.values(names);
    const bytes = assemble(
      sections.type(functionType([])),
      sections.function([0]),
      sections.export(...all.map((name) => exported(name, 0))),
      sections.code(emptyBody),
    );
    const wasm = await load(bytes);
    expect(Object.keys(wasm.guarded).sort()).toEqual([...all].sort());
    expect(Object.getPrototypeOf(wasm.guarded)).toBe(null);
  });
});
