import { compile, type Memory, type Table, trampolineBytes, UnglueError, type Handles } from "unglue";
import { bindgen, externref, heap } from "../../bind/bindgen.ts";
import { wat } from "../../wat.ts";
import type { Call, Subject } from "./subject.ts";

const source = `(module
  (memory (export "memory") 2 20)
  (table (export "table") 4 60 funcref)
  (elem (i32.const 1) $one)
  (global $next (mut i32) (i32.const 4096))
  (func $one (export "one") (result i32) (i32.const 1))
  (func (export "malloc") (param $size i32) (result i32) (local $at i32)
    (local.set $at (global.get $next))
    (if (i32.gt_u (local.get $size) (i32.const 100000)) (then (return (i32.const 0))))
    (global.set $next (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 31)) (i32.const -16)))
    (local.get $at))
  (func (export "free") (param i32)))`;

const argument = ["invalid-argument"];
const range = [...argument, "out-of-bounds"];
const text = [...range, "invalid-string", "string-too-long", "allocation-failed", "engine-limit"];
const textWithOptions = [...text, "unknown-option"];
/** Values of whatever type is wanted. */
type Given = readonly [never, never, never, never];

/** An instance without an interface: memory, table, callbacks. Each call gets a new one. */
export async function subjectOfInstance(): Promise<Subject> {
  const module = await compile(await wat(source));
  let wasm = module.instantiateSync();
  const memory = (
    name: string,
    args: number,
    codes: readonly string[],
    run: (memory: Memory, given: Given) => unknown,
    callsBack = false,
  ): Call => ({
    name: `memory.${name}`,
    args,
    codes,
    callsBack,
    run: (given) => run(wasm.memory, given as unknown as Given),
  });
  const table = (name: string, args: number, run: (table: Table, given: Given) => unknown): Call => ({
    name: `table.${name}`,
    args,
    codes: [...argument, "table-out-of-bounds", "table-full", "limit-exceeded"],
    run: (given) => run(wasm.table, given as unknown as Given),
  });
  const calls: readonly Call[] = [
    memory("grow", 1, [...argument, "limit-exceeded"], (it, [pages]) => it.grow(pages)),
    memory("read", 2, [...range, "engine-limit"], (it, [address, length]) => it.read(address, length)),
    memory("write", 2, range, (it, [address, data]) => {
      it.write(address, data);
    }),
    memory("readString", 3, textWithOptions, (it, [address, length, options]) =>
      it.readString(address, length, options),
    ),
    memory("readString of", 2, text, (it, [encoding, fatal]) => it.readString(0, 4, { encoding, fatal })),
    memory("writeString", 4, textWithOptions, (it, [address, value, capacity, options]) =>
      it.writeString(address, value, capacity, options),
    ),
    memory("writeString of", 3, text, (it, [encoding, layout, fatal]) =>
      it.writeString(0, "a", 8, { encoding, layout, fatal }),
    ),
    memory("alloc", 2, [...argument, "allocation-failed"], (it, [size, align]) => it.alloc(size, align)),
    memory("free", 3, range, (it, [address, size, align]) => {
      it.free(address, size, align);
    }),
    memory("adopt", 3, range, (it, [address, size, align]) => {
      it.adopt(address, size, align);
    }),
    memory("release", 1, argument, (it, [address]) => {
      it.release(address);
    }),
    memory("allocString", 2, textWithOptions, (it, [value, options]) => it.allocString(value, options)),
    memory("arena", 1, argument, (it, [body]) => it.arena(body), true),
    memory("arena.alloc", 2, [...argument, "allocation-failed"], (it, [size, align]) =>
      it.arena((arena) => arena.alloc(size, align)),
    ),
    memory("arena.bytes", 2, [...argument, "allocation-failed"], (it, [data, align]) =>
      it.arena((arena) => arena.bytes(data, align)),
    ),
    memory("arena.string", 2, textWithOptions, (it, [value, options]) =>
      it.arena((arena) => arena.string(value, options)),
    ),
    memory("arena.release", 1, argument, (it, [address]) => {
      it.arena((arena) => {
        arena.release(address);
      });
    }),
    table("get", 1, (it, [index]) => it.get(index)),
    table("set", 2, (it, [index, value]) => {
      it.set(index, value);
    }),
    table("set of a place", 1, (it, [value]) => {
      it.set(2, value);
    }),
    table("grow", 1, (it, [count]) => it.grow(count)),
    {
      name: "callback",
      args: 2,
      codes: [...argument, "invalid-signature"],
      run: ([signature, callback]) => {
        wasm.freeCallback(wasm.callback(signature as never, callback as never));
      },
    },
    {
      name: "a callback that is called",
      args: 1,
      codes: argument,
      callsBack: true,
      run: ([callback]) => {
        const index = wasm.callback("ij->" as never, callback as never);
        return wasm.table.get(index)?.(1, 2n);
      },
    },
    {
      name: "freeCallback",
      args: 1,
      codes: ["invalid-argument", "unknown-callback"],
      run: ([index]) => {
        wasm.freeCallback(index as never);
      },
    },
    {
      name: "freeCallback after another",
      args: 1,
      codes: ["invalid-argument", "unknown-callback"],
      run: ([index]) => {
        const own = wasm.callback("->" as never, (() => undefined) as never);
        try {
          wasm.freeCallback(index as never);
        } finally {
          if (index !== own) wasm.freeCallback(own);
        }
      },
    },
    {
      name: "trampolineBytes",
      args: 1,
      codes: ["invalid-signature"],
      run: ([signature]) => trampolineBytes(signature as never),
    },
    { name: "UnglueError.is", args: 2, codes: [], run: ([value, code]) => UnglueError.is(value, code as never) },
  ];
  return {
    name: "an instance",
    calls,
    state() {
      const found = { state: wasm.state, one: wasm.guarded.one?.() };
      wasm = module.instantiateSync();
      return Promise.resolve(found);
    },
  };
}

/** The values that a module of wasm-bindgen's knows by number. */
export async function subjectOfHandles(name: "heap" | "externref"): Promise<Subject> {
  const module = await compile(await bindgen("", name === "heap" ? heap : externref));
  let wasm = await module.instantiate();
  const codes = [...argument, "limit-exceeded"];
  const call = (name: string, run: (handles: Handles, given: Given) => unknown, args = 1): Call => ({
    name: `handles.${name}`,
    args,
    codes,
    callsBack: name === "borrow",
    run: (given) => run(wasm.handles, given as unknown as Given),
  });
  return {
    name: `handles in the convention ${name}`,
    calls: [
      call("add", (it, [value]) => {
        it.drop(it.add(value));
      }),
      call("get", (it, [handle]) => it.get(handle)),
      call("take", (it, [handle]) => it.take(handle)),
      call("drop", (it, [handle]) => {
        it.drop(handle);
      }),
      call("borrow", (it, [value, use]) => it.borrow(value, use), 2),
      call("take, twice", (it, [value]) => {
        const handle = it.add(value);
        it.take(handle);
        it.take(handle);
      }),
    ],
    async state() {
      const found = { state: wasm.state, size: wasm.handles.size, value: wasm.handles.take(wasm.handles.add("text")) };
      wasm = await module.instantiate();
      return found;
    },
  };
}
