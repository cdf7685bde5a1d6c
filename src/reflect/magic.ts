/** The bytes before the first section: the magic, which a component has too, and the version. */
export const header: readonly number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/**
 * Whether bytes begin with the magic, as modules and components do, or end within it.
 *
 * @param start - The first bytes.
 */
export function hasMagic(start: Uint8Array): boolean {
  return header.slice(0, 4).every((byte, i) => (start[i] ?? byte) === byte);
}

/**
 * Whether something is a core module by its first bytes, even if it is truncated.
 *
 * @param start - The first bytes, eight if there are that many.
 */
export function isModule(start: Uint8Array): boolean {
  // A component has a layer field of 1 at the bytes where a core module's version has 0.
  return start.length > 0 && hasMagic(start) && start[6] !== 1;
}
