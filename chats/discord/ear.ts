/**
 * How an account is heard: interactions, which Discord posts to `/chat/discord/NAME`, signed.
 *
 * E1. Nothing is looked at before the signature is proven over the raw bytes. What is not is answered 401: Discord
 *     sends some such requests on purpose, and takes the address away where they are not turned down.
 * E2. The answer to the request itself is the acknowledgement, since Discord waits three seconds for it: a press
 *     changes nothing that is shown, a command is answered later, for its person's eyes only.
 * E3. A press that needs words gets a form, which can only be the first answer. The form brings back the same button.
 * E4. What is said afterwards goes by the interaction's own token, for 15 minutes, and only to whoever asked.
 */

import type { APIInteractionResponse, APIModalInteractionResponseCallbackData } from "discord-api-types/v10";
import type { Clock } from "../../system/clock.ts";
import type { Http, HttpResult } from "../../system/http.ts";
import type { Answer, Answered, Ear, Header, Incoming, Message, Opened, Update } from "../chat.ts";
import { type Access, callDiscord } from "./call.ts";
import {
  EVENTS,
  type Interaction,
  isPing,
  meaningOf,
  type Pressed,
  pressedOf,
  readInteraction,
  WORDS,
} from "./interaction.ts";
import { render } from "./render.ts";
import { isSigned, publicKeyOf } from "./signature.ts";
import { timeOf } from "./snowflake.ts";
import { cut, escaped, lineOf } from "./text.ts";
import { troubleOf } from "./trouble.ts";

const MINUTE = 60_000;
/** Older requests, and those from the future, are repetitions of somebody else's. */
const SKEW_MS = 5 * MINUTE;
/** The token of an interaction is good for this long. */
const TOKEN_MS = 15 * MINUTE;
const EPHEMERAL = 64;
/** Of a form (code points); a name of a field is no longer. */
const TITLE_MAX = 45;
const WORDS_MAX = 4_000;
/** Of what is said to a press. */
const SAID_MAX = 200;

export function createEar(
  account: string,
  publicKey: string,
  access: Access,
  { http, clock }: { readonly http: Http; readonly clock: Pick<Clock, "now"> },
): Ear {
  const key = publicKeyOf(publicKey);
  if (key === null) throw new Error("public_key is checked when the configuration is read");
  const open = ({ body }: Update): Interaction | null => {
    const interaction = readInteraction(body);
    return interaction === null || clock.now() - timeOf(interaction.id) > TOKEN_MS ? null : interaction;
  };
  const call: Call = (method, path, body) => callDiscord(http, access, method, path, body, false);
  return {
    account,
    open(raw, header, now): Opened {
      const fault = faultOf(header, now);
      if (fault !== null) return { kind: "refused", status: 401, reason: fault };
      const timestamp = header("x-signature-timestamp") ?? "";
      if (!isSigned(key, timestamp, raw, header("x-signature-ed25519") ?? ""))
        return { kind: "refused", status: 401, reason: "the signature is not the application's" };
      return openedOf(raw.toString("utf8"));
    },
    listen: null,
    decode: ({ body }): Incoming => {
      const interaction = readInteraction(body);
      return interaction === null
        ? { kind: "nothing", reason: "it is in an unknown shape" }
        : meaningOf(interaction);
    },
    async acknowledge(update, text): Promise<void> {
      const interaction = open(update);
      const content = escaped(cut(lineOf(text ?? "").trim(), SAID_MAX));
      if (interaction === null || interaction.type === 2 || content === "") return;
      const said = { content, allowed_mentions: { parse: [] }, flags: EPHEMERAL };
      await call("POST", pathOf(interaction), JSON.stringify(said));
    },
    async answer(update, message): Promise<Answered> {
      const interaction = open(update);
      return interaction === null ? "never" : endOf(await answerLater(interaction, message, call));
    },
  };
}

/** Of the headers alone. */
function faultOf(header: Header, now: number): string | null {
  const timestamp = header("x-signature-timestamp") ?? "";
  if (!/^\d{1,12}$/.test(timestamp)) return "it has no timestamp";
  const off = Math.round((now - Number(timestamp) * 1_000) / 1_000);
  return Math.abs(off) * 1_000 > SKEW_MS ? `it is ${off} s old, or one of the clocks is wrong` : null;
}

function openedOf(body: string): Opened {
  if (isPing(body)) return { kind: "answer", answer: answer({ type: 1 }) };
  const interaction = readInteraction(body);
  if (interaction === null)
    return { kind: "refused", status: 400, reason: "it is no interaction of a kind that is known" };
  const { id, type } = interaction;
  const pressed = type === 3 ? pressedOf(interaction.data.custom_id) : null;
  // Nothing has been asked for yet: that comes with the form.
  if (pressed !== null && pressed.asks !== null)
    return { kind: "answer", answer: answer({ type: 9, data: formOf(pressed, pressed.asks) }) };
  const update = { id, event: EVENTS[type], body };
  return {
    kind: "update",
    update,
    answer: answer(type === 2 ? { type: 5, data: { flags: EPHEMERAL } } : { type: 6 }),
  };
}

function answer(first: APIInteractionResponse): Answer {
  return { status: 200, body: JSON.stringify(first) };
}

/** E3. */
function formOf({ token, action }: Pressed, asks: string): APIModalInteractionResponseCallbackData {
  const question = cut(lineOf(asks).trim(), TITLE_MAX) || "Your words";
  return {
    custom_id: `${token}.${action}`,
    title: question,
    components: [
      {
        type: 18,
        label: question,
        component: {
          type: 4,
          custom_id: WORDS,
          style: 2,
          min_length: 1,
          max_length: WORDS_MAX,
          required: true,
        },
      },
    ],
  };
}

type Call = (method: "POST" | "PATCH" | "DELETE", path: string, body: string | null) => Promise<HttpResult>;

function pathOf({ application_id: application, token }: Interaction): string {
  return `/webhooks/${application}/${encodeURIComponent(token)}`;
}

/** E4. A command waits for its answer: without one that waiting is taken away. `null` where nothing is to be done. */
async function answerLater(
  interaction: Interaction,
  message: Message | null,
  call: Call,
): Promise<HttpResult | null> {
  const isCommand = interaction.type === 2;
  const original = `${pathOf(interaction)}/messages/@original`;
  if (message === null) return isCommand ? await call("DELETE", original, null) : null;
  // It stands in no ledger, so it is found by no token, and nothing in it could be pressed.
  const { body } = render({ ...message, buttons: [] }, "", false);
  if (isCommand) return await call("PATCH", original, body);
  return await call("POST", pathOf(interaction), JSON.stringify({ ...JSON.parse(body), flags: EPHEMERAL }));
}

function endOf(result: HttpResult | null): Answered {
  if (result === null) return "given";
  if (result.kind === "unreachable") return "later";
  const { response } = result;
  if (response.status >= 200 && response.status < 300) return "given";
  const { kind } = troubleOf(response, true);
  return kind === "limited" || kind === "unreachable" ? "later" : "never";
}
