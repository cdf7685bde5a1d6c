/** The errors of the operating system that this library makes. */
const messages = {
  EBADF: "bad file descriptor",
  EINVAL: "invalid argument",
  ENOSYS: "not implemented",
  ESPIPE: "illegal seek",
} as const;

/**
 * Makes an error that Go understands by its code.
 *
 * @param code - The code.
 */
export function failure(code: keyof typeof messages): Error {
  return Object.assign(new Error(messages[code]), { code });
}
