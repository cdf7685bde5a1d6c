/**
 * Ceilings on the memories and tables that a module defines: their maximums are written into its bytes before these are
 * compiled.
 */
export { createLimiter, type Limiter } from "./limiter.ts";
