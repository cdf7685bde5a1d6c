import { loadError } from "../../errors/load-error.ts";
import type { ImportShape, Limits } from "../../public/index.ts";

/**
 * Refuses a memory or table that is larger than the limits allow. The user's object is not changed, since it may be shared.
 * Fails with `limit-exceeded`.
 *
 * @param value - The user's value, of the import's kind.
 * @param wanted - The import.
 * @param limits - The ceilings.
 */
export function refuseBeyond(value: unknown, wanted: ImportShape, limits: Limits | undefined): void {
  const { kind, type } = wanted;
  if (kind !== "memory" && kind !== "table") return;
  const limit = kind === "memory" ? "memoryPages" : "tableElements";
  const allowed = limits?.[limit];
  if (allowed === undefined) return;
  const asked =
    kind === "memory"
      ? (value as WebAssembly.Memory).buffer.byteLength / (type?.pageSize ?? 65536)
      : Number((value as { readonly length: number | bigint }).length);
  if (asked > allowed) {
    const { module, name } = wanted;
    throw loadError("limit-exceeded", { limit, asked, allowed, of: { kind: "given", module, name } });
  }
}
