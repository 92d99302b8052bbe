/** A command line as its words. */

/** Blanks outside of quotation marks part them, as in a shell; nothing else of a shell. `null` where a mark is open. */
export function wordsIn(line: string): readonly string[] | null {
  const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+|["']/g) ?? [];
  if (words.some((word) => word === '"' || word === "'")) return null;
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}
