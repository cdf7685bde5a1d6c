import { describe, expect, it, vi } from "vitest";
import { compile, UnglueError } from "unglue";
import { moduleUrl } from "../../packages/served.ts";
import { thrownBy } from "../../wat.ts";
import { itAnswersAsItsGlue } from "./compare.ts";
import { callForText, callForWord } from "./lower.ts";
import { openYwasm } from "./ywasm.ts";
import { type SharedText, ywasmScenario } from "./scenarios/ywasm.ts";

type Addressed = SharedText & { readonly __wbg_ptr: number };

describe("ywasm 0.18.3: wasm-bindgen 0.2.91, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's but the ways to the global object", async () => {
    const { wasm } = await openYwasm();
    expect(wasm.toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.91" });
    const others = wasm.imports.filter(({ provider }) => provider !== "adapter");
    expect(others.filter(({ name }) => !/^__wbg_(self|window|globalThis|global)_/.test(name))).toEqual([]);
  });

  itAnswersAsItsGlue("ywasm", ywasmScenario, openYwasm, { "undoes and does again": 8 });
});

describe("ywasm's observers and instances", () => {
  it("get objects of the module that can be passed back as they are", async () => {
    const { api, wasm } = await openYwasm();
    const doc = new api.YDoc({ clientID: 1, guid: "one" });
    // Two, because Rust lends the one that changes to nobody else.
    const [text, same] = [doc.getText("text"), doc.getText("text")].map((one) => one as Addressed);
    if (!text || !same) throw new Error("There are two.");
    const seen: string[] = [];
    const observer = (event: object, transaction: object) => {
      expect([event, transaction]).toMatchObject([{ className: "ytextevent" }, { className: "ytransaction" }]);
      const read = (handle: number) =>
        callForText(wasm, (area) => {
          wasm.guarded["ytext_toString"]?.(area, same.__wbg_ptr, handle);
        });
      seen.push(wasm.handles.borrow(transaction, read));
    };
    callForWord(wasm, (area) => {
      wasm.guarded["ytext_observe"]?.(area, text.__wbg_ptr, wasm.handles.add(observer));
    });
    text.push("read while it changes");
    expect(seen).toEqual(["read while it changes"]);
  });

  it("end the instance when an observer throws, with what it threw, and another goes on", async () => {
    const written = vi.spyOn(console, "error").mockReturnValue();
    const [one, two] = await Promise.all([openYwasm(), openYwasm()]);
    one.wasm.guarded["setPanicHook"]?.();
    const maps = [one, two].map(({ api }) => new api.YDoc({ clientID: 1, guid: "same" }).getMap("map"));
    const [first, second] = maps;
    first?.observe(() => {
      throw new Error("from the observer");
    });
    const error = thrownBy(() => first?.set("key", 1));
    // Rust's own: it unwraps what the call of the observer gave.
    expect(UnglueError.is(error, "trap") && error.details.panic).toContain("from the observer");
    expect(written).toHaveBeenCalledOnce();
    written.mockRestore();
    second?.set("key", 2);
    expect([one.wasm.state, two.wasm.state, second?.toJson()]).toEqual(["poisoned", "live", { key: 2 }]);
  });

  it("share nothing: two of one module give the same handles and addresses, and hold their own values", async () => {
    const module = await compile(moduleUrl("ywasm/ywasm_bg.wasm"));
    const [left, right] = await Promise.all([openYwasm(module), openYwasm(module)]);
    const docs = [left, right].map(({ api }, at) => new api.YDoc({ clientID: at + 1, guid: String(at) }));
    const texts = docs.map((doc) => doc.getText("text"));
    for (let at = 0; at < 100; at += 1)
      texts.forEach((text, which) => {
        text.push(`${which}`);
      });
    expect(texts.map(String)).toEqual(["0".repeat(100), "1".repeat(100)]);
    const handles = [left, right].map(({ wasm }, which) => wasm.handles.add({ which }));
    expect(handles[0]).toBe(handles[1]);
    expect([left, right].map(({ wasm }) => wasm.handles.get(handles[0] ?? 0))).toEqual([{ which: 0 }, { which: 1 }]);
    expect(left.wasm.memory.raw).not.toBe(right.wasm.memory.raw);
    const [one, two] = docs;
    if (!one || !two) throw new Error("There are two.");
    right.api.applyUpdate(two, left.api.encodeStateAsUpdate(one));
    left.api.applyUpdate(one, right.api.encodeStateAsUpdate(two));
    expect(new Set(texts.map(String)).size).toBe(1);
    left.wasm.dispose();
    expect(String(texts[1])).toHaveLength(200);
    expect(thrownBy(() => String(texts[0]))).toMatchObject({ code: "disposed" });
  });
});
