import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locate } from "../../src/plugin/locate.ts";
import { answering, project } from "./project.ts";

const nothing = () => Promise.resolve(undefined);
const [one, two] = await Promise.all([answering("one", 1), answering("two", 2)]);
const pack = (name: string, version: string, exports?: object) => JSON.stringify({ name, version, exports });

describe("the module that an import names", () => {
  it("is a file beside the importer, whatever its name", async () => {
    const names = [
      "app.wasm",
      "a b.wasm",
      "a#b.wasm",
      "a?b.wasm",
      "a%20b.wasm",
      "ä–日本.wasm",
      "a!b.wasm",
      "x?unglue.wasm",
    ];
    const root = project(Object.fromEntries(names.map((name) => [`src/${name}`, one])));
    for (const name of names) {
      const found = await locate(`./${name}?unglue`, join(root, "src/main.js"), root, nothing);
      expect(found).toBe(join(root, "src", name));
    }
    expect(await locate("../src/app.wasm?unglue", join(root, "src/main.js"), root, nothing)).toBe(
      join(root, "src/app.wasm"),
    );
    expect(await locate(`${root}/src/app.wasm?unglue`, join(root, "x.js"), root, nothing)).toBe(
      join(root, "src/app.wasm"),
    );
  });

  it("may be written with the separators of Windows, and imported by a file with a query or by an entry", async () => {
    const root = project({ "src/deep/app.wasm": one, "src/page.vue": "" });
    const expected = join(root, "src/deep/app.wasm");
    expect(await locate(".\\deep\\app.wasm?unglue", join(root, "src/main.js"), root, nothing)).toBe(expected);
    expect(await locate("./deep/app.wasm?unglue", join(root, "src/page.vue?vue&type=script"), root, nothing)).toBe(
      expected,
    );
    expect(await locate("./src/deep/app.wasm?unglue", undefined, root, nothing)).toBe(expected);
    expect(await locate("./src/deep/app.wasm?unglue", "\0virtual:x", root, nothing)).toBe(expected);
  });

  it("is the only one of a folder, or of a package", async () => {
    const root = project({
      "pkg/app_bg.wasm": one,
      "node_modules/app/package.json": pack("app", "1.0.0"),
      "node_modules/app/web/x_bg.wasm": one,
      "node_modules/app/node/x_bg.wasm": one,
      "node_modules/@of/app/package.json": pack("@of/app", "1.0.0"),
      "node_modules/@of/app/dist/y.wasm": two,
      "node_modules/both/package.json": pack("both", "1.0.0"),
      "node_modules/both/one.wasm": one,
      "node_modules/both/two.wasm": two,
      // Beside the importer, and no package.
      "app/wrong.wasm": two,
    });
    const at = (text: string) => locate(`${text}?unglue`, join(root, "main.js"), root, nothing);
    expect(await at("./pkg")).toBe(join(root, "pkg/app_bg.wasm"));
    expect(await at("app")).toBe(join(root, "node_modules/app/node/x_bg.wasm"));
    expect(await at("app/web")).toBe(join(root, "node_modules/app/web/x_bg.wasm"));
    expect(await at("@of/app")).toBe(join(root, "node_modules/@of/app/dist/y.wasm"));
    await expect(at("both")).rejects.toThrow("both has 2 different modules. Name one:");
    expect(await at("both/two.wasm")).toBe(join(root, "node_modules/both/two.wasm"));
  });

  it("is found around a map of exports, and through one", async () => {
    const root = project({
      "node_modules/app/package.json": pack("app", "1.0.0", { ".": "./index.js", "./module": "./dist/x.wasm" }),
      "node_modules/app/dist/x.wasm": one,
      "node_modules/app/hidden/y.wasm": two,
    });
    const at = (text: string) => locate(`${text}?unglue`, join(root, "main.js"), root, nothing);
    expect(await at("app/hidden/y.wasm")).toBe(join(root, "node_modules/app/hidden/y.wasm"));
    expect(await at("app/module")).toBe(join(root, "node_modules/app/dist/x.wasm"));
    await expect(at("app/none.wasm")).rejects.toThrow("The package app has no file none.wasm.");
  });

  it("is that of the version that the importer gets", async () => {
    const root = project({
      "node_modules/app/package.json": pack("app", "1.0.0"),
      "node_modules/app/app.wasm": one,
      "node_modules/user/package.json": pack("user", "1.0.0"),
      "node_modules/user/node_modules/app/package.json": pack("app", "2.0.0"),
      "node_modules/user/node_modules/app/app.wasm": two,
    });
    const from = (importer: string) => locate("app?unglue", join(root, importer), root, nothing);
    expect(await from("main.js")).toBe(join(root, "node_modules/app/app.wasm"));
    expect(await from("node_modules/user/index.js")).toBe(join(root, "node_modules/user/node_modules/app/app.wasm"));
  });

  it("is what the bundler makes of the path, if it is neither", async () => {
    const root = project({ "src/app.wasm": one });
    mkdirSync(join(root, "empty"));
    const asked: unknown[] = [];
    const resolve = (path: string, importer: string | undefined) => {
      asked.push([path, importer]);
      return Promise.resolve(path.startsWith("@/") ? join(root, "src", path.slice(2)) : undefined);
    };
    const importer = join(root, "main.js");
    expect(await locate("@/app.wasm?unglue", importer, root, resolve)).toBe(join(root, "src/app.wasm"));
    expect(asked).toEqual([["@/app.wasm", importer]]);
    await expect(locate("@/none.wasm?unglue", importer, root, resolve)).rejects.toThrow("No package of the name of");
    await expect(locate("./none.wasm?unglue", importer, root, resolve)).rejects.toThrow(
      `There is no file ${join(root, "none.wasm")}.`,
    );
    await expect(locate("https://example.com/a.wasm?unglue", importer, root, resolve)).rejects.toThrow(
      "needs a .wasm file",
    );
    await expect(locate("./empty?unglue", importer, root, resolve)).rejects.toThrow("has no .wasm file");
  });
});
