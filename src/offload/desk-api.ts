/** What a worker needs for a declared interface: a chunk of its own, fetched only where one is declared. */
export { t } from "../interface/index.ts";
export { createDeskObjects } from "./desk-objects.ts";
