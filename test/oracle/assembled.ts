import { encodeModule, section, unsigned } from "../../src/binary/encode.ts";
import { emptyBody, functionType, i32, i64, list, sections, text } from "../reflect/assemble.ts";

/** Modules by name. Many are invalid: what matters is that reader and engine find the same. */
export type Modules = [name: string, bytes: Uint8Array<ArrayBuffer>][];

/** Modules put together byte by byte: each form of each thing that an interface can have, right and wrong. */
export const assembled: Readonly<Record<string, () => Modules>> = {
  "value types in each place": valueTypes,
  "limits of memories and tables": limits,
  "names in and beyond UTF-8": names,
  "forms of LEB128 numbers": numbers,
  "orders of sections": orders,
  "constant expressions": constants,
  "kinds, indices and counts": indices,
  "forms of types": types,
};

const heaps = {
  nocont: 0x75,
  noexn: 0x74,
  nofunc: 0x73,
  noextern: 0x72,
  none: 0x71,
  func: 0x70,
  extern: 0x6f,
  any: 0x6e,
  eq: 0x6d,
  i31: 0x6c,
  struct: 0x6b,
  array: 0x6a,
  exn: 0x69,
  cont: 0x68,
};
const anUnknown = 0x67;

/** Types that the others refer to, by index: a struct, an array, a function. */
const referredTypes = [[0x5f, 1, i32, 0], [0x5e, 0x78, 1], functionType([i32])];
const behind = referredTypes.length;

/** As many that every engine knows, for what refers to none. */
const plainTypes = referredTypes.map(() => functionType([i32]));

const values: Readonly<Record<string, readonly number[]>> = {
  ...{ i32: [i32], i64: [i64], f32: [0x7d], f64: [0x7c], v128: [0x7b] },
  ...{ i8: [0x78], i16: [0x77], f16: [0x76], nothing: [0x40], zero: [0], "code 0x67": [anUnknown] },
  ...Object.fromEntries(
    Object.entries(heaps).flatMap(([name, code]) => [
      [name, [code]],
      [`(ref null ${name})`, [0x63, code]],
      [`(ref ${name})`, [0x64, code]],
      [`(ref null (shared ${name}))`, [0x63, 0x65, code]],
    ]),
  ),
  ...Object.fromEntries(
    [0, 1, 2, 3, 9].flatMap((index) => [
      [`(ref null ${index})`, [0x63, index]],
      [`(ref ${index})`, [0x64, index]],
      [`(ref (exact ${index}))`, [0x64, 0x62, index]],
    ]),
  ),
  "(ref 0), in two bytes": [0x64, 0x80, 0],
  "(ref func), in two bytes": [0x64, 0xf0, 0x7f],
  "(ref -64)": [0x64, 0x40],
  "a bare index": [0],
};

function valueTypes(): Modules {
  return Object.entries(values).flatMap(([name, value]): Modules => {
    const withTypes = (...more: (readonly number[])[]) =>
      sections.type(...(/\d\)|index/.test(name) ? referredTypes : plainTypes), ...more);
    const taking = functionType([value]);
    const giving = functionType([], [value]);
    const own = (type: readonly number[], body: readonly number[]) =>
      encodeModule(withTypes(type), sections.function([behind]), sections.export(item("f", 0)), sections.code(body));
    return [
      [`parameter ${name}`, own(taking, emptyBody)],
      [`result ${name}`, own(giving, [3, 0, 0, 0x0b])],
      [`imported function of ${name}`, encodeModule(withTypes(taking), sections.import(wanted("f", 0, behind)))],
      [`imported function to ${name}`, encodeModule(withTypes(giving), sections.import(wanted("f", 0, behind)))],
      [`imported constant ${name}`, encodeModule(withTypes(), sections.import(wanted("g", 3, ...value, 0)))],
      [`imported variable ${name}`, encodeModule(withTypes(), sections.import(wanted("g", 3, ...value, 1)))],
      [`exported import ${name}`, reexported(withTypes(), wanted("g", 3, ...value, 0), 3)],
      [`imported table of ${name}`, encodeModule(withTypes(), sections.import(wanted("t", 1, ...value, 0, 1)))],
      [
        `table of ${name}`,
        encodeModule(withTypes(), sections.table([...value, 1, 0, 4]), sections.export(item("t", 1))),
      ],
      [`imported tag of ${name}`, encodeModule(withTypes(taking), sections.import(wanted("e", 4, 0, behind)))],
      [`tag of ${name}`, encodeModule(withTypes(taking), sections.tag([0, behind]), sections.export(item("e", 4)))],
      [`field ${name}`, encodeModule(withTypes([0x5f, 1, ...value, 1]))],
    ];
  });
}

function limits(): Modules {
  const sizes = [0, 1, 2, 255, 65535, 65536, 65537, 10_000_000, 10_000_001, 2 ** 32 - 1, 2 ** 32, 2 ** 48, 2 ** 48 + 1];
  const large = [2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n];
  const pairs = [...sizes, ...large].flatMap((size): (readonly (number | bigint)[])[] => [
    [size],
    [0, size],
    [size, size],
  ]);
  pairs.push([2, 1], [1, 2, 3]);
  return pairs.flatMap((numbers) =>
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 128].flatMap((flags): Modules => {
      const bytes = [flags, ...numbers.flatMap(unsigned)];
      const name = `flags ${flags}, ${numbers.join(", ")}`;
      return [
        [`memory: ${name}`, encodeModule(sections.memory(bytes), sections.export(item("m", 2)))],
        [`imported memory: ${name}`, reexported([], wanted("m", 2, ...bytes), 2)],
        [`table: ${name}`, encodeModule(sections.table([0x70, ...bytes]), sections.export(item("t", 1)))],
        [`imported table: ${name}`, reexported([], wanted("t", 1, 0x6f, ...bytes), 1)],
        ...(flags & 8
          ? [0, 1, 15, 16, 17, 64].map((power): Modules[number] => [
              `memory: ${name}, pages of 2^${power}`,
              encodeModule(sections.memory([...bytes, power]), sections.export(item("m", 2))),
            ])
          : []),
      ];
    }),
  );
}

/** Byte sequences around everything that UTF-8 forbids: lone and missing continuations, overlong forms, surrogates. */
function names(): Modules {
  const sequences = [
    ...[[], [0], [0x7f], [0xc2, 0x80], [0xdf, 0xbf], [0xe0, 0xa0, 0x80], [0xed, 0x9f, 0xbf], [0xee, 0x80, 0x80]],
    ...[
      [0xef, 0xbf, 0xbe],
      [0xef, 0xbf, 0xbf],
      [0xef, 0xbb, 0xbf],
      [0xf0, 0x90, 0x80, 0x80],
      [0xf4, 0x8f, 0xbf, 0xbf],
    ],
    ...[0x80, 0x8f, 0x90, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xef, 0xf0, 0xf4, 0xf5, 0xf8, 0xfc, 0xfe, 0xff].map(
      (byte) => [byte],
    ),
    ...[0, 0x2e, 0x7f, 0xc0, 0xfd].flatMap((next) => [
      [0xc2, next],
      [0xe0, 0xa0, next],
      [0xf0, 0x90, 0x80, next],
    ]),
    ...[
      [0xc0, 0x80],
      [0xc1, 0xbf],
      [0xe0, 0x80, 0x80],
      [0xe0, 0x9f, 0xbf],
      [0xf0, 0x80, 0x80, 0x80],
    ],
    ...[
      [0xf0, 0x8f, 0xbf, 0xbf],
      [0xed, 0xa0, 0x80],
      [0xed, 0xbf, 0xbf],
      [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80],
    ],
    ...[
      [0xf4, 0x90, 0x80, 0x80],
      [0xf7, 0xbf, 0xbf, 0xbf],
      [0xf8, 0x88, 0x80, 0x80, 0x80],
      [0x61, 0x80, 0x62],
    ],
    ...[
      [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80],
      [0xe1, 0x80, 0xe2, 0xf0, 0x91, 0x92, 0xf1, 0xbf, 0x41],
    ],
  ];
  const long = Array.from({ length: 10_000 }, () => 0x78);
  return [...sequences, long].flatMap((bytes): Modules => {
    const name = [...unsigned(bytes.length), ...bytes];
    const label = bytes.length > 9 ? "long" : bytes.map((byte) => byte.toString(16)).join(" ");
    const type = sections.type(functionType([]));
    return [
      [`module name ${label}`, encodeModule(type, sections.import([...name, ...text("f"), 0, 0]))],
      [`import name ${label}`, encodeModule(type, sections.import([...text("m"), ...name, 0, 0]))],
      [`export name ${label}`, encodeModule(sections.memory([0, 1]), sections.export([...name, 2, 0]))],
      [`section name ${label}`, encodeModule(section(0, [...name, 1, 2, 3]))],
    ];
  });
}

/** Each place of a number, with numbers in more bytes than needed, too many bytes, spare bits, and cut off. */
function numbers(): Modules {
  const places: Readonly<Record<string, (number: readonly number[]) => number[][]>> = {
    "section size": (size) => [[1, ...size, 0]],
    "type count": (count) => [section(1, [...count, ...functionType([])])],
    "parameter count": (count) => [section(1, [1, 0x60, ...count, i32, 0])],
    "import count": (count) => [sections.type(functionType([])), section(2, [...count, ...wanted("f", 0, 0)])],
    "name length": (length) => [sections.type(functionType([])), section(2, [1, ...length, 0x6d, 1, 0x66, 0, 0])],
    "type index": (index) => [twoTypes, section(2, [1, ...wanted("f", 0), ...index])],
    "function's type": (index) => [twoTypes, section(3, [1, ...index]), sections.code(emptyBody)],
    "table size": (size) => [section(4, [1, 0x70, 0, ...size])],
    "memory size": (size) => [section(5, [1, 0, ...size])],
    "memory maximum": (size) => [section(5, [1, 1, 0, ...size])],
    "64-bit memory size": (size) => [section(5, [1, 4, ...size])],
    "64-bit table size": (size) => [section(4, [1, 0x70, 4, ...size])],
    "export index": (index) => [sections.memory([0, 1], [0, 1]), section(7, [1, ...text("m"), 2, ...index])],
    "start function": (index) => [
      sections.type(functionType([])),
      sections.function([0], [0]),
      section(8, [...index]),
      sections.code(emptyBody, emptyBody),
    ],
    "tag's type": (index) => [twoTypes, section(13, [1, 0, ...index])],
    "i32 constant": (number) => [sections.global([i32, 0, 0x41, ...number, 0x0b])],
    "i64 constant": (number) => [sections.global([i64, 0, 0x42, ...number, 0x0b])],
    "heap type": (index) => [twoTypes, section(2, [1, ...wanted("g", 3, 0x63), ...index, 0])],
  };
  const forms: (readonly number[])[] = [[1], [0x7f], [0x80], [], [0xff, 0xff, 0xff, 0xff, 0xff]];
  for (let length = 2; length <= 11; length++) {
    const more = Array.from({ length: length - 2 }, () => 0x80);
    for (const last of [0, 1, 0x02, 0x08, 0x0f, 0x10, 0x40, 0x70, 0x7f]) forms.push([0x81, ...more, last]);
  }
  forms.push([0x81, 0xff, 0xff, 0xff, 0x7f], [0x81, 0xff, 0xff, 0xff, 0x0f], [0x80, 0x80, 0x80, 0x80, 0x78]);
  return Object.entries(places).flatMap(([place, make]) =>
    forms.map((form): Modules[number] => [
      `${place} ${form.map((byte) => byte.toString(16)).join(" ")}`,
      encodeModule(...make(form)),
    ]),
  );
}

const twoTypes = sections.type(functionType([]), functionType([]));

/** Every section once, and each of them repeated, moved behind each other one, left out, or unknown. */
function orders(): Modules {
  const all = [
    sections.type(functionType([]), functionType([i32])),
    sections.import(wanted("f", 0, 0)),
    sections.function([0]),
    sections.table([0x70, 0, 2]),
    sections.memory([0, 1]),
    sections.tag([0, 1]),
    sections.global([i32, 0, 0x41, 0, 0x0b]),
    sections.export(item("f", 0)),
    sections.start(0),
    sections.element([0, 0x41, 0, 0x0b, 1, 0]),
    sections.dataCount(1),
    sections.code(emptyBody),
    sections.data([0, 0x41, 0, 0x0b, 1, 9]),
  ];
  const found: Modules = [["all sections", encodeModule(...all)]];
  for (const [from, one] of all.entries()) {
    const others = all.filter((other) => other !== one);
    const id = one[0] ?? 0;
    found.push([`without section ${id}`, encodeModule(...others)]);
    found.push([
      `section ${id} cut short`,
      encodeModule(...all).slice(0, 8 + all.slice(0, from + 1).flat().length - 1),
    ]);
    found.push([
      `section ${id} with a byte more`,
      encodeModule(...all.slice(0, from), section(id, [...one.slice(2), 0]), ...all.slice(from + 1)),
    ]);
    for (let to = 0; to <= others.length; to++) {
      found.push([`section ${id} in place ${to}`, encodeModule(...others.slice(0, to), one, ...others.slice(to))]);
      found.push([`section ${id} again in place ${to}`, encodeModule(...all.slice(0, to), one, ...all.slice(to))]);
    }
    found.push([
      `a custom section before ${id}`,
      encodeModule(...all.slice(0, from), sections.custom("x", [1]), ...all.slice(from)),
    ]);
  }
  for (let id = 14; id < 256; id += id < 20 ? 1 : 47)
    found.push([`section ${id}`, encodeModule(...all, section(id, [0]))]);
  found.push(["an empty custom section", encodeModule(section(0, []))]);
  found.push(["a custom section of two names", encodeModule(sections.custom("x", [1]), sections.custom("x", [2, 3]))]);
  return found;
}

function constants(): Modules {
  const expressions: Readonly<Record<string, readonly number[]>> = {
    nothing: [],
    "i32.const": [0x41, 0],
    "i64.const": [0x42, 0x7f],
    "f32.const": [0x43, 0, 0, 0, 0],
    "f64.const": [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
    "v128.const": [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0x0b)],
    "v128.const, its code in three bytes": [0xfd, 0x8c, 0x80, 0, ...Array.from({ length: 16 }, () => 0)],
    "ref.null func": [0xd0, 0x70],
    "ref.null extern": [0xd0, 0x6f],
    "ref.null any": [0xd0, 0x6e],
    "ref.null 0": [0xd0, 0],
    "ref.null 9": [0xd0, 9],
    "ref.func 0": [0xd2, 0],
    "ref.func 9": [0xd2, 9],
    "ref.i31": [0x41, 1, 0xfb, 28],
    "struct.new": [0x41, 1, 0xfb, 0, 0],
    "struct.new_default": [0xfb, 1, 0],
    "array.new": [0x41, 1, 0x41, 2, 0xfb, 6, 1],
    "array.new_default": [0x41, 2, 0xfb, 7, 1],
    "array.new_fixed": [0x41, 2, 0xfb, 8, 1, 1],
    "array.new_data": [0x41, 0, 0x41, 0, 0xfb, 9, 1, 0],
    "extern.convert_any": [0xd0, 0x6e, 0xfb, 27],
    "any.convert_extern": [0xd0, 0x6f, 0xfb, 26],
    "i32.add": [0x41, 1, 0x41, 2, 0x6a],
    "i32.sub": [0x41, 1, 0x41, 2, 0x6b],
    "i32.mul": [0x41, 1, 0x41, 2, 0x6c],
    "i32.div_s": [0x41, 1, 0x41, 2, 0x6d],
    "i64.add": [0x42, 1, 0x42, 2, 0x7c],
    "global.get 0": [0x23, 0],
    "global.get 1": [0x23, 1],
    "global.get 9": [0x23, 9],
    "local.get": [0x20, 0],
    nop: [0x01, 0x41, 0],
    unreachable: [0],
    "two values": [0x41, 0, 0x41, 0],
    "two ends": [0x41, 0, 0x0b],
    "a block": [0x02, 0x7f, 0x41, 0, 0x0b],
  };
  const typesFor = (what: string) => sections.type(...(/\d\)|struct|array/.test(what) ? referredTypes : plainTypes));
  const wantedGlobal = sections.import(wanted("g", 3, i32, 0));
  return Object.entries(expressions).flatMap(([name, expression]) =>
    Object.entries({
      i32: [i32],
      i64: [i64],
      f32: [0x7d],
      f64: [0x7c],
      v128: [0x7b],
      funcref: [0x70],
      externref: [0x6f],
    })
      .concat([
        ["anyref", [0x6e]],
        ["(ref 0)", [0x64, 0]],
        ["(ref 1)", [0x64, 1]],
        ["(ref null 2)", [0x63, 2]],
      ])
      .flatMap(([type, value]): Modules => [
        [
          `global ${type}: ${name}`,
          encodeModule(
            typesFor(name + type),
            wantedGlobal,
            sections.function([2]),
            sections.global([i32, 1, 0x41, 0, 0x0b], [...value, 0, ...expression, 0x0b]),
            sections.export(item("g", 3, 2)),
            sections.code(emptyBody),
          ),
        ],
        [
          `table of ${type}: ${name}`,
          encodeModule(
            typesFor(name + type),
            wantedGlobal,
            sections.table([0x40, 0, ...value, 0, 1, ...expression, 0x0b]),
          ),
        ],
      ]),
  );
}

/** Every kind from 0 to beyond the last, with indices that exist and that do not, and counts above and below. */
function indices(): Modules {
  const found: Modules = [];
  const defined = [
    sections.type(functionType([]), functionType([i32], [i32]), [0x5f, 0]),
    sections.import(wanted("f", 0, 1), wanted("t", 1, 0x70, 0, 1), wanted("m", 2, 0, 1), wanted("g", 3, i32, 0)),
    sections.function([0]),
    sections.global([i64, 1, 0x42, 0, 0x0b]),
  ];
  const code = sections.code(emptyBody);
  for (const kind of [0, 1, 2, 3, 4, 5, 0x20, 0x7f, 0x80]) {
    for (const index of [0, 1, 2, 0x7f]) {
      found.push([
        `export of kind ${kind}, ${index}`,
        encodeModule(...defined, sections.export(item("x", kind, index)), code),
      ]);
      found.push([
        `import of kind ${kind}, ${index}`,
        encodeModule(defined[0]!, sections.import(wanted("x", kind, index))),
      ]);
      found.push([
        `import of kind ${kind}, 0, ${index}`,
        encodeModule(defined[0]!, sections.import(wanted("x", kind, 0, index))),
      ]);
    }
  }
  for (const index of [0, 1, 2, 3])
    found.push([`start ${index}`, encodeModule(...defined, sections.start(index), code)]);
  for (const index of [0, 1, 2, 3])
    found.push([`tag of type ${index}`, encodeModule(defined[0]!, sections.tag([0, index]))]);
  for (const form of [1, 2, 0x80])
    found.push([`tag of attribute ${form}`, encodeModule(defined[0]!, sections.tag([form, 0]))]);
  for (const mutable of [2, 3, 0x80])
    found.push([`mutability ${mutable}`, encodeModule(sections.import(wanted("g", 3, i32, mutable)))]);
  const twice = sections.export(item("x", 0), item("x", 3));
  found.push(["two exports of one name", encodeModule(...defined, twice, code)]);
  for (const count of [0, 1, 2, 3, 200]) {
    found.push([
      `${count} functions for one body`,
      encodeModule(defined[0]!, section(3, [count, ...Array.from({ length: count }, () => 0)]), code),
    ]);
    for (const id of [1, 2, 3, 4, 5, 6, 7, 13])
      found.push([`section ${id} of ${count} items, without any`, encodeModule(section(id, [...unsigned(count)]))]);
  }
  found.push(["functions without a body", encodeModule(defined[0]!, sections.function([0]))]);
  found.push(["no section", encodeModule()]);
  for (const version of [0, 2, 13])
    found.push([`version ${version}`, Uint8Array.of(0, 0x61, 0x73, 0x6d, version, 0, 0, 0)]);
  for (let length = 0; length < 8; length++) found.push([`${length} bytes`, encodeModule().slice(0, length)]);
  return found;
}

function types(): Modules {
  const forms: Readonly<Record<string, readonly number[]>> = {
    func: [0x60, 0, 0],
    "struct of nothing": [0x5f, 0],
    array: [0x5e, i32, 0],
    "array of i8": [0x5e, 0x78, 1],
    "array, mutability 2": [0x5e, i32, 2],
    continuation: [0x5d, 2],
    "continuation of a struct": [0x5d, 0],
    "sub of nothing": [0x50, 0, 0x5f, 0],
    "final sub of nothing": [0x4f, 0, 0x5f, 0],
    "sub of 0": [0x50, 1, 0, 0x5f, 1, i32, 0],
    "sub of a final type": [0x50, 1, 1, 0x5e, 0x78, 1],
    "sub of itself": [0x50, 1, 3, 0x5f, 0],
    "sub of two": [0x50, 2, 0, 0, 0x5f, 1, i32, 0],
    "sub of one that is not there": [0x50, 1, 9, 0x5f, 0],
    "group of none": [0x4e, 0],
    "group of one": [0x4e, 1, 0x60, 0, 0],
    "group of two that name each other": [0x4e, 2, 0x5f, 1, 0x63, 4, 0, 0x5e, 0x64, 3, 0],
    "group that names what comes behind it": [0x4e, 1, 0x5f, 1, 0x63, 4, 0],
    "group in a group": [0x4e, 1, 0x4e, 1, 0x60, 0, 0],
    shared: [0x65, 0x5f, 0],
    "describing what is not there": [0x4c, 9, 0x5f, 0],
    "code 0x5c": [0x5c, 0],
    "code 0x61": [0x61, 0],
    "code 0": [0],
    "1000 parameters": [0x60, 0xe8, 7, ...Array.from({ length: 1000 }, () => i32), 0],
    "1001 parameters": [0x60, 0xe9, 7, ...Array.from({ length: 1001 }, () => i32), 0],
  };
  return Object.entries(forms).map(([name, form]) => [
    name,
    encodeModule(sections.type([0x50, 0, 0x5f, 1, i32, 0], [0x5e, 0x78, 1], functionType([]), form)),
  ]);
}

function item(name: string, kind: number, index = 0): number[] {
  return [...text(name), kind, index];
}

function wanted(name: string, ...kindAndType: readonly number[]): number[] {
  return [...text("m"), ...text(name), ...kindAndType];
}

/** A module that exports what it imports. */
function reexported(before: number[], one: readonly number[], kind: number): Uint8Array<ArrayBuffer> {
  return encodeModule(before, section(2, list(one)), section(7, list(item("x", kind))));
}
