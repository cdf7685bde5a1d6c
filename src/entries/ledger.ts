/**
 * The ledger of allocations. It finds allocations that nobody freed, that were freed twice, and addresses that were freed
 * without being allocated.
 *
 * @module unglue/ledger
 */
export type { AllocationLog, AllocationObserver, Ledger, LedgerOptions, LiveAllocation } from "../public/index.ts";
export { createLedger } from "../ledger/ledger.ts";
