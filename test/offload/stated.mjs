// The imports of a worker: host functions that are declared, and an adapter with statements.
const door = typeof process === "object" ? "node" : "browser";
const { t } = await import(`../../dist/${door}.js`);
const { wasmBindgen } = await import("../../dist/wasm-bindgen.js");

export const adapters = [
  wasmBindgen({
    casts: { __wbindgen_cast_0000000000000001: "s" },
    meanings: { __wbg_log_0000000000000001: "console.log: (s)", __wbg_now_0000000000000001: "Date.now: ()->d" },
  }),
];

const lines = [];
export const console = { log: (text) => lines.push(text) };
export const importsByMeaning = { "Date.now": () => lines.join().length + lines.length };

export default {
  env: { store: t.host([t.bytes, t.u32], t.u32, (bytes, id) => bytes.length + id) },
};
