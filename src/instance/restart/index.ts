export { createLives } from "./lives.ts";
