/**
 * The ledger of allocations: finds what a module was given and nobody freed, what is freed twice, and what is freed where
 * it was not allocated.
 *
 * @module unglue/ledger
 */
export type { AllocationLog, AllocationObserver, Ledger, LedgerOptions, LiveAllocation } from "../public/index.ts";
export { createLedger } from "../ledger/ledger.ts";
