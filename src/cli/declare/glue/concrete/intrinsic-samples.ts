/** Values of every type, and at the ends of their ranges. */
function valuesOfAllTypes(): unknown[] {
  return [
    undefined,
    null,
    true,
    false,
    0,
    -0,
    -1,
    1.5,
    NaN,
    2 ** 53,
    "",
    "abc",
    "tëxt 漢😀",
    7n,
    -1n,
    2n ** 63n,
    2n ** 64n + 5n,
    Symbol("named"),
    {},
    [],
    () => 1,
  ];
}

/** Values that numbers are computed from. */
function operands(): unknown[] {
  return [0, -0, 7, -3, 0.5, NaN, 2 ** 53, 0n, 7n, -3n, 2n, "12", "abc", "", null, undefined, true];
}

function throwing(): object {
  const thrown = { reason: "conversion" };
  return {
    valueOf: () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- programs may throw anything
      throw thrown;
    },
  };
}

function pairsOf(left: readonly unknown[], right: readonly unknown[]): unknown[][] {
  return left.flatMap((one) => right.map((other) => [one, other]));
}

function comparedPairs(): unknown[][] {
  const [object, symbol, list] = [{ a: 1 }, Symbol("s"), [5]];
  const values = [...operands(), false, "0", object, { a: 1 }, symbol, list];
  return pairsOf(values, values);
}

const samplesByName: ReadonlyMap<string, () => readonly unknown[][]> = new Map([
  ["asnumber", () => numbers()],
  ["tryintonumber", () => numbers()],
  ["neg", () => numbers()],
  ["bitnot", () => numbers()],
  ["jsvaleq", comparedPairs],
  ["jsvallooseeq", comparedPairs],
  ["in", () => pairsOf(["a", "b", 0, 1, "length", "0"], [{ a: 1 }, [5], "text", 1, null, undefined])],
  ["symbolgetdescription", () => [[Symbol("named")], [Symbol("")], [Symbol()]]],
  ["debugstring", () => described().map((one) => [one])],
  [
    "jsonserialize",
    () => [undefined, null, 1, NaN, true, 't"ë', [1, ["a", null]], { a: [1], b: "x" }, 7n].map((one) => [one]),
  ],
  ["jsonparse", () => ['{"a":[1,"é",null]}', "5", "null", ' "x"', "true", "{", ""].map((one) => [one])],
  [
    "bigintfromstr",
    () => ["12", "-7", "0x10", "", "340282366920938463463374607431768211456", "x", "1.5"].map((one) => [one]),
  ],
  [
    "arraypush",
    () =>
      [1, "a", undefined, {}].flatMap((one) => [
        [[], one],
        [[1, 2], one],
      ]),
  ],
  [
    "copytotypedarray",
    () => [
      [Uint8Array.of(1, 2, 255), new Uint8Array(3)],
      [Uint8Array.of(1, 2, 3, 4), new Uint16Array(Uint16Array.of(9, 9, 9, 9).buffer, 2, 2)],
      [new Uint8Array(), new Float64Array()],
    ],
  ],
]);

function numbers(): unknown[][] {
  return [...operands(), Symbol("s"), { valueOf: () => 6 }, throwing()].map((one) => [one]);
}

/** Values that are described in the same words by every version. */
function described(): unknown[] {
  const error = Object.assign(new Error("fault"), { stack: "at a place" });
  const named = { named: () => 1 }.named;
  const list = [1, ["two", null], undefined];
  return [
    undefined,
    null,
    true,
    -0.5,
    "text",
    "",
    Symbol("name"),
    Symbol(),
    list,
    [],
    { a: 1, b: ["x"] },
    {},
    named,
    error,
  ];
}

const integers = [0n, 1n, -1n, 5n, 2n ** 63n - 1n, -(2n ** 63n)];
const arrays: ReadonlyMap<string, () => readonly ArrayBufferView[]> = new Map<string, () => readonly ArrayBufferView[]>(
  [
    ["[i8]", () => [Int8Array.of(-1, 127), new Int8Array()]],
    ["[u8]", () => [Uint8Array.of(255, 1, 2), new Uint8Array()]],
    ["[c8]", () => [Uint8ClampedArray.of(255, 1, 2), new Uint8ClampedArray()]],
    ["[i16]", () => [Int16Array.of(-1, 300)]],
    ["[u16]", () => [Uint16Array.of(65_535, 1)]],
    ["[i]", () => [Int32Array.of(-1, 70_000)]],
    ["[u]", () => [Uint32Array.of(4_294_967_295, 1)]],
    ["[I]", () => [BigInt64Array.of(-1n, 2n ** 40n)]],
    ["[U]", () => [BigUint64Array.of(2n ** 64n - 1n, 1n)]],
    ["[f]", () => [Float32Array.of(-0.5, 1)]],
    ["[d]", () => [Float64Array.of(-0.1, 1)]],
  ],
);

/**
 * Makes lists of arguments for one of wasm-bindgen's own functions.
 *
 * @param name - Its name, without underscores.
 * @param params - The codes of its parameters.
 */
export function argumentsFor(name: string, params: readonly string[]): readonly unknown[][] {
  const own = samplesByName.get(name);
  if (own) return own();
  if (params.join() === "h,h") return pairsOf([...operands(), throwing()], operands());
  return params.reduce<unknown[][]>(
    (all, code) => all.flatMap((args) => valuesFor(code).map((one) => [...args, one])),
    [[]],
  );
}

function valuesFor(code: string): readonly unknown[] {
  switch (code) {
    case "h":
    case "H":
      return valuesOfAllTypes();
    case "s":
      return ["", "abc", "é漢😀\0"];
    case "d":
      return [0, -0, 1.5, NaN, -1, 2 ** 53, Infinity];
    case "I":
      return integers;
    case "U":
      return integers.map((one) => BigInt.asUintN(64, one));
    default:
      return arrays.get(code)?.() ?? [];
  }
}
