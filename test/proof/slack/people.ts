/** People in the workspace: what they press and say comes by a socket where there is one, else by requests. */

import { createHmac } from "node:crypto";
import { asObject, type Json } from "./json.ts";
import type { Links } from "./links.ts";
import { BOT, type Message, type World } from "./world.ts";

/** Retries of an event: at once, after a minute, after five. An interaction is never repeated. */
const RETRY_MS = [0, 60_000, 300_000];
const ANSWER_WITHIN_MS = 3_000;

export interface Heard {
  /** Of the last request, or 0 where none was answered; 200 of what was acknowledged on a socket. */
  readonly status: number;
  readonly body: string;
  /** How often it was told. */
  readonly tries: number;
}

export interface Press {
  /** `<channel>:<ts>`. */
  readonly message: string;
  /** Its label, or what its value ends with. */
  readonly button: string;
  readonly user: string;
}

export class People {
  readonly #world: World;
  readonly #links: Links;
  readonly #origin: () => string;
  readonly secret: string;

  constructor(world: World, links: Links, origin: () => string) {
    this.#world = world;
    this.#links = links;
    this.#origin = origin;
    this.secret = world.options.signingSecret ?? "proof-signing-secret-0123456789";
  }

  /** @throws where no such button is there to be pressed: people press what they see */
  async press({ message: id, button, user }: Press): Promise<Heard> {
    const message = this.#message(id);
    const action = buttonsOf(message).find(
      ({ label, value }) => label === button || value.endsWith(`.${button}`),
    );
    if (action === undefined) throw new Error(`there is no button ${button} in ${id}`);
    const { channel, ts } = message;
    const payload = {
      type: "block_actions",
      team: { id: BOT.team_id, domain: "proof" },
      user: {
        id: user,
        username: `${user.toLowerCase()}.name`,
        name: user.toLowerCase(),
        team_id: BOT.team_id,
      },
      api_app_id: BOT.app_id,
      token: "an-old-verification-token",
      container: { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: false },
      trigger_id: this.#world.draw("trigger."),
      channel: { id: channel, name: "proof" },
      message: { type: "message", ts, text: message.text, blocks: message.blocks },
      response_url: this.#responseUrl(user),
      actions: [
        { type: "button", action_id: action.id, value: action.value, action_ts: this.#world.nextTs() },
      ],
    };
    return await this.#tell("interactive", payload);
  }

  /**
   * Says something in a channel, or below a message.
   *
   * @param text as it is typed; `@chargehand` is a mention
   */
  async say(
    where: { readonly channel: string; readonly thread?: string },
    text: string,
    user: string,
  ): Promise<Heard> {
    const { channel, thread } = where;
    const typed = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    const written = typed.replaceAll("@chargehand", `<@${BOT.user_id}>`);
    const ts = this.#world.nextTs();
    const threadTs = thread === undefined ? null : (thread.split(":")[1] ?? null);
    this.#world.messages.push({
      channel,
      ts,
      user,
      isOurs: false,
      threadTs,
      clientMsgId: null,
      at: Date.now(),
      text: written,
      blocks: [],
      metadata: undefined,
      edits: 0,
    });
    const said = { user, text: written, ts, channel, ...(threadTs !== null && { thread_ts: threadTs }) };
    if (written !== typed) await this.event({ ...said, type: "app_mention" });
    const type = channel.startsWith("D") ? "im" : "channel";
    return await this.event({ ...said, type: "message", channel_type: type, event_ts: ts, blocks: [] });
  }

  /** @param line such as `/chargehand status` */
  async command(channel: string, line: string, user: string): Promise<Heard> {
    const [command = "", ...words] = line.split(" ");
    return await this.#tell("slash_commands", {
      token: "an-old-verification-token",
      team_id: BOT.team_id,
      channel_id: channel,
      channel_name: "proof",
      user_id: user,
      user_name: `${user.toLowerCase()}.name`,
      command,
      text: words.join(" "),
      api_app_id: BOT.app_id,
      trigger_id: this.#world.draw("trigger."),
      response_url: this.#responseUrl(user),
    });
  }

  /** Any event; told again as Slack does it, as long as nobody takes it. */
  async event(event: Json): Promise<Heard> {
    const payload = {
      type: "event_callback",
      token: "an-old-verification-token",
      team_id: BOT.team_id,
      api_app_id: BOT.app_id,
      event_id: this.#world.draw("Ev"),
      event_time: Math.floor(Date.now() / 1_000),
      authorizations: [{ team_id: BOT.team_id, user_id: BOT.user_id, is_bot: true }],
      event,
    };
    if (this.#links.count === 0 && typeof this.#world.options.requestUrl !== "string")
      return { status: 0, body: "", tries: 0 };
    let heard = await this.#tell("events_api", payload);
    for (const [index, after] of RETRY_MS.entries()) {
      if (heard.status >= 200 && heard.status < 300) break;
      await new Promise((resolve) => setTimeout(resolve, after / (this.#world.options.hurry ?? 1)));
      heard = { ...(await this.#tell("events_api", payload, index + 1)), tries: index + 2 };
    }
    return heard;
  }

  async #tell(
    way: "interactive" | "events_api" | "slash_commands",
    payload: Json,
    retry = 0,
  ): Promise<Heard> {
    if (this.#links.count > 0) {
      const isHeard = await this.#links.send(way, payload, retry);
      return { status: isHeard ? 200 : 0, body: "", tries: 1 };
    }
    if (way === "events_api") return await this.post(JSON.stringify(payload), "application/json", { retry });
    const form = way === "interactive" ? { payload: JSON.stringify(payload) } : payload;
    const fields = Object.entries(form).map(([key, value]): [string, string] => [key, String(value)]);
    return await this.post(new URLSearchParams(fields).toString(), "application/x-www-form-urlencoded");
  }

  /** A request, signed; a test may sign it wrong, or long ago. */
  async post(
    body: string,
    type: string,
    {
      retry = 0,
      secret = this.secret,
      ageS = 0,
    }: { readonly retry?: number; readonly secret?: string; readonly ageS?: number } = {},
  ): Promise<Heard> {
    const url = this.#world.options.requestUrl;
    if (typeof url !== "string") return { status: 0, body: "", tries: 1 };
    const timestamp = String(Math.floor(Date.now() / 1_000) - ageS);
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": type,
          "x-slack-request-timestamp": timestamp,
          "x-slack-signature": signatureOf(secret, timestamp, body),
          ...(retry > 0 && { "x-slack-retry-num": String(retry), "x-slack-retry-reason": "http_error" }),
        },
        body,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      return { status: answer.status, body: await answer.text(), tries: 1 };
    } catch {
      return { status: 0, body: "", tries: 1 };
    }
  }

  #message(id: string): Message {
    const [channel, ts] = id.split(":");
    const message = this.#world.find(channel, ts);
    if (message === undefined) throw new Error(`there is no message ${id}`);
    return message;
  }

  #responseUrl(user: string): string {
    return `${this.#origin()}/actions/${this.#world.draw("R")}/${user}`;
  }
}

export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}

export interface ShownButton {
  readonly id: string;
  readonly label: string;
  readonly value: string;
}

/** The buttons of a message, as people see them. */
export function buttonsOf({ blocks }: Pick<Message, "blocks">): readonly ShownButton[] {
  return blocks.flatMap((block): readonly ShownButton[] => {
    const { type, elements } = asObject(block) ?? {};
    if (type !== "actions" || !Array.isArray(elements)) return [];
    return elements.map(asObject).map((element) => ({
      id: String(element?.["action_id"]),
      label: String(asObject(element?.["text"])?.["text"]),
      value: String(element?.["value"]),
    }));
  });
}
