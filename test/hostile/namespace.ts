/** A module given as imports. Its namespace is no promise, though a name of it is that of one's method. */
export const f = (): number => 41;

export const then = 1;
