/* global __filename */
/** What `import.meta.url` is in the CommonJS build. Bundlers and workers may have no `__filename`, and then no answer. */
export const importMetaUrl = /* @__PURE__ */ (() =>
  typeof __filename === "string" ? `file:${__filename.replaceAll(/[%?#]/g, encodeURIComponent)}` : undefined)();
