// Runs the crate: one instance for each tenant, made when the tenant is first served in this thread.
import { BroadcastChannel } from "node:worker_threads";
import { LRUCache } from "lru-cache";
import { load, t } from "unglue";

const api = t.api({
  Realm: t.class({
    new: t.ctor([]),
    loadModelById: t.method([t.u32], t.void, { throws: true }),
    setConfig: t.method([t.owned("GenerationConfig")], t.void, { throws: true }),
    generate: t.method([t.string], t.string, { throws: true }),
    generateStream: t.method([t.string, t.closure([t.string], t.bool)], t.void, { throws: true }),
    getModelConfig: t.method([], t.string, { throws: true }),
  }),
  GenerationConfig: t.class({
    new: t.ctor([]),
    maxTokens: t.field(t.u32),
    topK: t.field(t.u32),
    temperature: t.field(t.f32),
    seed: t.field(t.u64),
  }),
});

const levels = ["error", "error", "warn", "info", "debug", "trace"];

/** The name of the channel that tells every thread which tenants are gone. */
export const deletions = "tenants-deleted";

/** Returns the function that answers a task through the task's port, with messages of the types below. */
export function createRunner({ raw, shape, memoryPages, instancesPerThread }) {
  const instances = new LRUCache({ max: instancesPerThread, dispose: (instance) => instance.wasm.dispose() });
  const deleted = new BroadcastChannel(deletions);
  deleted.onmessage = ({ data }) => instances.delete(data);
  deleted.unref();

  async function start(key) {
    const instance = { wasm: undefined, realm: undefined, loaded: undefined, lives: 1, task: undefined };
    instance.wasm = await load(raw, {
      shape,
      api,
      limits: { memoryPages },
      imports: (wasm) => ({ env: hostFunctions(wasm, instance) }),
      // A trap, or an exception of a host function, ends this tenant's objects. The next call makes new ones.
      onTrap: "restart",
      onHostThrow: "restart",
      onRestart: () => {
        instance.realm = undefined;
        instance.lives++;
        instance.task.port.postMessage({ type: "restart" });
      },
    });
    instances.set(key, instance);
    return instance;
  }

  return async function run(task) {
    const { port } = task;
    port.postMessage({ type: "begin" });
    let instance;
    try {
      instance = instances.get(task.key) ?? (await start(task.key));
      await instance.wasm.ready;
    } catch (error) {
      return end({ type: "error", code: "instance-unavailable", message: error.message });
    }
    instance.task = task;
    const { lives } = instance;
    try {
      end({ type: "end", ...answer(instance, task) });
    } catch (error) {
      const { wasm } = instance;
      if (wasm.state === "poisoned") instances.delete(task.key);
      // An Err of the crate leaves the instance as it is, and is the caller's fault.
      const broken = instance.lives !== lives || wasm.state !== "live";
      end({ type: "error", code: broken ? (error.code ?? "host-threw") : "refused", message: error.message });
    }

    function end(message) {
      port.postMessage(message);
      port.close();
    }
  };
}

function answer(instance, { model, request, stream, stopped, port }) {
  const { Realm, GenerationConfig } = instance.wasm.api;
  if (instance.realm === undefined || instance.loaded !== model) {
    const realm = new Realm();
    try {
      realm.loadModelById(model);
    } catch (error) {
      realm.free();
      throw error;
    }
    instance.realm?.free();
    instance.realm = realm;
    instance.loaded = model;
  }
  const { realm } = instance;
  if (request === undefined) return { config: JSON.parse(realm.getModelConfig()) };

  const { prompt, seed, ...rest } = request;
  const config = new GenerationConfig();
  realm.setConfig(Object.assign(config, rest, { seed: BigInt(seed) }));
  if (!stream) return { text: realm.generate(prompt) };
  realm.generateStream(prompt, (text) => {
    port.postMessage({ type: "piece", text });
    return Atomics.load(stopped, 0) === 0;
  });
  return {};
}

/** The functions that the crate imports from `env`. `instance.task` is the call that runs. */
function hostFunctions(wasm, instance) {
  return {
    realm_matrix_product(matrix, vector, rows, columns, out) {
      const { f32 } = wasm.memory;
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        const start = matrix / 4 + row * columns;
        for (let column = 0; column < columns; column++) {
          sum = Math.fround(sum + Math.fround(f32[start + column] * f32[vector / 4 + column]));
        }
        f32[out / 4 + row] = sum;
      }
    },
    realm_fetch_model(id, out, capacity) {
      const model = instance.task.models.get(id >>> 0);
      if (model === undefined) return -1;
      if (model.length <= capacity) wasm.memory.write(out, model);
      return model.length;
    },
    realm_log(level, target, targetLength, message, messageLength) {
      instance.task.port.postMessage({
        type: "log",
        level: levels[level] ?? "info",
        target: wasm.memory.readString(target, targetLength),
        message: wasm.memory.readString(message, messageLength),
      });
    },
  };
}
