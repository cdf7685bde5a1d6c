/** The error numbers of preview 1 that this library returns. */
export const errno = {
  success: 0,
  badFile: 8,
  fault: 21,
  invalid: 28,
  io: 29,
  notSupported: 58,
  notImplemented: 52,
  isPipe: 70,
} as const;
