// The order of the site: its pages, and the categories of the reference.

/**
 * The pages in reading order: the file below docs/, and its name in the navigation.
 *
 * @type {readonly { title: string, pages: readonly (readonly [file: string, name: string])[] }[]}
 */
export const sections = [
  {
    title: "Learn",
    pages: [
      ["guide", "Guide: ten minutes"],
      ["ownership", "Ownership"],
      ["from-npm", "From an npm package to a universal one"],
      ["dts", "From .d.ts types to t"],
      ["recipes", "Recipes"],
      ["from-wasm-pack", "Coming from wasm-pack"],
      ["from-a-loader", "Coming from a loader"],
    ],
  },
  {
    title: "Toolchains",
    pages: [
      ["wasm-bindgen", "wasm-bindgen"],
      ["c", "C and C++"],
      ["emscripten", "Emscripten"],
      ["assemblyscript", "AssemblyScript"],
      ["go", "Go and TinyGo"],
      ["wasi", "WASI"],
      ["napi", "Node-API"],
      ["components", "Components"],
      ["other-toolchains", "Others"],
      ["toolchains", "What is tested"],
    ],
  },
  {
    title: "Topics",
    pages: [
      ["interfaces", "Interfaces"],
      ["asynchronous", "Asynchronous calls"],
      ["declaration-files", "Declaration files"],
      ["sources", "Sources"],
      ["imports", "Imports"],
      ["host-functions", "Host functions"],
      ["memory", "Memory and the ledger"],
      ["traps", "Traps"],
      ["pools", "Pools and limits"],
      ["workers", "Workers"],
      ["bundlers", "Bundlers, test runners"],
      ["plugin", "The plugin"],
      ["cli", "The command"],
      ["errors", "Errors"],
    ],
  },
  {
    title: "Background",
    pages: [
      ["performance", "Performance"],
      ["runtimes", "Runtimes"],
      ["reliability", "Reliability"],
      ["stability", "Stability"],
      ["architecture", "Architecture"],
      ["../SECURITY", "Security"],
      ["../CHANGELOG", "Changes"],
    ],
  },
  {
    title: "Appendix",
    pages: [
      ["appendix/performance", "Measurements"],
      ["appendix/runtimes", "Checks in each runtime"],
      ["appendix/reader", "The reader against engines"],
      ["appendix/imports", "Imports of packages"],
      ["appendix/package", "The package in tools"],
    ],
  },
];

/** The categories for readers who look for a function, an option or an object. Each entry of these has an example. */
export const mainCategories = [
  "Loading",
  "Declaration files",
  "Instances",
  "Imports",
  "Memory",
  "Declared interfaces",
  "Pools",
  "Errors",
  "Ledger",
  "Workers",
  "Shapes",
  "Adapters",
  "AssemblyScript",
  "wasm-bindgen",
  "WASI",
  "Go",
  "Node-API",
];

/** The categories of `@category` in the order of the reference. The details are parts of the types in the others. */
export const categories = [
  ...mainCategories,
  "Details of functions",
  "Details of sources",
  "Details of shapes",
  "Details of errors",
  "Details of declarations",
  "Details of inferred types",
  "Details of adapters",
  "Details of calling conventions",
];
