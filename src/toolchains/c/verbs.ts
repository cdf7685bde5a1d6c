/** Usual names of functions that make objects in C. */
export const makers: readonly string[] = ["new", "create", "init", "alloc", "make", "open"];

/** Usual names of functions that free objects in C. */
export const freers: readonly string[] = ["free", "destroy", "delete", "drop", "release", "dispose", "close", "deinit"];
