/* global __filename */
/** Replaces `import.meta.url` in the CommonJS build. `undefined` in bundles and workers without `__filename`. */
export const importMetaUrl = /* @__PURE__ */ (() =>
  typeof __filename === "string" ? `file:${__filename.replaceAll(/[%?#]/g, encodeURIComponent)}` : undefined)();
