import { expect, it } from "vitest";
import { webTable } from "unglue/wasm-bindgen/web";
import { knownTable } from "../../src/toolchains/wasm-bindgen/known/index.ts";
import { externref } from "../bind/bindgen.ts";
import { modulesOf, run } from "./imports.ts";
import { linesOf } from "./lines.ts";
import type { Word } from "./rust.ts";

const convention = { ...externref, version: 128 };
const lines = [...linesOf(knownTable), ...linesOf(webTable)];

it("works on the real objects of a page", async () => {
  const names = [
    "@Document\n^.create_element(local_name:&str):Element",
    "@Element\n^.set_attribute(name:&str,value:&str)",
    "@Element\n<class_list:DomTokenList",
    "@Element\n<tag_name:$",
    "@Element\n>inner_html=innerHTML(value:&str)",
    "@Element\n^.query_selector(selectors:&str):Option<_>",
    "@DomTokenList=DOMTokenList\n^%.add(tokens:&%Array)",
    "@HtmlCanvasElement=HTMLCanvasElement",
    "@HtmlCanvasElement=HTMLCanvasElement\n^.get_context(context_id:&str):Option<%Object>",
    "@CanvasRenderingContext2d=CanvasRenderingContext2D\n^.get_image_data(sx:f64,sy:f64,sw:f64,sh:f64):ImageData",
    "@ImageData\n<data:::wasm_bindgen::Clamped<::alloc::vec::Vec<u8>>",
    "@Node\n^.append_child(node:&_):_",
    "@Node\n<text_content:Option<$>",
    "@EventTarget\n^.dispatch_event(event:&Event):bool",
    "@Url=URL\n^+new(url:&str)",
    "@Url=URL\n<search_params:UrlSearchParams",
    "@\n=WINDOW=window:Option<Object>",
  ];
  const chosen = names.map((name) => lines.find(({ text }) => text.slice(text.indexOf("\n") + 1) === name));
  expect(names.filter((_, at) => !chosen[at])).toEqual([]);
  const [imports = []] = modulesOf(
    chosen.flatMap((one) => one ?? []),
    convention,
  );
  const { wasm } = await run(imports, convention);
  const call = (start: string, ...words: Word[]): Word => {
    const at = imports.findIndex(({ line }) => line.text.slice(line.text.indexOf("\n") + 1).startsWith(start));
    return wasm.exports[`f${at}`]?.(...(words as number[]));
  };
  const text = (value: string) => {
    const bytes = new TextEncoder().encode(value);
    const at = wasm.memory.alloc(bytes.length, 1);
    wasm.memory.write(at, bytes);
    return [at, bytes.length] as const;
  };
  const area = wasm.memory.alloc(16, 8);
  const pair = () => [wasm.memory.view.getUint32(area, true), wasm.memory.view.getUint32(area + 4, true)] as const;
  const textAt = () => new TextDecoder().decode(wasm.memory.read(...pair()));

  const canvas = call("@Document\n^.create_element", document, ...text("canvas")) as HTMLCanvasElement;
  expect(canvas).toBeInstanceOf(HTMLCanvasElement);
  expect(call("@HtmlCanvasElement=HTMLCanvasElement", canvas)).toBe(1);
  expect(call("@HtmlCanvasElement=HTMLCanvasElement", document)).toBe(0);
  call("@Element\n^.set_attribute", canvas, ...text("title"), ...text("Übersicht"));
  expect(canvas.title).toBe("Übersicht");
  call("@DomTokenList", call("@Element\n<class_list", canvas), ["one", "two"]);
  expect(canvas.className).toBe("one two");
  const context = wasm.handles.take(
    call("@HtmlCanvasElement=HTMLCanvasElement\n", canvas, ...text("2d")) as number,
  ) as CanvasRenderingContext2D;
  context.fillStyle = "#102030";
  context.fillRect(0, 0, 2, 1);
  call("@ImageData", area, call("@CanvasRenderingContext2d", context, 0, 0, 2, 1));
  expect([...wasm.memory.read(...pair())]).toEqual([16, 32, 48, 255, 16, 32, 48, 255]);
  const list = document.createElement("ul");
  call("@Element\n>inner_html", list, ...text("<li>eins</li>"));
  const item = wasm.handles.take(call("@Element\n^.query_selector", list, ...text("li")) as number);
  expect(item).toBe(list.firstChild);
  expect(call("@Element\n^.query_selector", list, ...text("p"))).toBe(0);
  expect(call("@Node\n^.append_child", list, canvas)).toBe(canvas);
  call("@Node\n<text_content", area, item);
  expect(textAt()).toBe("eins");
  call("@Element\n<tag_name", area, list);
  expect(textAt()).toBe("UL");
  const heard: string[] = [];
  list.addEventListener("ping", (event) => heard.push(event.type));
  expect(call("@EventTarget", list, new Event("ping"))).toBe(1);
  expect(heard).toEqual(["ping"]);
  const url = call("@Url=URL\n^+new", ...text("https://example.org/?a=1"));
  expect((call("@Url=URL\n<search_params", url) as URLSearchParams).get("a")).toBe("1");
  expect(wasm.handles.take(call("@\n=WINDOW") as number)).toBe(window);
});

it("names members that the browser's own classes have", () => {
  const owners = lines.flatMap(({ item, script }) => {
    const owner =
      item.jsClass && [...item.namespace, item.jsClass].join(".").split(".").reduce<unknown>(read, globalThis);
    const isMember = /^(method|getter|setter|static)/.test(item.kind);
    return isMember && typeof owner === "function" ? [{ item, script, owner: owner }] : [];
  });
  // Some members are objects' own.
  const objects = new Map<string, object>([
    ["Window", window],
    ["Location", location],
    ["Document", document],
    ["Event", new Event("any")],
  ]);
  const isThere = ({ item: { kind, name, jsClass }, owner }: (typeof owners)[number]) =>
    name in (kind.startsWith("static") ? owner : (objects.get(jsClass) ?? owner.prototype ?? {}));
  // Interfaces that only other browsers have, or none any more.
  const absent = owners.filter((one) => !isThere(one));
  expect(owners.length).toBeGreaterThan(6_000);
  expect(absent.length / owners.length).toBeLessThan(0.06);
});

function read(object: unknown, key: string): unknown {
  return (object as Record<string, unknown> | undefined)?.[key];
}
