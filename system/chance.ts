/** The only door to chance. */

export interface Chance {
  /** A fraction in [0, 1). */
  fraction(): number;
  /** A new id: 20 lower-case base-32 characters, sortable by time of making. */
  id(): string;
  /** 256 bits for a secret, as base64url. */
  token(): string;
}
