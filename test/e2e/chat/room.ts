/** A chat as people sit in it, whatever its kind: what they see there, and what they do. Each has its proof server. */

import type { DaemonProcess } from "../daemon-process.ts";

/** Ada is among the people of the chat, Mallory is not. */
export type Who = "ada" | "mallory";

export interface Seen {
  readonly id: string;
  /** Every word of it. */
  readonly text: string;
  /** Labels. */
  readonly buttons: readonly string[];
}

export interface Room {
  /** Of its channel in the ledger. */
  readonly key: string;
  /** Its entry under `notify:`, as a flow mapping in YAML. */
  readonly entry: string;
  /** Whether what is said below a message is heard. */
  readonly hearsReplies: boolean;
  /** After each start of the daemon: where requests go. */
  hearAt(webhooks: string): void;
  /** What the bot has said and is still there, oldest first. */
  seen(): readonly Seen[];
  /** What was shown to one person alone, or as a toast. */
  whispers(): readonly string[];
  /** Whether somebody who gives a command can be answered alone. */
  readonly isDiscreet: boolean;
  /** How many see that an answer to their command is still awaited. */
  waiting(): number;
  press(message: Seen, button: string, who: Who): Promise<void>;
  /** Presses a button that asks for words, and says them. */
  pressAndSay(message: Seen, button: string, words: string, who: Who): Promise<void>;
  /** `/approve SHOP-1` */
  command(line: string, who: Who): Promise<void>;
  /** Says something below a message. */
  reply(message: Seen, text: string, who: Who): Promise<void>;
  /** What a careful client never does. */
  violations(): readonly string[];
  /** From now on answers are lost, late or refused by chance; `null` for none any more. */
  storm(seed: number | null): void;
  /** Calls that it has had. */
  calls(): number;
  close(): Promise<void>;
}

/** Times of limits are divided by this, and so is the pace of the daemon. */
export const HURRY = 60;
/** Rounded up: who is told to wait a second waits one. */
export const PACE = 0.0167;
/** Until a message asks for words. */
const ASKED_MS = 20_000;

/** The message that a button with words has brought: it asks for them. */
export async function untilAsked(seen: () => readonly Seen[], known: ReadonlySet<string>): Promise<Seen> {
  const began = performance.now();
  for (;;) {
    const found = seen().find(({ id, text }) => !known.has(id) && text.includes("Answer this message with"));
    if (found !== undefined) return found;
    if (performance.now() - began > ASKED_MS) throw new Error("nobody asks for words");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until a message looks so. */
export async function seenWhen(
  stage: DaemonProcess,
  room: Room,
  what: string,
  looks: (message: Seen) => boolean,
): Promise<Seen> {
  let found: Seen | undefined;
  await stage.until(what, () => {
    found = room.seen().findLast(looks);
    return found !== undefined;
  });
  if (found === undefined) throw new Error("unreachable");
  return found;
}
