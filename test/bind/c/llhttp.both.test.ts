import { beforeAll, describe, expect, it } from "vitest";
import { load, t } from "unglue";
import type { Memory } from "unglue";
import { createLedger } from "unglue/ledger";
import { answersOf, fromBase64, moduleUrl, sameBytes } from "../../packages/served.ts";
import { thrownBy } from "../../wat.ts";

const kinds = t.enumeration({ request: 1, response: 2 });

const api = t.api({
  // Its exports are named for the library, and not for a class.
  Parser: t.class(
    {
      new: t.ctor([kinds]),
      execute: t.method([t.bytes], t.i32),
      finish: t.method([], t.i32),
      resume: t.method([], t.void),
      method: t.getter(t.u8),
      statusCode: t.getter(t.u16, { export: "llhttp_get_status_code" }),
      errorReason: t.getter(t.optional(t.string), { export: "llhttp_get_error_reason" }),
      errorPosition: t.getter(t.size, { export: "llhttp_get_error_pos" }),
    },
    { prefix: "llhttp_" },
  ),
  methodName: t.fn([t.u8], t.string, { export: "llhttp_method_name" }),
  errorName: t.fn([t.i32], t.string, { export: "llhttp_errno_name" }),
});

interface Message {
  status: number;
  method: number;
  statusText: string;
  url: string;
  headers: string[];
  trailers: string[];
  body: number[];
}

interface Answers {
  wire: { requests: string; responses: string };
  requests: { method: string; url: string; headers: string[]; body: string }[];
  responses: { status: number; statusText: string; headers: string[]; trailers: string[]; body: string }[];
}

let answers: Answers;

beforeAll(async () => {
  answers = await answersOf("llhttp");
});

describe.each(["llhttp", "llhttp-simd"])("%s of undici through a declared interface", (name) => {
  it.each([61, 1021, 1 << 20])(
    "reads recorded responses in pieces of %i bytes, as undici's parser did",
    async (size) => {
      const { wasm, messages } = await open(name);
      using parser = new wasm.api.Parser(2);
      const wire = fromBase64(answers.wire.responses);
      for (let at = 0; at < wire.length; at += size) expect(parser.execute(wire.subarray(at, at + size))).toBe(0);
      expect(answers.responses.length).toBeGreaterThan(8);
      expect(
        messages.map(({ status, statusText, headers, trailers }) => ({ status, statusText, headers, trailers })),
      ).toEqual(
        answers.responses.map(({ status, statusText, headers, trailers }) => ({
          status,
          statusText,
          headers,
          trailers,
        })),
      );
      for (const [index, { body }] of answers.responses.entries()) {
        expect(sameBytes(Uint8Array.from(messages[index]?.body ?? []), fromBase64(body))).toBe(true);
      }
      expect(parser.statusCode).toBe(answers.responses.at(-1)?.status);
    },
  );

  it("reads recorded requests, and names their methods as node:http did", async () => {
    const { wasm, messages } = await open(name);
    using parser = new wasm.api.Parser(1);
    expect(parser.execute(fromBase64(answers.wire.requests))).toBe(0);
    expect(messages.map(({ method, url, headers }) => ({ method: wasm.api.methodName(method), url, headers }))).toEqual(
      answers.requests.map(({ method, url, headers }) => ({ method, url, headers })),
    );
    expect(wasm.api.methodName(parser.method)).toBe(answers.requests.at(-1)?.method);
  });

  it("explains what breaks the protocol in the parser's own words, and leaves nothing allocated", async () => {
    const ledger = createLedger();
    const { wasm } = await open(name, { ledger });
    const parser = new wasm.api.Parser(2);
    expect(parser.errorReason).toBeUndefined();
    const wire = ascii("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");
    expect(wasm.api.errorName(parser.execute(wire))).toBe("HPE_UNEXPECTED_CONTENT_LENGTH");
    expect(parser.errorReason).toContain("Content-Length");
    expect(parser.errorPosition).toBeGreaterThan(0);
    parser.free();
    expect(ledger.live).toEqual([]);
    expect(thrownBy(() => parser.finish())).toMatchObject({ code: "object-unusable" });
    expect(thrownBy(() => new wasm.api.Parser(3 as 2))).toMatchObject({
      code: "invalid-argument",
      details: { call: "Parser.new", expected: "one of 1, 2" },
    });
  });
});

/** The module with its callbacks. A text may come in several pieces: a field after a value starts the next header. */
async function open(name: string, options: object = {}) {
  const messages: Message[] = [];
  let lines: string[] = [];
  const imports = (instance: { readonly memory: Memory }) => {
    const last = () => messages.at(-1) as Message;
    const text = (at: number, size: number) => String.fromCharCode(...instance.memory.read(at, size));
    const append = (isValue: boolean, piece: string) => {
      if ((lines.length % 2 === 1) === isValue) lines.push(piece);
      else lines.push(`${lines.pop() ?? ""}${piece}`);
      return 0;
    };
    return {
      env: {
        wasm_on_message_begin: () => {
          lines = [];
          messages.push({ status: 0, method: 0, statusText: "", url: "", headers: [], trailers: [], body: [] });
          return 0;
        },
        wasm_on_url: (_: number, at: number, size: number) => ((last().url += text(at, size)), 0),
        wasm_on_status: (_: number, at: number, size: number) => ((last().statusText += text(at, size)), 0),
        wasm_on_header_field: (_: number, at: number, size: number) => append(false, text(at, size)),
        wasm_on_header_value: (_: number, at: number, size: number) => append(true, text(at, size)),
        wasm_on_headers_complete: (parser: number, status: number) => {
          last().headers = lines;
          lines = [];
          last().status = status;
          last().method = Number(call("llhttp_get_method", parser));
          return 0;
        },
        wasm_on_body: (_: number, at: number, size: number) => {
          for (const byte of instance.memory.read(at, size)) last().body.push(byte);
          return 0;
        },
        wasm_on_message_complete: () => ((last().trailers = lines), 0),
      },
    };
  };
  const wasm = await load(moduleUrl(name), { api, ...options, imports: (instance) => imports(instance) });
  const call = (export_: string, parser: number): unknown => wasm.exports[export_]?.(parser);
  return { wasm, messages };
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
