/**
 * Whether two names are one: people type them by hand, on both sides, in either case, and letters with marks are
 * written as one character or as two (Unicode, canonical composition).
 */
export function isSameName(a: string, b: string): boolean {
  return folded(a) === folded(b);
}

function folded(name: string): string {
  return name.normalize("NFC").toLowerCase();
}
