import { describe, expect, it } from "vitest";
import { inspect } from "./reader.ts";
import { assemble, list, sections, text, unsigned } from "./assemble.ts";

const { custom } = sections;
const pair = (name: string, version: string) => [...text(name), ...text(version)];

describe("the producers section", () => {
  it("has languages, tools and kits with their versions, in its order", () => {
    const contents = list(
      [...text("sdk"), ...list(pair("Emscripten", "4.0.1"))],
      [...text("processed-by"), ...list(pair("clang", "19.0"), pair("wasm-opt", ""))],
      [...text("language"), ...list(pair("C11", ""))],
    );
    expect(inspect(assemble(custom("producers", contents))).producers).toEqual({
      language: [{ name: "C11", version: "" }],
      processedBy: [
        { name: "clang", version: "19.0" },
        { name: "wasm-opt", version: "" },
      ],
      sdk: [{ name: "Emscripten", version: "4.0.1" }],
    });
  });

  it("may have fields that nobody knows, by any name", () => {
    const contents = list(
      [...text("__proto__"), ...list(pair("a", "b"))],
      [...text("language"), ...list(pair("Rust", ""))],
    );
    expect(inspect(assemble(custom("producers", contents))).producers).toEqual({
      language: [{ name: "Rust", version: "" }],
      processedBy: [],
      sdk: [],
    });
  });
});

describe("the target_features section", () => {
  it("has the features with their prefixes", () => {
    const contents = list([0x2b, ...text("simd128")], [0x2d, ...text("atomics")], [0x3d, ...text("bulk-memory")]);
    expect(inspect(assemble(custom("target_features", contents))).targetFeatures).toEqual([
      { prefix: "+", name: "simd128" },
      { prefix: "-", name: "atomics" },
      { prefix: "=", name: "bulk-memory" },
    ]);
  });
});

describe("the dylink.0 section", () => {
  it("has what the library needs, with alignments in bytes and elements", () => {
    const needed = list(text("libc.so"), text("libm.so"));
    const contents = [1, 5, ...unsigned(300), 4, 2, 1, 4, 1, 0xff, 2, needed.length, ...needed];
    expect(inspect(assemble(custom("dylink.0", contents))).dylink).toEqual({
      memorySize: 300,
      memoryAlign: 16,
      tableSize: 2,
      tableAlign: 2,
      needed: ["libc.so", "libm.so"],
    });
  });
});

describe("the dylink section, which came before it", () => {
  it("has the same, without subsections", () => {
    const contents = [...unsigned(300), 4, 2, 1, ...list(text("libc.so"))];
    expect(inspect(assemble(custom("dylink", contents))).dylink).toEqual({
      memorySize: 300,
      memoryAlign: 16,
      tableSize: 2,
      tableAlign: 2,
      needed: ["libc.so"],
    });
  });
});

describe("the name section", () => {
  const functions = list([0, ...text("log")], [...unsigned(200), ...text("f")]);
  // Between the two, a subsection that nobody knows.
  const contents = [0, 4, ...text("app"), 9, 1, 0xff, 1, functions.length, ...functions];
  const bytes = assemble(custom("name", contents));

  it("is read where it is asked for", () => {
    expect(inspect(bytes, { names: true }).names).toEqual({
      module: "app",
      functions: [
        [0, "log"],
        [200, "f"],
      ],
    });
    expect(inspect(bytes, { names: false })).not.toHaveProperty("names");
    expect(inspect(bytes)).not.toHaveProperty("names");
  });

  it("may lack either part", () => {
    expect(inspect(assemble(custom("name", [])), { names: true }).names).toEqual({ functions: [] });
  });
});

describe("a known custom section that is malformed", () => {
  const broken = [
    custom("producers", [1]),
    custom("producers", list([...text("language"), 0xff, 0xff, 0xff, 0xff, 0x0f])),
    custom("target_features", list([0x3f, ...text("simd128")])),
    custom("dylink.0", [1, 4, 0, 32, 0, 0]),
    custom("dylink.0", [1, 0xff, 0xff]),
    custom("dylink", [0, 32, 0, 0, 0]),
    custom("dylink", [0, 0, 0]),
    custom("name", [1, 3, 1, 0, 1, 0xff]),
  ];

  it.each(broken)("is listed and left out: %j", (...section) => {
    const shape = inspect(assemble(section), { names: true });
    expect(shape.customSections).toHaveLength(1);
    for (const key of ["producers", "targetFeatures", "dylink", "names"]) expect(shape).not.toHaveProperty(key);
  });

  it("does not hide a later one by its name", () => {
    const good = custom("producers", list([...text("language"), ...list(pair("Rust", ""))]));
    expect(inspect(assemble(custom("producers", [9]), good)).producers?.language).toHaveLength(1);
  });

  it("is nothing if it only has a name from Object.prototype", () => {
    expect(inspect(assemble(custom("constructor", [1]), custom("__proto__", [1]))).customSections).toHaveLength(2);
  });
});
