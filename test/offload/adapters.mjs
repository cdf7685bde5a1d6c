// An adapter alone, and one that is none.
export const adapters = [{ name: "wrong" }];
