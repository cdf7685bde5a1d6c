// Metrics in Prometheus format.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export function createMetrics() {
  const registers = [new Registry()];
  const [register] = registers;
  collectDefaultMetrics({ register });
  return {
    register,
    tenants: new Gauge({ name: "tenants", help: "Tenants that have a model.", registers }),
    failures: new Counter({
      name: "tenant_failures_total",
      help: "Calls that failed, by code.",
      labelNames: ["code"],
      registers,
    }),
    restarts: new Counter({
      name: "tenant_restarts_total",
      help: "Instances that were replaced after a trap, an exception or a timeout.",
      registers,
    }),
    durations: new Histogram({
      name: "http_request_duration_seconds",
      help: "Time from a request's head to the end of its answer.",
      labelNames: ["method", "route", "status"],
      registers,
    }),
  };
}
