// The modules that the benchmarks load: real ones, real code repeated to any size, and small ones for one purpose each.
import wabt from "wabt";
import { moduleBytes as packageModule } from "../test/packages/index.mjs";

const real = { "3 kB": "xxhash", "48 kB": "source-map", "770 kB": "sql.js-debug", lz4: "lz4", prqlc: "prqlc" };
const grown = { "50 kB": 50e3, "1 MB": 1e6, "5 MB": 5e6 };

const functionImports = (count) =>
  Array.from({ length: count }, (_, at) => `(import "env" "f${at}" (func (param i32 i64) (result i32)))`).join("");

/** The exports of wasm-bindgen for classes, with a method and a field each. */
const classExports = (count) =>
  Array.from({ length: count }, (_, at) =>
    [
      `__wbg_class${at}_free`,
      `class${at}_new`,
      `class${at}_run`,
      `__wbg_get_class${at}_size`,
      `__wbg_set_class${at}_size`,
    ]
      .map((name) => `(export "${name}" (func ${name.endsWith("_new") ? 1 : 0}))`)
      .join(""),
  ).join("");

const texts = {
  add: `(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))`,
  "16 MiB": `(module (memory (export "memory") 256) (func (export "f")))`,
  "10 imports": `(module ${functionImports(10)} (func (export "f")))`,
  "100 imports": `(module ${functionImports(100)} (func (export "f")))`,
  raw: `(module (import "env" "log" (func (param i32))) (memory (export "memory") 1)
    (table (export "__indirect_function_table") 1 funcref))`,
  "215 classes": `(module (func (param i32 i32)) (func (result i32) (i32.const 8)) (memory (export "memory") 1)
    (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 0)) ${classExports(215)})`,
  table: `(module (table (export "__indirect_function_table") 1 funcref))`,
};

const made = new Map();

/**
 * The bytes of a module, made at the first call.
 *
 * @param {string} name - A name of this file.
 * @returns {Promise<Uint8Array>} The bytes.
 */
export function benchModule(name) {
  if (!made.has(name)) made.set(name, make(name));
  return made.get(name);
}

/**
 * A module in two pieces with a custom section between its header and the rest, so that no engine has seen it before.
 * Engines keep what they have compiled, and would otherwise measure their cache.
 *
 * @param {Uint8Array} bytes - The module.
 * @param {number} serial - A number that was not used before.
 * @returns {[Uint8Array, Uint8Array]} The two pieces.
 */
export function unseen(bytes, serial) {
  const head = new Uint8Array(header + 8);
  head.set(bytes.subarray(0, header));
  head.set([0, 6, 1, 0x23], header);
  new DataView(head.buffer).setUint32(header + 4, serial);
  return [head, bytes.subarray(header)];
}

const header = 8;

async function make(name) {
  if (name in real) return packageModule(real[name]);
  if (name in grown) return grow(await packageModule(grown[name] < 1e5 ? "source-map" : "sql.js-debug"), grown[name]);
  if (!(name in texts)) throw new Error(`There is no module "${name}"`);
  const compiled = (await wabt()).parseWat(name, texts[name]);
  try {
    return compiled.toBinary({}).buffer;
  } finally {
    compiled.destroy();
  }
}

/** Repeats a module's functions, which nobody calls then, until it has a size. Their code stays what a compiler made. */
function grow(bytes, size) {
  const ids = { function: 3, code: 10 };
  const sections = [];
  for (let at = header; at < bytes.length;) {
    const [length, start] = leb(bytes, at + 1);
    sections.push({ id: bytes[at], content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  const [types, bodies] = ["function", "code"].map((name) => {
    const { content } = sections.find(({ id }) => id === ids[name]);
    return name === "code" ? splitBodies(content) : splitNumbers(content);
  });
  const count = bodies.length;
  for (let total = bytes.length, at = 0; total < size; at += 1) {
    types.push(types[at % count]);
    bodies.push(bodies[at % count]);
    total += bodies[at % count].length + 1;
  }
  const replaced = { [ids.function]: types, [ids.code]: bodies };
  return concat([
    bytes.subarray(0, header),
    ...sections.flatMap(({ id, content }) => {
      const items = replaced[id];
      const whole = items ? concat([toLeb(items.length), ...items]) : content;
      return [Uint8Array.of(id), toLeb(whole.length), whole];
    }),
  ]);
}

function splitNumbers(content) {
  const items = [];
  for (let [count, at] = leb(content, 0); count > 0; count -= 1) {
    const [, end] = leb(content, at);
    items.push(content.subarray(at, end));
    at = end;
  }
  return items;
}

function splitBodies(content) {
  const items = [];
  for (let [count, at] = leb(content, 0); count > 0; count -= 1) {
    const [length, start] = leb(content, at);
    items.push(content.subarray(at, start + length));
    at = start + length;
  }
  return items;
}

function leb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    if (byte < 128) return [value, at];
  }
}

function toLeb(value) {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return Uint8Array.of(...bytes, value);
}

function concat(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
