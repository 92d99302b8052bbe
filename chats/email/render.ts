/** A message as an e-mail: the first line is the subject, all of it is plain text. Pure. */

import type { Message, Rendered } from "../chat.ts";
import { cutBytes, plainFit, plainLine } from "../plain.ts";

const SUBJECT_BYTES_MAX = 250;
/** More than anybody reads in a notice. */
const TEXT_BYTES_MAX = 32_768;

/** Whatever is said, the subject is one line. */
export function render({ lines }: Message): Rendered {
  const [first] = lines;
  const subject = first === undefined ? "" : plainLine({ ...first, weight: 0 }, false);
  return {
    body: JSON.stringify({
      subject: cutBytes(subject, SUBJECT_BYTES_MAX) || "…",
      text: `${plainFit(lines, TEXT_BYTES_MAX, true) || "…"}\n`,
    }),
  };
}
