/** A message as ntfy shows it: a title, plain text, and where a click leads. Pure. */

import type { Message, Rendered } from "../chat.ts";
import { cutBytes, firstAddress, plainFit, plainLine } from "../plain.ts";

/** Beyond this many bytes a text becomes an attachment, which nobody reads. */
const MESSAGE_BYTES_MAX = 4_096;
const TITLE_BYTES_MAX = 250;

/** Within the limits of ntfy, whatever is said. An empty text would be shown as "triggered". */
export function render(message: Message): Rendered {
  const [first, ...rest] = message.lines;
  const title =
    first === undefined ? "" : cutBytes(plainLine({ ...first, weight: 0 }, false), TITLE_BYTES_MAX);
  const text = plainFit(rest, MESSAGE_BYTES_MAX, false);
  const click = firstAddress(message);
  return {
    body: JSON.stringify({
      ...(text !== "" && title !== "" && { title }),
      message: text || title || "…",
      ...(click !== null && { click }),
    }),
  };
}
