/**
 * What a stranger has written, shown within a sentence (I13): on one line, cut, and with everything that nobody sees
 * (control characters, marks that turn the direction of writing, blanks of other widths) spelled out.
 */

const SHOWN_CHARS_MAX = 80;
const LISTED_MAX = 20;

/** Also what is no character at all, what is drawn as nothing, and every blank but the plain one. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u;

/** A text with what nobody sees as `\u{…}`, cut to so many characters. */
export function visible(text: string, charsMax: number = SHOWN_CHARS_MAX): string {
  let seen = "";
  // No more than that can come to be shown.
  for (const character of text.slice(0, 2 * charsMax)) {
    const one = UNSEEN.test(character) ? escaped(character) : character;
    if (seen.length + one.length > charsMax) return `${seen}…`;
    seen += one;
  }
  return text.length > 2 * charsMax ? `${seen}…` : seen;
}

/** A JSON value: as it is written where it is one line, and in words where it has parts. */
export function shown(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return `an object of ${Object.keys(value).length}`;
  return visible(String(value));
}

/** In quotation marks, which are the only ones that are not spelled out. */
export function quoted(text: string): string {
  const inside = JSON.stringify(text.slice(0, 2 * SHOWN_CHARS_MAX)).slice(1, -1);
  return `"${visible(inside)}"`;
}

/** Several values, as many as somebody reads. */
export function listed(values: readonly unknown[]): string {
  const told = values.slice(0, LISTED_MAX).map(shown).join(", ");
  return values.length > LISTED_MAX ? `${told} and ${values.length - LISTED_MAX} more` : told;
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
