/* global atob, btoa, fetch, performance, TextDecoder -- all of them in Node and in the browser */
// What the demo does with each module. This one file runs in Node and in the browser: `library` is unglue, and
// `modules` the address of the folder that serves the modules and their input.

/** @typedef {Pick<typeof import("unglue"), "load">} Library */

/** The scenarios: `run` gives an answer made by the bare module, `own` the package's own answer from its JavaScript. */
export const scenarios = [
  {
    name: "source-map",
    run: readSourceMap,
    own: (answers) => answers.plain,
    tell: (rows) => `${count(rows.length)} mappings`,
  },
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
    name: "lz4",
    run: compressFiles,
    own: ({ compressed }) => Object.values(compressed),
    tell: (files) => `${files.length} files and back`,
  },
  {
    name: "sql.js-debug",
    run: querySqlite,
    own: ({ results }) => results.map((rows) => rows.map((row) => row.map(([, value]) => value))),
    tell: (results) => `${results.flat().length} rows of SQL`,
  },
];

/**
 * Rust without wasm-bindgen. It hands each mapping to a callback that it imports.
 *
 * @param {Library} library - The library.
 * @param {URL} modules - Where the modules are.
 */
async function readSourceMap(library, modules) {
  const { sources, names } = await json(modules, "source-map/expected.json");
  const { mappings } = JSON.parse(new TextDecoder().decode(await bytes(modules, "files/source.map")));
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

/**
 * C. Its eight callback imports are served by three functions and a pattern.
 *
 * @param {Library} library - The library.
 * @param {URL} modules - Where the modules are.
 */
async function parseResponses(library, modules) {
  const { wire } = await json(modules, "llhttp/expected.json");
  const messages = [];
  let fields = [];
  const add = (isValue, text) => {
    if ((fields.length % 2 === 1) === isValue) fields.push(text);
    else fields[fields.length - 1] += text;
    return 0;
  };

  const loaded = await timed(library, new URL("llhttp.wasm", modules), {
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
  const { exports, memory } = loaded.wasm;
  const parser = exports.llhttp_alloc(2);
  memory.arena((arena) => {
    const { address, length } = arena.bytes(Uint8Array.from(atob(wire.responses), (char) => char.charCodeAt(0)));
    exports.llhttp_execute(parser, address, length);
  });
  return { ...loaded, answer: messages.map(([status, headers, body]) => [status, headers, btoa(body)]) };
}

/**
 * Hand-written WebAssembly with neither imports nor an allocator: the memory is the caller's.
 *
 * @param {Library} library - The library.
 * @param {URL} modules - Where the modules are.
 */
async function hashFiles(library, modules) {
  const asked = await json(modules, "xxhash/expected.json");
  const loaded = await timed(library, new URL("xxhash.wasm", modules));
  const { exports, memory } = loaded.wasm;
  const answer = [];
  for (const { file, seed64 } of asked) {
    const data = await bytes(modules, `files/${file}`);
    const missing = data.length - memory.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
    memory.write(0, data);
    answer.push(`${BigInt.asUintN(64, exports.xxh64(0, data.length, BigInt(seed64)))}`);
  }
  return { ...loaded, answer };
}

/**
 * Rust with wasm-bindgen, used raw: results come back through a pointer into the module's stack.
 *
 * @param {Library} library - The library.
 * @param {URL} modules - Where the modules are.
 */
async function compressFiles(library, modules) {
  const { compressed } = await json(modules, "lz4/expected.json");
  const loaded = await timed(library, new URL("lz4.wasm", modules));
  const { exports, memory } = loaded.wasm;
  const call = (run, data) => {
    const result = exports.__wbindgen_add_to_stack_pointer(-16);
    const input = memory.alloc(data.length, 1);
    memory.write(input, data);
    run(result, input, data.length);
    const [address, length] = memory.u32.subarray(result / 4, result / 4 + 2);
    const output = memory.read(address, length);
    memory.free(address, length, 1);
    exports.__wbindgen_add_to_stack_pointer(16);
    return output;
  };

  const answer = [];
  for (const file of Object.keys(compressed)) {
    const data = await bytes(modules, `files/${file}`);
    const packed = call(exports.compress, data);
    const restored = call(exports.decompress, packed);
    if (!data.every((byte, at) => byte === restored[at])) throw new Error(`${file} came back damaged`);
    answer.push(btoa(latin1(packed)));
  }
  return { ...loaded, answer };
}

/**
 * Emscripten, and all of SQLite. Rows come through a JavaScript function placed in the module's table.
 *
 * @param {Library} library - The library.
 * @param {URL} modules - Where the modules are.
 */
async function querySqlite(library, modules) {
  const { script, queries } = await json(modules, "sql.js/expected.json");
  const loaded = await timed(library, new URL("sql.js-debug.wasm", modules), { missing: "zero" });
  const { wasm } = loaded;
  const { exports, memory } = wasm;
  exports.emscripten_stack_init();
  let rows = [];
  const onRow = wasm.callback("iiii->i", (_, columns, values) => {
    const texts = memory.u32.slice(values / 4, values / 4 + columns);
    rows.push([...texts].map((text) => (text === 0 ? null : memory.readString(text))));
    return 0;
  });

  const text = (arena, value) => arena.string(value, { layout: "nul" }).address;
  const database = memory.arena((arena) => {
    const result = arena.alloc(4);
    exports.sqlite3_open(text(arena, ":memory:"), result);
    return memory.u32[result / 4];
  });
  const answer = [script, ...queries].map((sql) => {
    rows = [];
    memory.arena((arena) => exports.sqlite3_exec(database, text(arena, sql), onRow, 0, 0));
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

async function json(modules, path) {
  return JSON.parse(new TextDecoder().decode(await bytes(modules, path)));
}

async function bytes(modules, path) {
  const response = await fetch(new URL(path, modules));
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function latin1(data) {
  let text = "";
  for (const byte of data) text += String.fromCharCode(byte);
  return text;
}

function count(number) {
  return number.toLocaleString("en");
}
