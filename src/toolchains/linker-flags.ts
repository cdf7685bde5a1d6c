/** The linker flags for a module that exports its table. */
export const exportTableFlags =
  "-Wl,--export-table (clang), -C link-arg=--export-table (Rust), --exportTable (AssemblyScript)";

/** The linker flags for a module whose table can grow. */
export const growableTableFlags =
  "-Wl,--growable-table (clang), -C link-arg=--growable-table (Rust), -sALLOW_TABLE_GROWTH (Emscripten)";
