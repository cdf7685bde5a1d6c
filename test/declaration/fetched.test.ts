/** The parts of the library that a load fetches. A part that is replaced by an error must not be needed. */
import { load } from "unglue";
import { describe, expect, it, vi } from "vitest";
import type * as fetching from "../../src/toolchains/wasm-bindgen/known/fetch-part.ts";
import type * as identification from "../../src/toolchains/wasm-bindgen/known/identify.ts";
import { moduleBytes } from "../packages/index.mjs";
import { api as gluesqlApi } from "../packages/gluesql/api.ts";
import { declare } from "./declare.ts";

const { fetched } = vi.hoisted(() => ({ fetched: [] as string[] }));

vi.mock("../../src/toolchains/wasm-bindgen/known/identify.ts", async (original) => {
  const real = await original<typeof identification>();
  return {
    ...real,
    createIdentify: (...args: Parameters<typeof real.createIdentify>) => {
      fetched.push("identification");
      return real.createIdentify(...args);
    },
  };
});
vi.mock("../../src/toolchains/wasm-bindgen/known/fetch-part.ts", async (original) => {
  const real = await original<typeof fetching>();
  return {
    fetchPart: (number: number) => {
      fetched.push("web table");
      return real.fetchPart(number);
    },
  };
});

const gluesql = await moduleBytes("gluesql");
const matrix = await moduleBytes("matrix");
const files = {
  gluesql: declare(gluesql, gluesqlApi, {
    closures: { __wbindgen_closure_wrapper999: { call: "__wbindgen_export_1", signature: "mut (H)", destroy: 98 } },
  }),
  matrix: declare(matrix),
};

describe.each([
  ["gluesql", gluesql, files.gluesql],
  ["matrix", matrix, files.matrix],
] as const)("%s, whose imports need the large table", (_, bytes, file) => {
  it("is identified without a declaration file", async () => {
    fetched.length = 0;
    await load(bytes);
    expect(fetched).toEqual(expect.arrayContaining(["identification", "web table"]));
  });

  it("is not identified with one, and no table is fetched", async () => {
    fetched.length = 0;
    const { imports } = await load(bytes, file as object);
    expect(fetched).toEqual([]);
    const stated = imports.filter(({ evidence }) => evidence === "as the option known states");
    expect(stated.length).toBeGreaterThan(20);
  });

  it("is identified for an import that the file says nothing of", async () => {
    fetched.length = 0;
    const { meanings = {} } = file.known as { readonly meanings?: Readonly<Record<string, string>> };
    const [[left, meaning] = ["", ""], ...rest] = Object.entries(meanings).reverse();
    const known = { ...file.known, toolchain: "wasm-bindgen", meanings: Object.fromEntries(rest) };
    const { imports } = await load(bytes, { ...(file as object), known });
    expect(fetched).toContain("identification");
    const found = imports.find(({ name }) => name === left);
    expect(found).toMatchObject({ provider: "adapter", evidence: expect.stringMatching(/^hash: /) as unknown });
    expect(meaning.startsWith(found?.meaning?.replace(/\(\)$/, "") ?? "nothing")).toBe(true);
  });

  it("has a stub for a hole of the file, which names it, and nothing is fetched", async () => {
    fetched.length = 0;
    const {
      meanings = {},
      holes: others = [],
      ...known
    } = file.known as unknown as {
      readonly meanings?: Readonly<Record<string, string>>;
      readonly holes?: readonly string[];
    };
    const [[left] = [""], ...rest] = Object.entries(meanings);
    const holes = { ...known, toolchain: "wasm-bindgen", meanings: Object.fromEntries(rest), holes: [left, ...others] };
    const { imports } = await load(bytes, { ...(file as object), known: holes });
    expect(fetched).toEqual([]);
    const stub = imports.find(({ name }) => name === left);
    expect(stub?.provider).toBe("stub");
    expect(stub?.evidence).toContain(
      "It is a hole of the declaration file: `unglue declare` did not find its meaning.",
    );
    expect(stub?.evidence).toContain("or state its meaning in the file");
  });

  it("has no statement to propose for a hole that is one of wasm-bindgen's own imports", async () => {
    const own = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).find(({ name }) =>
      /wbindgen_?throw/.test(name),
    )?.name;
    expect(own).toBeDefined();
    const known = { ...file.known, toolchain: "wasm-bindgen", holes: [own] };
    const { imports } = await load(bytes, { ...(file as object), known });
    const stub = imports.find(({ name }) => name === own);
    expect(stub?.provider).toBe("stub");
    expect(stub?.evidence).toContain("did not find its meaning. Give it in `imports`.");
    expect(stub?.evidence).not.toContain("known.meanings");
  });
});
