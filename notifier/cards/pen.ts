/** Text from outside as a card may show it: visible, without secrets, and no longer than a person reads. Pure. */

import { visibleLine, visibleText } from "../../workflow/text/visible.ts";

const SENTENCE_CHARS_MAX = 700;
const QUOTE_CHARS_MAX = 900;
/** Of names: of a phase, a model, a tool. */
export const NAME_CHARS_MAX = 60;

export interface Pen {
  line(text: string, most?: number): string;
  text(text: string): string;
}

export function penOf(redact: (text: string) => string): Pen {
  const cut = (text: string, most: number): string =>
    text.length <= most
      ? text
      : `${text
          .slice(0, most - 1)
          .toWellFormed()
          .trimEnd()}…`;
  return {
    line: (text, most = SENTENCE_CHARS_MAX) => cut(redact(visibleLine(text.slice(0, 4 * most))), most),
    text: (text) => cut(redact(visibleText(text.slice(0, 4 * QUOTE_CHARS_MAX))).trim(), QUOTE_CHARS_MAX),
  };
}
