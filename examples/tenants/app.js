// The routes.
/* global setImmediate */
import { PassThrough } from "node:stream";
import Fastify from "fastify";
import { createMetrics } from "./metrics.js";
import { createTenants } from "./tenants.js";

const params = {
  type: "object",
  properties: { id: { type: "string", pattern: "^[a-z0-9-]{1,64}$" } },
};

const request = {
  type: "object",
  required: ["prompt"],
  additionalProperties: false,
  properties: {
    prompt: { type: "string" },
    seed: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 1 },
    maxTokens: { type: "integer", minimum: 1, maximum: 2 ** 32 - 1, default: 200 },
    topK: { type: "integer", minimum: 0, maximum: 2 ** 32 - 1, default: 0 },
    temperature: { type: "number", exclusiveMinimum: 0, maximum: 100, default: 0.8 },
    stream: { type: "boolean", default: false },
  },
};

export async function createApp(settings) {
  const app = Fastify({
    logger: { level: settings.logLevel },
    bodyLimit: settings.maxRequestBytes,
    // A wrong request is refused, not mended.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  const metrics = createMetrics();
  const tenants = await createTenants({ settings, log: app.log, metrics });
  let closing = false;

  app.addContentTypeParser(
    "application/octet-stream",
    { parseAs: "buffer", bodyLimit: settings.maxModelBytes },
    (_, bytes, done) => done(null, bytes),
  );

  app.post("/tenants/:id/model", { schema: { params }, bodyLimit: settings.maxModelBytes }, async (call, reply) => {
    if (!Buffer.isBuffer(call.body))
      return reply.code(415).send({ message: "Post the bytes as application/octet-stream." });
    const config = await tenants.load(call.params.id, call.body);
    return reply.code(201).send({ id: call.params.id, config });
  });

  app.post("/tenants/:id/generate", { schema: { params, body: request } }, async (call, reply) => {
    const { stream, ...options } = call.body;
    if (stream) return sendPieces(reply, (receiver) => tenants.generate(call.params.id, options, receiver));
    return { text: await tenants.generate(call.params.id, options) };
  });

  app.get("/tenants/:id", { schema: { params } }, async (call) => {
    const { id, config, requests, restarts, lines } = tenants.get(call.params.id);
    return { id, config, requests, restarts, log: lines };
  });

  app.delete("/tenants/:id", { schema: { params } }, async (call, reply) => {
    tenants.delete(call.params.id);
    return reply.code(204).send();
  });

  app.get("/health", async () => ({ status: "ok", tenants: tenants.size }));

  app.get("/metrics", async (_, reply) => {
    metrics.tenants.set(tenants.size);
    return reply.type(metrics.register.contentType).send(await metrics.register.metrics());
  });

  app.addHook("onResponse", async (call, reply) => {
    const labels = { method: call.method, route: call.routeOptions.url ?? "none", status: reply.statusCode };
    metrics.durations.observe(labels, reply.elapsedTime / 1000);
    // A connection that is kept alive would hold up the end of the server.
    if (closing) setImmediate(() => app.server.closeIdleConnections());
  });
  app.addHook("preClose", async () => void (closing = true));
  app.addHook("onClose", () => tenants.close());
  return app;
}

/** Sends pieces as lines of JSON as they come. What fails before the first piece has a status of its own. */
async function sendPieces(reply, generate) {
  const body = new PassThrough();
  const stopped = new Int32Array(new SharedArrayBuffer(4));
  const send = (line) => body.destroyed || body.write(`${JSON.stringify(line)}\n`);
  let onFirst;
  const first = new Promise((resolve) => (onFirst = resolve));
  const end = generate({
    stopped,
    onPiece(text) {
      send({ text });
      onFirst();
    },
  });
  body.once("close", () => Atomics.store(stopped, 0, 1)); // The client has gone, or has everything.
  await Promise.race([first, end]);
  end
    .then(
      () => send({ done: true }),
      ({ code, message }) => send({ error: { code, message } }),
    )
    .finally(() => body.end());
  return reply.type("application/x-ndjson").send(body);
}
