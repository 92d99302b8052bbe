/**
 * Text from outside on its way in (I13): cut at a limit and said so, without NUL (PostgreSQL refuses it) and without
 * half characters. What stands on one line (a title, a name) holds nothing that people do not see; a body is kept as it
 * was written, and loses that on its way into a prompt (`workflow/text/block.ts`).
 */

import { BODY_CHARS_MAX, TITLE_CHARS_MAX } from "../workflow/limits.ts";
import { visibleLine, visibleText } from "../workflow/text/visible.ts";

const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;
const NAME_CHARS_MAX = 80;

/** One line, at most {@link TITLE_CHARS_MAX} characters. */
export function titleText(text: string): string {
  return lineText(text) || "(no title)";
}

/** One line that may be empty, at most {@link TITLE_CHARS_MAX} characters. */
export function lineText(text: string): string {
  return cut(visibleLine(text.slice(0, TITLE_CHARS_MAX * 4).replace(CONTROL, " ")), TITLE_CHARS_MAX, "…");
}

/** At most {@link BODY_CHARS_MAX} characters. */
export function bodyText(text: string): string {
  return cut(text.replaceAll("\u0000", ""), BODY_CHARS_MAX, "\n\n[cut here: the text is longer]");
}

/** A name from outside (label, state, login) inside a sentence or a key of ours. */
export function nameText(text: string): string {
  const name = visibleText(text.slice(0, NAME_CHARS_MAX * 4).replace(CONTROL, " "));
  return cut(name.replaceAll("\n", " "), NAME_CHARS_MAX, "…");
}

/** An address to show; anything that is no web address is none. */
export function webAddress(text: string): string | null {
  return /^https?:\/\/[^\s\p{Cc}]{1,2000}$/iu.test(text) ? text : null;
}

function cut(text: string, limit: number, mark: string): string {
  const whole = text.length <= limit ? text : text.slice(0, limit - mark.length) + mark;
  return whole.toWellFormed();
}
