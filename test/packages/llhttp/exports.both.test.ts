import { beforeAll, describe, expect, it } from "vitest";
import { compile, load, UnglueError } from "unglue";
import type { Instance, InstantiateOptions } from "unglue";
import { answersOf, fromBase64, moduleUrl, sameBytes } from "../served.ts";

/** The exports that undici drives, and the names of methods and errors. */
interface Exports {
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, data: number, length: number): number;
  llhttp_finish(parser: number): number;
  llhttp_get_method(parser: number): number;
  llhttp_method_name(method: number): number;
  llhttp_errno_name(error: number): number;
  llhttp_get_error_reason(parser: number): number;
  llhttp_get_error_pos(parser: number): number;
}

/** An HTTP message, as its parser's events tell it. Headers are names and values in turn. */
interface Message {
  method?: string;
  url?: string;
  status?: number;
  statusText?: string;
  headers: string[];
  trailers: string[];
  body: number[];
}

interface Answers {
  wire: { requests: string; responses: string };
  requests: { method: string; url: string; headers: string[]; body: string }[];
  responses: { status: number; statusText: string; headers: string[]; trailers: string[]; body: string }[];
}

const request = 1;
const response = 2;
const callbacks = [
  "wasm_on_headers_complete",
  "wasm_on_message_begin",
  "wasm_on_url",
  "wasm_on_status",
  "wasm_on_header_field",
  "wasm_on_header_value",
  "wasm_on_body",
  "wasm_on_message_complete",
];

let answers: Answers;

beforeAll(async () => {
  answers = await answersOf("llhttp");
});

describe.each(["llhttp", "llhttp-simd"])("the module %s of undici, without its JavaScript", (name) => {
  const url = moduleUrl(name);

  it("has eight callback imports with three signatures, all provided by the user under their exact names", async () => {
    const { wasm } = await open(url, response);
    expect(wasm.imports.map((line) => line.name)).toEqual(callbacks);
    expect(new Set(wasm.imports.map((line) => line.provider))).toEqual(new Set(["user"]));
    const arity = Object.fromEntries(
      wasm.imports.map((line) => [line.name, line.kind === "function" && line.type?.params.length]),
    );
    expect(arity).toMatchObject({ wasm_on_message_begin: 1, wasm_on_body: 3, wasm_on_headers_complete: 4 });
  });

  // Every size from one byte up to one piece for all, at primes so that the cuts fall everywhere.
  it.each([1, 7, 61, 1021, 16_381, 1 << 20])(
    "reads recorded responses in pieces of %i bytes, as undici's parser did",
    async (size) => {
      const wire = fromBase64(answers.wire.responses);
      const { feed, messages } = await open(url, response);
      for (let at = 0; at < wire.length; at += size) expect(feed(wire.subarray(at, at + size))).toBe(0);
      expect(answers.responses.length).toBeGreaterThan(8);
      expect(messages.map(withoutBody)).toEqual(answers.responses.map(withoutBody));
      for (const [index, { body }] of answers.responses.entries()) {
        expect(sameBytes(Uint8Array.from(messages[index]?.body ?? []), fromBase64(body))).toBe(true);
      }
    },
  );

  it.each([1, 13, 509, 1 << 20])("reads recorded requests in pieces of %i bytes, as node:http did", async (size) => {
    const wire = fromBase64(answers.wire.requests);
    const { feed, messages } = await open(url, request);
    for (let at = 0; at < wire.length; at += size) expect(feed(wire.subarray(at, at + size))).toBe(0);
    expect(messages.map(({ method, url, headers }) => ({ method, url, headers }))).toEqual(
      answers.requests.map(({ method, url, headers }) => ({ method, url, headers })),
    );
    for (const [index, { body }] of answers.requests.entries()) {
      expect(sameBytes(Uint8Array.from(messages[index]?.body ?? []), fromBase64(body))).toBe(true);
    }
  });

  it("serves all eight imports from one function under a pattern", async () => {
    let calls = 0;
    const wasm = await load<Exports>(url, {
      imports: { env: { "wasm_on_*": () => ((calls += 1), 0) } },
      missing: "error",
    });
    expect(new Set(wasm.imports.map((line) => line.provider))).toEqual(new Set(["user"]));
    expect(execute(wasm, wasm.guarded.llhttp_alloc(response), ascii("HTTP/1.1 204 No Content\r\nA: b\r\n\r\n"))).toBe(
      0,
    );
    // Begin, status, field, value, headers complete, message complete.
    expect(calls).toBe(6);
  });

  it("prefers an exact name to a pattern", async () => {
    const seen: string[] = [];
    const wasm = await load<Exports>(url, {
      imports: (instance) => ({
        env: {
          "wasm_on_*": () => 0,
          wasm_on_url: (_parser: number, at: number, length: number) => {
            seen.push(instance.memory.readString(at, length));
            return 0;
          },
        },
      }),
    });
    execute(wasm, wasm.guarded.llhttp_alloc(request), ascii("GET /exact HTTP/1.1\r\n\r\n"));
    expect(seen).toEqual(["/exact"]);
  });

  it("needs only the callbacks that a caller cares for, under a policy per pattern", async () => {
    const bodies: string[] = [];
    const wasm = await load<Exports>(url, {
      imports: (instance) => ({
        env: {
          wasm_on_body: (_parser: number, at: number, length: number) => {
            bodies.push(instance.memory.readString(at, length));
            return 0;
          },
        },
      }),
      missing: { "env.wasm_on_*": "zero", "*": "error" },
    });
    expect(wasm.imports.filter(({ provider }) => provider === "stub")).toHaveLength(7);
    const text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n";
    expect(execute(wasm, wasm.guarded.llhttp_alloc(response), ascii(text))).toBe(0);
    expect(bodies).toEqual(["abcd", "ef"]);
  });

  it("is refused under missing: error, with all eight imports and the nearest name that was given", async () => {
    const imports = { env: { wasm_on_boody: () => 0 } };
    const error = await load(url, { imports, missing: "error" }).then(undefined, (reason: unknown) => reason);
    if (!UnglueError.is(error, "unresolved-imports")) throw error;
    expect(error.details.imports.map((line) => line.name)).toEqual(callbacks);
    expect(error.details.imports.find((line) => line.name === "wasm_on_body")?.nearest).toBe("env.wasm_on_boody");
  });

  it("finds the module's malloc and free, and an arena gives everything back", async () => {
    const { wasm } = await open(url, response);
    const addresses = Array.from({ length: 50 }, () =>
      wasm.memory.arena((arena) => {
        const { address, length } = arena.bytes(new Uint8Array(100_000).fill(7));
        expect(wasm.memory.read(address, length).every((byte) => byte === 7)).toBe(true);
        return address;
      }),
    );
    expect(new Set(addresses).size).toBe(1);
  });

  it("explains a response that breaks the protocol in the parser's own words", async () => {
    const { wasm, feed, parser } = await open(url, response);
    const error = feed(ascii("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"));
    expect(error).not.toBe(0);
    expect(wasm.memory.readString(wasm.exports.llhttp_errno_name(error))).toBe("HPE_UNEXPECTED_CONTENT_LENGTH");
    expect(wasm.memory.readString(wasm.exports.llhttp_get_error_reason(parser))).toContain("Content-Length");
  });

  it("keeps two instances apart that read different messages in turns", async () => {
    const module = await compile(url);
    const make = () => open(url, response, (options) => module.instantiate<Exports>(options));
    const [left, right] = [await make(), await make()];
    const wire = fromBase64(answers.wire.responses);
    const other = ascii("HTTP/1.1 418 I'm a teapot\r\nServer: pot\r\nContent-Length: 5\r\n\r\nshort");
    for (let at = 0; at < wire.length; at += 997) {
      expect(left.feed(wire.subarray(at, at + 997))).toBe(0);
      const from = Math.min((at / 997) * 3, other.length);
      expect(right.feed(other.subarray(from, from + 3))).toBe(0);
    }
    expect(left.messages.map(withoutBody)).toEqual(answers.responses.map(withoutBody));
    expect(right.messages).toMatchObject([{ status: 418, headers: ["Server", "pot", "Content-Length", "5"] }]);
    expect(String.fromCharCode(...(right.messages[0]?.body ?? []))).toBe("short");
    expect(left.wasm.memory.raw).not.toBe(right.wasm.memory.raw);
  });

  it("is poisoned by a bad pointer, and the sister instance is not", async () => {
    const module = await compile(url);
    const make = () => open(url, response, (options) => module.instantiate<Exports>(options));
    const [left, right] = [await make(), await make()];
    expect(() => left.wasm.guarded.llhttp_execute(-8, 0, 10)).toThrow(
      expect.objectContaining({
        code: "trap",
        details: expect.objectContaining({ export: "llhttp_execute" }) as object,
      }) as Error,
    );
    expect([left.wasm.state, right.wasm.state]).toEqual(["poisoned", "live"]);
    expect(() => left.wasm.guarded.llhttp_alloc(response)).toThrow(
      expect.objectContaining({ code: "poisoned" }) as Error,
    );
    expect(right.feed(ascii("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))).toBe(0);
    expect(right.messages).toHaveLength(1);
  });
});

/** A parser with the messages that it has found. */
async function open(
  url: string,
  type: number,
  instantiate = (options: InstantiateOptions): Promise<Instance<Exports>> => load<Exports>(url, options),
) {
  const messages: Message[] = [];
  const wasm = await instantiate({ imports: (instance) => ({ env: listener(instance as never, messages) }) });
  const parser = wasm.guarded.llhttp_alloc(type);
  return { wasm, parser, messages, feed: (piece: Uint8Array) => execute(wasm, parser, piece) };
}

/** The eight callbacks. A text may come in several pieces: a field after a value starts the next header. */
function listener(wasm: Instance<Exports>, messages: Message[]) {
  let fields: string[] = [];
  const text = (at: number, length: number) =>
    wasm.memory.read(at, length).reduce((all, byte) => all + String.fromCharCode(byte), "");
  const message = () => messages[messages.length - 1] ?? { headers: [], trailers: [], body: [] };
  const append = (isValue: boolean, piece: string) => {
    if ((fields.length % 2 === 1) === isValue) fields.push(piece);
    else fields.push(`${fields.pop() ?? ""}${piece}`);
    return 0;
  };
  return {
    wasm_on_message_begin: () => {
      fields = [];
      messages.push({ headers: [], trailers: [], body: [] });
      return 0;
    },
    wasm_on_url: (_: number, at: number, length: number) => {
      message().url = `${message().url ?? ""}${text(at, length)}`;
      return 0;
    },
    wasm_on_status: (_: number, at: number, length: number) => {
      message().statusText = `${message().statusText ?? ""}${text(at, length)}`;
      return 0;
    },
    wasm_on_header_field: (_: number, at: number, length: number) => append(false, text(at, length)),
    wasm_on_header_value: (_: number, at: number, length: number) => append(true, text(at, length)),
    wasm_on_headers_complete: (parser: number, status: number) => {
      message().headers = fields;
      fields = [];
      if (status) message().status = status;
      else
        message().method = wasm.memory.readString(
          wasm.exports.llhttp_method_name(wasm.exports.llhttp_get_method(parser)),
        );
      return 0;
    },
    wasm_on_body: (_: number, at: number, length: number) => {
      for (const byte of wasm.memory.read(at, length)) message().body.push(byte);
      return 0;
    },
    wasm_on_message_complete: () => {
      message().trailers = fields;
      return 0;
    },
  };
}

function execute(wasm: Instance<Exports>, parser: number, piece: Uint8Array): number {
  return wasm.memory.arena((arena) => {
    const { address, length } = arena.bytes(piece);
    return wasm.guarded.llhttp_execute(parser, address, length);
  });
}

function withoutBody({ status, statusText, headers, trailers }: Omit<Message, "body">) {
  return { status, statusText, headers, trailers };
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
