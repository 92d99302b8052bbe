/** Names that mean the same, however they were typed. */

/**
 * Whether two names (labels, logins, states, commands) are one: in any case, and however their letters are composed.
 * `é` may be one character or two, and keyboards, forges and configuration files do not agree which.
 */
export function same(a: string, b: string): boolean {
  return folded(a) === folded(b);
}

/** A name as a part of a key: the same for all ways to type it. */
export function folded(name: string): string {
  return name.normalize("NFC").toLowerCase().normalize("NFC");
}
