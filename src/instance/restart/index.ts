export { bindMemory } from "./bound-memory.ts";
export { bindObject, bindValue } from "./bound.ts";
export { createLives } from "./lives.ts";
export type { Beginning, NextLife, Succession } from "./succession.ts";
