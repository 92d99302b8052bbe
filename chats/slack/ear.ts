/** How an app of Slack is heard, and how it says that it has heard. */

import type { HttpResult } from "../../system/http.ts";
import type { Answered, Ear, Message, Update } from "../chat.ts";
import type { Net } from "../kind.ts";
import { type Api, asFields, type Fields, fieldsOf, slackApi } from "./api.ts";
import { decode } from "./decode.ts";
import { troubleOf } from "./errors.ts";
import { listen } from "./listen.ts";
import { open } from "./open.ts";
import { render } from "./render.ts";
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
    answer: (update, message) => answer(net, first, update, message),
  };
}

/** A press and a command bring an address for answers, for half an hour; in what is said, its person is named. */
async function answer(
  net: Net,
  { api, token }: Slack,
  update: Update,
  message: Message | null,
): Promise<Answered> {
  // Nobody waits here.
  if (message === null) return "given";
  const payload = storedOf(update)?.payload;
  const { body } = render(message, { token: "", isPlain: false, hasButtons: false });
  const { text, blocks } = fieldsOf(body) ?? {};
  const event = asFields(payload?.["event"]);
  if (event !== null) return await whisper(slackApi(net.http, api, token), event, { text, blocks });
  const url = payload?.["response_url"];
  if (typeof url !== "string" || !isSlacks(url, api)) return "never";
  const result = await respond(net, url, { text, blocks });
  if (result.kind === "unreachable" || result.response.status >= 500 || result.response.status === 429)
    return "later";
  return result.response.status < 300 ? "given" : "never";
}

/** Within the thread in which it was said. Between two alone what is posted is as good. */
async function whisper(api: Api, event: Fields, said: Fields): Promise<Answered> {
  const { channel, user, thread_ts: thread } = event;
  if (typeof channel !== "string" || typeof user !== "string" || channel.startsWith("D")) return "never";
  const place = { channel, user, ...(typeof thread === "string" && { thread_ts: thread }) };
  const reply = await api.write("chat.postEphemeral", {
    ...{ ...place, ...said },
    ...{ parse: "none", link_names: false },
  });
  if (reply.kind === "ok") return "given";
  const { kind } = troubleOf(reply, true);
  return kind === "limited" || kind === "unreachable" ? "later" : "never";
}

/** Nobody waits for a word from us; where there is one, only who pressed sees it. What becomes of it is not known. */
async function acknowledge(net: Net, api: string, update: Update, text: string | null): Promise<void> {
  const url = storedOf(update)?.payload["response_url"];
  if (text === null || typeof url !== "string" || !isSlacks(url, api)) return;
  const words = cut(clean(text), WORDS_MAX) || "…";
  const block = { type: "section", text: { type: "plain_text", text: words, emoji: false } };
  await respond(net, url, { text: escaped(words), blocks: [block] });
}

function respond({ http }: Net, url: string, said: Fields): Promise<HttpResult> {
  return http.request("slack.response", {
    method: "POST",
    url,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ response_type: "ephemeral", replace_original: false, ...said }),
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
