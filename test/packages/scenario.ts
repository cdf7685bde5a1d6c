/** The scenario of a package, whoever implements it: its own JavaScript, or its module alone. */

/**
 * Steps by what they show. Each gets the package as a plain JavaScript interface, and real input, and returns what came
 * out; two implementations that are equal return equal things.
 */
export type Scenario<Api, Input> = Readonly<Record<string, (api: Api, input: Input) => unknown>>;

/** The results of a package's own JavaScript, with the input that it got. */
export interface Answers<Input> {
  readonly input: Input;
  readonly results: Readonly<Record<string, unknown>>;
}

/** Real files to compress, in base64 by their names. */
export interface FilesInput {
  readonly files: Readonly<Record<string, string>>;
}

/** Texts and bytes above this size are compared by their hash, so that a failure is readable. */
const longest = 2000;

/** Decodes base64. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Runs a call and describes its result or its exception. */
export function outcome(call: () => unknown): unknown {
  try {
    return { returned: call() };
  } catch (error) {
    return { thrown: error };
  }
}

/** Awaits a promise and describes its result or its reason. */
export async function settled(promise: Promise<unknown>): Promise<unknown> {
  try {
    return { resolved: await promise };
  } catch (error) {
    return { rejected: error };
  }
}

/**
 * Anything as plain data that survives JSON, without losing what kind of value it was. Errors are told by class and text.
 *
 * @param value - What a step returned.
 */
export async function plain(value: unknown): Promise<unknown> {
  if (value === undefined) return { kind: "undefined" };
  if (typeof value === "bigint") return { kind: "bigint", text: String(value) };
  if (typeof value === "string") {
    return value.length > longest ? digest("text", new TextEncoder().encode(value)) : value;
  }
  if (typeof value === "function" || typeof value === "symbol") return { kind: typeof value };
  if (typeof value === "number" && !Number.isFinite(value)) return { kind: "number", text: String(value) };
  if (Object.is(value, -0)) return { kind: "number", text: "-0" };
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return { kind: value.name, text: value.message };
  if (ArrayBuffer.isView(value)) {
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    const bytes = new Uint8Array(value.byteLength);
    bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return value.byteLength > longest ? digest(kind, bytes) : { kind, bytes: [...bytes] };
  }
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await plain(item));
    return items;
  }
  if (value instanceof Map) return { kind: "Map", entries: await plain([...(value as Map<unknown, unknown>)]) };
  const entries: [name: string, item: unknown][] = [];
  for (const [name, item] of Object.entries(value)) entries.push([name, await plain(item)]);
  return Object.fromEntries(entries);
}

/**
 * Runs every step.
 *
 * @param scenario - The steps.
 * @param api - The implementation.
 * @param input - What it gets.
 */
export async function answer<Api, Input>(
  scenario: Scenario<Api, Input>,
  api: Api,
  input: Input,
): Promise<Answers<Input>> {
  const results: Record<string, unknown> = {};
  for (const [title, step] of Object.entries(scenario)) results[title] = await plain(await step(api, input));
  return { input, results };
}

async function digest(kind: string, bytes: Uint8Array<ArrayBuffer>): Promise<object> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { kind, size: bytes.length, sha256: [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
}
