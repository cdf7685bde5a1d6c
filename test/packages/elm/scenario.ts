import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario } from "../scenario.ts";

/** The exports of elm-solve-deps-wasm. */
export interface Elm {
  solve_deps(
    project: string,
    useTest: boolean,
    constraints: unknown,
    fetch: (pkg: string, version: string) => unknown,
    list: (pkg: string) => unknown,
  ): string;
}

/** The dependencies of packages, by name and version. */
const registry: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  "elm/core": { "1.0.5": {}, "1.0.4": {}, "1.0.0": {} },
  "elm/json": { "1.1.3": { "elm/core": "1.0.0 <= v < 2.0.0" }, "1.0.0": { "elm/core": "1.0.0 <= v < 2.0.0" } },
  "elm/html": {
    "1.0.0": {
      "elm/core": "1.0.0 <= v < 2.0.0",
      "elm/json": "1.0.0 <= v < 2.0.0",
      "elm/virtual-dom": "1.0.0 <= v < 2.0.0",
    },
  },
  "elm/virtual-dom": {
    "1.0.3": { "elm/core": "1.0.2 <= v < 2.0.0", "elm/json": "1.1.0 <= v < 2.0.0" },
    "1.0.2": { "elm/core": "1.0.0 <= v < 2.0.0", "elm/json": "1.0.0 <= v < 2.0.0" },
  },
  "a/conflict": { "1.0.0": { "elm/core": "2.0.0 <= v < 3.0.0" } },
};

const project = (direct: object, indirect: object = {}) =>
  JSON.stringify({
    type: "application",
    "source-directories": ["src"],
    "elm-version": "0.19.1",
    dependencies: { direct, indirect },
    "test-dependencies": { direct: {}, indirect: {} },
  });

const describePackage = (name: string, version: string) =>
  JSON.stringify({
    type: "package",
    name,
    summary: "é 日本 🚀",
    license: "BSD-3-Clause",
    version,
    "exposed-modules": [],
    "elm-version": "0.19.0 <= v < 0.20.0",
    dependencies: registry[name]?.[version],
    "test-dependencies": {},
  });

/** Solves, and tells what the module asked for. */
function solve({ solve_deps }: Elm, text: string, constraints: unknown = {}, newestFirst = true) {
  const asked: string[] = [];
  const solved = outcome(() =>
    solve_deps(
      text,
      false,
      constraints,
      (name, version) => {
        asked.push(`${name}@${version}`);
        if (!registry[name]?.[version]) throw new Error(`No ${name} ${version}: é 🚀`);
        return describePackage(name, version);
      },
      (name) => {
        asked.push(name);
        const versions = Object.keys(registry[name] ?? {});
        return newestFirst ? versions : versions.reverse();
      },
    ),
  );
  return { solved, asked };
}

const html = { "elm/html": "1.0.0", "elm/core": "1.0.5" };

/** The scenario of elm-solve-deps-wasm, which calls what it is passed. */
export const elmScenario: Scenario<Elm, undefined> = {
  "solves dependencies with packages that two functions fetch": (elm) => [
    solve(elm, project({ "elm/core": "1.0.5" })),
    solve(elm, project(html, { "elm/json": "1.1.3", "elm/virtual-dom": "1.0.3" })),
    solve(elm, project({ "elm/core": "1.0.5" }), { "elm/json": "1.0.0 <= v < 2.0.0" }),
    solve(elm, project({ "elm/core": "1.0.5" }), { "elm/html": "1.0.0 <= v < 2.0.0" }, false),
  ],

  "throws where there is no solution, and where a function throws": (elm) => [
    solve(elm, project({ "a/conflict": "1.0.0", "elm/core": "1.0.5" })),
    solve(elm, project({ "no/such": "1.0.0" })),
    solve(elm, project({ "elm/core": "1.0.5" }), { "elm/json": "9.0.0 <= v < 10.0.0" }),
    solve(elm, project({ "elm/core": "1.0.5" }), { "日本/🚀": "1.0.0 <= v < 2.0.0" }),
  ],

  "throws for what is no project, and for wrong constraints": (elm) => [
    ...["", "{}", "é 🚀", "[".repeat(1000)].map((text) => solve(elm, text)),
    ...[null, undefined, 5, "text", [1], { "elm/json": "nonsense" }].map((constraints) =>
      solve(elm, project({ "elm/core": "1.0.5" }), constraints),
    ),
  ],

  "takes what the functions return": ({ solve_deps }) =>
    ["", "nonsense", '{"type":"package"}', describePackage("elm/core", "1.0.5")].map((text) =>
      outcome(() =>
        solve_deps(
          project(html),
          true,
          {},
          () => text,
          () => ["1.0.0", "1.0.3"],
        ),
      ),
    ),
};

/** Functions that are passed, called and let go, and one that throws. */
export const elmRounds: Rounds<Elm, undefined> = {
  start: (elm) => () => {
    solve(elm, project(html, { "elm/json": "1.1.3" }));
    solve(elm, project({ "elm/core": "1.0.5" }), { "no/such": "1.0.0 <= v < 2.0.0" });
  },
};
