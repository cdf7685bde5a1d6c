import type { TrapFrame } from "./details.ts";

const mark = "wasm-function[";
const jscEnd = "]@[wasm code]";
const url = "wasm://";
/** The placeholders that engines and test runners write for a function without a name. */
const nameless = ["<anonymous>", "null.<anonymous>", "(null)"];

/**
 * The module's functions in an error's stack. The engines write a frame as
 *
 *     at name (wasm://wasm/2fb1b2ce:wasm-function[5]:0x2a)     V8, without the name and the parentheses where it has none
 *     name@https://example.com/a.wasm:wasm-function[5]:0x2a    SpiderMonkey
 *     module.wasm-function[name]@[wasm code]                   JavaScriptCore, with the index where it has no name
 *     at name (wasm://wasm/2fb1b2ce:1:43)                      Jest, which counts bytes as columns
 *     at name (wasm://wasm/2fb1b2ce:wasm-function[0]:0x2a)     Deno, whose index is always 0 and so is left out
 *
 * Bun tells of none. Names come from the module and may hold anything. One that looks like such a line is read as one; no more comes of it.
 *
 * @param error - What the engine threw.
 */
export function framesOf(error: Error): TrapFrame[] {
  const frames: TrapFrame[] = [];
  for (const line of stackOf(error).split("\n")) {
    const at = line.lastIndexOf(mark);
    if (at < 0) {
      const start = line.lastIndexOf(url);
      const [, column] = start < 0 ? [] : (/^wasm:\/\/[^\s()]*:1:(\d{1,9})\)?$/.exec(line.slice(start)) ?? []);
      // Columns count from 1.
      if (column === undefined || Number(column) === 0) continue;
      const name = nameBefore(line.slice(0, start));
      frames.push({ ...(isName(name) && { name }), offset: Number(column) - 1 });
      continue;
    }
    const inside = line.slice(at + mark.length);
    // A number of hostile length is not an index.
    const [, index, offset] = /^(\d{1,9})\](?::0x([\da-f]{1,9}))?/.exec(inside) ?? [];
    const name = inside.endsWith(jscEnd) ? inside.slice(0, -jscEnd.length) : nameBefore(line.slice(0, at));
    frames.push({
      ...(isName(name) && name !== index && name !== `${mark}${index}]` && { name }),
      ...(index !== undefined && (index !== "0" || !isV8(line)) && { index: Number(index) }),
      ...(offset !== undefined && { offset: parseInt(offset, 16) }),
    });
  }
  return frames;
}

function isName(name: string): boolean {
  return name !== "" && !nameless.includes(name);
}

function isV8(line: string): boolean {
  return line.trimStart().startsWith("at ");
}

function nameBefore(text: string): string {
  const v8 = text.indexOf("at ");
  if (isV8(text)) return text.slice(v8 + 3, Math.max(v8 + 3, text.lastIndexOf(" (")));
  return text.slice(0, Math.max(0, text.indexOf("@")));
}

/** Reads an error's stack. A host may make stacks in its own way, which may fail, and need not return text. */
function stackOf(error: Error): string {
  try {
    const { stack } = error as { readonly stack?: unknown };
    return typeof stack === "string" ? stack : "";
  } catch {
    return "";
  }
}
