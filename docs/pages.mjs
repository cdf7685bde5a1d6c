// The pages of the site in reading order: the file below docs/, and its name in the navigation.

/** @type {readonly { title: string, pages: readonly (readonly [file: string, name: string])[] }[]} */
export const sections = [
  {
    title: "Learn",
    pages: [
      ["guide", "Guide: ten minutes"],
      ["ownership", "Ownership"],
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
      ["components", "Components"],
      ["other-toolchains", "Others"],
    ],
  },
  {
    title: "Topics",
    pages: [
      ["interfaces", "Interfaces"],
      ["sources", "Sources"],
      ["imports", "Imports"],
      ["memory", "Memory and the ledger"],
      ["traps", "Traps"],
      ["pools", "Pools and limits"],
      ["workers", "Workers"],
      ["bundlers", "Bundlers, test runners"],
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
