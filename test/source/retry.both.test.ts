import { compile, load, type Progress } from "unglue";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rejectionOf, wat } from "../wat.ts";
import { hashOf, served } from "./served.ts";

const bytes = await wat(`(module (func (export "f")))`);
const wasmType = { "Content-Type": "application/wasm" };
const retry = { attempts: 3, delay: 0 };
const url = "https://unglue.test/app.wasm";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

type Answer = Response | Error | (() => Response);

/** A fetch that answers with one thing after another; errors are thrown, and the last goes on for ever. */
function answers(...list: readonly Answer[]) {
  let at = 0;
  return vi.fn((): Promise<Response> => {
    const answer = list[Math.min(at++, list.length - 1)]!;
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve(answer instanceof Response ? answer.clone() : answer());
  });
}

const good = () => new Response(bytes, { headers: wasmType });
const status = (code: number, headers: HeadersInit = {}) => new Response("busy", { status: code, headers });
const cut = new Response(bytes.subarray(0, -3), { headers: wasmType });
const breaking = () => {
  let begun = false;
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (begun) controller.error(new TypeError("connection lost"));
        else controller.enqueue(bytes.subarray(0, 9));
        begun = true;
      },
    }),
    { headers: wasmType },
  );
};

describe("retry", () => {
  it.each(["503", "500", "429", "break", "cut"])("gets a module after failures of the kind %s", async (how) => {
    const at = served("/flaky.wasm", `&times=2&how=${how}`);
    const { raw } = await compile(at.url, { retry });
    expect(WebAssembly.Module.exports(raw).map(({ name }) => name)).toContain("add");
    expect(await at.requests()).toHaveLength(3);
  });

  it("says how many attempts there were once all are used up, and how those before the last ended", async () => {
    const fetch = answers(status(503), new TypeError("offline"), status(502), status(500), status(404));
    const error = await rejectionOf(compile(url, { fetch, retry: { attempts: 9, delay: 0 } }));
    expect(error).toMatchObject({ code: "http-status", details: { status: 404, attempts: 5 } });
    expect((error as Error).message).toContain(
      "This was attempt 5; those before ended with http-status 503, fetch-failed, http-status 502, and 1 more.",
    );
    const once = await rejectionOf(compile(url, { fetch: answers(status(404)), retry }));
    expect(once).toMatchObject({ code: "http-status" });
    expect((once as { details: object }).details).not.toHaveProperty("attempts");
  });

  it("leaves nothing open of the attempts that failed", async () => {
    const at = served("/flaky.wasm", "&times=2&how=503");
    await compile(at.url, { retry, onProgress: () => undefined });
    expect(await at.ended()).toHaveLength(3);
  });

  it("ends with the error of the last attempt", async () => {
    const at = served("/flaky.wasm", "&times=9&how=503");
    expect(await rejectionOf(load(at.url, { retry }))).toMatchObject({ code: "http-status", details: { status: 503 } });
    expect(await at.requests()).toHaveLength(3);
    const fetch = answers(status(500), new TypeError("no network"), cut);
    expect(await rejectionOf(load(url, { fetch, retry }))).toMatchObject({ code: "truncated" });
  });

  it("is made for what may pass, in each way of reading", async () => {
    const options = { integrity: await hashOf(bytes), onProgress: () => undefined, limits: { bytes: 1000 } };
    for (const one of ["integrity", "onProgress", "limits"] as const) {
      // Bytes that are cut short have another hash, and that is not asked for twice.
      const fetch = answers(
        status(502),
        new TypeError("no network"),
        breaking,
        ...(one === "integrity" ? [] : [cut]),
        good,
      );
      const asked = { fetch, retry: { attempts: 9, delay: 0 }, [one]: options[one] };
      expect((await compile(url, asked)).shape.exports).toHaveLength(1);
      expect(fetch).toHaveBeenCalledTimes(one === "integrity" ? 4 : 5);
    }
  });

  it("is not made unless it is asked for", async () => {
    const fetch = answers(status(503), good);
    expect(await rejectionOf(compile(url, { fetch }))).toMatchObject({ code: "http-status" });
    expect(
      await rejectionOf(compile(url, { fetch: answers(status(503), good), retry: { attempts: 1 } })),
    ).toMatchObject({
      code: "http-status",
    });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it.each<[string, Answer, string]>([
    ["another status", status(404), "http-status"],
    ["a status of the caller's fault", status(401), "http-status"],
    ["a page", new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } }), "not-wasm"],
    ["nothing", new Response("", { headers: wasmType }), "not-wasm"],
    [
      "malformed bytes",
      new Response(Uint8Array.of(...bytes.subarray(0, 8), 99, 1, 1), { headers: wasmType }),
      "malformed",
    ],
    ["a body that does not validate", new Response(invalid(), { headers: wasmType }), "compile-failed"],
    ["no response", (() => 5) as never, "invalid-source"],
  ])("is not made for %s", async (_, answer, code) => {
    const fetch = answers(answer, good);
    expect(await rejectionOf(compile(url, { fetch, retry }))).toMatchObject({ code });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("is not made for a wrong hash or too many bytes", async () => {
    const integrity = `sha256-${btoa("x".repeat(32))}`;
    const fetch = answers(good);
    expect(await rejectionOf(compile(url, { fetch, retry, integrity }))).toMatchObject({ code: "integrity-mismatch" });
    expect(await rejectionOf(compile(url, { fetch, retry, limits: { bytes: 10 } }))).toMatchObject({
      code: "limit-exceeded",
    });
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it("is not made for what can be read once", async () => {
    const fetch = vi.spyOn(globalThis, "fetch");
    const sources = [
      status(503),
      Promise.resolve(status(503)),
      breaking(),
      breaking().body!,
      new Blob([bytes.subarray(0, -3)]),
      bytes.subarray(0, -3),
      () => bytes.subarray(0, -3),
    ];
    for (const source of sources) {
      const error = await rejectionOf(compile(source, { retry }));
      expect(["http-status", "read-failed", "truncated"]).toContain((error as { code: string }).code);
    }
    const post = new Request(url, { method: "POST", body: "x" });
    const failing = answers(status(503));
    expect(await rejectionOf(compile(post, { fetch: failing, retry }))).toMatchObject({ code: "http-status" });
    expect([failing.mock.calls.length, fetch.mock.calls.length]).toEqual([1, 0]);
  });

  it("asks again for a Request, and calls a function again that brings responses", async () => {
    const fetch = answers(status(503), good);
    await compile(new Request(url), { fetch, retry });
    expect(fetch).toHaveBeenCalledTimes(2);
    const bring = answers(status(503), breaking, good);
    await compile(bring, { retry });
    expect(bring).toHaveBeenCalledTimes(3);
    const name = vi.fn(() => url);
    await compile(name, { fetch: answers(status(503), good), retry });
    expect(name).toHaveBeenCalledTimes(2);
    const mine = new Error("mine");
    const failing = answers(mine, good);
    expect(await rejectionOf(compile(failing, { retry }))).toBe(mine);
    expect(failing).toHaveBeenCalledTimes(1);
  });

  it("tells progress from the beginning again", async () => {
    const seen: Progress[] = [];
    await compile(url, { fetch: answers(breaking, good), retry, onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ loaded }) => loaded)).toEqual([9, bytes.length]);
  });

  it("is not made after an abort, whether during an attempt or while it waits", async () => {
    for (const during of ["attempt", "wait"]) {
      const controller = new AbortController();
      const fetch = answers(status(503), good);
      if (during === "attempt") fetch.mockImplementation(() => new Promise(() => undefined));
      const { signal } = controller;
      const error = rejectionOf(compile(url, { fetch, signal, retry: { attempts: 5, delay: 60_000 } }));
      await expect.poll(() => fetch.mock.calls.length).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.abort("enough");
      expect(await error).toMatchObject({ code: "aborted", cause: "enough" });
      expect(fetch).toHaveBeenCalledTimes(1);
    }
  });

  it("is refused where it is damaged", async () => {
    for (const damaged of [3, true, { attempts: 0 }, { attempts: 1.5 }, { delay: -1 }, { delay: NaN }]) {
      expect(await rejectionOf(load(bytes, { retry: damaged as never }))).toMatchObject({
        code: "invalid-option",
        details: { option: "retry" },
      });
    }
  });
});

describe("the waits", () => {
  /** The waits in milliseconds, which no test waits for. */
  async function waits(options: { attempts?: number; delay?: number }, ...list: readonly Answer[]) {
    const timers: number[] = [];
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((run: () => void, wait: number) => {
      timers.push(wait);
      queueMicrotask(run);
      return 0;
    }) as never);
    const fetch = answers(...list);
    await compile(url, { fetch, retry: options }).catch(() => undefined);
    vi.restoreAllMocks();
    return timers;
  }

  it("double, up to a minute", async () => {
    expect(await waits({ attempts: 5, delay: 100 }, status(503))).toEqual([100, 200, 400, 800]);
    expect(await waits({ attempts: 4, delay: 25_000 }, status(503))).toEqual([25_000, 50_000, 60_000]);
    expect(await waits({}, status(503))).toEqual([300, 600]);
  });

  it("are as long as the server asks for, and there is none where it asks for more than a minute", async () => {
    const after = (text: string) => status(429, { "Retry-After": text });
    expect(await waits(retry, after("2"), good)).toEqual([2000]);
    expect(await waits({ attempts: 2, delay: 5000 }, after("2"), good)).toEqual([5000]);
    expect(await waits(retry, after("61"), good)).toEqual([]);
    expect(await waits(retry, after("99999999999999"), good)).toEqual([0]);
    expect(await waits(retry, after("soon"), good)).toEqual([0]);
    expect(await waits(retry, after("-5"), good)).toEqual([0]);
    const now = Date.UTC(2026, 0, 1);
    const waitsUntil = (time: number) => {
      vi.spyOn(Date, "now").mockReturnValue(now);
      return waits(retry, after(new Date(time).toUTCString()), good);
    };
    expect(await waitsUntil(now - 9000)).toEqual([0]);
    expect(await waitsUntil(now + 30_000)).toEqual([30_000]);
    expect(await waitsUntil(now + 90_000)).toEqual([]);
  });

  it("are told in the error's details", async () => {
    const fetch = answers(status(503, { "Retry-After": "120" }));
    expect(await rejectionOf(compile(url, { fetch }))).toMatchObject({ details: { status: 503, retryAfter: 120 } });
  });
});

/** A function that returns nothing where it must return an i32. */
function invalid(): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(...bytes.subarray(0, 8), 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b);
}
