/** What functions that make objects are called in C. */
export const makers: readonly string[] = ["new", "create", "init", "alloc", "make", "open"];

/** What functions that free objects are called in C. */
export const freers: readonly string[] = ["free", "destroy", "delete", "drop", "release", "dispose", "close", "deinit"];
