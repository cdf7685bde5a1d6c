import { describe, expect, it } from "vitest";
import { compile, type Instance, load, loadSync, t, UnglueError } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { webTable } from "unglue/wasm-bindgen/web";
import { hasher } from "../../src/toolchains/wasm-bindgen/known/hash.ts";
import { createKnown, readTables } from "../../src/toolchains/wasm-bindgen/known/index.ts";
import { bindgen, externref, heap } from "../bind/bindgen.ts";
import { moduleBytes, moduleUrl } from "../packages/served.ts";
import { rejectionOf, wat } from "../wat.ts";

/** The imports of each package: how many there are, and how many are known by hash. What neither knows is listed. */
const totals: Readonly<Record<string, readonly [all: number, byHash: number, stubs: readonly string[]]>> = {
  "@oxc-parser/wasm/web/oxc_parser_wasm_bg.wasm": [13, 3, []],
  "@resvg/resvg-wasm/index_bg.wasm": [18, 13, []],
  "brotli-wasm/pkg.web/brotli_wasm_bg.wasm": [10, 0, []],
  "lz4-wasm/lz4_wasm_bg.wasm": [1, 0, []],
  "prqlc/dist/web/prqlc_js_bg.wasm": [6, 0, ["__wbindgen_cast_0000000000000001"]],
  "tiktoken/tiktoken_bg.wasm": [7, 2, []],
  "ywasm/ywasm_bg.wasm": [76, 39, []],
};

describe.each(Object.entries(totals))("the imports of %s", (name, [all, byHash, stubs]) => {
  it("are known, or stubs that say what to state", async () => {
    const { imports } = await load(moduleUrl(name));
    const known = imports.filter(({ provider }) => provider === "adapter");
    const rest = imports.filter(({ provider }) => provider !== "adapter");
    expect(rest.map((one) => one.name)).toEqual(stubs);
    for (const { evidence } of rest) expect(evidence).toContain("adapters: [wasmBindgen({");
    expect([imports.length, known.filter(({ evidence }) => evidence.startsWith("hash: ")).length]).toEqual([
      all,
      byHash,
    ]);
  });

  it("are the same to a call that cannot wait, which is given the adapter", async () => {
    const known = loadSync(await moduleBytes(name), { adapters: [wasmBindgen()] }).imports;
    expect(known).toEqual((await load(moduleUrl(name))).imports);
  });
});

describe("an import called new", () => {
  // Of js-sys 0.3.69; the hashes are those in @resvg/resvg-wasm 2.6.2.
  it.each([
    ["16b304a2cfa7ff4a", "(result i32)", "new Array()"],
    ["63b92bc8671ed464", "(param i32) (result i32)", "new Uint8Array()"],
    ["28c511d9baebfa89", "(param i32 i32) (result i32)", "new Error()"],
  ])("with the hash %s is told from the others", async (hash, type, meaning) => {
    const bytes = await wat(`(module (import "wbg" "__wbg_new_${hash}" (func ${type})) (memory (export "memory") 1))`);
    const [report] = (await load(bytes)).imports;
    expect(report).toMatchObject({ provider: "adapter", evidence: `hash: js-sys 0.3.69, ${meaning}` });
  });

  it("with another hash is a stub that lists what it could be, until it is stated", async () => {
    const name = "__wbg_new_0123456789abcdef";
    const bytes = await wat(
      `(module (import "wbg" "${name}" (func $it (result i32))) (export "call" (func $it)) (memory (export "memory") 1))`,
    );
    const wasm = await load(bytes);
    expect(wasm.imports).toMatchObject([{ provider: "stub" }]);
    expect(() => wasm.exports["call"]?.()).toThrow("new Array()");
    expect(() => wasm.exports["call"]?.()).toThrow("new Map()");
    const stated = await load(bytes, { adapters: [wasmBindgen({ meanings: { [name]: "new Map()" } })] });
    expect(stated.handles.take(stated.exports["call"]?.() as number)).toEqual(new Map());
  });
});

describe("bytes of JavaScript's, as js-sys copies them since 0.3.83", () => {
  // The two imports of lindera-wasm-nodejs-ipadic 2.0.0, wasm-bindgen 0.2.106, and a function like those of serde.
  const convention = { ...externref, version: 106 } as const;
  const imports = ["length_22ac23eaec9d8053", "prototypesetcall_dfe9b766cdc1f1fd"];
  const source = `(func (export "reverse") (param $array externref) (result i32 i32) (local $at i32) (local $size i32)
    (local $left i32) (local $right i32) (local $byte i32)
    (local.set $size (call $length (local.get $array)))
    (local.set $at (call $malloc (local.get $size) (i32.const 1)))
    (call $copy (local.get $at) (local.get $size) (local.get $array))
    (local.set $left (local.get $at))
    (local.set $right (i32.add (local.get $at) (i32.sub (local.get $size) (i32.const 1))))
    (loop $each (if (i32.lt_s (local.get $left) (local.get $right)) (then
      (local.set $byte (i32.load8_u (local.get $left)))
      (i32.store8 (local.get $left) (i32.load8_u (local.get $right)))
      (i32.store8 (local.get $right) (local.get $byte))
      (local.set $left (i32.add (local.get $left) (i32.const 1)))
      (local.set $right (i32.sub (local.get $right) (i32.const 1)))
      (br $each))))
    (local.get $at) (local.get $size))`;
  const api = t.api({ reverse: t.fn([t.js], t.bytes) });

  it("reach the module", async () => {
    const bytes = await bindgen(
      source,
      convention,
      `(import "wbg" "__wbg_${imports[0]}" (func $length (param externref) (result i32)))
       (import "wbg" "__wbg_${imports[1]}" (func $copy (param i32 i32 externref)))`,
    );
    const wasm = await load(bytes, { api });
    expect(wasm.api.reverse(Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(3, 2, 1));
    expect(wasm.api.reverse(new Uint8Array(300).fill(7, 0, 1))[299]).toBe(7);
    expect(wasm.imports.map(({ evidence }) => evidence)).toContain(
      "hash: js-sys 0.3.83, Uint8Array.prototype.set.call",
    );
  });
});

describe("an import of a crate's own", () => {
  const name = "__wbg_move_0123456789abcdef";
  const source = `(module (import "wbg" "${name}" (func $it (param i32 i32) (result i32)))
    (func (export "call") (param i32) (result i32) (call $it (local.get 0) (i32.const 7))) (memory (export "memory") 1))`;

  it("is a stub that asks for its meaning, whatever its name and type suggest", async () => {
    const wasm = await load(await wat(source));
    expect(wasm.imports).toMatchObject([{ provider: "stub" }]);
    expect(() => wasm.exports["call"]?.(1)).toThrow("of no declaration that is known here");
  });

  it("does what is stated, with the types that are stated", async () => {
    const adapters = [wasmBindgen({ meanings: { [name]: "Game.prototype.move: (u)->b" } })];
    const wasm = await load(await wat(source), { adapters });
    expect(wasm.imports).toMatchObject([{ provider: "adapter", evidence: "as stated in the adapter's options" }]);
    const moves: number[] = [];
    const game = { move: (steps: number) => moves.push(steps) > 1 };
    const handle = wasm.handles.add(game);
    expect([wasm.exports["call"]?.(handle), wasm.exports["call"]?.(handle)]).toEqual([0, 1]);
    expect(moves).toEqual([7, 7]);
  });

  it.each(["Game.prototype.move: (u,u)->b", "Game.prototype.move", "Game.prototype.move: ()->b"])(
    "is refused where %j is stated, which does not fit",
    async (stated) => {
      const adapters = [wasmBindgen({ meanings: { [name]: stated } })];
      const error = await rejectionOf(load(await wat(source), { adapters }));
      expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject({
        call: "wasmBindgen",
        option: `meanings["${name}"]`,
        expected: expect.stringContaining("(i32, i32) -> i32") as string,
        received: JSON.stringify(stated),
      });
    },
  );

  it("hands exceptions to the module where that is stated", async () => {
    const bytes = await bindgen(
      `(func (export "call") (param i32) (result i32) (call $it (local.get 0)))
       (global $last (export "last") (mut i32) (i32.const 0))
       (func (export "__wbindgen_exn_store") (param i32) (global.set $last (local.get 0)))`,
      heap,
      `(import "wbg" "${name}" (func $it (param i32) (result i32)))`,
    );
    const adapters = [wasmBindgen({ meanings: { [name]: "Game.prototype.move: ()->!u" } })];
    const wasm = await load<{ call(game: number): number; last: { value: number } }>(bytes, { adapters });
    const error = new Error("No.");
    const game = {
      move() {
        throw error;
      },
    };
    wasm.exports.call(wasm.handles.add(game));
    expect(wasm.handles.take(wasm.exports.last.value)).toBe(error);
  });

  it("may read by a key, take a closure, or be from any module", async () => {
    const bytes = await bindgen(
      `(export "read" (func $read)) (export "each" (func $each)) (export "plain" (func $plain))
       (func (export "wasm_bindgen__convert__closures__invoke0") (param i32 i32 i32 i32) (call $ran (local.get 2) (local.get 3)))`,
      heap,
      `(import "wbg" "__wbg_read_0123456789abcdef" (func $read (param i32 i32) (result i32)))
       (import "wbg" "__wbg_each_0123456789abcdef" (func $each (param i32 i32 i32)))
       (import "game" "plain" (func $plain (param f64) (result f64)))
       (import "game" "ran" (func $ran (param i32 i32)))`,
    );
    const meanings = {
      __wbg_read_0123456789abcdef: "get List[]: (u)->H",
      __wbg_each_0123456789abcdef: "List.prototype.forEach: (Mut(H,u))",
      plain: "Math.sqrt: (d)->d",
    };
    const seen: unknown[] = [];
    const wasm = await load(bytes, {
      adapters: [wasmBindgen({ meanings })],
      imports: { game: { ran: (value: number, at: number) => seen.push([wasm.handles.take(value), at]) } },
    });
    const list = wasm.handles.add(["a", "b"]);
    expect(wasm.handles.take(wasm.guarded["read"]?.(list, 1) as number)).toBe("b");
    wasm.guarded["each"]?.(list, 8, 8);
    expect(seen).toEqual([
      ["a", 0],
      ["b", 1],
    ]);
    expect(wasm.exports["plain"]?.(16)).toBe(4);
  });
});

describe("an import that only the second table has", () => {
  // WebSocket.send of web-sys 0.3.69, as wasm-bindgen 0.2.92 hashes it.
  const name = "__wbg_send_5fcd7bab9777194e";
  const source = `(module (import "wbg" "${name}" (func (param i32 i32 i32)))
    (@custom "producers" "\\01\\0cprocessed-by\\01\\0cwasm-bindgen\\060.2.92") (memory (export "memory") 1))`;

  it("is known to a call that can wait, and to another where the table is given", async () => {
    const bytes = await wat(source);
    const expected = [{ provider: "adapter", evidence: "hash: web-sys 0.3.69, WebSocket.prototype.send" }];
    expect((await load(bytes)).imports).toMatchObject(expected);
    expect(loadSync(bytes, { adapters: [wasmBindgen()] }).imports).toMatchObject([{ provider: "stub" }]);
    const adapters = [wasmBindgen({ tables: [webTable] })];
    expect(loadSync(bytes, { adapters }).imports).toMatchObject(expected);
  });
});

describe("the adapter with statements", () => {
  // WebSocket.send of web-sys 0.3.69, and an import of a crate's own.
  const own = "__wbg_move_0123456789abcdef";
  const source = `(module (import "wbg" "__wbg_send_5fcd7bab9777194e" (func (param i32 i32 i32)))
    (import "wbg" "${own}" (func (param i32)))
    (@custom "producers" "\\01\\0cprocessed-by\\01\\0cwasm-bindgen\\060.2.92") (memory (export "memory") 1))`;
  const evidence = ["hash: web-sys 0.3.69, WebSocket.prototype.send", "as stated in the adapter's options"];
  const options = { meanings: { [own]: "Game.prototype.move: ()" } };
  const evidenceOf = ({ imports }: Instance) => imports.map((one) => one.evidence);

  it("knows no less than the one that calls which can wait fetch", async () => {
    const bytes = await wat(source);
    expect(evidenceOf(await load(bytes, { adapters: [wasmBindgen(options)] }))).toEqual(evidence);
    const streamed = new Response(bytes, { headers: { "Content-Type": "application/wasm" } });
    expect(evidenceOf(await load(streamed, { adapters: [wasmBindgen(options)] }))).toEqual(evidence);
    const module = await compile(bytes, { adapters: [wasmBindgen(options)] });
    expect(evidenceOf(await module.instantiate())).toEqual(evidence);
    expect(evidenceOf(module.instantiateSync())).toEqual(evidence);
    const pool = module.pool({ max: 1 });
    const taken = await pool.take();
    expect(evidenceOf(taken)).toEqual(evidence);
    pool.give(taken);
    await pool.dispose();
  });

  it("serves several modules, each by itself", async () => {
    const adapters = [wasmBindgen()];
    const others = await wat(source.replace(own, "__wbg_close_7e8e6d5b1ce8b6e4"));
    await load(others, { adapters });
    expect(evidenceOf(await load(await wat(source), { adapters }))[0]).toBe(evidence[0]);
  });

  it("fetches nothing where it is told which tables to use", async () => {
    const adapters = [wasmBindgen({ ...options, tables: [] })];
    expect((await load(await wat(source), { adapters })).imports).toMatchObject([
      { provider: "stub" },
      { provider: "adapter" },
    ]);
  });

  it("knows a module's version from its end, which comes last of what streams", async () => {
    // console_error_panic_hook 0.1.7 alone does not tell the version of wasm-bindgen.
    const imported = '(import "wbg" "__wbg_error_f851667af71bcfc6" (func (param i32 i32)))';
    const bytes = await bindgen("", { ...heap, version: 87 }, imported);
    const known = evidenceOf(await load(bytes));
    expect(known[0]).toContain("console_error_panic_hook 0.1.7");
    const streamed = new Response(bytes, { headers: { "Content-Type": "application/wasm" } });
    expect(evidenceOf(await load(streamed))).toEqual(known);
  });
});

describe("a declaration that has changed with its crate", () => {
  const table = [
    "!gloo-timers 0.2.0-6,0.3.0 0",
    "@",
    ":set_timeout",
    "^-(handler:&Function,timeout:i32):i32 ?0.2.3-0.2.5@aA",
    "^-(handler:&Function,timeout:i32):~ ?0.2.6-@aA",
  ].join("\n");
  it.each([
    ["0.2.4", "i"],
    ["0.2.6", "H"],
    ["0.3.0", "H"],
  ])("is that of the version that the hash tells: %s", (version, result) => {
    const hash = hasher("gloo-timers", version)("\0\0\0\0n\xffset_timeout\xff" + "\0".repeat(8));
    const name = `__wbg_setTimeout_${hash}`;
    const known = createKnown(readTables(table), { bindgenVersion: "0.2.90", names: [name] });
    expect(known.identify(name)).toMatchObject({ version, declaration: { result } });
  });
});
