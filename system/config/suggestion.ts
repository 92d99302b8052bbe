/** What was probably meant by a word that is not known. */

import { closest, distance } from "fastest-levenshtein";

/** `; did you mean "x"?` when one of the known words is near enough, else nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const nearest = closest(word, [...known]);
  const near = distance(word.toLowerCase(), nearest.toLowerCase()) <= Math.ceil(nearest.length * 0.4);
  return near ? `; did you mean "${nearest}"?` : "";
}
