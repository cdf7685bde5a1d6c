/** A node of the tree of prefixes, one level for each part of a name between underscores. */
interface Node {
  readonly children: Map<string, Node>;
  /** The prefix that ends here, if one does. */
  prefix: string | undefined;
}

/**
 * Makes the function that finds the prefix of a name: the longest one that is followed by an underscore. Each look-up reads
 * the name once, however many prefixes there are.
 *
 * @param prefixes - The prefixes, such as the names of classes.
 * @returns A function from a name to its prefix; `undefined` for a name without one.
 */
export function createOwnerOf(prefixes: Iterable<string>): (name: string) => string | undefined {
  const root: Node = { children: new Map(), prefix: undefined };
  for (const prefix of prefixes) {
    let node = root;
    for (const part of prefix.split("_")) {
      const next = node.children.get(part) ?? { children: new Map<string, Node>(), prefix: undefined };
      node.children.set(part, next);
      node = next;
    }
    node.prefix = prefix;
  }
  return (name) => {
    let owner: string | undefined;
    let node: Node | undefined = root;
    // The member's own name follows the last underscore.
    for (const part of name.split("_").slice(0, -1)) {
      node = node.children.get(part);
      if (!node) break;
      owner = node.prefix ?? owner;
    }
    return owner;
  };
}
