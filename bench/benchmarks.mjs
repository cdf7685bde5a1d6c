/* global fetch, setTimeout, TextDecoder, URLSearchParams, WebAssembly -- in Node and in the browser */
// The benchmarks. This one file runs in Node and in the browser: `library` is unglue, `server` the address of the
// server. Every group is a list of races, and the first contender of each does the same without the library.
import { freshGlue } from "./glue.mjs";
import { race } from "./race.mjs";

/** @typedef {typeof import("../dist/node.js")} Library */
/** @typedef {{ node?: number, browser?: number }} Targets */

/** The groups, by the names that the command takes. */
export const groups = {
  load: loads,
  bytes: fromBytes,
  calls,
  instances,
  pools,
  callbacks,
  strings,
  api: interfaces,
  inspect: inspections,
};

/**
 * Runs a group.
 *
 * @param {string} name - The group.
 * @param {Library} library - The library.
 * @param {string} server - The address of the server, ending with a slash.
 * @param {"node" | "browser"} runtime - Where this runs, for the targets.
 * @param {number} [most] - The most rounds of a race.
 * @returns {Promise<{ title: string, results: import("./race.mjs").Result[] }[]>} Its races, as plain data.
 */
export async function runGroup(name, library, server, runtime, most = Infinity) {
  const context = { library, server, target: (targets) => targets[runtime], serial: 0 };
  const done = [];
  for await (const [title, contenders, options] of groups[name](context)) {
    const rounds = Math.min(options?.rounds ?? Infinity, most);
    done.push({ title, results: await race(contenders, { ...options, ...(rounds < Infinity && { rounds }) }) });
  }
  return done;
}

/** Over HTTP. Every request gets a module that no engine has seen before. */
async function* loads(context) {
  const { library, target } = context;
  const fresh = (name, type) => () => urlOf(context, name, { serial: (context.serial += 1), ...(type && { type }) });
  for (const [name, rounds] of [
    ["5 MB", 30],
    ["770 kB", 40],
    ["48 kB", 60],
    ["3 kB", 60],
  ]) {
    const imports = await importsOf(context, name);
    const isLarge = name === "5 MB";
    const prepare = fresh(name);
    const bare = async (url) =>
      start(await WebAssembly.instantiate(await WebAssembly.compileStreaming(fetch(url)), imports));
    const onProgress = () => undefined;
    yield [
      `load ${name}, application/wasm`,
      [
        { name: "compileStreaming + instantiate", prepare, run: bare },
        {
          name: "load",
          prepare,
          run: (url) => library.load(url, { imports }),
          ...(isLarge && { target: target({ node: 1.05, browser: 1.1 }) }),
        },
        {
          name: "load with onProgress",
          prepare,
          run: (url) => library.load(url, { imports, onProgress }),
          ...(isLarge && { target: 1.3 }),
        },
      ],
      { rounds },
    ];
    const wrong = fresh(name, "application/octet-stream");
    yield [
      `load ${name}, application/octet-stream`,
      [
        {
          name: "arrayBuffer + compile + instantiate",
          prepare: wrong,
          run: async (url) => {
            const bytes = await (await fetch(url)).arrayBuffer();
            return start(await WebAssembly.instantiate(await WebAssembly.compile(bytes), imports));
          },
        },
        { name: "load", prepare: wrong, run: (url) => library.load(url, { imports }) },
      ],
      { rounds },
    ];
  }
}

/** From bytes that are at hand. */
async function* fromBytes(context) {
  const { library } = context;
  for (const [name, rounds] of [
    ["5 MB", 30],
    ["48 kB", 100],
    ["3 kB", 100],
  ]) {
    const imports = await importsOf(context, name);
    const prepare = () => bytesOf(context, name, { serial: (context.serial += 1) });
    yield [
      `load ${name} from bytes`,
      [
        {
          name: "compile + instantiate",
          prepare,
          run: async (bytes) => start(await WebAssembly.instantiate(await WebAssembly.compile(bytes), imports)),
        },
        { name: "load", prepare, run: (bytes) => library.load(bytes, { imports }) },
        {
          name: "loadSync",
          prepare,
          run: (bytes) => library.loadSync(bytes, { imports }),
        },
      ],
      { rounds },
    ];
  }
}

/** Numbers in, a number out. */
async function* calls(context) {
  const { target } = context;
  const bytes = await bytesOf(context, "add");
  const bare = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const module = context.library.compileSync(bytes);
  const { exports, guarded } = module.instantiateSync();
  yield [
    "call of a numeric export",
    [
      { name: "bare export", run: repeat(() => bare.add(1, 2)) },
      { name: "exports", run: repeat(() => exports.add(1, 2)), target: 1 },
      { name: "guarded", run: repeat(() => guarded.add(1, 2)), target: target({ node: 1.6, browser: 1.3 }) },
    ],
    { rounds: 60, times: "calibrated" },
  ];
}

/** A compiled module's further instances. */
async function* instances(context) {
  const { library } = context;
  for (const [name, times, target] of [
    ["16 MiB", 10, 1.5],
    ["10 imports", 50],
    ["100 imports", 10, 1.5],
  ]) {
    const module = library.compileSync(await bytesOf(context, name));
    const imports = await importsOf(context, name);
    yield [
      name === "16 MiB" ? "instance with a memory of 16 MiB" : `instance with ${name}, stubbed`,
      [
        { name: "new Instance", run: repeat(() => new WebAssembly.Instance(module.raw, imports)) },
        { name: "instantiateSync", run: repeat(() => module.instantiateSync()), target },
      ],
      { rounds: 60, times },
    ];
  }
}

/** Work on an instance of its own, or on one of a pool: one after the other, many concurrently, and after a pause. */
async function* pools(context) {
  const { library } = context;
  for (const [name, times] of [
    ["16 MiB", 10],
    ["770 kB", 10],
  ]) {
    const module = library.compileSync(await bytesOf(context, name));
    const options = { missing: "zero" };
    const work = (wasm) => wasm.shape;
    const alone = async () => {
      const wasm = await module.instantiate(options);
      try {
        return await work(wasm);
      } finally {
        wasm.dispose();
      }
    };
    const fresh = module.pool({ ...options, max: 4 });
    const reset = module.pool({ ...options, max: 4, reset: () => undefined });
    const contenders = [
      ["instantiate, dispose", alone],
      ["pool.use", () => fresh.use(work)],
      ["pool.use, reset that does nothing", () => reset.use(work)],
    ];
    const idle = () => new Promise((resolve) => setTimeout(resolve, 10));
    for (const [title, once, prepare, count] of [
      ["one after the other", (use) => use, undefined, times],
      ["64 at once", (use) => () => Promise.all(Array.from({ length: 64 }, use)), undefined, 1],
      ["after a pause", (use) => use, idle, 1],
    ]) {
      yield [
        `pool, instance with ${name}: ${title}`,
        contenders.map(([label, use]) => ({ name: label, prepare, run: repeatInTurn(once(use)) })),
        { rounds: 60, times: count },
      ];
    }
    await Promise.all([fresh.dispose(), reset.dispose()]);
  }
}

/** A JavaScript function placed in a table and taken out again. */
async function* callbacks(context) {
  const { library } = context;
  const wasm = library.loadSync(await bytesOf(context, "table"));
  const table = wasm.table.raw;
  const slot = table.grow(1);
  const signature = "ii->i";
  const callback = (a, b) => a - b;
  wasm.freeCallback(wasm.callback(signature, callback));
  yield [
    "callback, after the first of its signature",
    [
      {
        name: "one module per callback",
        run: repeat(() => {
          const module = new WebAssembly.Module(library.trampolineBytes(signature));
          table.set(slot, new WebAssembly.Instance(module, { js: { callback } }).exports.callback);
          table.set(slot, null);
        }),
      },
      {
        name: "callback + freeCallback",
        run: repeat(() => wasm.freeCallback(wasm.callback(signature, callback))),
        target: 0.6,
      },
    ],
    { rounds: 60, times: 100 },
  ];
}

/** Text in and out of a module that has its own malloc, against what wasm-bindgen's JavaScript does. */
async function* strings(context) {
  const { library } = context;
  const wasm = library.loadSync(await bytesOf(context, "lz4"));
  const { memory } = wasm;
  const glue = createGlue(wasm.exports);
  for (const length of [16, 256, 4096]) {
    const text = "The quick brown fox jumps over. ".repeat(128).slice(0, length);
    const { address } = memory.allocString(text);
    if (glue.decode(address, length) !== text || memory.readString(address, length) !== text) {
      throw new Error("The contenders do not agree");
    }
    yield [
      `text of ${length} ASCII characters into memory`,
      [
        {
          name: "glue: encode, free",
          run: repeat(() => glue.free(glue.encode(text), length)),
        },
        {
          name: "allocString, free",
          run: repeat(() => memory.free(memory.allocString(text).address, length, 1)),
        },
      ],
      { rounds: 60, times: "calibrated" },
    ];
    yield [
      `text of ${length} ASCII characters out of memory`,
      [
        { name: "glue: decode", run: repeat(() => glue.decode(address, length)) },
        { name: "readString", run: repeat(() => memory.readString(address, length)) },
      ],
      { rounds: 60, times: "calibrated" },
    ];
  }
}

/** Declared interfaces against the JavaScript that wasm-bindgen generated for the same module. */
async function* interfaces(context) {
  const { library, target } = context;
  const { t } = library;
  const bytes = await bytesOf(context, "prqlc");
  const api = t.api({
    CompileOptions: t.class({ new: t.ctor([]), target: t.field(t.string), signature_comment: t.field(t.bool) }),
  });
  const compiled = await library.compile(bytes);
  const { raw } = compiled;
  const wasm = await compiled.instantiate({ api });
  const glue = await freshGlue();
  glue.initSync({ module: raw });
  const theirs = new glue.CompileOptions();
  const ours = new wasm.api.CompileOptions();
  const measured = { rounds: 60, times: "calibrated" };

  yield [
    "new instance of a wasm-bindgen module",
    [
      { name: "glue: initSync(module)", prepare: freshGlue, run: (copy) => copy.initSync({ module: raw }) },
      { name: "instantiateSync, with api", run: () => compiled.instantiateSync({ api }), target: 1.2 },
    ],
    { rounds: 100 },
  ];
  yield [
    "method: number out",
    [
      { name: "glue", run: repeat(() => theirs.signature_comment) },
      { name: "api", run: repeat(() => ours.signature_comment), target: 1.1 },
    ],
    measured,
  ];
  yield [
    "method: number in",
    [
      { name: "glue", run: repeat(() => (theirs.signature_comment = true)) },
      { name: "api", run: repeat(() => (ours.signature_comment = true)), target: 1.1 },
    ],
    measured,
  ];
  yield [
    "new object, freed",
    [
      { name: "glue", run: repeat(() => new glue.CompileOptions().free()) },
      { name: "api", run: repeat(() => new wasm.api.CompileOptions().free()), target: 1.1 },
    ],
    measured,
  ];
  for (const [length, into, out] of [
    [16, { node: 1, browser: 1 }, { node: 0.75, browser: 0.6 }],
    [256, { node: 0.4, browser: 1 }, { node: 1, browser: 1 }],
    [4096, { node: 0.05, browser: 0.4 }, { node: 0.6, browser: 0.5 }],
  ]) {
    const text = "The quick brown fox jumps over. ".repeat(128).slice(0, length);
    yield [
      `method: text of ${length} ASCII characters in`,
      [
        { name: "glue", run: repeat(() => (theirs.target = text)) },
        { name: "api", run: repeat(() => (ours.target = text)), target: target(into) },
      ],
      measured,
    ];
    if (theirs.target !== text || ours.target !== text) throw new Error("The contenders do not agree");
    yield [
      `method: text of ${length} ASCII characters out`,
      [
        { name: "glue", run: repeat(() => theirs.target) },
        { name: "api", run: repeat(() => ours.target), target: target(out) },
      ],
      measured,
    ];
  }
}

/** The reader, which has no counterpart in the engine: its imports and exports without types are the nearest. */
async function* inspections(context) {
  const { library } = context;
  for (const name of ["50 kB", "1 MB", "5 MB", "215 classes"]) {
    const bytes = await bytesOf(context, name);
    const module = new WebAssembly.Module(bytes);
    yield [
      `inspect ${name}`,
      [
        {
          name: "Module.imports + Module.exports",
          run: repeat(() => [WebAssembly.Module.imports(module), WebAssembly.Module.exports(module)]),
        },
        { name: "inspect", run: repeat(() => library.inspect(bytes)) },
      ],
      name === "215 classes" ? { rounds: 20, times: 1 } : { rounds: 60, times: 10 },
    ];
  }
}

let loops = 0;

function urlOf({ server }, name, query = {}) {
  return `${server}modules/${encodeURIComponent(name)}.wasm?${new URLSearchParams(query)}`;
}

async function bytesOf(context, name, query) {
  const response = await fetch(urlOf(context, name, query));
  if (!response.ok) throw new Error(await response.text());
  return new Uint8Array(await response.arrayBuffer());
}

/** Imports as a program has them: a function for each. */
async function importsOf(context, name) {
  const imports = {};
  const module = await WebAssembly.compile(await bytesOf(context, name));
  for (const { module: group, name: key } of WebAssembly.Module.imports(module)) (imports[group] ??= {})[key] = () => 0;
  return imports;
}

/** The initializer that the library calls too. */
function start(instance) {
  instance.exports.__wasm_call_ctors?.();
  return instance;
}

/**
 * A loop around one contender. Its text is its own: engines learn per text what it calls, and would learn from all
 * contenders that it calls many things. The first of them would then be three times as fast as an equal second.
 */
function repeat(once) {
  const code = `/* ${(loops += 1)} */ for (let at = 0; at < times; at += 1) kept.last = once();`;
  const loop = new Function("once", "kept", "times", code);
  const kept = { last: undefined };
  return (_, times) => loop(once, kept, times);
}

/** The same for what is waited for, one after the other. */
function repeatInTurn(once) {
  const AsyncFunction = (async () => undefined).constructor;
  const code = `/* ${(loops += 1)} */ for (let at = 0; at < times; at += 1) await once();`;
  const loop = new AsyncFunction("once", "times", code);
  return (_, times) => loop(once, times);
}

/** wasm-bindgen's way with text, reimplemented: a kept view, a loop for ASCII, the platform's coders. */
function createGlue({ memory, __wbindgen_malloc: malloc, __wbindgen_free: free }) {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
  decoder.decode();
  let kept;
  const bytes = () => (kept?.byteLength > 0 ? kept : (kept = new Uint8Array(memory.buffer)));
  return {
    encode(text) {
      let { length } = text;
      const address = malloc(length, 1) >>> 0;
      const view = bytes();
      let at = 0;
      for (; at < length; at += 1) {
        const code = text.charCodeAt(at);
        if (code > 127) break;
        view[address + at] = code;
      }
      if (at < length) {
        // Only ASCII is measured: the glue's reallocation for the rest is left out.
        const { written } = encoder.encodeInto(text.slice(at), bytes().subarray(address + at));
        length = at + written;
      }
      return address;
    },
    decode: (address, length) => decoder.decode(bytes().subarray(address, address + length)),
    free: (address, length) => free(address, length, 1),
  };
}
