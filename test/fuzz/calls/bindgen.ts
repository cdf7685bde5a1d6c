import { compile, t } from "unglue";
import { type Bindgen, bindgen, type Helpers, returning } from "../../bind/bindgen.ts";
import { cases, echo } from "../../bind/echoes.ts";
import type { Call, Subject } from "./subject.ts";

type AnyFunction = (...args: readonly unknown[]) => unknown;
type Box = Record<string, unknown> & { free(): void } & Record<"plus" | "eat" | "say", AnyFunction>;
interface Opened {
  readonly api: { readonly Box: new (...args: readonly unknown[]) => Box } & Readonly<Record<string, AnyFunction>>;
  readonly guarded: Helpers;
  readonly handles: { readonly size: number };
  readonly state: string;
}

const Box = t.class({
  new: t.ctor([t.u32]),
  value: t.field(t.u32),
  plus: t.method([t.object("Box")], t.u32),
  eat: t.method([t.owned("Box")], t.u32, { consumes: true }),
  say: t.method([t.string], t.u32),
});

const argument = ["invalid-argument"];
const object = ["invalid-argument", "object-unusable"];

/** A class, and functions of several values, one of which may fail when the others have been given away. */
function body(value: string, convention: Bindgen): string {
  const pairs = ["i32", "i32", "i32", "i32"];
  return `
    (func $drop (param $at i32) (call $free (local.get $at) (i32.const 4) (i32.const 4)))
    (func (export "box_new") (param i32) (result i32) (local $at i32)
      (local.set $at (call $malloc (i32.const 4) (i32.const 4))) (i32.store (local.get $at) (local.get 0)) (local.get $at))
    (func (export "__wbg_box_free") (param i32 i32) (call $drop (local.get 0)))
    (func (export "__wbg_get_box_value") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "__wbg_set_box_value") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
    (func (export "box_plus") (param i32 i32) (result i32) (i32.add (i32.load (local.get 0)) (i32.load (local.get 1))))
    (func (export "box_eat") (param i32 i32) (result i32) (call $drop (local.get 0)) (call $drop (local.get 1)) (i32.const 1))
    (func (export "box_say") (param i32 i32 i32) (result i32)
      (call $free (local.get 1) (local.get 2) (i32.const 1)) (local.get 2))
    ${returning(
      "both",
      pairs,
      [
        ["i32", "$2"],
        ["i32", "$3"],
      ],
      convention,
      "(call $free $0 $1 (i32.const 1))",
    )}
    (func (export "value and text") (param ${value} i32 i32) (result ${value})
      (call $free (local.get 1) (local.get 2) (i32.const 1)) (local.get 0))`;
}

/** The functions and classes of an interface in one of wasm-bindgen's conventions. */
export async function subjectOfBindgen(name: string, convention: Bindgen): Promise<Subject> {
  const isHeap = convention.handles === "heap";
  const fit = Object.entries(cases).filter(([, { versions }]) => !versions || versions.includes(convention.version));
  const echoes = fit.flatMap(([name, one]) => [
    echo(name, one, convention, false),
    echo(`${name} or error`, one, convention, true),
  ]);
  const members = {
    ...Object.fromEntries(
      fit.flatMap(([name, { type }]) => [
        [name, t.fn([type], type)],
        [`${name} or error`, t.fn([type], type, { throws: true })],
      ]),
    ),
    both: t.fn([t.string, t.list(t.js)], t.list(t.js)),
    "text and texts": t.fn([t.string, t.list(t.string)], t.list(t.string), { export: "both" }),
    "bytes and optional": t.fn([t.bytes, t.optional(t.list(t.js))], t.optional(t.list(t.js)), { export: "both" }),
    "value and text": t.fn([t.js, t.string], t.js),
    Box,
  };
  const source = await bindgen([...echoes, body(isHeap ? "i32" : "externref", convention)].join("\n"), convention);
  const module = await compile(source);
  const limits = { handles: 100 };
  const open = async () => (await module.instantiate({ api: { members }, limits })) as unknown as Opened;
  let wasm = await open();
  let other = await open();
  const size = wasm.handles.size;
  const codes = [...argument, "limit-exceeded"];
  const calls: Call[] = Object.entries(members).flatMap(([member, declared]): readonly Call[] => {
    if (declared.member !== "function") return [];
    return [{ name: member, args: declared.params.length, codes, run: (given) => wasm.api[member]?.(...given) }];
  });
  const withBox = (
    name: string,
    args: number,
    codes: readonly string[],
    use: (box: Box, given: readonly unknown[]) => unknown,
  ): Call => ({
    name: `Box ${name}`,
    args,
    codes,
    run: (given) => {
      const box = new wasm.api.Box(5);
      try {
        return use(box, given);
      } finally {
        box.free();
      }
    },
  });
  const prototypeOf = () => wasm.api.Box.prototype as Record<string, AnyFunction>;
  calls.push(
    {
      name: "new Box",
      args: 1,
      codes: argument,
      run: (given) => {
        new wasm.api.Box(...given).free();
      },
    },
    withBox("value", 1, argument, (box, [value]) => (box.value = value)),
    withBox("plus", 1, object, (box, given) => box.plus(...given)),
    withBox("eat", 1, object, (box, given) => box.eat(...given)),
    withBox("eat of itself", 0, object, (box) => box.eat(box)),
    withBox("say", 2, argument, (box, given) => box.say(...given)),
    withBox("plus of another instance's", 0, object, (box) => {
      const foreign = new other.api.Box(1);
      try {
        return box.plus(foreign);
      } finally {
        foreign.free();
      }
    }),
  );
  for (const name of ["plus", "say", "eat", "free"]) {
    calls.push({
      name: `${name} on anything`,
      args: 2,
      codes: object,
      run: ([self, ...given]) => prototypeOf()[name]?.apply(self, given),
    });
  }
  return {
    name: `an interface of wasm-bindgen's, ${name}`,
    calls,
    async state() {
      const found = {
        state: wasm.state,
        ...(wasm.state === "live" && {
          live: wasm.guarded.live(),
          taken: wasm.guarded.taken(),
          handles: wasm.handles.size - size,
        }),
      };
      if (JSON.stringify(found) !== '{"state":"live","live":0,"taken":0,"handles":0}') {
        wasm = await open();
        other = await open();
      }
      return found;
    },
  };
}
