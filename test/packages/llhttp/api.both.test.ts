import { beforeAll, describe, expect, it } from "vitest";
import { load, t, UnglueError } from "unglue";
import { createLedger } from "unglue/ledger";
import { answersOf, fromBase64, moduleUrl, sameBytes } from "../served.ts";

interface Answers {
  wire: { requests: string; responses: string };
  requests: { method: string; url: string; headers: string[]; body: string }[];
  responses: { status: number; statusText: string; headers: string[]; trailers: string[]; body: string }[];
}

const api = t.api({
  Parser: t.class(
    {
      new: t.ctor([t.enumeration(["both", "request", "response"])]),
      execute: t.method([t.bytes], t.i32),
      finish: t.method([], t.i32),
      method: t.getter(t.u8),
      statusCode: t.getter(t.i32),
      errorReason: t.getter(t.optional(t.string)),
      methodName: t.static([t.u8], t.string),
      errnoName: t.static([t.i32], t.string),
    },
    { prefix: "llhttp_" },
  ),
});

let answers: Answers;

beforeAll(async () => {
  answers = await answersOf<Answers>("llhttp");
});

describe.each(["llhttp", "llhttp-simd"])("%s of undici, declared", (name) => {
  it.each([13, 1021, 1 << 20])("reads recorded responses in pieces of %i bytes as undici did", async (size) => {
    const ledger = createLedger();
    const { feed, messages, free } = await open(name, "response", ledger);
    const wire = fromBase64(answers.wire.responses);
    for (let at = 0; at < wire.length; at += size) expect(feed(wire.subarray(at, at + size))).toBe(0);
    expect(messages).toHaveLength(answers.responses.length);
    for (const [index, { body, ...head }] of answers.responses.entries()) {
      const found = messages[index];
      expect(found).toMatchObject(head);
      expect(sameBytes(Uint8Array.from(found?.body ?? []), fromBase64(body))).toBe(true);
    }
    free();
    ledger.expectNoLeaks();
  });

  it("reads recorded requests as node:http did", async () => {
    const { feed, messages } = await open(name, "request");
    expect(feed(fromBase64(answers.wire.requests))).toBe(0);
    expect(messages.map(({ method, url, headers }) => ({ method, url, headers }))).toEqual(
      answers.requests.map(({ method, url, headers }) => ({ method, url, headers })),
    );
  });

  it("tells what is wrong with a response in the parser's words, and refuses what is no bytes before the call", async () => {
    const { feed, parser, Parser } = await open(name, "response");
    expect(parser.errorReason).toBeUndefined();
    let error: unknown;
    try {
      feed("HTTP/1.1 200 OK" as never);
    } catch (reason) {
      error = reason;
    }
    expect(UnglueError.is(error, "invalid-argument") && error.details).toMatchObject({ call: "Parser.execute" });
    const status = feed(new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"));
    expect(Parser.errnoName(status)).toBe("HPE_UNEXPECTED_CONTENT_LENGTH");
    expect(parser.errorReason).toContain("Content-Length");
  });
});

interface Message {
  method?: string;
  url?: string;
  status?: number;
  statusText?: string;
  headers: string[];
  trailers: string[];
  body: number[];
}

/** A parser, with the messages that it has found. A text may come in pieces. */
async function open(name: string, type: "request" | "response", ledger?: ReturnType<typeof createLedger>) {
  const messages: Message[] = [];
  let fields: string[] = [];
  const message = () => messages.at(-1) ?? { headers: [], trailers: [], body: [] };
  const append = (isValue: boolean, piece: string) => {
    if ((fields.length % 2 === 1) === isValue) fields.push(piece);
    else fields.push(`${fields.pop() ?? ""}${piece}`);
    return 0;
  };
  const wasm = await load(moduleUrl(name), {
    api,
    ...(ledger && { ledger }),
    imports: (instance) => {
      const latin1 = (at: number, length: number) =>
        instance.memory.read(at, length).reduce((all, byte) => all + String.fromCharCode(byte), "");
      return {
        env: {
          wasm_on_message_begin: () => {
            fields = [];
            messages.push({ headers: [], trailers: [], body: [] });
            return 0;
          },
          wasm_on_url: (_: number, at: number, length: number) => {
            message().url = `${message().url ?? ""}${latin1(at, length)}`;
            return 0;
          },
          wasm_on_status: (_: number, at: number, length: number) => {
            message().statusText = `${message().statusText ?? ""}${latin1(at, length)}`;
            return 0;
          },
          wasm_on_header_field: (_: number, at: number, length: number) => append(false, latin1(at, length)),
          wasm_on_header_value: (_: number, at: number, length: number) => append(true, latin1(at, length)),
          wasm_on_headers_complete: () => {
            message().headers = fields;
            fields = [];
            if (type === "response") message().status = parser.statusCode;
            else message().method = Parser.methodName(parser.method);
            return 0;
          },
          wasm_on_body: (_: number, at: number, length: number) => {
            for (const byte of instance.memory.read(at, length)) message().body.push(byte);
            return 0;
          },
          wasm_on_message_complete: () => {
            message().trailers = fields;
            return 0;
          },
        },
      };
    },
  });
  const { Parser } = wasm.api;
  const parser = new Parser(type);
  const feed = (piece: Uint8Array) => parser.execute(piece);
  const free = () => {
    parser.free();
  };
  return { Parser, parser, messages, feed, free };
}
