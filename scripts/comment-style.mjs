// A lint rule for the English of comments: they start with their subject or verb, and use terms that have one meaning.

/** Openers that make a reader wait for the subject. */
const openers = ["What", "Where there is one", "Told of", "Is told", "Such", "Anew", "Of these"];
/** Words with a plainer equivalent. */
const replacements = { anew: "again", "at once": "synchronously, concurrently or immediately", "but for": "except" };

const opener = new RegExp(`^(?:${openers.join("|")})\\b`);
const words = new RegExp(`\\b(?:${Object.keys(replacements).join("|")})\\b`, "gi");

/**
 * Checks the text of one comment.
 *
 * @param {string} text - The text between the comment's marks; consecutive line comments count as one.
 * @returns {string[]} A sentence for each problem.
 */
export function problemsOf(text) {
  const plain = text
    .replace(/^[ \t]*\*+/gm, "")
    .replace(/\s+/g, " ")
    .trim();
  const [opening] = opener.exec(plain) ?? [];
  return [
    ...(opening ? [`A comment must not open with "${opening}": start with the thing or the verb.`] : []),
    ...[...plain.matchAll(words)].map(([word]) => `Write ${replacements[word.toLowerCase()]}, not "${word}".`),
  ];
}

/** @type {import("eslint").Rule.RuleModule} */
const rule = {
  meta: { type: "suggestion", schema: [] },
  create: ({ report, sourceCode }) => ({
    Program() {
      for (const { loc, text } of paragraphsOf(sourceCode.getAllComments()))
        for (const message of problemsOf(text)) report({ loc, message });
    },
  }),
};

export default { rules: { "comment-style": rule } };

/** Joins line comments that continue each other: only the first of them has an opening. */
function paragraphsOf(comments) {
  const joined = [];
  for (const { type, value, loc } of comments) {
    const last = joined.at(-1);
    const continues =
      type === "Line" &&
      last?.type === "Line" &&
      last.end === loc.start.line - 1 &&
      last.loc.start.column === loc.start.column;
    if (continues) Object.assign(last, { text: `${last.text} ${value}`, end: loc.end.line });
    else joined.push({ type, text: value, loc, end: loc.end.line });
  }
  return joined;
}
