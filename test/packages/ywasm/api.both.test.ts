import { describe, expect, it, vi } from "vitest";
import { compile, type Instance, load, UnglueError } from "unglue";
import { moduleUrl } from "../served.ts";
import { itAnswersAsItsGlue, losesNothing } from "../compare.ts";
import { ywasmScenario } from "./scenario.ts";
import { thrownBy } from "../../wat.ts";
import { api } from "./api.ts";

const url = moduleUrl("ywasm");
/** The first of the four ways in which old versions of js-sys find the global object. */
const options = {
  api,
  imports: (instance: Instance) => ({
    __wbindgen_placeholder__: { __wbg_self_05040bd9523805b9: () => instance.handles.add(globalThis) },
  }),
};
const open = () => load(url, options);

describe("ywasm 0.18.3 through a declared interface: wasm-bindgen 0.2.91, heap, return pointer", () => {
  it("is read as that, and every import is the adapter's but the ways to the global object", async () => {
    const { toolchain, imports } = await open();
    expect(toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.91" });
    const others = imports.filter(({ provider }) => provider !== "adapter");
    expect(others.filter(({ name }) => !/^__wbg_(self|window|globalThis|global)_/.test(name))).toEqual([]);
  });

  itAnswersAsItsGlue("ywasm", ywasmScenario, open, { "undoes and does again": 8 });

  it("loses nothing over many documents", async () => {
    const wasm = await open();
    const { YDoc, encodeStateAsUpdate, applyUpdate } = wasm.api;
    await losesNothing(wasm, () => {
      const [left, right] = [new YDoc({ clientID: 1, guid: "left" }), new YDoc({ clientID: 2, guid: "right" })];
      const [text, copy] = [left.getText("text"), right.getText("text")];
      let heard = 0;
      const observer = text.observe((event, transaction) => {
        heard += 1;
        event.free();
        transaction.free();
      });
      for (let at = 0; at < 20; at += 1) text.insert(at, "é", { bold: true });
      applyUpdate(right, encodeStateAsUpdate(left));
      expect([copy.toString(), heard]).toEqual(["é".repeat(20), 20]);
      expect(() => {
        applyUpdate(right, Uint8Array.of(1, 2, 3));
      }).toThrow();
      for (const one of [observer, text, copy, left, right]) one.free();
    });
  });
});

describe("ywasm's observers", () => {
  it("get objects of the declared classes, which can be passed back", async () => {
    const wasm = await open();
    const { YDoc, YText, YTextEvent, YTransaction } = wasm.api;
    const doc = new YDoc({ clientID: 1, guid: "one" });
    // Two, because Rust lends the one that changes to nobody else.
    const [text, same] = [doc.getText("text"), doc.getText("text")];
    const seen: string[] = [];
    text.observe((event, transaction) => {
      expect([event instanceof YTextEvent, transaction instanceof YTransaction]).toEqual([true, true]);
      expect(event.target).toBeInstanceOf(YText);
      seen.push(same.toString(transaction));
    });
    text.push("read while it changes");
    expect(seen).toEqual(["read while it changes"]);
  });

  it("end the instance when they throw, with what they threw, and another instance goes on", async () => {
    const written = vi.spyOn(console, "error").mockReturnValue();
    const [one, two] = await Promise.all([open(), open()]);
    one.api.setPanicHook();
    const [first, second] = [one, two].map((wasm) => new wasm.api.YDoc({ clientID: 1, guid: "same" }).getMap("map"));
    first?.observe(() => {
      throw new Error("from the observer");
    });
    const error = thrownBy(() => first?.set("key", 1));
    // Rust's own: it unwraps what the call of the observer gave.
    expect(UnglueError.is(error, "trap") && error.details.panic).toContain("from the observer");
    expect(written).toHaveBeenCalledOnce();
    written.mockRestore();
    second?.set("key", 2);
    expect([one.state, two.state, second?.toJson()]).toEqual(["poisoned", "live", { key: 2 }]);
  });
});

describe("two instances of ywasm", () => {
  it("share nothing: they give the same handles and addresses, and hold their own values", async () => {
    const module = await compile(url);
    const [left, right] = await Promise.all([module.instantiate(options), module.instantiate(options)]);
    const [one, two] = [left, right].map((wasm, at) => new wasm.api.YDoc({ clientID: at + 1, guid: String(at) }));
    if (!one || !two) throw new Error("There are two.");
    const texts = [one, two].map((doc) => doc.getText("text"));
    for (let at = 0; at < 100; at += 1) texts.forEach((text, which) => text.push(`${which}`));
    expect(texts.map(String)).toEqual(["0".repeat(100), "1".repeat(100)]);
    const handles = [left, right].map((wasm, which) => wasm.handles.add({ which }));
    expect(handles[0]).toBe(handles[1]);
    expect([left, right].map((wasm) => wasm.handles.get(handles[0] ?? 0))).toEqual([{ which: 0 }, { which: 1 }]);
    right.api.applyUpdate(two, left.api.encodeStateAsUpdate(one));
    left.api.applyUpdate(one, right.api.encodeStateAsUpdate(two));
    expect(new Set(texts.map(String)).size).toBe(1);
    left.dispose();
    expect(String(texts[1])).toHaveLength(200);
    expect(thrownBy(() => String(texts[0]))).toMatchObject({ code: "disposed" });
  });

  it("refuse each other's objects", async () => {
    const [left, right] = await Promise.all([open(), open()]);
    const doc = new left.api.YDoc();
    const error = thrownBy(() => right.api.encodeStateVector(doc));
    expect(UnglueError.is(error, "object-unusable") && error.details).toEqual({ class: "YDoc", reason: "foreign" });
    expect(right.api.encodeStateVector(new right.api.YDoc()).length).toBeGreaterThan(0);
  });
});

describe("ywasm's constructor ydoc_new, which writes the object's address into a result area", () => {
  it("makes a document that works, and leaves stack and handles as they were", async () => {
    const wasm = await open();
    const made = () => {
      const doc = new wasm.api.YDoc({ clientID: 9, guid: "nine" });
      const results = [doc.id, doc.guid, doc.getText("text").toString()];
      doc.free();
      return results;
    };
    // The module keeps the names of the options, as JavaScript text.
    expect(made()).toEqual([9, "nine", ""]);
    await losesNothing(wasm, made);
  });

  it("failed with an out-of-bounds access where the area was taken for the document", async () => {
    const wasm = await open();
    const call = (name: string, ...words: number[]) => wasm.guarded[name]?.(...words) as number;
    const area = call("__wbindgen_add_to_stack_pointer", -16);
    wasm.handles.borrow(undefined, (options) => call("ydoc_new", area, options));
    const name = wasm.memory.allocString("text");
    const error = thrownBy(() => call("ydoc_getText", area, name.address, name.length));
    expect(UnglueError.is(error, "trap") && String(error.cause)).toMatch(/memory access out of bounds/);
  });
});
