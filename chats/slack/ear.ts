/** How an app of Slack is heard, and how it says that it has heard. */

import type { Ear, Update } from "../chat.ts";
import type { Net } from "../kind.ts";
import { decode } from "./decode.ts";
import { listen } from "./listen.ts";
import { open } from "./open.ts";
import type { Slack } from "./settings.ts";
import { storedOf } from "./update.ts";
import { clean, cut, escaped } from "./words.ts";

const WORDS_MAX = 200;
/** Within the three seconds in which a person still looks there. */
const TIMEOUT_MS = 3_000;

/** @param all of the channels that share the account; `null` where none of them says how it is heard */
export function slackEar(all: readonly Slack[], net: Net): Ear | null {
  const [first] = all;
  const appToken = all.find((own) => own.appToken !== null)?.appToken ?? null;
  const secrets = [...new Set(all.flatMap(({ signingSecret }) => signingSecret ?? []))];
  if (first === undefined || (appToken === null && secrets.length === 0)) return null;
  return {
    account: first.account,
    open: secrets.length === 0 ? null : (raw, header, now) => open(secrets, raw, header, now),
    listen: appToken === null ? null : listen(net, first.api, appToken),
    decode,
    acknowledge: (update, text) => acknowledge(net, first.api, update, text),
  };
}

/** Nobody waits for a word from us; where there is one, only who pressed sees it. What becomes of it is not known. */
async function acknowledge({ http }: Net, api: string, update: Update, text: string | null): Promise<void> {
  const url = storedOf(update)?.payload["response_url"];
  if (text === null || typeof url !== "string" || !isSlacks(url, api)) return;
  const words = cut(clean(text), WORDS_MAX) || "…";
  await http.request("slack.response", {
    method: "POST",
    url,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({
      response_type: "ephemeral",
      replace_original: false,
      text: escaped(words),
      blocks: [{ type: "section", text: { type: "plain_text", text: words, emoji: false } }],
    }),
    timeoutMs: TIMEOUT_MS,
  });
}

/** An address in a stored update is believed only where it is Slack's, or of whoever stands in for Slack. */
function isSlacks(url: string, api: string): boolean {
  const target = URL.parse(url);
  if (target === null) return false;
  const isOurs = target.origin === URL.parse(api)?.origin;
  return isOurs || (target.protocol === "https:" && /(^|\.)slack\.com$/.test(target.hostname));
}
