import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { writeDeclaration } from "../../src/cli/declare/write.ts";
import { temporaryFolder } from "./terminal.ts";

const options = { withDocs: false, withShape: false, version: "1", command: "npx unglue declare" };

/** The guesses for a package after a change of its files. */
async function guessesOf(
  name: string,
  module: string,
  change: (read: (file: string) => string, write: (file: string, text: string) => void) => void,
): Promise<readonly string[]> {
  const folder = temporaryFolder();
  cpSync(join("node_modules", name), folder, { recursive: true });
  change(
    (file) => readFileSync(join(folder, file), "utf8"),
    (file, text) => writeFileSync(join(folder, file), text),
  );
  const { declared } = await writeDeclaration(await findInputs(join(folder, module), {}), options);
  return declared.guesses.map(({ member, reason }) => `${member}: ${reason}`);
}

const imported = `import { Point } from "./proj4rs_bg.js";`;
const getter = `Object.defineProperty(Point.prototype, "x", { get() { return 5; } });`;

type Change = readonly [title: string, member: string, added: string, files?: Readonly<Record<string, string>>];
const changes: readonly Change[] = [
  ["a getter that it defines", "Point", `${imported} ${getter}`],
  ["a getter that a function of it defines", "Point", `${imported} function f() { ${getter} } f();`],
  ["a method that it assigns", "Point", `${imported} Point.prototype.free = () => 1;`],
  ["a method that it assigns by another name", "Point", `${imported} const of = Point.prototype; of.free = () => 1;`],
  ["a member that it deletes", "Point", `${imported} delete Point.prototype.free;`],
  [
    "a namespace whose class it changes",
    "Point",
    `import * as all from "./proj4rs_bg.js"; all.Point.prototype.free = 1;`,
  ],
  [
    "a class that it gives to something",
    "Point",
    `${imported} patch(Point); function patch(made) { made.prototype.x = 1; }`,
  ],
  ["a function of its own", "transform", "export function transform() { return 5; }"],
  ["a variable of its own", "transform", "export const transform = () => 5;"],
  ["a function under another name", "transform", "function f() { return 5; } export { f as transform };"],
  ["a subclass", "Point", `import { Point as P } from "./proj4rs_bg.js"; export class Point extends P {}`],
  ["names that it crosses", "Projection", `export { Point as Projection } from "./proj4rs_bg.js";`],
  ["names that it crosses after an import", "Projection", `${imported} export { Point as Projection };`],
  ["a call of the module", "proj4rs_bg.js", "wasm.point_new(1, 2, 3);"],
  ["a call of a generated function", "Point", `${imported} new Point(1, 2, 3);`],
  ["a file that it imports", "proj4rs_bg.js", `import "./patch.js";`, { "patch.js": `${imported} ${getter}` }],
  [
    "a file from which it takes something",
    "Point",
    `import { a } from "./patch.js";`,
    { "patch.js": `${imported} ${getter} export const a = 1;` },
  ],
  [
    "a file that replaces an export",
    "transform",
    `export { transform } from "./patch.js";`,
    { "patch.js": "export const transform = 1;" },
  ],
  [
    "a file whose exports it passes on",
    "Point",
    `export * from "./patch.js";`,
    { "patch.js": `${imported} ${getter}` },
  ],
];

describe("The entry of generated JavaScript", () => {
  const entry = "proj4rs.js";

  it("needs no remark as it is generated", async () => {
    expect(await guessesOf("proj4rs", "proj4rs_bg.wasm", () => undefined)).toEqual([]);
  });

  it.each(changes.map(([title, member, added, files = {}]) => ({ title, member, added, files })))(
    "is remarked on for $title",
    async ({ member, added, files }) => {
      const guesses = await guessesOf("proj4rs", "proj4rs_bg.wasm", (read, write) => {
        write(entry, `${read(entry)}\n${added}`);
        for (const [name, text] of Object.entries(files)) write(name, text);
      });
      expect(guesses.map((one) => one.replace(/^\S*\//, "").replace(/:.*/s, ""))).toContain(member);
      expect(guesses.join("\n")).toMatch(/(proj4rs|patch)\.js:\d+:\d+/);
    },
  );

  it.each([
    "{ ...wasm, point_new() { return wasm.point_new(1, 2, 3); } }",
    "new Proxy(wasm, {})",
    "Object.assign({}, wasm)",
  ])("is remarked on for other exports: %s", async (value) => {
    const guesses = await guessesOf("proj4rs", "proj4rs_bg.wasm", (read, write) =>
      write(entry, read(entry).replace("__wbg_set_wasm(wasm)", `__wbg_set_wasm(${value})`)),
    );
    expect(guesses.join("\n")).toMatch(/proj4rs\.js:\d+:\d+/);
  });

  it.each([
    `import * as all from "./proj4rs_bg.js"; const { exports } = new WebAssembly.Instance(wasm.default, { "./proj4rs_bg.js": all }); all.__wbg_set_wasm(exports);`,
    "export function middle(at) { return at + 1; }",
    `${imported} export function middle() { return new Point(1, 2, 3); }`,
    `${imported} export default Point;`,
    `export { Point as Place } from "./proj4rs_bg.js";`,
  ])("may also have %s", async (added) => {
    const guesses = await guessesOf("proj4rs", "proj4rs_bg.wasm", (read, write) =>
      write(entry, `${read(entry)}\n${added}`),
    );
    expect(guesses).toEqual([]);
  });

  it("is remarked on if it is too large or cannot be parsed", async () => {
    for (const text of ["x".repeat(3_000_000), "export {"]) {
      const guesses = await guessesOf("proj4rs", "proj4rs_bg.wasm", (read, write) =>
        write(entry, `${read(entry)}\n${text}`),
      );
      expect(guesses.join("\n")).toMatch(/proj4rs\.js cannot be read/);
    }
  });
});

describe("A file that generated JavaScript loads", () => {
  it("is remarked on if it is loaded for what it does", async () => {
    const guesses = await guessesOf("proj4rs", "proj4rs_bg.wasm", (read, write) => {
      write("patch.js", "export {};");
      write("proj4rs_bg.js", `import "./patch.js";\n${read("proj4rs_bg.js")}`);
    });
    expect(guesses.join("\n")).toContain("proj4rs_bg.js:1:1");
  });

  it("is read if something is taken from it", async () => {
    const load = async (text: string) =>
      guessesOf("proj4rs", "proj4rs_bg.wasm", (read, write) => {
        write("patch.js", text);
        write("proj4rs_bg.js", `import { a } from "./patch.js";\n${read("proj4rs_bg.js")}`);
      });
    expect(await load("export const a = 1;")).toEqual([]);
    expect((await load(`${imported} ${getter} export const a = 1;`)).join("\n")).toMatch(/Point: .*patch\.js:1:\d+/s);
  });

  it("is remarked on in CommonJS", async () => {
    const name = "@ceramicnetwork/wasm-bloom-filter";
    const guesses = await guessesOf("proj4rs", "proj4rs_bg.wasm", (read, write) => {
      write("patch.js", `const { Point: P } = require("./proj4rs_bg.js"); P.prototype.free = () => 3;`);
      write(
        "proj4rs_bg.js",
        `${read("proj4rs_bg.js").replace(/^export (class|function) (\w+)/gm, "exports.$2 = $2;\n$1 $2")}\nrequire("./patch.js");`,
      );
    });
    expect(guesses.join("\n"), name).toMatch(/proj4rs_bg\.js:\d+:1/);
  });
});
