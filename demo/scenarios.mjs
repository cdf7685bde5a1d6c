/* global atob, btoa, fetch, performance -- all of them in Node and in the browser */
// The scenarios, one for each module. This one file runs in Node and in the browser: `library` is unglue, and
// `modules` the address of the folder that serves the modules and their input.
import { latin1, count, declared, utf8 } from "./declared.mjs";

/** @typedef {Pick<typeof import("unglue"), "load" | "t">} Library */

/**
 * The scenarios: `run` gives an answer made by the bare module. What the package's own JavaScript answers is `own` of
 * what the tests have it answer, or what `use` makes of the package itself.
 */
export const scenarios = [
  ...declared.map((one) => ({ ...one, run: (library, modules) => useDeclared(library, modules, one) })),
  {
    name: "llhttp",
    run: parseResponses,
    own: ({ responses }) => responses.map(({ status, headers, body }) => [status, headers, body]),
    tell: (messages) => `${messages.length} HTTP responses`,
  },
  {
    name: "xxhash",
    run: hashFiles,
    own: (answers) => answers.map(({ h64 }) => h64),
    tell: (hashes) => `${hashes.length} file hashes`,
  },
  {
    name: "source-map",
    run: readSourceMap,
    own: (answers) => answers.plain,
    tell: (rows) => `${count(rows.length)} mappings`,
  },
  {
    name: "sql.js-debug",
    run: querySqlite,
    own: ({ results }) => results.map((rows) => rows.map((row) => row.map(([, value]) => value))),
    tell: (results) => `${results.flat().length} rows of SQL`,
  },
];

/** Rust with wasm-bindgen: its functions and classes by their declaration, of two instances. */
async function useDeclared(library, modules, { name, api, use }) {
  const url = new URL(`${name}.wasm`, modules);
  const loaded = await timed(library, url, { api: api(library.t) });
  const { api: another } = await library.load(url, { api: api(library.t) });
  const read = (file) => bytes(modules, `files/${file}`);
  return { ...loaded, answer: await use(loaded.wasm.api, { read, another }) };
}

/** C. Its eight callback imports are served by three functions and a pattern. */
async function parseResponses(library, modules) {
  const { wire } = await json(modules, "llhttp/expected.json");
  const messages = [];
  let fields = [];
  const add = (isValue, text) => {
    if ((fields.length % 2 === 1) === isValue) fields.push(text);
    else fields[fields.length - 1] += text;
    return 0;
  };

  const { t } = library;
  const loaded = await timed(library, new URL("llhttp.wasm", modules), {
    api: t.api({
      llhttp_alloc: t.fn([t.i32], t.size),
      llhttp_execute: t.fn([t.size, t.bytes], t.i32),
      llhttp_free: t.fn([t.size], t.void),
    }),
    imports: (instance) => {
      const text = (at, length) => latin1(instance.memory.read(at, length));
      return {
        env: {
          "wasm_on_*": () => 0,
          wasm_on_header_field: (_, at, length) => add(false, text(at, length)),
          wasm_on_header_value: (_, at, length) => add(true, text(at, length)),
          wasm_on_headers_complete: (_, status) => {
            messages.push([status, fields, ""]);
            fields = [];
            return 0;
          },
          wasm_on_body: (_, at, length) => {
            messages.at(-1)[2] += text(at, length);
            return 0;
          },
          wasm_on_message_complete: () => {
            fields = [];
            return 0;
          },
        },
      };
    },
  });
  const { api } = loaded.wasm;
  const parser = api.llhttp_alloc(2);
  api.llhttp_execute(
    parser,
    Uint8Array.from(atob(wire.responses), (char) => char.charCodeAt(0)),
  );
  api.llhttp_free(parser);
  return { ...loaded, answer: messages.map(([status, headers, body]) => [status, headers, btoa(body)]) };
}

/** Hand-written WebAssembly with neither imports nor an allocator: the memory is the caller's. */
async function hashFiles(library, modules) {
  const asked = await json(modules, "xxhash/expected.json");
  const { t } = library;
  const loaded = await timed(library, new URL("xxhash.wasm", modules), {
    api: t.api({ xxh64: t.fn([t.size, t.size, t.u64], t.u64) }),
  });
  const { api, memory } = loaded.wasm;
  const answer = [];
  for (const { file, seed64 } of asked) {
    const data = await bytes(modules, `files/${file}`);
    const missing = data.length - memory.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
    memory.write(0, data);
    answer.push(`${api.xxh64(0, data.length, BigInt(seed64))}`);
  }
  return { ...loaded, answer };
}

/** Rust without wasm-bindgen. It hands each mapping to a callback that it imports; calls are lowered by hand. */
async function readSourceMap(library, modules) {
  const { sources, names } = await json(modules, "source-map/expected.json");
  const { mappings } = JSON.parse(utf8(await bytes(modules, "files/source.map")));
  const rows = [];
  const mapping_callback = (line, column, _, __, hasOriginal, source, fromLine, fromColumn, hasName, name) => {
    const from = hasOriginal ? [sources[source], fromLine + 1, fromColumn] : [null, null, null];
    rows.push([line + 1, column, null, ...from, hasName ? names[name] : null]);
  };

  const loaded = await timed(library, new URL("source-map.wasm", modules), {
    imports: { env: { mapping_callback } },
    allocator: { alloc: "allocate_mappings" },
  });
  const { exports, memory } = loaded.wasm;
  const parsed = exports.parse_mappings(memory.allocString(mappings).address);
  exports.by_generated_location(parsed);
  return { ...loaded, answer: rows };
}

/** Emscripten, and all of SQLite. Rows come through a JavaScript function placed in the module's table. */
async function querySqlite(library, modules) {
  const { script, queries } = await json(modules, "sql.js/expected.json");
  const { t } = library;
  const onRow = t.closure([t.size, t.size, t.size, t.size], t.i32);
  const loaded = await timed(library, new URL("sql.js-debug.wasm", modules), {
    missing: "zero",
    api: t.api({
      emscripten_stack_init: t.fn([], t.void),
      sqlite3_open: t.fn([t.cstring, t.size], t.i32),
      sqlite3_exec: t.fn([t.size, t.cstring, onRow, t.size, t.size], t.i32),
    }),
  });
  const { api, memory } = loaded.wasm;
  api.emscripten_stack_init();
  const database = memory.arena((arena) => {
    const result = arena.alloc(4);
    api.sqlite3_open(":memory:", result);
    return memory.u32[result / 4];
  });
  let rows = [];
  const takeRow = (_, columns, values) => {
    const texts = memory.u32.slice(values / 4, values / 4 + columns);
    rows.push([...texts].map((text) => (text === 0 ? null : memory.readString(text))));
    return 0;
  };
  const answer = [script, ...queries].map((sql) => {
    rows = [];
    api.sqlite3_exec(database, sql, takeRow, 0, 0);
    return rows;
  });
  return { ...loaded, answer: answer.slice(1) };
}

/** Loads a module five times, as fast as a visitor of a page and as often as a server would; the median tells. */
async function timed({ load }, url, options) {
  const times = [];
  let wasm;
  for (let at = 0; at < 5; at += 1) {
    const start = performance.now();
    wasm = await load(url, options);
    times.push(performance.now() - start);
  }
  return { wasm, milliseconds: times.sort((a, b) => a - b)[2] };
}

/**
 * Runs a scenario and reduces its result to plain data, which can leave the browser.
 *
 * @param {Library} library - The library.
 * @param {string} name - The scenario.
 * @param {string} base - The address of the folder with the modules.
 */
export async function play(library, name, base) {
  const scenario = scenarios.find((one) => one.name === name);
  const { wasm, milliseconds, answer } = await scenario.run(library, new URL(base));
  const providers = {};
  for (const { provider } of wasm.imports) providers[provider] = (providers[provider] ?? 0) + 1;
  const { name: toolchain, version } = wasm.toolchain;
  return { toolchain, version, providers, milliseconds, result: scenario.tell(answer), answer: JSON.stringify(answer) };
}

/**
 * A file of the server's.
 *
 * @param {URL} modules - The address of the folder.
 * @param {string} path - The path in it.
 */
export async function bytes(modules, path) {
  const response = await fetch(new URL(path, modules));
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function json(modules, path) {
  return JSON.parse(utf8(await bytes(modules, path)));
}
