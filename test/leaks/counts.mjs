/* global gc, setTimeout, WebAssembly -- started with --expose-gc */
// Tenants that come and go, in a process of their own: prints how many objects of each kind are there after some of them and
// after many more. Bytes would tell less: V8's code and feedback grow by a kilobyte a tenant until it is warm.
import { readFile } from "node:fs/promises";
import process from "node:process";
import v8 from "node:v8";
import { compile, t } from "../../dist/node.js";

const [, , url, warmUps, count] = process.argv;
const module = await compile(await readFile(new URL(url)));
const model = await readFile(new URL("../models/declaration.rlm", url));
const api = t.api({
  Realm: t.class({
    new: t.ctor([]),
    loadModelById: t.method([t.u32], t.void, { throws: true }),
    generate: t.method([t.string], t.string, { throws: true }),
    generateStream: t.method([t.string, t.closure([t.string], t.bool)], t.void, { throws: true }),
  }),
});

/** A tenant's whole life: an instance with its host functions, objects that are freed and forgotten, a trap's restart. */
async function serve() {
  const wasm = await module.instantiate({
    api,
    onTrap: "restart",
    onHostThrow: "restart",
    imports: (instance) => ({
      env: {
        realm_matrix_product: t.host([t.size, t.size, t.u32, t.u32, t.size], t.void, () => undefined),
        realm_fetch_model: t.host([t.u32, t.size, t.u32], t.i32, (id, out, capacity) => {
          if (id > 1) throw new Error("no model");
          if (model.length <= capacity) instance.memory.write(out, model);
          return model.length;
        }),
        realm_log: t.host([t.u32, t.string, t.string], t.void, () => undefined),
      },
    }),
  });
  const { Realm } = wasm.api;
  try {
    new Realm().loadModelById(2);
  } catch {
    // Another life begins.
  }
  const realm = new Realm();
  realm.loadModelById(1);
  let pieces = 0;
  realm.generateStream("The", () => ++pieces < 3 || undefined);
  new Realm().free();
  wasm.dispose();
}

async function counts() {
  for (let turn = 0; turn < 4; turn += 1) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { Instance, Memory, Table } = WebAssembly;
  const kinds = { Instance, Memory, Table, Function, Object, Map, Promise, FinalizationRegistry };
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [name, v8.queryObjects(kind, { format: "count" })]),
  );
}

for (let at = 0; at < Number(warmUps); at += 1) await serve();
const before = await counts();
const { heapUsed } = process.memoryUsage();
for (let at = 0; at < Number(count); at += 1) await serve();
const after = await counts();
const bytes = (process.memoryUsage().heapUsed - heapUsed) / Number(count);
console.log(JSON.stringify({ before, after, bytes }));
