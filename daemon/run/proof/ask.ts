/**
 * Takes in what an agent asks a person: the form that it has left at `$CHARGEHAND_ASK`, read through the door, without
 * secrets that are known. What a form is stands in `agents/asking/form.ts`.
 */

import { ASK_BYTES_MAX, malformed, type ReadForm, readForm } from "../../../agents/asking/form.ts";
import { ASK_FILE, outPlace } from "../../../agents/supervision/run-folder.ts";
import type { Door } from "../../../system/files/door.ts";

export type CollectedAsk = { readonly kind: "none" } | ReadForm;

/**
 * @param directory the run's
 * @param redact takes secrets out that are known
 * @throws what is the machine's own trouble
 */
export async function collectAsk(
  { door }: { readonly door: Door },
  directory: string,
  redact: (text: string) => string,
): Promise<CollectedAsk> {
  const received = await door.read("ask", outPlace(directory, ASK_FILE), 0, ASK_BYTES_MAX + 1);
  if (received.kind === "missing") return { kind: "none" };
  if (received.kind === "refused") return malformed([`it is no plain file: ${received.reason}`]);
  if (received.size > ASK_BYTES_MAX) return malformed(["it is longer than 64 KiB"]);
  return readForm(redact(new TextDecoder().decode(received.bytes)));
}
