export { type Callbacks, type CallbacksContext, createCallbacks } from "./callbacks.ts";
export { createTable, type TableContext } from "./table.ts";
