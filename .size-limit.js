// Budgets per import, minified and compressed with Brotli.
// "at first" is what a bundle holds before any load needs more: chunks behind an import() count in the line below it.

/** Leaves out what is loaded later. */
const atFirst = (config) => ({
  ...config,
  logLevel: "error",
  format: "esm",
  plugins: [
    {
      name: "at-first",
      setup(build) {
        build.onResolve({ filter: /.*/ }, ({ kind, path }) =>
          kind === "dynamic-import" ? { path, external: true } : undefined,
        );
      },
    },
  ],
});
const inAll = (config) => ({ ...config, logLevel: "error", format: "esm" });

export default [
  {
    name: "{ load } in a browser, at first",
    path: "dist/browser.js",
    import: "{ load }",
    limit: "7.7 kB",
    modifyEsbuildConfig: atFirst,
  },
  {
    name: "{ load, t } in a browser, at first",
    path: "dist/browser.js",
    import: "{ load, t }",
    limit: "8.59 kB",
    modifyEsbuildConfig: atFirst,
  },
  {
    name: "{ load } in a browser, with all that it may need later",
    path: "dist/browser.js",
    import: "{ load }",
    limit: "212.36 kB",
    modifyEsbuildConfig: inAll,
  },
  {
    name: "{ inspect } in a browser, at first",
    path: "dist/browser.js",
    import: "{ inspect }",
    limit: "21.23 kB",
    modifyEsbuildConfig: atFirst,
  },
  {
    name: "{ load } in Node, at first",
    path: "dist/node.js",
    import: "{ load }",
    ignore: ["node:*"],
    limit: "40.75 kB",
    modifyEsbuildConfig: atFirst,
  },
  {
    name: "{ createLedger } of unglue/ledger",
    path: "dist/ledger.js",
    import: "{ createLedger }",
    limit: "5.2 kB",
    modifyEsbuildConfig: inAll,
  },
  {
    name: "{ offload } of unglue/offload in a browser, at first",
    path: "dist/offload-browser.js",
    import: "{ offload }",
    limit: "14.46 kB",
    modifyEsbuildConfig: atFirst,
  },
  {
    name: "the worker of unglue/offload in a browser, at first",
    path: "dist/offload-worker.js",
    limit: "10.53 kB",
    modifyEsbuildConfig: atFirst,
  },
  {
    name: "{ webTable } of unglue/wasm-bindgen/web",
    path: "dist/wasm-bindgen-web.js",
    import: "{ webTable }",
    limit: "64.5 kB",
    modifyEsbuildConfig: inAll,
  },
  {
    name: "{ wasmBindgen } of unglue/wasm-bindgen, at first",
    path: "dist/wasm-bindgen.js",
    import: "{ wasmBindgen }",
    limit: "56.27 kB",
    modifyEsbuildConfig: atFirst,
  },
  {
    name: "{ wasi, loadCommand } of unglue/wasi in a browser, at first",
    path: "dist/wasi-browser.js",
    import: "{ wasi, loadCommand }",
    limit: "12.11 kB",
    modifyEsbuildConfig: atFirst,
  },
  {
    name: "{ loadProgram } of unglue/go in a browser, at first",
    path: "dist/go-browser.js",
    import: "{ loadProgram }",
    limit: "16.3 kB",
    modifyEsbuildConfig: atFirst,
  },
  {
    name: "{ napi } of unglue/napi, at first",
    path: "dist/napi.js",
    import: "{ napi }",
    limit: "14.16 kB",
    modifyEsbuildConfig: atFirst,
  },
  {
    name: "{ load } of unglue/whole",
    path: "dist/whole.js",
    import: "{ load }",
    limit: "218 kB",
    modifyEsbuildConfig: inAll,
  },
  {
    name: "everything in a browser",
    path: "dist/browser.js",
    import: "*",
    limit: "218.34 kB",
    modifyEsbuildConfig: inAll,
  },
];
