/** What was probably meant by a word that is not known. */

import { closest, distance } from "fastest-levenshtein";

/** `; did you mean "x"?` when one of the known words is near enough, else nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === null ? "" : `; did you mean "${meant}"?`;
}

/** That there is no agent, project or the like of a name, and what there is instead. */
export function absence(kind: string, name: string, known: readonly string[]): string {
  const others = known.length === 0 ? `; there are no ${kind}s yet` : `; known are ${known.join(", ")}`;
  return `there is no ${kind} "${name}"${suggestion(name, known) || others}`;
}

/** The known word that is near enough; `null` when none is. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const next = closest(word, [...known]);
  const isNear = distance(word.toLowerCase(), next.toLowerCase()) <= Math.ceil(next.length * 0.4);
  return isNear ? next : null;
}
