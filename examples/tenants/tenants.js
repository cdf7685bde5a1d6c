// The tenants: each has its model, its log, and one call at a time.
import pLimit from "p-limit";
import { createThreads, TenantError } from "./threads.js";

export async function createTenants({ settings, log, metrics }) {
  const { maxTenants, maxWaiting } = settings;
  const threads = await createThreads(settings);
  const tenants = new Map();
  let created = 0;

  function get(id) {
    const tenant = tenants.get(id);
    if (tenant?.model === undefined) {
      throw new TenantError(404, "no-tenant", `There is no tenant ${id}: post its model first.`);
    }
    return tenant;
  }

  /** Runs a task when it is the tenant's turn, so that a tenant occupies one thread at most. */
  async function run(tenant, task, onPiece) {
    if (tenant.turns.pendingCount >= maxWaiting) {
      throw new TenantError(429, "too-many-requests", "Too many calls of this tenant are waiting: try again later.");
    }
    const onRestart = () => {
      tenant.restarts++;
      metrics.restarts.inc();
    };
    try {
      return await tenant.turns(() => {
        if (tenant.deleted) throw new TenantError(404, "no-tenant", `The tenant ${tenant.id} was deleted.`);
        return threads.run({ key: tenant.key, ...task }, { onPiece, onLog: tenant.write, onRestart });
      });
    } catch (error) {
      metrics.failures.inc({ code: error.code });
      throw error;
    }
  }

  function remove(tenant) {
    tenants.delete(tenant.id);
    tenant.deleted = true;
    // After the call that runs, so that no thread makes the instance again.
    void tenant.turns(() => threads.forget(tenant.key));
  }

  return {
    get size() {
      return tenants.size;
    },
    get,

    /** Gives a tenant its model, and makes the tenant if it is new. A bad model changes nothing. */
    async load(id, bytes) {
      if (!tenants.has(id) && tenants.size >= maxTenants) {
        throw new TenantError(507, "too-many-tenants", `There are ${maxTenants} tenants already: delete one.`);
      }
      const tenant = tenants.get(id) ?? createTenant(id, `${id} ${++created}`, log);
      tenants.set(id, tenant);
      const model = ++tenant.lastModel;
      const shared = new Uint8Array(new SharedArrayBuffer(bytes.length)); // Threads read it without a copy.
      shared.set(bytes);
      const models = new Map([[model, shared]]);
      tenant.loading++;
      try {
        const { config } = await run(tenant, { model, models });
        Object.assign(tenant, { model, models, config });
        return config;
      } finally {
        if (--tenant.loading === 0 && tenant.model === undefined && !tenant.deleted) remove(tenant);
      }
    },

    /** Generates text. With `onPiece` it is handed on piece by piece, until `stopped[0]` is set. */
    async generate(id, request, { onPiece, stopped } = {}) {
      const tenant = get(id);
      const { model, models } = tenant;
      tenant.requests++;
      const { text } = await run(tenant, { model, models, request, stream: Boolean(onPiece), stopped }, onPiece);
      return text;
    },

    delete: (id) => remove(get(id)),
    close: () => threads.close(),
  };
}

function createTenant(id, key, log) {
  const child = log.child({ tenant: id });
  const lines = [];
  const write = ({ level, target, message }) => {
    child[level]({ target }, message);
    if (lines.push(`${level} ${target}: ${message}`) > 20) lines.shift();
  };
  return { id, key, turns: pLimit(1), write, lines, lastModel: 0, loading: 0, requests: 0, restarts: 0 };
}
