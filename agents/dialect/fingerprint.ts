/** A short mark of what a text says: enough to notice that a program says the same thing over and over. */

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a and the length. Two texts that differ may share it; then one loop is noticed a moment later. */
export function fingerprint(text: string): string {
  let hash = OFFSET;
  for (let n = 0; n < text.length; n += 1) hash = Math.imul(hash ^ text.charCodeAt(n), PRIME);
  return `${(hash >>> 0).toString(36)}.${text.length}`;
}

/** How far back a repetition is noticed. */
const MARKS_MAX = 4;

/**
 * @param marks what {@link compare} made of the last few, the newest last
 * @returns whether one of them was the same, and the marks with this one
 */
export function compare(
  marks: readonly string[],
  content: unknown,
): { readonly isRepeated: boolean; readonly marks: readonly string[] } {
  const mark = fingerprint(JSON.stringify(content));
  return { isRepeated: marks.includes(mark), marks: [...marks, mark].slice(-MARKS_MAX) };
}
