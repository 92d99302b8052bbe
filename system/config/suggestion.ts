/** What was probably meant by a word that is not known. */

import { closest, distance } from "fastest-levenshtein";

/** `; did you mean "x"?` when one of the known words is near enough, else nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === null ? "" : `; did you mean "${meant}"?`;
}

/** The known word that is near enough; `null` when none is. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const next = closest(word, [...known]);
  const isNear = distance(word.toLowerCase(), next.toLowerCase()) <= Math.ceil(next.length * 0.4);
  return isNear ? next : null;
}
