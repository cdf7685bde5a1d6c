import { load, type Memory, type UnglueError } from "unglue";
import { createLedger, type Ledger } from "unglue/ledger";
import { describe, expect, it } from "vitest";
import { moduleUrl, sameBytes } from "./served.ts";
import { thrownBy } from "../wat.ts";

/** The code that refuses to free an address of the module, by whether the ledger knew the address before. */
const refusals = ["foreign-pointer", "double-free"];

describe("lz4-wasm, whose functions free their arguments and give results to be freed", () => {
  interface Lz4 {
    compress(results: number, data: number, length: number): void;
    decompress(results: number, data: number, length: number): void;
    __wbindgen_add_to_stack_pointer(change: number): number;
  }
  const text = new TextEncoder().encode("to and fro, ".repeat(100));

  async function open(ledger: Ledger) {
    const { memory, exports } = await load<Lz4>(moduleUrl("lz4"), { ledger });
    /** Calls by the rules of wasm-bindgen, and keeps to them or breaks them as a test wants. */
    const call = (
      name: "compress" | "decompress",
      bytes: Uint8Array,
      does: { release?: false; adopt?: false } = {},
    ) => {
      const results = exports.__wbindgen_add_to_stack_pointer(-16);
      const data = memory.alloc(bytes.length, 1);
      memory.write(data, bytes);
      if (does.release !== false) memory.release(data);
      exports[name](results, data, bytes.length);
      const [address = 0, length = 0] = memory.u32.subarray(results / 4, results / 4 + 2);
      exports.__wbindgen_add_to_stack_pointer(16);
      if (does.adopt !== false) memory.adopt(address, length, 1);
      const result = memory.read(address, length);
      memory.free(address, length, 1);
      return { data, result };
    };
    return { memory, call };
  }

  it("leaks nothing over many calls that say what goes where", async () => {
    const ledger = createLedger();
    const { call } = await open(ledger);
    for (let round = 0; round < 50; round += 1) {
      const { result } = call("compress", text);
      expect(sameBytes(call("decompress", result).result, text)).toBe(true);
    }
    ledger.expectNoLeaks();
  });

  it("is seen to leak the argument that nobody released, and to take a result that nobody adopted", async () => {
    const ledger = createLedger();
    const { call } = await open(ledger);
    const { data } = call("compress", text, { release: false });
    expect(ledger.live).toMatchObject([{ address: data, size: text.length, align: 1 }]);
    ledger.accept();
    const error = thrownBy(() => call("compress", Uint8Array.of(...text, 0), { adopt: false }));
    expect(refusals).toContain((error as UnglueError).code);
  });

  it("is kept from the second free of an address, which would corrupt it", async () => {
    const ledger = createLedger();
    const { memory, call } = await open(ledger);
    const address = memory.alloc(100, 1);
    memory.free(address, 100, 1);
    expect(thrownBy(() => memory.free(address, 100, 1))).toMatchObject({ code: "double-free" });
    expect(thrownBy(() => memory.free(memory.alloc(100, 1), 99, 1))).toMatchObject({ code: "invalid-argument" });
    expect(sameBytes(call("decompress", call("compress", text).result).result, text)).toBe(true);
  });
});

describe("sql.js, with malloc and free", () => {
  interface Sqlite {
    emscripten_stack_init(): void;
    sqlite3_open(name: number, database: number): number;
    sqlite3_exec(database: number, sql: number, callback: number, context: number, message: number): number;
    sqlite3_free(address: number): void;
    sqlite3_close_v2(database: number): number;
  }

  async function open(ledger: Ledger) {
    const wasm = await load<Sqlite>(moduleUrl("sql.js-debug"), { missing: "zero", ledger });
    wasm.guarded.emscripten_stack_init();
    const { memory, exports } = wasm;
    const database = memory.arena((arena) => {
      const result = arena.alloc(4);
      exports.sqlite3_open(arena.string(":memory:", { layout: "nul" }).address, result);
      return memory.u32[result / 4] ?? 0;
    });
    return { wasm, memory, exports, database };
  }

  it("leaks nothing while it runs through arenas, whatever it allocates itself", async () => {
    const ledger = createLedger();
    const { memory, exports, database } = await open(ledger);
    for (let row = 0; row < 20; row += 1) {
      const sql = row === 0 ? "create table t(x)" : `insert into t values (${row})`;
      const code = memory.arena((arena) =>
        exports.sqlite3_exec(database, arena.string(sql, { layout: "nul" }).address, 0, 0, 0),
      );
      expect(code).toBe(0);
    }
    exports.sqlite3_close_v2(database);
    ledger.expectNoLeaks();
  });

  it("is seen to be passed a text that nobody freed, by the function that wrote it", async () => {
    const ledger = createLedger();
    const { memory, exports, database } = await open(ledger);
    const writeForgotten = (sql: string) => memory.allocString(sql, { layout: "nul" }).address;
    for (let at = 0; at < 3; at += 1) exports.sqlite3_exec(database, writeForgotten(`select ${at}`), 0, 0, 0);
    const { message } = thrownBy(() => ledger.expectNoLeaks()) as Error;
    expect(message).toContain("Not freed: 3 allocations, 27 bytes.");
    expect(message.match(/writeForgotten/g)).toHaveLength(1);
  });

  it("gives an error's text that only its own function can free, and is kept from freeing it by the other", async () => {
    const ledger = createLedger();
    const { memory, exports, database } = await open(ledger);
    const text = memory.arena((arena) => {
      const place = arena.alloc(4);
      exports.sqlite3_exec(database, arena.string("select", { layout: "nul" }).address, 0, 0, place);
      return memory.u32[place / 4] ?? 0;
    });
    expect(memory.readString(text)).toBe("incomplete input");
    expect(refusals).toContain((thrownBy(() => memory.free(text)) as UnglueError).code);
    exports.sqlite3_free(text);
    ledger.expectNoLeaks();
  });

  it("keeps its databases apart in one ledger", async () => {
    const ledger = createLedger();
    const [left, right] = [await open(ledger), await open(ledger)];
    const address = left.memory.alloc(100);
    expect(right.memory.alloc(100)).toBe(address);
    left.memory.free(address);
    expect(thrownBy(() => left.memory.free(address))).toMatchObject({ code: "double-free" });
    expect(ledger.live).toMatchObject([{ instance: 2, address }]);
    right.wasm.dispose();
    expect(ledger.live).toMatchObject([{ instance: 2, address, disposed: true }]);
  });
});

describe("source-map, whose allocator is named by the user and frees nothing for the caller", () => {
  interface Mappings {
    parse_mappings(text: number): number;
    free_mappings(mappings: number): void;
  }

  it("takes texts that are released", async () => {
    const ledger = createLedger();
    const { memory, exports } = await load<Mappings>(moduleUrl("source-map"), {
      missing: "zero",
      allocator: { alloc: "allocate_mappings" },
      ledger,
    });
    const parse = (write: (memory: Memory) => number) => exports.free_mappings(exports.parse_mappings(write(memory)));
    const write = ({ allocString }: Memory) => allocString("AAAA;AACA").address;
    for (let round = 0; round < 20; round += 1) {
      parse((into) => {
        const address = write(into);
        into.release(address);
        return address;
      });
    }
    ledger.expectNoLeaks();
    parse(write);
    parse(write);
    // The module freed the first, and gave its place to the second.
    expect(ledger.live).toHaveLength(1);
  });
});
