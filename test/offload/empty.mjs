// Nothing that a worker can use.
export const other = 1;
