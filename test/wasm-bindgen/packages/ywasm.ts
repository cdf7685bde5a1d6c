import { load } from "unglue";
import type { Module, InstantiateOptions } from "unglue";
import { moduleUrl } from "../../packages/served.ts";
import { callForNothing, callForText, callForWord, passValues, type ReturnPointer } from "./lower.ts";
import type {
  Doc,
  Shared,
  SharedArray,
  SharedEvent,
  SharedMap,
  SharedText,
  Transaction,
  UndoEvent,
  UndoManager,
  Ywasm,
} from "./scenarios/ywasm.ts";

/** All exports take and return numbers: handles, pointers, and words of text. */
type Exports = ReturnPointer & Readonly<Record<string, (...words: number[]) => number>>;

/** What the module passes out where it passes an object of an exported class. */
interface Passed {
  readonly className: string;
  readonly pointer: number;
}

/**
 * Loads ywasm's module without its JavaScript.
 *
 * @param module - The module, where it has been compiled before.
 */
export async function openYwasm(module?: Module) {
  const options: InstantiateOptions = {
    // The first of the four ways in which old versions of js-sys find the global object.
    imports: (instance) => ({
      __wbindgen_placeholder__: { __wbg_self_05040bd9523805b9: () => instance.handles.add(globalThis) },
    }),
  };
  const wasm = await (module?.instantiate<Exports>(options) ??
    load<Exports>(moduleUrl("ywasm/ywasm_bg.wasm"), options));
  const { handles, memory } = wasm;
  const guarded = (name: string) => {
    const found = wasm.guarded[name];
    if (!found) throw new Error(`The module does not export ${name}.`);
    return found;
  };
  /** Calls by the name of an export, with room for the result first. */
  const into =
    (name: string, ...words: number[]) =>
    (area: number) => {
      guarded(name)(area, ...words);
    };
  const takeValue = (name: string, ...words: number[]) => lift(handles.take(callForWord(wasm, into(name, ...words))));
  const textWords = (text: string) => {
    const { address, length } = memory.allocString(text);
    return [address, length] as const;
  };
  const borrowed = <Result>(value: unknown, use: (handle: number) => Result) => handles.borrow(value, use);

  class Base {
    /** The module reads the address of objects that it is passed as values, under the name of its generated JavaScript. */
    readonly __wbg_ptr: number;
    readonly #className: string;
    constructor(className: string, pointer: number) {
      this.#className = className;
      this.__wbg_ptr = pointer;
    }
    free() {
      guarded(`__wbg_${this.#className}_free`)(this.__wbg_ptr);
    }
    protected own(name: string) {
      return `${this.#className}_${name}`;
    }
  }

  class TransactionObject extends Base implements Transaction {
    constructor(pointer: number) {
      super("ytransaction", pointer);
    }
    commit() {
      callForNothing(wasm, into("ytransaction_commit", this.__wbg_ptr));
    }
    stateVectorV1() {
      return handles.take(guarded("ytransaction_stateVectorV1")(this.__wbg_ptr)) as Uint8Array;
    }
    diffV1(vector?: Uint8Array) {
      return takeValue("ytransaction_diffV1", this.__wbg_ptr, vector ? handles.add(vector) : 0) as Uint8Array;
    }
    applyV1(diff: Uint8Array) {
      callForNothing(wasm, into("ytransaction_applyV1", this.__wbg_ptr, handles.add(diff)));
    }
  }

  abstract class SharedObject extends Base implements Shared {
    get type() {
      return guarded(this.own("type"))(this.__wbg_ptr);
    }
    get prelim() {
      return guarded(this.own("prelim"))(this.__wbg_ptr) !== 0;
    }
    length(transaction?: Transaction) {
      const count = (handle: number) => callForWord(wasm, into(this.own("length"), this.__wbg_ptr, handle));
      return borrowed(transaction, count);
    }
    toJson(transaction?: Transaction) {
      return borrowed(transaction, (handle) => takeValue(this.own("toJson"), this.__wbg_ptr, handle));
    }
    observe(observer: (event: SharedEvent, transaction: Transaction) => void) {
      return observe(this.own("observe"), this.__wbg_ptr, observer);
    }
    observeDeep(observer: (events: SharedEvent[], transaction: Transaction) => void) {
      return observe(this.own("observeDeep"), this.__wbg_ptr, observer);
    }
    protected change(name: string, ...words: number[]) {
      callForNothing(wasm, into(this.own(name), this.__wbg_ptr, ...words));
    }
  }

  class TextObject extends SharedObject implements SharedText {
    constructor(pointer: number) {
      super("ytext", pointer);
    }
    insert(index: number, chunk: string, attributes?: unknown, transaction?: Transaction) {
      this.change("insert", index, ...textWords(chunk), handles.add(attributes), handles.add(transaction));
    }
    insertEmbed(index: number, embed: unknown, attributes?: unknown, transaction?: Transaction) {
      this.change("insertEmbed", index, handles.add(embed), handles.add(attributes), handles.add(transaction));
    }
    push(chunk: string, attributes?: unknown, transaction?: Transaction) {
      this.change("push", ...textWords(chunk), handles.add(attributes), handles.add(transaction));
    }
    format(index: number, length: number, attributes: unknown, transaction?: Transaction) {
      this.change("format", index, length, handles.add(attributes), handles.add(transaction));
    }
    delete(index: number, length: number, transaction?: Transaction) {
      this.change("delete", index, length, handles.add(transaction));
    }
    override toString(transaction?: Transaction) {
      return borrowed(transaction, (handle) => callForText(wasm, into("ytext_toString", this.__wbg_ptr, handle)));
    }
    toDelta(_?: undefined, __?: undefined, compute?: unknown, transaction?: Transaction) {
      const given = compute === undefined ? 0 : handles.add(compute);
      return takeValue("ytext_toDelta", this.__wbg_ptr, 0, 0, given, handles.add(transaction));
    }
  }

  class MapObject extends SharedObject implements SharedMap {
    constructor(pointer: number) {
      super("ymap", pointer);
    }
    set(key: string, value: unknown, transaction?: Transaction) {
      this.change("set", ...textWords(key), handles.add(value), handles.add(transaction));
    }
    get(key: string, transaction?: Transaction) {
      const words = textWords(key);
      return borrowed(transaction, (handle) => takeValue("ymap_get", this.__wbg_ptr, ...words, handle));
    }
    delete(key: string, transaction?: Transaction) {
      this.change("delete", ...textWords(key), handles.add(transaction));
    }
    entries(transaction?: Transaction) {
      return borrowed(transaction, (handle) => takeValue("ymap_entries", this.__wbg_ptr, handle));
    }
  }

  class ArrayObject extends SharedObject implements SharedArray {
    constructor(pointer: number) {
      super("yarray", pointer);
    }
    insert(index: number, items: unknown[], transaction?: Transaction) {
      const { address, length } = passValues(wasm, items);
      this.change("insert", index, address, length, handles.add(transaction));
    }
    push(items: unknown[], transaction?: Transaction) {
      const { address, length } = passValues(wasm, items);
      this.change("push", address, length, handles.add(transaction));
    }
    delete(index: number, length?: number, transaction?: Transaction) {
      this.change("delete", index, Number(length !== undefined), length ?? 0, handles.add(transaction));
    }
    move(source: number, target: number, transaction?: Transaction) {
      this.change("move", source, target, handles.add(transaction));
    }
    get(index: number, transaction?: Transaction) {
      return borrowed(transaction, (handle) => takeValue("yarray_get", this.__wbg_ptr, index, handle));
    }
  }

  class EventObject extends Base implements SharedEvent {
    readonly #isMap: boolean;
    constructor(className: string, pointer: number) {
      super(className, pointer);
      this.#isMap = className === "ymapevent";
    }
    get target() {
      return lift(handles.take(guarded(this.own("target"))(this.__wbg_ptr))) as Shared;
    }
    path() {
      return handles.take(guarded(this.own("path"))(this.__wbg_ptr));
    }
    get delta() {
      if (this.#isMap) return undefined;
      // Of the two the list's cannot fail, and returns its value at once.
      const name = this.own("delta");
      return name === "yarrayevent_delta"
        ? lift(handles.take(guarded(name)(this.__wbg_ptr)))
        : takeValue(name, this.__wbg_ptr);
    }
    get keys() {
      return this.#isMap ? takeValue(this.own("keys"), this.__wbg_ptr) : undefined;
    }
  }

  class UndoObject extends Base implements UndoManager {
    constructor(doc: Doc, scope: unknown, settings?: unknown) {
      const words = [pointerOf(doc), handles.add(scope), handles.add(settings)];
      super("yundomanager", callForWord(wasm, into("yundomanager_new", ...words)));
    }
    get canUndo() {
      return guarded("yundomanager_canUndo")(this.__wbg_ptr) !== 0;
    }
    get canRedo() {
      return guarded("yundomanager_canRedo")(this.__wbg_ptr) !== 0;
    }
    undo() {
      callForNothing(wasm, into("yundomanager_undo", this.__wbg_ptr));
    }
    redo() {
      callForNothing(wasm, into("yundomanager_redo", this.__wbg_ptr));
    }
    onStackItemAdded(callback: (event: UndoEvent) => void) {
      const handle = handles.add(lifting(callback));
      return new Base("observer", guarded("yundomanager_onStackItemAdded")(this.__wbg_ptr, handle));
    }
  }

  class UndoEventObject extends Base implements UndoEvent {
    get kind() {
      return handles.take(guarded("yundoevent_kind")(this.__wbg_ptr));
    }
  }

  class DocObject extends Base implements Doc {
    constructor(settings?: unknown) {
      super(
        "ydoc",
        borrowed(settings, (handle) => callForWord(wasm, into("ydoc_new", handle))),
      );
    }
    get id() {
      return guarded("ydoc_id")(this.__wbg_ptr);
    }
    get guid() {
      return callForText(wasm, into("ydoc_guid", this.__wbg_ptr));
    }
    getText(name: string) {
      return new TextObject(guarded("ydoc_getText")(this.__wbg_ptr, ...textWords(name)));
    }
    getMap(name: string) {
      return new MapObject(guarded("ydoc_getMap")(this.__wbg_ptr, ...textWords(name)));
    }
    getArray(name: string) {
      return new ArrayObject(guarded("ydoc_getArray")(this.__wbg_ptr, ...textWords(name)));
    }
    beginTransaction(origin?: unknown) {
      return new TransactionObject(guarded("ydoc_beginTransaction")(this.__wbg_ptr, handles.add(origin)));
    }
    onUpdate(observer: (update: Uint8Array, transaction: Transaction) => void) {
      return observe("ydoc_onUpdate", this.__wbg_ptr, observer);
    }
  }

  /** The module calls the function with objects of its classes. */
  const lifting =
    (callback: (...args: never[]) => unknown) =>
    (...args: unknown[]) =>
      callback(...(args.map(lift) as never[]));
  const observe = (name: string, pointer: number, observer: (...args: never[]) => void) =>
    new Base("observer", callForWord(wasm, into(name, pointer, handles.add(lifting(observer)))));

  /** Makes objects of what the module passes out, wherever they stand in it. */
  function lift(value: unknown): unknown {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    if (Array.isArray(value)) return value.map(lift);
    if (!isPassed(value)) {
      if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, lift(item)] as const));
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lift(item)]));
    }
    const { className, pointer } = value;
    if (className === "ytext") return new TextObject(pointer);
    if (className === "ymap") return new MapObject(pointer);
    if (className === "yarray") return new ArrayObject(pointer);
    if (className === "ytransaction") return new TransactionObject(pointer);
    if (className === "yundoevent") return new UndoEventObject(className, pointer);
    return new EventObject(className, pointer);
  }

  const pointerOf = (doc: Doc) => {
    if (!(doc instanceof DocObject)) throw new TypeError("The document is of another instance.");
    return doc.__wbg_ptr;
  };
  const api: Ywasm = {
    YDoc: DocObject,
    YText: class extends TextObject {
      constructor(text?: string) {
        super(guarded("ytext_new")(...(text === undefined ? [0, 0] : textWords(text))));
      }
    },
    YMap: class extends MapObject {
      constructor(values?: object) {
        super(guarded("ymap_new")(values ? handles.add(values) : 0));
      }
    },
    YArray: class extends ArrayObject {
      constructor(items?: unknown[]) {
        const { address, length } = items ? passValues(wasm, items) : { address: 0, length: 0 };
        super(guarded("yarray_new")(address, length));
      }
    },
    YUndoManager: UndoObject,
    encodeStateVector: (doc) => takeValue("encodeStateVector", pointerOf(doc)) as Uint8Array,
    encodeStateAsUpdate: (doc, vector) =>
      takeValue("encodeStateAsUpdate", pointerOf(doc), vector ? handles.add(vector) : 0) as Uint8Array,
    applyUpdate: (doc, update, origin) => {
      callForNothing(wasm, into("applyUpdate", pointerOf(doc), handles.add(update), handles.add(origin)));
    },
    debugUpdateV1: (update) => callForText(wasm, into("debugUpdateV1", handles.add(update))),
  };
  return { wasm, api };
}

function isPassed(value: object): value is Passed {
  return "className" in value && "pointer" in value && typeof value.pointer === "number";
}
