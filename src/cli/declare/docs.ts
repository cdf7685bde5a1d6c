import type { Comment, Node } from "@babel/types";

/**
 * Returns the text of the documentation before a node, without its frame. Of several comments the last one of documentation
 * counts, as for TypeScript, whatever other comment follows it.
 *
 * @param node - The node.
 * @param node.leadingComments - The comments before it.
 */
export function docsOf({ leadingComments }: Node): string | undefined {
  const { value = "" } = leadingComments?.filter(isDocs).at(-1) ?? {};
  const lines = value.slice(1).split("\n");
  const text = lines
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();
  return text === "" ? undefined : text;
}

function isDocs({ type, value }: Comment): boolean {
  return type === "CommentBlock" && value.startsWith("*");
}
