/**
 * The block in which text from outside stands in a prompt (I13): nothing inside can end it.
 *
 * B1. First hidden characters and hidden comments go, until nothing changes; then what looks like a delimiter is
 *     disarmed. The other way round, taking out a character could make a delimiter.
 * B2. The delimiter is drawn anew for each prompt, from 256 bits of chance: nobody outside knows it beforehand.
 * B3. Inside, code stands byte for byte. All that changes is the bracket before a look-alike of the delimiter, whatever
 *     random part it claims, in whichever letters it is spelled.
 */

import { withoutComments } from "./comments.ts";
import { settled, visibleText } from "./visible.ts";

const WORD = "outside-text";
/** `WORD` without its dash, as look-alikes are compared with it. */
const LETTERS = WORD.replace("-", "");

export interface Delimiters {
  readonly open: string;
  readonly close: string;
}

/** B2. @param secret a fresh token: letters, digits, `-` and `_` */
export function delimitersOf(secret: string): Delimiters {
  if (!/^[\w-]{16,}$/.test(secret)) throw new Error("a delimiter needs a fresh token");
  return { open: `<${WORD}-${secret}>`, close: `</${WORD}-${secret}>` };
}

/** Text from outside as it may stand in a block (B1). Stable: done twice, it is the same. */
export function neutralise(text: string): string {
  return disarmed(settled(text, (now) => withoutComments(visibleText(now))));
}

/** What of a text stays within `bytes` of UTF-8, with a note on what does not; whole characters only. */
export function cutText(text: string, bytes: number): string {
  let [left, end] = [bytes, 0];
  for (const character of text) {
    left -= sizeOf(character);
    if (left < 0) return `${text.slice(0, end)}\n\n[cut here: ${text.length - end} more characters]`;
    end += character.length;
  }
  return text;
}

/** Bytes of a character in UTF-8. */
export function sizeOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

/** Brackets that are read as `<`, behind compatibility forms, which NFKC folds. */
const BRACKETS = "<‹«⟨〈❮❰≪˂ᐸᚲ𐤂𝈶";
/** Letters of other scripts that are read as letters of the word, in lower case. */
const READ_AS: Readonly<Record<string, string>> = {
  ...Object.fromEntries([..."оο০๐໐੦૦օ0ø"].map((letter) => [letter, "o"])),
  ...Object.fromEntries([..."υսцʋ"].map((letter) => [letter, "u"])),
  ...Object.fromEntries([..."тτ†7"].map((letter) => [letter, "t"])),
  ...Object.fromEntries([..."ѕꜱ$5"].map((letter) => [letter, "s"])),
  ...Object.fromEntries([..."іιıl1|!ǀ"].map((letter) => [letter, "i"])),
  ...Object.fromEntries([..."ԁɗ"].map((letter) => [letter, "d"])),
  ...Object.fromEntries([..."еєε3ҽ"].map((letter) => [letter, "e"])),
  ...Object.fromEntries([..."хχ×"].map((letter) => [letter, "x"])),
};

/** B3. */
function disarmed(text: string): string {
  const kept: string[] = [];
  let copied = 0;
  for (let at = nextBracket(text, 0); at !== -1; at = nextBracket(text, at + 1)) {
    if (!isLookAlike(text, at + widthAt(text, at))) continue;
    kept.push(text.slice(copied, at), "&lt;");
    copied = at + widthAt(text, at);
  }
  return [...kept, text.slice(copied)].join("");
}

const BRACKET = new RegExp(`[${BRACKETS}＜﹤]`, "gu");

function nextBracket(text: string, from: number): number {
  BRACKET.lastIndex = from;
  return BRACKET.exec(text)?.index ?? -1;
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/** Characters that may stand between the letters of a look-alike; operators of code are none of them. */
const FILLING = /^[\s\p{Pd}_./\\*'"~^:·•⁄∕⧸]$/u;
/** So many of them in a row: more is no word that anybody reads as one. */
const FILLING_MAX = 8;

/** Whether what follows a bracket is read as the delimiter's word. */
function isLookAlike(text: string, from: number): boolean {
  let [matched, filled] = [0, 0];
  for (let at = from; at < text.length && filled <= FILLING_MAX; at += widthAt(text, at)) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const folded = character
      .normalize("NFKD")
      .replace(/\p{M}+/gu, "")
      .toLowerCase();
    for (const letter of folded) {
      if ((READ_AS[letter] ?? letter) === LETTERS[matched]) [matched, filled] = [matched + 1, 0];
      else if (FILLING.test(letter)) filled += 1;
      else return false;
      if (matched === LETTERS.length) return true;
    }
  }
  return false;
}
