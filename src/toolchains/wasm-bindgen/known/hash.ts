import { ownMembers } from "../../../base/own.ts";
import type { Item } from "./item.ts";
import { printed } from "./printed.ts";
import { digitsOf, type SipHash, sipHash } from "./sip.ts";

/**
 * Returns the input that wasm-bindgen's macro hashes for an item, without the crate; several if the source's attributes may
 * differ.
 *
 * Source: `ShortHash` and its uses in wasm-bindgen-macro-support 0.2.68 to 0.2.130.
 *
 * @param item - The item.
 * @param bindgen - The minor number of the macro's version: 92 for 0.2.92.
 * @returns The bytes, one character each, for each variant.
 */
export function hashed(item: Item, bindgen: number): string[] {
  const { kind, ident, jsClass, namespace, module } = item;
  const plain = ident.replace("r#", "");
  const path = number(namespace.length, 8) + namespace.map(text).join("");
  const somePath = namespace.length ? number(1, 8) + path : number(0, 8);
  const longPath = bindgen >= 127 && namespace.length ? path : "";
  const from = module ? `${bindgen < 83 ? "" : number(1, 8)}\x03${text(module)}` : number(0, bindgen < 83 ? 1 : 8);
  if (kind === "instanceof") {
    if (bindgen < 96) return [text(plain)];
    if (bindgen < 130) return [somePath + text(plain)];
    return [text(jsClass) + from + text(plain) + somePath + number(0, 8) + text("")];
  }
  if (kind === "accessor") return [text(item.name) + from + text(plain) + longPath];
  const owner = jsClass ? number(1, 4) + text(jsClass) : number(0, 4) + text("n");
  const head = owner + text(bindgen < 96 ? ident : printed(item.signature)) + from;
  if (bindgen < 109) return [head];
  const ends =
    bindgen < 130
      ? [longPath]
      : callStyles(item).map((style) =>
          style === undefined ? longPath : somePath + number(0, 8) + number(1, 8) + style,
        );
  return conditions(item).flatMap((condition) => ends.map((end) => head + text(condition) + end));
}

/**
 * Makes the function that computes the hash in an import's name.
 *
 * @param crate - The crate's name.
 * @param version - Its version.
 * @returns A function from the hashed input of an item to the 16 digits.
 */
export function hasher(crate: string, version: string): (item: string) => string {
  const hash = seededHasher(crate, version);
  return (item) => digitsOf(hash(item));
}

/**
 * Makes the function that computes the hash in an import's name as numbers, which are faster to compare.
 *
 * @param crate - The crate's name.
 * @param version - Its version.
 * @returns A function from the hashed input of an item to the hash.
 */
export function seededHasher(crate: string, version: string): (item: string) => SipHash {
  const pairs = digitsOf(sipHash(text(crate) + text(version))).match(/../g) ?? [];
  const seed = String.fromCharCode(...pairs.map((pair) => parseInt(pair, 16)).reverse());
  return (item) => sipHash(seed + item);
}

/** Returns a text in the form that Rust hashes. */
function text(value: string): string {
  // A character beyond ASCII takes several bytes. `TextEncoder` is not used, because worklets and shells lack it.
  const bytes = value.replaceAll(/[^\0-\x7f]/gu, (character) =>
    encodeURIComponent(/\p{Surrogate}/u.test(character) ? "\ufffd" : character).replaceAll(
      /%(..)/g,
      (_, digits: string) => String.fromCharCode(parseInt(digits, 16)),
    ),
  );
  return `${bytes}\xff`;
}

function number(value: number, bytes: number): string {
  return String.fromCharCode(value) + "\0".repeat(bytes - 1);
}

/**
 * Returns the call styles of a binding, `undefined` for a plain call. They are hashed since 0.2.130. A property's name may
 * be given separately.
 */
function callStyles({ kind, catch: catches, variadic, name }: Item): (string | undefined)[] {
  const operation = operations[kind];
  if (kind !== "constructor" && operation === undefined && !catches && !variadic) return [undefined];
  const flag = (value: boolean): string => number(Number(value), 1);
  const method =
    kind === "constructor"
      ? number(1, 8) + number(0, 8)
      : operation === undefined
        ? number(0, 8)
        : number(1, 8) + number(1, 8) + flag(kind.startsWith("static")) + number(operation, 8);
  const properties = operation === 2 || operation === 3 ? [number(0, 8), number(1, 8) + text(name)] : [""];
  const flags = flag(catches) + flag(variadic) + number(0, 3);
  return properties.map((property) => flags + method + property + number(0, 8) + number(0, 8));
}

const operations: { readonly [kind: string]: number | undefined } = ownMembers({
  static: 0,
  getter: 2,
  "static-getter": 2,
  setter: 3,
  "static-setter": 3,
  "index-getter": 4,
  "index-setter": 5,
  "index-deleter": 6,
});

const others = [
  '#[cfg(feature = "unsafe-eval")]',
  '#[cfg(not(target_feature = "atomics"))]',
  '#[cfg(target_feature = "atomics")]',
];

/**
 * Returns the `#[cfg]` attributes that an item may have: for the types that it names, and for stable or unstable interfaces.
 */
function conditions({ crate, signature, rustClass }: Item): string[] {
  const unstable = `${crate.name.replace("-", "_")}_unstable_apis`;
  const stability = ["", `#[cfg(not(${unstable}))]`, `#[cfg(${unstable})]`];
  if (!crate.paths) return [...stability, ...others];
  const types = new Set(signature.match(/(?<!::|\w)[A-Z]\w*/g));
  for (const common of ["JsValue", "Option", "Result", rustClass]) types.delete(common);
  const features = [...types].sort().map((type) => `feature = "${type}"`);
  const attribute =
    features.length > 1 ? `#[cfg(all(${features.join()},))]` : features[0] ? `#[cfg(${features[0]})]` : "";
  return stability.map((condition) => condition + printed(attribute));
}
