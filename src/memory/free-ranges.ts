/** A range of addresses: its end lies behind it. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A range with the list that it is in, and its place there. */
interface Listed extends Range {
  readonly list: Listed[];
  place: number;
}

/** Free memory, in ranges of which none touches the next. */
export interface FreeRanges {
  /**
   * Takes a range out of them.
   *
   * @param size - Its length, from 1.
   * @param align - What its start is a multiple of.
   * @returns Its start; `undefined` if none is found that is large enough.
   */
  readonly take: (size: number, align: number) => number | undefined;
  /** Adds a range, which touches no other but at its ends. */
  readonly give: (range: Range) => void;
}

/** Lists for each doubling of the size: of two ranges in a list, one is larger by an eighth at the most. */
const listsPerDoubling = 8;

/** How many ranges are tried that may be too small, before one is taken that is large enough for certain. */
const tries = 32;

/**
 * Makes a store of free ranges that is empty. They are listed by size, so that what is asked for is found in a number of steps
 * that does not grow with theirs; and they are known by their ends, so that neighbours are joined likewise.
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

/** The list for ranges of a size. */
function listOf(size: number): number {
  let doublings = Math.floor(Math.log2(size));
  // The logarithm of a large number just below a power of two is rounded up.
  if (2 ** doublings > size) doublings--;
  return doublings * listsPerDoubling + Math.floor((size / 2 ** doublings - 1) * listsPerDoubling);
}

function alignUp(address: number, align: number): number {
  return Math.ceil(address / align) * align;
}
