/** What the proof server of Discord remembers: channels with their messages, and everything that went wrong. */

import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";

export interface Message {
  readonly id: string;
  readonly channel: string;
  /** Id of its author. */
  readonly author: string;
  content: string;
  embeds: readonly unknown[];
  components: readonly unknown[];
  readonly flags: number;
  readonly nonce: string | null;
  readonly replyTo: string | null;
  /** When it was sent (ms). */
  at: number;
  edits: number;
  isDeleted: boolean;
}

export interface Channel {
  readonly id: string;
  readonly messages: Message[];
  /** `gone`: 10003; `unseen`: 50001; `mute`: 50013; `archived`: 50083; `unread`: no history is shown. */
  trouble: "gone" | "unseen" | "mute" | "archived" | "unread" | null;
}

/** An interaction that was answered first, and may be answered further. */
export interface Open {
  readonly person: string;
  readonly until: number;
  readonly isCommand: boolean;
  /** Its answer is awaited. */
  isDeferred: boolean;
  /** What was awaited stands there, and can be edited. */
  isAnswered: boolean;
}

/** What only its person sees. */
export interface Whisper {
  readonly person: string;
  readonly content: string;
}

export interface Violations {
  /** Answers 429, which a client that heeds the headers never sees. */
  limited: number;
  /** Answers 401, 403 and 429, which count towards a ban. */
  invalid: number;
  /** Calls that could have called people. */
  mentions: number;
  /** Calls that were refused with 400, with the reason. */
  readonly refused: string[];
  /** Wrong or late answers to interactions. */
  readonly interactions: string[];
}

export interface State {
  readonly bot: { readonly id: string; readonly application: string };
  token: string;
  readonly key: { readonly privateKey: KeyObject; readonly publicHex: string };
  readonly channels: Map<string, Channel>;
  readonly whispers: Whisper[];
  /** By interaction token. */
  readonly open: Map<string, Open>;
  commands: readonly unknown[];
  readonly violations: Violations;
  /** Of calls of the API. */
  calls: number;
  now(): number;
  pass(ms: number): void;
  nextId(): string;
}

const EPOCH_MS = 1_420_070_400_000n;
export const BOT = "200000000000000001";
export const APPLICATION = "200000000000000002";

export function createState(token: string, channels: readonly string[]): State {
  let offset = 0;
  let drawn = 0n;
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const der = publicKey.export({ format: "der", type: "spki" });
  const now = (): number => Date.now() + offset;
  return {
    bot: { id: BOT, application: APPLICATION },
    token,
    key: {
      privateKey: createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" })),
      publicHex: der.subarray(-32).toString("hex"),
    },
    channels: new Map(channels.map((id) => [id, { id, messages: [], trouble: null }])),
    whispers: [],
    open: new Map(),
    commands: [],
    violations: { limited: 0, invalid: 0, mentions: 0, refused: [], interactions: [] },
    calls: 0,
    now,
    pass: (ms) => {
      offset += ms;
    },
    nextId: () => {
      drawn += 1n;
      return String(((BigInt(now()) - EPOCH_MS) << 22n) + (drawn & 0x3fffffn));
    },
  };
}
