/** A section and where it is, in bytes from the module's start. */
export interface Section {
  readonly id: number;
  /** Where its id is. */
  readonly start: number;
  /** Where its contents begin. */
  readonly contents: number;
  /** Where it ends. */
  readonly end: number;
}

/** Names of sections by id. */
export const sectionNames: readonly string[] =
  "custom type import function table memory global export start element code data data-count tag".split(" ");

/** The ids of the sections that an interface is read from. */
export const interfaceIds: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 13]);

/** Finds sections by their sizes, as far as these lead. */
export function findSections(bytes: Uint8Array): Section[] {
  const found: Section[] = [];
  for (let start = 8; start < bytes.length;) {
    let contents = start + 1;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[contents++] ?? 0;
      size += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    const end = Math.min(contents + size, bytes.length);
    found.push({ id: bytes[start] ?? 0, start, contents, end });
    start = end;
  }
  return found;
}

/** An engine's reason for refusing a module: the section that it was in, and its words without names and numbers. */
export function reasonOf(bytes: Uint8Array, message: string): { readonly id: number; readonly reason: string } {
  const offset = Number(/@\+(\d+)/.exec(message)?.[1] ?? -1);
  const sections = findSections(bytes);
  // Bytes that a section lacks are missed where it ends, and sections that a module lacks at its end.
  const { id } = /Compiling function|code section is absent/.test(message)
    ? { id: 10 }
    : (sections.find(({ start, end }) => offset >= start && offset < end) ??
      sections.find(({ end }) => offset === end) ?? { id: -1 });
  const reason = message
    .replace(/^[^:]*: (Compiling function #\d+(:".*")? failed: )?/s, "")
    .replace(/ ?@\+\d+$/, "")
    .replace(/".*"/gs, '"…"')
    .replace(/\(expected [^,]*, got .*\)/, "(expected …, got …)")
    .replace(/\((ref|exact|shared) .*\)/g, "(ref …)")
    .replace(/\b0x[0-9a-f]+|\b\d[\d']*/gi, "N");
  return { id, reason };
}
