/* global atob, btoa, TextDecoder -- in Node and in the browser */
// Packages made with wasm-bindgen, through interfaces that are declared here. `use` gets the declared functions and
// classes, or the package's own of the same names: what it returns must be the same.
import { fonts, options, svg } from "./picture.mjs";

/** @typedef {typeof import("unglue").t} T */

/** The packages: what their modules are, what is done with them, and what the demo says of the result. */
export const declared = [
  {
    name: "resvg",
    api: (t) =>
      t.api({
        Resvg: t.class({
          new: t.ctor([t.js, t.optional(t.string), t.optional(t.js)]),
          render: t.method([], t.owned("RenderedImage")),
        }),
        RenderedImage: t.class({ width: t.getter(t.u32), height: t.getter(t.u32), asPng: t.method([], t.js) }),
      }),
    async use({ Resvg }, { read }) {
      const drawing = new Resvg(svg, options, await Promise.all(fonts.map(read)));
      const image = drawing.render();
      const { width, height } = image;
      const png = image.asPng();
      image.free();
      drawing.free();
      return { width, height, png: btoa(latin1(png)) };
    },
    tell: ({ width, height }) => `PNG, ${width} × ${height}`,
  },
  {
    name: "tiktoken",
    api: (t) =>
      t.api({
        get_encoding: t.fn([t.string, t.js], t.owned("Tiktoken")),
        Tiktoken: t.class({
          encode: t.method([t.string, t.js, t.js], t.array(t.u32)),
          decode: t.method([t.array(t.u32)], t.bytes),
        }),
      }),
    async use({ get_encoding }, { read }) {
      const text = utf8(await read("messages.txt"));
      const encoding = get_encoding("cl100k_base");
      const tokens = encoding.encode(text);
      const isRestored = utf8(encoding.decode(tokens)) === text;
      encoding.free();
      return { tokens: [...tokens], isRestored };
    },
    tell: ({ tokens, isRestored }) => `${count(tokens.length)} tokens${isRestored ? "" : ", DAMAGED"}`,
  },
  {
    name: "brotli",
    api: (t) =>
      t.api({
        compress: t.fn([t.bytes, t.js.lent], t.bytes),
        decompress: t.fn([t.bytes], t.bytes),
      }),
    use: async ({ compress, decompress }, { read }) =>
      packAll(read, (bytes) => compress(bytes, { quality: 5 }), decompress),
    tell: tellPacked,
  },
  {
    name: "lz4",
    api: (t) =>
      t.api({
        compress: t.fn([t.bytes], t.bytes),
        decompress: t.fn([t.bytes], t.bytes),
      }),
    use: async ({ compress, decompress }, { read }) => packAll(read, compress, decompress),
    tell: tellPacked,
  },
  {
    name: "prqlc",
    api: (t) =>
      t.api({
        compile: t.fn([t.string, t.optional(t.owned("CompileOptions"))], t.string),
        CompileOptions: t.class({
          new: t.ctor([]),
          target: t.field(t.string),
          signature_comment: t.field(t.bool),
        }),
      }),
    use({ compile, CompileOptions }) {
      const queries = [
        "from employees\nfilter age > 30\nselect {name, age}",
        "from invoices\ngroup city (aggregate {total = sum total})\nsort {-total}\ntake 10",
        'from é\nfilter name == "日本 🚀"',
        "from x | foo",
      ];
      return ["sql.postgres", "sql.sqlite", "sql.mssql"].flatMap((target) =>
        queries.map((query) => {
          const how = new CompileOptions();
          how.target = target;
          how.signature_comment = false;
          try {
            return compile(query, how);
          } catch (error) {
            return `thrown: ${error.message}`;
          }
        }),
      );
    },
    tell: (texts) => {
      const errors = texts.filter((text) => text.startsWith("thrown: ")).length;
      return `${texts.length - errors} queries, ${errors} errors`;
    },
  },
  {
    name: "ywasm",
    api: (t) =>
      t.api({
        YDoc: t.class({ new: t.ctor([t.js.lent]), getText: t.method([t.string], t.owned("YText")) }),
        YText: t.class({
          insert: t.method([t.u32, t.string, t.js, t.js], t.void),
          toString: t.method([t.js.lent], t.string),
          observe: t.method([t.closure([t.owned("YTextEvent"), t.owned("YTransaction")], t.void)], t.owned("Observer")),
        }),
        YTextEvent: t.class({ delta: t.getter(t.js) }),
        YTransaction: t.class({}),
        Observer: t.class({}),
        encodeStateAsUpdate: t.fn([t.object("YDoc"), t.optional(t.js)], t.js),
        applyUpdate: t.fn([t.object("YDoc"), t.js, t.js], t.void),
      }),
    use(left, { another: right }) {
      const docs = [left, right].map(({ YDoc }, at) => new YDoc({ clientID: at + 1, guid: `${at}` }));
      const texts = docs.map((doc) => doc.getText("text"));
      const heard = [];
      const observer = texts[1].observe((event, transaction) => {
        heard.push(event.delta);
        event.free();
        transaction.free();
      });
      for (let at = 0; at < 50; at += 1) texts.forEach((text, side) => text.insert(at, "«é»"[side] ?? ""));
      right.applyUpdate(docs[1], left.encodeStateAsUpdate(docs[0]));
      left.applyUpdate(docs[0], right.encodeStateAsUpdate(docs[1]));
      const results = texts.map((text) => text.toString());
      for (const one of [observer, ...texts, ...docs]) one.free();
      return { results, heard };
    },
    tell: ({ results: [left, right], heard }) =>
      `2 ${left === right ? "merged" : "that DIFFER"}, ${heard.length} events`,
  },
  {
    name: "oxc",
    api: (t) =>
      t.api({
        parseSync: t.fn([t.string, t.optional(t.js)], t.owned("ParseResult")),
        ParseResult: t.class({ programJson: t.field(t.string, { readonly: true }) }),
      }),
    async use({ parseSync }, { read }) {
      const result = parseSync(utf8(await read("lib.es5.d.ts")), { sourceFilename: "lib.es5.d.ts" });
      const { programJson } = result;
      result.free();
      return programJson;
    },
    tell: (json) => `${count(json.length)} characters`,
  },
];

/** Compresses real files, and restores them. */
async function packAll(read, compress, decompress) {
  const packed = [];
  let size = 0;
  for (const file of ["package.json", "lz4_wasm_bg.wasm", "README.md", "source.map", "typescript.js", "empty"]) {
    const bytes = await read(file);
    const small = compress(bytes);
    const restored = decompress(small);
    if (restored.length !== bytes.length || !bytes.every((byte, at) => byte === restored[at])) {
      throw new Error(`${file} came back damaged`);
    }
    size += bytes.length;
    packed.push(btoa(latin1(small)));
  }
  return { size, packed };
}

function tellPacked({ size, packed }) {
  const small = packed.reduce((sum, text) => sum + atob(text).length, 0);
  return `${packed.length} files, to ${Math.round((small / size) * 100)} %`;
}

/**
 * Bytes as text, a character for each.
 *
 * @param {Uint8Array} data - The bytes.
 */
export function latin1(data) {
  let text = "";
  for (let at = 0; at < data.length; at += 4096) text += String.fromCharCode(...data.subarray(at, at + 4096));
  return text;
}

/**
 * Bytes of UTF-8 as text.
 *
 * @param {Uint8Array} data - The bytes.
 */
export function utf8(data) {
  return new TextDecoder().decode(data);
}

/**
 * A number, as the demo prints it.
 *
 * @param {number} number - The number.
 */
export function count(number) {
  return number.toLocaleString("en");
}
