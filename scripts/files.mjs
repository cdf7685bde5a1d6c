// Which source goes into which built file. Bundlers take, share and split whole files, so a page that needs few files of the
// package makes few requests. Each file is built by itself, and imports from the others what it uses of their sources.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { cwd } from "node:process";
import { parseSources, referencesIn } from "./imports.mjs";

/**
 * The built files besides the entry points, with the sources of each: the first pattern that fits a path decides. A source
 * that none fits goes into every file that imports it, which is right for what only one does.
 *
 * @type {readonly (readonly [file: string | undefined, sources: RegExp])[]}
 */
const patterns = [
  ["unglue-builtins", /^builtins\/(?!advice|named|signatures|string-imports)/],
  // Small, and for the advice of inspect too.
  [undefined, /^builtins\//],
  ["unglue-node", /^platform\/node\.ts/],
  ["unglue-browser", /^platform\/browser\.ts/],
  ["unglue-declaration", /^reflect\/(compact|declaration|difference)\.ts/],
  ["unglue-messages", /^(errors\/messages\/|toolchains\/advice\.ts)/],
  [
    "unglue-sources",
    /^(source\/(chunks|describe-module|read-terms|outline|integrity|restream|retry|foreign-request)|reflect\/(compiled|definitions)|binary\/(limiter|rewrite))\.ts/,
  ],
  [
    "unglue-extras",
    /^(instance\/((extras|follow|thrown)\.ts|restart\/)|imports\/(externs\/|meanings|traced)|memory\/(grown|free-ranges)\.ts|binary\/helper\.ts)/,
  ],
  // Small, and also for output of WASI where there are no coders.
  [undefined, /^base\/utf8\.ts/],
  // Who declares an interface has these functions at first, and the binder fetches itself.
  [undefined, /^bind\/declare\.ts/],
  // No more than two casts, which everything that asks takes along.
  [undefined, /^bind\/types\/(node|named-values)\.ts/],
  ["unglue-offload-values", /^(offload\/(signature|packed|conversion|function-messages)|bind\/types\/transfer)\.ts/],
  ["unglue-values", /^bind\/(types\/|values\/|null\.ts|objects\.ts|object-errors\.ts)/],
  ["unglue-c", /^(instance\/c-calling\.ts|toolchains\/c\/(?!toolchain|classes|cpp-classes|verbs))/],
  [
    "unglue-bind-extras",
    /^(instance\/binder-extras|bind\/(hosts\/.*|extras|allocator-missing|asynchronous|convention-missing|kept|linked|links|locks|misfit|neighbours|plan-kept|rest|suspended|suspension))\.ts/,
  ],
  ["unglue-bind", /^(bind\/|instance\/binder\.ts)/],
  ["unglue-wasm-bindgen-shape", /^toolchains\/wasm-bindgen\/(advice|casts|descriptors|makers)\.ts/],
  ["unglue-wasm-bindgen-abi", /^toolchains\/wasm-bindgen\/(abi|takers)\.ts/],
  ["unglue-assemblyscript", /^toolchains\/assemblyscript\/(?!toolchain)/],
  ["unglue-inspect", /^toolchains\/(describe|owners|[\w-]+\/(cpp-)?classes)\.ts/],
  ["unglue-web-shared", /^toolchains\/wasm-bindgen\/known\/web\/shared-table\.ts/],
  ["unglue-web-language", /^toolchains\/wasm-bindgen\/known\/web\/language-table\.ts/],
  ["unglue-web-network", /^toolchains\/wasm-bindgen\/known\/web\/network-table\.ts/],
  ["unglue-web-page", /^toolchains\/wasm-bindgen\/known\/web\/page-table\.ts/],
  ["unglue-web-canvas", /^toolchains\/wasm-bindgen\/known\/web\/canvas-table\.ts/],
  ["unglue-web-gpu", /^toolchains\/wasm-bindgen\/known\/web\/gpu-table\.ts/],
  // The whole table is a list of its parts, for the entry point that is it.
  [undefined, /^toolchains\/wasm-bindgen\/known\/web-table\.ts/],
  [
    "unglue-known-imports",
    /^toolchains\/wasm-bindgen\/(known\/(?!identify-nothing|bindgen-of|declaration)|(decide|fitting|format-meaning|hints|readings)\.ts)/,
  ],
  ["unglue-wasm-bindgen-hosting", /^toolchains\/wasm-bindgen\/hosting\.ts/],
  // For the entry point with the options alone.
  [undefined, /^toolchains\/wasm-bindgen\/check-options\.ts/],
  ["unglue-wasm-bindgen", /^toolchains\/wasm-bindgen\/(?!toolchain)/],
  ["unglue-napi", /^toolchains\/napi\/(?!toolchain)/],
  // Only its entry points import it, and a page has one of them.
  [undefined, /^toolchains\/go\/(?!toolchain)/],
  // It is for the entry point of Node alone.
  [undefined, /^toolchains\/wasi\/real-files\.ts/],
  // Checks of the entry points of two toolchains, which no plain load needs.
  [undefined, /^toolchains\/wasi\/(standard|streamed)\.ts/],
  // A check of what imports are, for instances and for the entry points of toolchains that have imports of their own.
  [undefined, /^imports\/user-imports\.ts/],
  // A check of the entry points of toolchains, and a few lines for their errors and others.
  [undefined, /^toolchains\/(uncalled|way-in)\.ts/],
  // Any load may fetch it, and unglue/wasi includes it.
  [
    "unglue-wasi-basic",
    /^toolchains\/wasi\/(adapter|basic|errno|guest|is-bytes|names|poll|random|sinks|streams|text|unstable|wait)\.ts/,
  ],
  ["unglue-wasi", /^toolchains\/wasi\/(?!toolchain|real-files)/],
  // For the one entry point that no load needs.
  [undefined, /^reflect\/inspect\.ts/],
  ["unglue-compile", /^(compile\.ts|source\/sync\.ts|instance\/(all-chunks|instantiables|lend)\.ts|pool\/)/],
  [
    "unglue-instance",
    /^(base\/(callee|frozen-record|validity)\.ts|errors\/(frames|trap)\.ts|instance|imports|memory|table|binary|toolchains|reflect|source\/(compile|head|reader)\.ts)/,
  ],
  ["unglue-offload-api", /^offload\/(api|objects)\.ts/],
  ["unglue-offload-caller", /^offload\/(caller|functions|given-imports|write-answer)\.ts/],
  [
    "unglue-offload-worker-calls",
    /^offload\/(worker-calls|worker-functions|worker-imports|read-answer|suspended-call)\.ts/,
  ],
  ["unglue-offload-server", /^offload\/worker-server\.ts/],
  ["unglue-offload-server-objects", /^offload\/worker-objects\.ts/],
  ["unglue-offload", /^offload\/(?!.*-host)/],
  [
    "unglue-instance",
    /^(base\/(dispose-key|suspending|type-text)|errors\/(amend|out-of-bounds)|platform\/(engine-limit|finalization)|reflect\/fingerprint)\.ts/,
  ],
  ["unglue-core", /^(base|errors|options|reflect|source|load|platform\/(?!node))/],
];

// The configuration that imports this is bundled first, so its own place tells nothing.
const root = cwd();
const src = join(root, "src");
/** The sources that the build starts from: what each built file exports. */
const lists = join(root, "node_modules/.cache/unglue-files");

/**
 * Assigns sources to built files.
 *
 * @param {Readonly<Record<string, string>>} entries - The sources of the entry points by the names of their files.
 * @returns {{ entry: Record<string, string>, plugin: import("esbuild").Plugin }} What to build, by the names of the files,
 *   and the plugin that has each file import from the others.
 */
export function splitFiles(entries) {
  const entryOf = new Map(Object.entries(entries).map(([file, source]) => [join(root, source), file]));
  const fileOf = (path) => {
    if (dirname(path) === lists) return basename(path, ".ts");
    const name = relative(src, path).split(sep).join("/");
    return entryOf.get(path) ?? patterns.find(([, pattern]) => pattern.test(name))?.[0];
  };
  return {
    entry: { ...entries, ...writeLists(fileOf, new Set(Object.keys(entries))) },
    plugin: importingFiles(fileOf),
  };
}

/** Refuses files that import each other, since bundlers would make one of them, and a file that fetches itself. */
function refuseCircles(fileOf, references) {
  const importsOf = new Map();
  for (const [path, of] of references) {
    const from = fileOf(path);
    if (from === undefined) continue;
    if (!importsOf.has(from)) importsOf.set(from, new Map());
    for (const { to, names, isLater } of of) {
      const file = fileOf(to);
      if (isLater && file === from)
        throw new Error(`${relative(src, path)} fetches ${relative(src, to)}, which is in its own file`);
      if (!isLater && names.length > 0 && file !== undefined && file !== from)
        importsOf.get(from).set(file, `${relative(src, path)} -> ${relative(src, to)}`);
    }
  }
  const done = new Set();
  const walk = (file, trail) => {
    const at = trail.findIndex((one) => one.file === file);
    if (at >= 0)
      throw new Error(
        `Built files import each other: ${trail
          .slice(at)
          .map(({ by }) => by)
          .join(", ")}`,
      );
    if (done.has(file)) return;
    for (const [to, by] of importsOf.get(file) ?? []) walk(to, [...trail, { file, by }]);
    done.add(file);
  };
  for (const file of importsOf.keys()) walk(file, []);
}

/** Writes for each built file a source that exports what others use of it. */
function writeLists(fileOf, entries) {
  const exported = new Map();
  const references = new Map(
    // The command has a build of its own, and imports what users can import.
    [...parseSources(src)]
      .filter(([name]) => !name.startsWith("cli/"))
      .map(([name, source]) => [join(src, name), referencesOf(join(src, name), source)]),
  );
  refuseCircles(fileOf, references);
  /** Where a name comes from that a source passes on: a file exports it once. */
  const originOf = (path, name) => {
    const passed = references.get(path)?.find(({ isExport, names }) => isExport && names.includes(name));
    return passed && fileOf(passed.to) === fileOf(path) ? originOf(passed.to, name) : path;
  };
  for (const [path, of] of references) {
    for (const { to, names } of of) {
      const file = fileOf(to);
      if (file === undefined || file === fileOf(path) || entries.has(file)) continue;
      if (!exported.has(file)) exported.set(file, new Map());
      const sources = exported.get(file);
      for (const name of names) {
        const origin = originOf(to, name);
        sources.set(origin, (sources.get(origin) ?? new Set()).add(name));
      }
    }
  }
  // Copies of a checkout may share files by hard links, and a list may have lost its use.
  rmSync(lists, { recursive: true, force: true });
  mkdirSync(lists, { recursive: true });
  return Object.fromEntries(
    [...exported].map(([file, sources]) => {
      const taken = new Set();
      const lines = [...sources].sort().map(([path, names]) => {
        for (const name of names) {
          if (taken.has(name) && name !== "*") throw new Error(`${file} has two exports of the name ${name}`);
          taken.add(name);
        }
        const what = names.has("*") ? "*" : `{ ${[...names].sort().join(", ")} }`;
        return names.size === 0 ? "" : `export ${what} from ${JSON.stringify(path)};\n`;
      });
      const list = join(lists, `${file}.ts`);
      writeFileSync(list, lines.join(""));
      return [file, list];
    }),
  );
}

/** The references of a source to other sources, except those of types. */
function referencesOf(path, source) {
  return referencesIn(source)
    .filter(({ specifier, isType }) => specifier.startsWith(".") && !isType)
    .map(({ specifier, ...rest }) => ({ ...rest, to: join(dirname(path), specifier) }));
}

/** An esbuild plugin that leaves the sources of other files to them. */
function importingFiles(fileOf) {
  return {
    name: "import-between-files",
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\/.*\.ts$|^\/.*\.ts$/ }, ({ kind, importer, path, resolveDir }) => {
        if (kind === "entry-point" || !importer) return undefined;
        const file = fileOf(join(path.startsWith("/") ? "/" : resolveDir, path));
        return file === undefined || file === fileOf(importer) ? undefined : { path: `./${file}.js`, external: true };
      });
    },
  };
}
