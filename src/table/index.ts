export { type Callbacks, type CallbacksContext, createCallbacks, requireIndex } from "./callbacks.ts";
export { createTable, type TableContext } from "./table.ts";
