import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { builds, realmUrl } from "./built.ts";

interface Build {
  bindgen: string;
  sources: Record<string, string>;
  outputs: Record<string, string>;
}

const read = (path: string) => readFileSync(fileURLToPath(realmUrl(path)));
const hash = (path: string) => createHash("sha256").update(read(path)).digest("hex");
const now = (hashes: Record<string, string>) =>
  Object.fromEntries(Object.keys(hashes).map((path) => [path, hash(path)]));

it("has no output that is not tested", () => {
  const files = builds.flatMap(({ name }) => [`${name}.js`, `${name}.json`, `${name}.wasm`]);
  expect(readdirSync(fileURLToPath(realmUrl("built"))).sort()).toEqual(files.sort());
});

it.each(builds.map(({ name }) => name))(
  "%s is what its build made of the sources as they are: npm run fixtures",
  (name) => {
    const build = JSON.parse(read(`built/${name}.json`).toString()) as Build;
    const version = build.bindgen.replace("wasm-bindgen ", "");
    const rust = readdirSync(fileURLToPath(realmUrl("src"))).map((file) => `src/${file}`);
    expect(Object.keys(build.sources).sort()).toEqual(
      [...rust, "build.rs", "Cargo.toml", `locks/${version}.lock`].sort(),
    );
    expect(Object.keys(build.outputs)).toEqual([`built/${name}.wasm`, `built/${name}.js`]);
    expect(now(build.sources)).toEqual(build.sources);
    expect(now(build.outputs)).toEqual(build.outputs);
  },
);

it("the page of examples/ has the module and the model that are built here", () => {
  const ofPage = (file: string) => readFileSync(fileURLToPath(realmUrl(`../../../examples/page/src/${file}`)));
  expect(ofPage("realm.wasm").equals(read("built/0.2.130-web.wasm"))).toBe(true);
  expect(ofPage("constitution.rlm").equals(read("models/constitution.rlm"))).toBe(true);
});
