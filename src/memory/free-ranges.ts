/** A range of addresses, without its end. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A range with its list, and its index there. */
interface Listed extends Range {
  readonly list: Listed[];
  place: number;
}

/** Free memory, as ranges that do not touch each other. */
export interface FreeRanges {
  /**
   * Takes a range.
   *
   * @param size - Its length, at least 1.
   * @param align - The alignment of its start.
   * @returns Its start; `undefined` if no large enough range is found.
   */
  readonly take: (size: number, align: number) => number | undefined;
  /** Adds a range. It may touch others only at its ends. */
  readonly give: (range: Range) => void;
}

/** Number of lists per doubling of the size: in one list, sizes differ by at most an eighth. */
const listsPerDoubling = 8;

/** Number of possibly too small ranges that are tried, before one is taken that is certainly large enough. */
const tries = 32;

/**
 * Makes an empty store of free ranges. Ranges are listed by size, so that the number of steps to find one does not grow with
 * their number. They are also indexed by their ends, so that joining neighbours is as fast.
 */
export function createFreeRanges(): FreeRanges {
  const lists: Listed[][] = [];
  const byStart = new Map<number, Listed>();
  const byEnd = new Map<number, Listed>();

  const add = (start: number, end: number): void => {
    if (start === end) return;
    const index = listOf(end - start);
    while (lists.length <= index) lists.push([]);
    const list = lists[index] as Listed[];
    const range: Listed = { start, end, list, place: list.length };
    list.push(range);
    byStart.set(start, range);
    byEnd.set(end, range);
  };

  const remove = ({ start, end, list, place }: Listed): void => {
    const last = list.pop() as Listed;
    if (last.start !== start) {
      last.place = place;
      list[place] = last;
    }
    byStart.delete(start);
    byEnd.delete(end);
  };

  const find = (size: number, align: number): Listed | undefined => {
    const certain = listOf(size + align - 1) + 1;
    let left = tries;
    for (let index = listOf(size); index < lists.length; index++) {
      const list = lists[index] as Listed[];
      for (let at = list.length - 1; at >= 0 && (index >= certain || left-- > 0); at--) {
        const range = list[at] as Listed;
        if (alignUp(range.start, align) + size <= range.end) return range;
      }
    }
    return undefined;
  };

  return {
    take(size, align) {
      const range = find(size, align);
      if (!range) return undefined;
      remove(range);
      const start = alignUp(range.start, align);
      add(range.start, start);
      add(start + size, range.end);
      return start;
    },
    give({ start, end }) {
      const before = byEnd.get(start);
      const after = byStart.get(end);
      if (before) remove(before);
      if (after) remove(after);
      add(before?.start ?? start, after?.end ?? end);
    },
  };
}

/** Returns the index of the list for a size. */
function listOf(size: number): number {
  let doublings = Math.floor(Math.log2(size));
  // The logarithm of a large number just below a power of two is rounded up.
  if (2 ** doublings > size) doublings--;
  return doublings * listsPerDoubling + Math.floor((size / 2 ** doublings - 1) * listsPerDoubling);
}

function alignUp(address: number, align: number): number {
  return Math.ceil(address / align) * align;
}
