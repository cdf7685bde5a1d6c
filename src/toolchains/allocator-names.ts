/** The exports that allocate by a known convention. */
export const allocatorNames = ["__wbindgen_malloc", "malloc", "alloc", "allocate", "__new", "cabi_realloc"] as const;
