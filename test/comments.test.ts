import { Linter } from "eslint";
import { describe, expect, it } from "vitest";
import commentStyle from "../scripts/comment-style.mjs";

function lint(code: string): string[] {
  const rules = { "local/comment-style": "error" } as const;
  const messages = new Linter().verify(code, { plugins: { local: commentStyle }, rules });
  return messages.map(({ line, message }) => `${line}: ${message}`);
}

describe("the lint rule for comments", () => {
  it.each(["What", "Where there is one", "Told of", "Is told", "Such", "Anew", "Of these"])(
    "refuses one that opens with %s, in each form",
    (words) => {
      const forms = [
        `// ${words} it is.`,
        `/* ${words} it is. */`,
        `/**\n * ${words} it is.\n */`,
        `f(); // ${words} it`,
      ];
      for (const form of forms) expect(lint(form)).toContainEqual(expect.stringMatching(`^1: .*open with "${words}"`));
    },
  );

  it.each([
    ["anew", "again"],
    ["at once", "synchronously"],
    ["but for", "except"],
  ])("refuses %s anywhere in a comment, also across its lines", (words, better) => {
    for (const form of [`// It is ${words} so.`, `/** Two. It is\n * ${words.replace(" ", "\n * ")} so. */`])
      expect(lint(form)).toEqual([expect.stringMatching(`^1: Write .*${better}.*, not "${words}"`)]);
  });

  it("takes a line that continues a comment, and the same words in code", () => {
    expect(lint(`// It says\n// What it is.\nconst What = "anew, at once, but for";`)).toEqual([]);
    expect(lint(`// Whatever it is, suchlike.`)).toEqual([]);
  });
});
