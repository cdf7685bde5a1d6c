import { readdir } from "node:fs/promises";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { compile, t } from "unglue";

const api = t.api({ greet: t.fn([t.cstring], t.cstring) });
const folder = new URL("./tenants/", import.meta.url);

// Each tenant's module is compiled once. A request borrows one of at most four instances, each with at most 1 MiB.
const pools = new Map();
for (const file of await readdir(folder)) {
  const module = await compile(new URL(file, folder), { limits: { memoryPages: 16 } });
  pools.set(file.replace(".wasm", ""), module.pool({ api, max: 4 }));
}

const app = new Hono();
app.get("/:tenant/greet/:name", (c) => {
  const pool = pools.get(c.req.param("tenant"));
  if (!pool) return c.notFound();
  return pool.use((wasm) => c.text(wasm.api.greet(c.req.param("name"))));
});
serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
