// Tests the server of `examples/tenants` as a process: `node test/realm/tenants/run.mjs FOLDER`, with the folder of a copy
// whose packages are installed. It needs no Rust, prints its figures, and compares no duration with anything.
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { createHistogram, performance } from "node:perf_hooks";
import { largeModel, listTenants } from "./known.mjs";
import { slopeOf, each } from "./figures.mjs";
import { startServer } from "./server.mjs";

const folder = process.argv[2] ?? process.cwd();
const threads = 4;
const endless = { prompt: "The People", maxTokens: 2 ** 32 - 1 };
/** Takes more memory than a tenant may have, while the model is at work. */
const trapping = { prompt: "a".repeat(900_000) };

const tenants = await listTenants(100, 24);
equal(new Set(tenants.map(({ text }) => text)).size, 100, "Each tenant must have an answer of its own.");

const parts = { constructors, refusals, load, streams, memory, shutdown };
const began = performance.now();
for (const [name, part] of Object.entries(parts)) console.log(`${name}: ${await part()}`);
console.log(`all in ${((performance.now() - began) / 1000).toFixed(0)} s`);

/** Each build makes its objects, and answers. */
async function constructors() {
  const [{ model, request, text }] = tenants;
  for (const [build, env] of [
    ["0.2.92-server", {}],
    ["0.2.130-server", { THREADS: "0" }],
  ]) {
    await withServer({ build, env }, async (server) => {
      equal((await server.model("first", model)).status, 201);
      equal(await server.generate("first", request), { status: 200, body: { text } });
      equal((await readLines(await stream(server, "first", request))).text, text);
    });
  }
  return "0.2.92 and 0.2.130 in threads and without";
}

/** A bad model or request is refused with its reason, and changes nothing. */
async function refusals() {
  const [{ model, request, text }] = tenants;
  return withServer({ env: { MAX_TENANTS: "2" } }, async (server) => {
    const outcome = async (promise) => {
      const { status, body } = await promise;
      return [status, body.code ?? body.message];
    };
    equal(await outcome(server.generate("none", request)), [404, "no-tenant"]);
    equal(await outcome(server.model("none", model.subarray(0, 100))), [422, "refused"]);
    equal(await outcome(server.send("GET", "/tenants/none")), [404, "no-tenant"]);
    equal((await server.model("one", model)).status, 201);
    const bad = [model.subarray(0, -1), new Uint8Array(10), new Uint8Array([...model, 0]), new Uint8Array(0)];
    for (const bytes of bad) equal(await outcome(server.model("one", bytes)), [422, "refused"]);
    equal(await outcome(server.model("one", largeModel())), [500, "trap"]);
    equal(await server.announce("/tenants/one/model", "application/octet-stream", 2 ** 21 + 1), 413);
    equal(await server.announce("/tenants/one/generate", "application/json", 2 ** 20 + 1), 413);
    equal(await outcome(server.generate("one", { prompt: 5, more: 1 })), [400, "FST_ERR_VALIDATION"]);
    equal(await outcome(server.generate("one", { prompt: "§" })), [422, "refused"]);
    equal((await stream(server, "one", { prompt: "§" })).statusCode, 422);
    equal(await outcome(server.generate("..%2f", request)), [400, "FST_ERR_VALIDATION"]);
    equal(await server.generate("one", request), { status: 200, body: { text } });
    equal((await server.model("two", model)).status, 201);
    equal(await outcome(server.model("three", model)), [507, "too-many-tenants"]);
    equal((await server.send("DELETE", "/tenants/two")).status, 204);
    equal(await outcome(server.send("DELETE", "/tenants/two")), [404, "no-tenant"]);
    equal((await server.model("three", model)).status, 201);
    equal(await server.send("GET", "/health"), { status: 200, body: { status: "ok", tenants: 2 } });
    return "each with its code";
  });
}

/** A hundred tenants are served beside some that trap or never end. Each answer is the tenant's own. */
async function load() {
  return withServer({ env: { THREADS: String(threads), TIMEOUT_MS: "3000", LOG_LEVEL: "warn" } }, async (server) => {
    await each(tenants, 20, async ({ id, model }) => equal((await server.model(id, model)).status, 201));
    const [{ model, request, text }] = tenants;
    const hostile = ["loops-0", "loops-1", "traps-0", "traps-1", "traps-2"];
    for (const id of hostile) equal((await server.model(id, model)).status, 201);
    const hostility = [
      ...Array.from({ length: 2 }, () => hostile.slice(0, 2).map((id) => [id, endless, 504, "timeout"])).flat(),
      ...Array.from({ length: 10 }, () => hostile.slice(2).map((id) => [id, trapping, 500, "trap"])).flat(),
    ].map(async ([id, body, status, code]) => {
      const answer = await server.generate(id, body);
      equal([answer.status, answer.body.code], [status, code]);
    });

    const times = createHistogram();
    const began = performance.now();
    let streamed = 0;
    await each(
      Array.from({ length: 5000 }, (_, index) => index),
      500,
      async (index) => {
        const { id, request, text } = tenants[(index * 37) % tenants.length];
        const start = performance.now();
        if (index % 10 === 0) {
          const answer = await readLines(await stream(server, id, request));
          equal(answer, { text, pieces: request.maxTokens, last: { done: true } });
          streamed++;
        } else {
          equal(await server.generate(id, request), { status: 200, body: { text } });
        }
        times.record(Math.max(1, Math.round((performance.now() - start) * 1000)));
      },
    );
    const seconds = (performance.now() - began) / 1000;
    await Promise.all(hostility);

    // Each trap is one line of its tenant's, with the reason, and of nobody else's.
    const ofServer = server.lines.filter(({ target }) => target === "server");
    const linesOf = (id) => ofServer.filter(({ tenant }) => tenant === id);
    equal(
      hostile.map((id) => linesOf(id).length),
      [0, 0, 10, 10, 10],
    );
    equal(ofServer.length, 30);
    for (const { msg, level } of ofServer) {
      ok(level === 50 && /^The export "realm_generate" trapped: .+ Out of memory: /.test(msg), msg);
    }

    for (const id of hostile) equal(await server.generate(id, request), { status: 200, body: { text } });
    const restarts = await each(hostile, 5, async (id) => (await server.send("GET", `/tenants/${id}`)).body.restarts);
    equal(restarts, [2, 2, 10, 10, 10]);
    await each(tenants, 20, async ({ id, request }) => {
      const { body } = await server.send("GET", `/tenants/${id}`);
      equal([body.requests, body.restarts], [50, 0]);
      ok(
        body.log.every(
          (line) => line.includes("loaded a model") || line.endsWith(` ${request.prompt.length} characters of prompt`),
        ),
        id,
      );
    });
    const metrics = (await server.send("GET", "/metrics")).body;
    for (const line of [
      "tenants 105",
      'tenant_failures_total{code="trap"} 30',
      'tenant_failures_total{code="timeout"} 4',
      "tenant_restarts_total 34",
    ]) {
      ok(metrics.split("\n").includes(line), `The metrics lack ${line}`);
    }
    const [middle, most, longest] = [50, 99, 100].map((at) => (times.percentile(at) / 1000).toFixed(0));
    return (
      `5000 requests of 100 tenants, 500 at a time, ${streamed} streamed, beside 30 traps and 4 loops: ` +
      `${(5000 / seconds).toFixed(0)} requests/s, median ${middle} ms, p99 ${most} ms, longest ${longest} ms; no answer was another tenant's`
    );
  });
}

/** Pieces arrive before the text ends: this one has no end. It is stopped when its client leaves. */
async function streams() {
  const [{ model, request, text }] = tenants;
  return withServer({ env: { THREADS: "1", TIMEOUT_MS: "600000" } }, async (server) => {
    equal((await server.model("one", model)).status, 201);
    const { body } = await stream(server, "one", endless);
    let pieces = 0;
    for await (const chunk of body) {
      pieces += String(chunk).split("\n").length - 1;
      if (pieces >= 100) break; // This destroys the body, and with it the connection.
    }
    // The one thread is free again.
    equal(await server.generate("one", request), { status: 200, body: { text } });
    equal((await server.send("GET", "/tenants/one")).body.restarts, 0);
    return `${pieces} pieces of a text without an end had arrived when its client left, and the thread was free again`;
  });
}

/**
 * Tenants come and go. Rule: after the first four rounds, the live memory of all threads (heaps, and external memory with the
 * instances and models) grows per tenant by less than a fiftieth of an instance. The memory of the process is printed only:
 * Node 24 keeps freed pages for some hundred tenants.
 */
async function memory() {
  const [rounds, perRound, warmUp] = [16, 20, 4];
  const instance = 17 * 65536;
  return withServer({ env: { THREADS: "2", LOG_LEVEL: "warn" } }, async (server) => {
    const points = [];
    for (let round = 0; round < rounds; round++) {
      await each(tenants.slice(0, perRound), 10, async ({ id, model, request, text }) => {
        equal((await server.model(id, model)).status, 201);
        equal(await server.generate(id, request), { status: 200, body: { text } });
        equal((await server.send("DELETE", `/tenants/${id}`)).status, 204);
      });
      points.push(await server.memory(2));
    }
    const steady = points.slice(warmUp);
    const live = slopeOf(steady.map(({ live }) => live)) / perRound;
    ok(live < instance / 50, `What is live grows by ${live} bytes per tenant.`);
    const [first, last] = [steady[0], steady.at(-1)].map(({ rss }) => (rss / 2 ** 20).toFixed(0));
    return `${rounds * perRound} tenants made and deleted: ${(live / 1024).toFixed(1)} KiB live per tenant, whose instance has ${instance / 1024} KiB; the process went from ${first} to ${last} MiB`;
  });
}

/** SIGTERM under load: what was begun is answered whole, nothing else is, and the process ends with 0. */
async function shutdown() {
  const server = await startServer(folder, { build: "0.2.130-server", env: { THREADS: String(threads) } });
  for (const { id, model } of tenants.slice(0, 20)) equal((await server.model(id, model)).status, 201);
  const counts = { answered: 0, refused: 0, unconnected: 0 };
  let terminated = false;
  await each(
    Array.from({ length: 3000 }, (_, index) => index),
    200,
    async (index) => {
      const { id, request, text } = tenants[index % 20];
      if (index === 1000) terminated = server.terminate();
      let response;
      try {
        response = await stream(server, id, { ...request, stream: index % 4 === 0 });
      } catch {
        // No head of an answer had come.
        ok(terminated);
        counts.unconnected++;
        return;
      }
      if (response.statusCode === 503) {
        await response.body.dump();
        counts.refused++;
        return;
      }
      equal(response.statusCode, 200);
      if (index % 4 === 0) equal((await readLines(response)).text, text);
      else equal(await response.body.json(), { text });
      counts.answered++;
    },
  );
  equal(await server.ended(), 0);
  const begun = server.lines.filter(({ msg, req }) => msg === "incoming request" && req.url.endsWith("/generate"));
  const ends = new Map(server.lines.filter(({ res }) => res).map(({ reqId, res }) => [reqId, res.statusCode]));
  const answers = begun.map(({ reqId }) => ends.get(reqId));
  equal(
    answers.filter((status) => status === undefined).length,
    0,
    "The server began a request that it never answered.",
  );
  equal(answers.filter((status) => status === 200).length, counts.answered, "An answer did not arrive.");
  ok(counts.answered < 3000 && counts.unconnected > 0);
  return `${counts.answered} answers were begun and came whole, ${counts.refused} requests got 503, ${counts.unconnected} no connection; exit 0`;
}

async function withServer({ build = "0.2.130-server", env }, body) {
  const server = await startServer(folder, { build, env });
  let result;
  try {
    result = await body(server);
  } finally {
    server.terminate();
  }
  equal(await server.ended(), 0);
  return result;
}

/** Asks for a text in pieces. */
function stream({ pool }, id, request) {
  return pool.request({
    method: "POST",
    path: `/tenants/${id}/generate`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ stream: true, ...request }),
  });
}

async function readLines(response) {
  equal(response.statusCode, 200);
  const lines = (await response.body.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const last = lines.pop();
  return { text: lines.map(({ text }) => text).join(""), pieces: lines.length, last };
}
