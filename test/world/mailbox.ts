/**
 * Who is told in the simulated world: receivers that outlive every daemon, and keep what has arrived. What is on its
 * way may be lost, arrive without an answer, be refused, or meet a receiver that is away; and the daemon may be gone
 * before it hears.
 */

import { FAILURES_TO_REST, REST_BASE_MS } from "../../notifier/judge.ts";
import type { Channel, Sender, Sent } from "../../notifier/ports.ts";
import { EPOCH, type World } from "./world.ts";

const MINUTE = 60_000;
/** How long a daemon waits for an answer. */
const PATIENCE_MS = 10_000;
/** The second receiver is away at first. */
const AWAY_MS = 12 * MINUTE;
const AWAY = "webhook:two";

export const CHANNELS: readonly Channel[] = ["webhook:one", AWAY].map((target) => {
  return { target, projects: null };
});

export class SimMailbox {
  /** By target, the ids of what has arrived; a repetition is known by its id. */
  readonly arrived: Map<string, Set<string>> = new Map(CHANNELS.map(({ target }) => [target, new Set()]));
  /** Ids of what a receiver will never take. */
  readonly refused: Set<string> = new Set();
  /** By id, when it was first seen in a row that its receiver has it. */
  readonly recorded: Map<string, number> = new Map();
  /** What a sender has done that it must not. */
  wrong: string | null = null;
  /** Whether anything is lost on its way. */
  isUnlucky: () => boolean = () => false;
}

/** What one daemon knows of one receiver. */
interface Line {
  readonly world: World;
  readonly owner: number;
  readonly mailbox: SimMailbox;
  readonly target: string;
  /** When the daemon was born. */
  readonly bornAt: number;
  readonly acknowledged: Set<string>;
  failures: number;
  failedAt: number;
}

/** By target, those who send for one daemon. */
export function simSenders(world: World, owner: number, mailbox: SimMailbox): ReadonlyMap<string, Sender> {
  const log: Sender = { host: "log", send: async () => ({ kind: "sent" }) };
  const senders = CHANNELS.map(({ target }): [string, Sender] => {
    const mine = { bornAt: world.now, acknowledged: new Set<string>(), failures: 0, failedAt: 0 };
    const line: Line = { world, owner, mailbox, target, ...mine };
    const send: Sender["send"] = ({ payload }) => sendOn(line, String(payload["message_id"]));
    return [target, { host: target, send }];
  });
  return new Map([["log", log], ...senders]);
}

async function sendOn(line: Line, id: string): Promise<Sent> {
  const { world, owner, mailbox, target } = line;
  watch(line, id);
  await world.delay(world.prng.below(300), owner);
  const sent = await carry(line, id);
  if (sent.kind === "failed") {
    line.failures += 1;
    line.failedAt = world.now;
    return sent;
  }
  line.failures = 0;
  if (sent.kind === "refused") mailbox.refused.add(id);
  else {
    mailbox.arrived.get(target)?.add(id);
    line.acknowledged.add(id);
  }
  await world.delay(world.prng.below(300), owner);
  return sent;
}

async function carry({ world, owner, mailbox, target }: Line, id: string): Promise<Sent> {
  const { prng } = world;
  const failed = { kind: "failed", fault: "host" } as const;
  if (target === AWAY && world.now - EPOCH < AWAY_MS)
    return { ...failed, reason: "nobody is there", neverSent: true };
  if (mailbox.isUnlucky() && prng.chance(1, 8)) {
    if (prng.chance(1, 2)) mailbox.arrived.get(target)?.add(id);
    await world.delay(PATIENCE_MS, owner);
    return { ...failed, reason: "it took too long" };
  }
  if (mailbox.isUnlucky() && prng.chance(1, 15)) return { kind: "refused", reason: "it wants none of it" };
  return { kind: "sent" };
}

/**
 * A daemon that slept over a try may repeat what another has sent meanwhile. Whoever has written the acknowledgement
 * down itself, or was born after it was, may not; and whoever has seen a host fail leaves it alone for a while.
 */
function watch({ world, mailbox, target, bornAt, acknowledged, failures, failedAt }: Line, id: string): void {
  const recorded = mailbox.recorded.get(id);
  if (recorded !== undefined && (acknowledged.has(id) || recorded < bornAt))
    mailbox.wrong = `X1: ${id} is sent to ${target} again, although its acknowledgement is written down`;
  if (failures >= FAILURES_TO_REST && world.now - failedAt < REST_BASE_MS / 2)
    mailbox.wrong = `J2: ${target} failed ${failures} times in a row, and is called again at once`;
}
