/** Whether a token that somebody has typed is one, asked of whom it is for. */

import { clientsOf, forgeOf, type SourcePorts } from "../doctor/clients.ts";
import { plain } from "../phrases.ts";

/** Why GitHub does not take it; `null` where it does, or cannot be asked now. */
export async function tokenTrouble(
  apiUrl: string,
  token: string,
  net: Pick<SourcePorts, "http" | "clock">,
): Promise<string | null> {
  const config = { sources: { github: { api_url: apiUrl, token } } };
  const ask = forgeOf(clientsOf({ config, ...net }))?.ask;
  const answer = await ask?.whoami();
  if (ask === undefined || answer?.kind !== "refused" || answer.because !== "auth") return null;
  return `${ask.host} does not take it: ${plain(answer.reason.replaceAll(token, "…"))}`;
}
