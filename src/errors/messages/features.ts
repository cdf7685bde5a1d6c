/** A feature of WebAssembly that not every engine has. */
interface Feature {
  /** Its name in messages. */
  readonly name: string;
  /** The messages of engines without the feature about a module that uses it. */
  readonly sign: RegExp;
  /** The first versions that support it, from webassembly.org/features (2026-11); of Node, as measured. */
  readonly since: string;
}

/** V8 and SpiderMonkey write opcodes in hexadecimal, JavaScriptCore in decimal. */
const opcode = (hex: string, ...decimal: readonly number[]): string =>
  `opcode:? (?:0x)?(?:${hex})\\b|invalid opcode (?:${decimal.join("|")}),`;

// Made on demand: bundlers keep regular expressions that are compiled at the top level.
const features = (): readonly Feature[] => [
  {
    name: "garbage collection",
    sign: new RegExp(`wasm-gc\\b|gc (?:is )?not enabled|${opcode("fb", 251)}`, "i"),
    since: "Chrome 119, Firefox 120, Safari 18.2 and Node 22",
  },
  {
    name: "typed function references",
    sign: new RegExp(`wasm-typed-funcref|${opcode("14|15", 20, 21)}`, "i"),
    since: "Chrome 119, Firefox 120, Safari 18 and Node 22",
  },
  {
    name: "exceptions with exnref",
    sign: new RegExp(`wasm-exnref|exnref (?:is )?not enabled|${opcode("0a|1f", 10, 31)}`, "i"),
    since: "Chrome 137, Firefox 131, Safari 18.4 and Node 24.15",
  },
  {
    name: "64-bit memory",
    sign: /wasm-memory64|memory64 is (?:disabled|not enabled)|memory limits flags 0x[4-7]|element count limits flags/i,
    since: "Chrome 133, Firefox 134 and Node 24 (22.19)",
  },
  {
    name: "several memories",
    sign: /wasm-multi-memory|multiple memories|more than one memory|memory count of \d+ exceeds internal limit of 1\b/i,
    since: "Chrome 120, Firefox 125 and Node 22",
  },
  {
    name: "tail calls",
    sign: new RegExp(`wasm-return-call|tail calls? support|${opcode("12|13", 18, 19)}`, "i"),
    since: "Chrome 112, Firefox 121, Safari 18.2 and Node 20",
  },
  {
    name: "relaxed SIMD",
    sign: /wasm-relaxed-simd|experimental-relaxed-simd|opcode:? (?:0x)?fd ?1[0-9a-f]{2}\b/i,
    since: "Chrome 114, Firefox 145 and Node 21",
  },
  {
    name: "SIMD",
    sign: new RegExp(`wasm-simd|${opcode("fd", 253)}`, "i"),
    since: "Chrome 91, Firefox 89, Safari 16.4 and Node 16.4",
  },
  {
    name: "threads",
    sign: new RegExp(`wasm-threads|shared memory is disabled|${opcode("fe", 254)}`, "i"),
    since: "Chrome 74, Firefox 79, Safari 14.1 and Node 16.4",
  },
  {
    name: "extended constant expressions",
    sign: /wasm-extended-const|opcode (?:i(?:32|64)\.(?:add|sub|mul)|0x(?:6a|6b|6c|7c|7d|7e)) is not allowed in constant expressions/i,
    since: "Chrome 114, Firefox 112, Safari 17.4 and Node 21",
  },
];

/**
 * Finds the feature that a module uses and the engine lacks, from the engine's message.
 *
 * @param message - The message.
 */
export function lackingFeature(message: string): Feature | undefined {
  return features().find(({ sign }) => sign.test(message));
}

/**
 * Returns the first versions of the engines that support a feature.
 *
 * @param name - The feature, as the messages name it.
 */
export function supportOf(name: string): string | undefined {
  return features().find((feature) => feature.name === name)?.since;
}
