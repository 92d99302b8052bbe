/** What there is in the workspace: channels, what was said in them, and what was seen of the app that is tested. */

import { lookAt, lookAtText, type Seen } from "./blocks.ts";
import type { Json } from "./json.ts";
import { Limits } from "./limits.ts";

export const BOT = {
  user_id: "U0CHARGEBOT",
  bot_id: "B0CHARGEBOT",
  app_id: "A0CHARGEBOT",
  team_id: "T0PROOF",
} as const;

export interface Message {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly isOurs: boolean;
  readonly threadTs: string | null;
  readonly clientMsgId: string | null;
  readonly at: number;
  text: string;
  blocks: readonly unknown[];
  metadata: unknown;
  edits: number;
}

export interface Channel {
  readonly id: string;
  isArchived: boolean;
  isMember: boolean;
  isReadOnly: boolean;
}

/** What happens to a call, besides what it asks for. */
export type Fault =
  /** It is done or not, and nobody hears of it. */
  | { readonly kind: "reset"; readonly isStored: boolean }
  | { readonly kind: "hang"; readonly isStored: boolean; readonly ms: number }
  | { readonly kind: "status"; readonly status: number; readonly isStored: boolean; readonly body?: string }
  | { readonly kind: "error"; readonly error: string; readonly needed?: string }
  | { readonly kind: "limited"; readonly seconds: number | null; readonly isHttp?: boolean };

export interface Call {
  /** From 1. */
  readonly number: number;
  readonly method: string;
  readonly args: Json;
}

export interface Options {
  readonly token?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  readonly channels?: readonly string[];
  /** Where requests go when no socket is there: its whole URL. */
  requestUrl?: string | null;
  /** By how much Slack's times are divided. */
  readonly hurry?: number;
  /** May be set anew at any time. */
  faultOf?: (call: Call) => Fault | null;
  /** What becomes of a second message with the same `client_msg_id`; by default it is one more message. */
  readonly doubles?: "are more messages" | "are the first message";
  /** How long (ms) a message can be edited. */
  editWindowMs?: number;
  readonly hasHistory?: boolean;
  /** People of the workspace who are not in the channel. */
  readonly strangers?: readonly string[];
  /** With what addresses for answers are answered, instead of being heard. */
  busyAnswers?: 429 | 503 | null;
}

export interface Whisper {
  readonly user: string;
  readonly text: string;
}

export class World {
  readonly options: Options;
  readonly token: string;
  readonly appToken: string;
  readonly channels = new Map<string, Channel>();
  readonly messages: Message[] = [];
  /** What no app does that follows the documentation. */
  readonly violations: string[] = [];
  readonly calls: Call[] = [];
  readonly seen: Seen = { pings: [], markup: [], unescaped: [] };
  readonly whispers: Whisper[] = [];
  /** Of connections that were asked for; each is good for one. */
  readonly tickets = new Set<string>();
  readonly limits: Limits;
  /** How often a call was told to wait. */
  limited = 0;
  #last = 0;
  #drawn = 0;

  constructor(options: Options) {
    this.options = options;
    this.token = options.token ?? "xoxb-1111111111-proof-token";
    this.appToken = options.appToken ?? "xapp-1-A0CHARGEBOT-proof-token";
    this.limits = new Limits(options.hurry ?? 1);
    for (const id of options.channels ?? ["C0PROOF01"])
      this.channels.set(id, { id, isArchived: false, isMember: true, isReadOnly: false });
  }

  /** No two are the same in a channel, and the later one is greater. */
  nextTs(): string {
    this.#last = Math.max(this.#last + 1, Date.now() * 1_000);
    return `${Math.floor(this.#last / 1e6)}.${String(this.#last % 1e6).padStart(6, "0")}`;
  }

  draw(kind: string): string {
    this.#drawn += 1;
    return `${kind}${String(this.#drawn).padStart(8, "0")}`;
  }

  find(channel: unknown, ts: unknown): Message | undefined {
    return this.messages.find((message) => message.channel === channel && message.ts === ts);
  }

  look(text: string, blocks: readonly unknown[]): void {
    lookAtText(text, this.seen);
    lookAt(blocks, this.seen);
  }

  /** Messages of the app that are there, oldest first. */
  ours(channel?: string): readonly Message[] {
    return this.messages.filter(
      (message) => message.isOurs && (channel === undefined || message.channel === channel),
    );
  }
}
