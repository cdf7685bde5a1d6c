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

/** An export that is the generated function at first. */
const again = `import { transform as t } from "./proj4rs_bg.js"; export let transform = t;`;

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
  ["a member in the head of a loop", "Point", `${imported} for (Point.prototype.free of [() => 1]);`],
  ["a member in the head of a loop over names", "Point", `${imported} for (Point.prototype.free in { a: 1 });`],
  ["a member in a pattern of a list", "Point", `${imported} [Point.prototype.free] = [() => 1];`],
  ["a member in a pattern of a list's rest", "Point", `${imported} [...Point.prototype.list] = [1];`],
  ["a member in a pattern of an object", "Point", `${imported} ({ a: Point.prototype.free } = { a: 1 });`],
  ["a member in a pattern with a default", "Point", `${imported} ({ a: Point.prototype.free = 1 } = {});`],
  ["a member that it counts up", "Point", `${imported} Point.prototype.x++;`],
  ["a getter of the old form", "Point", `${imported} Point.prototype.__defineGetter__("x", () => 5);`],
  ["another prototype", "Point", `${imported} Object.setPrototypeOf(Point.prototype, {});`],
  ["a class in an object", "Point", `${imported} const all = { Point }; all.Point.prototype.x = 1;`],
  ["a class in a list", "Point", `${imported} for (const one of [Point]) one.prototype.x = 1;`],
  ["a class of a choice", "Point", `${imported} const of = later ? Point : Other; of.prototype.x = 1;`],
  ["a class that it assigns", "Point", `${imported} let of; of = Point; of.prototype.x = 1;`],
  ["a class that a function returns", "Point", `${imported} const of = () => Point; of().prototype.x = 1;`],
  ["a call in a function that it calls", "Point", `${imported} function f() { return new Point(1, 2, 3); } f();`],
  ["a call in a method for lists", "Point", `${imported} [1].forEach(() => new Point(1, 2, 3));`],
  [
    "the values of the namespace",
    "proj4rs_bg.js",
    `import * as all from "./proj4rs_bg.js"; for (const one of Object.values(all)) one.prototype.x = 1;`,
  ],
  ["a variable that the head of a loop changes", "transform", `${again} for (transform of [() => 5]);`],
  ["a variable that a pattern of a list changes", "transform", `${again} [transform] = [() => 5];`],
  ["a variable that a pattern of an object changes", "transform", `${again} ({ a: transform } = { a: () => 5 });`],
  ["a variable that is counted up", "transform", `${again} transform++;`],
  ["a variable with one of two values", "transform", again.replace("= t", "= later ? t : () => 5")],
  [
    "a name that it takes from another",
    "transform",
    `import * as all from "./proj4rs_bg.js"; export const { Point: transform } = all;`,
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
    `import * as all from "./proj4rs_bg.js"; export const { transform } = all;`,
    `import { transform as t } from "./proj4rs_bg.js"; const f = t; export { f as transform };`,
    `${imported} export function isPoint(value) { return value instanceof Point; }`,
    `${imported} export class Place extends Point { name = "x"; }`,
    `${imported} export const all = Object.freeze({ Point });`,
    `import * as all from "./proj4rs_bg.js"; export const copy = { ...all }; copy.extra = 1;`,
    `const { instance } = await WebAssembly.instantiate(bytes, {}); __wbg_set_wasm(instance.exports); instance.exports.__wbindgen_start();`,
    `let other; for (other of [1]); const { a, ...rest } = other; rest.b = a;`,
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

describe("An entry of CommonJS", () => {
  const entryWith =
    (added: string) => (read: (file: string) => string, write: (file: string, text: string) => void) => {
      write("proj4rs.js", `const all = require("./proj4rs_bg.js");\nmodule.exports = all;\n${added}`);
      write(
        "proj4rs_bg.js",
        read("proj4rs_bg.js").replace(/^export (class|function) (\w+)/gm, "exports.$2 = $2;\n$1 $2"),
      );
    };

  it.each([
    "",
    "exports.transform = all.transform;",
    "module.exports = { transform: all.transform };",
    "exports.Point = exports.transform = void 0;",
    `Object.defineProperty(exports, "Point", { enumerable: true, get: function () { return all.Point; } });`,
    "Object.keys(all).forEach((key) => { exports[key] = all[key]; });",
    `__exportStar(require("./proj4rs_bg.js"), exports);`,
  ])("needs no remark for %s", async (added) => {
    expect(await guessesOf("proj4rs", "proj4rs_bg.wasm", entryWith(added))).toEqual([]);
  });

  it.each([
    "exports.transform = () => 5;",
    "module.exports.transform = () => 5;",
    "const mine = exports; mine.transform = () => 5;",
    "for (exports.transform of [() => 5]);",
    "[exports.transform] = [() => 5];",
    "({ a: exports.transform } = { a: () => 5 });",
    "module.exports = { ...all, transform() { return 5; } };",
    `Object.defineProperty(exports, "transform", { get: () => () => 5 });`,
    "Object.assign(exports, { transform: () => 5 });",
    "let f = all.transform; for (f of [() => 5]); exports.transform = f;",
  ])("is remarked on for %s", async (added) => {
    const guesses = await guessesOf("proj4rs", "proj4rs_bg.wasm", entryWith(added));
    expect(guesses.join("\n")).toMatch(/transform: \S*proj4rs\.js:\d+:\d+/);
  });

  it("is remarked on if it exports a wrapper of all", async () => {
    const guesses = await guessesOf("proj4rs", "proj4rs_bg.wasm", entryWith("module.exports = wrap(() => all);"));
    expect(guesses.join("\n")).toMatch(/proj4rs\.js:3:\d+/);
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
