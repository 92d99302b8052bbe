/** An outbox loop on a store in memory, whose senders do as they are told; time passes when a test lets it. */

import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { createOutbox, type Outbox } from "../../notifier/loop.ts";
import type { Channel, Sender, Sent, Trouble } from "../../notifier/ports.ts";
import type { Store } from "../../store/store.ts";
import { systemChance } from "../../system/chance.ts";
import type { Clock } from "../../system/clock.ts";
import { createWake, type Wake } from "../../system/wake.ts";
import type { OutboxCall } from "../../workflow/outbox.ts";
import type { OutboxStatus } from "../../workflow/states.ts";
import { type HeardLog, heardLog, memoryStore } from "../handlers/hand-moved.ts";
import { manualTime } from "../system/manual-time.ts";
import { NOW } from "./calls.ts";

export interface Stage {
  readonly store: Store;
  readonly log: HeardLog;
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** `target kind` of whatever was sent, in order. */
  readonly made: readonly string[];
  readonly calls: readonly OutboxCall[];
  readonly senders: Map<string, Sender>;
  channels: readonly Channel[];
  troubles: readonly Trouble[];
  /** Adds a channel whose host does as `send` says. */
  add(target: string, host: string, send: (call: OutboxCall) => Promise<Sent>): void;
  /** Owes calls of these kinds to a target. */
  owe(target: string, ...kinds: readonly string[]): Promise<void>;
  /** Begins to go round. */
  start(): void;
  /** Lets the loop do whatever is to be done now. */
  settle(): Promise<void>;
  pass(ms: number): Promise<void>;
  /** Kinds of the calls in this status, oldest first. */
  kinds(status: OutboxStatus): Promise<readonly string[]>;
}

export const SENT: Sent = { kind: "sent" };
export const FAILED: Sent = { kind: "failed", fault: "host", reason: "h answered 503" };

/** Turns of the event loop in which a store in memory has answered whatever hangs on it. */
const TURNS = 200;

export async function stage(t: TestContext): Promise<Stage> {
  const time = manualTime();
  const clock: Clock = { ...time.clock, now: () => NOW + time.clock.now() };
  const log = heardLog();
  const wake: Wake = createWake(clock);
  const store = await memoryStore((work) => (work === "outbox" ? wake.ring() : undefined));
  const end = new AbortController();
  const made: string[] = [];
  const calls: OutboxCall[] = [];
  const senders = new Map<string, Sender>();
  let going: Promise<void> = Promise.resolve();
  const it: Omit<Stage, "outbox"> & { outbox: Outbox | null } = {
    ...{ store, log, clock, made, calls, senders },
    outbox: null,
    channels: [],
    troubles: [],
    add(target, host, send): void {
      senders.set(target, {
        host,
        async send(call) {
          made.push(`${target} ${call.kind}`);
          calls.push(call);
          return send(call);
        },
      });
    },
    async owe(target, ...kinds): Promise<void> {
      const owed = kinds.map((kind) => ({ target, kind, payload: { message: kind } }));
      const key = `${target} ${kinds.join()} ${clock.now()}`;
      const subject = { kind: "account", name: "team" } as const;
      assert.ok(await store.events.notice(subject, { kind: "test", key }, owed, clock.now()));
    },
    start(): void {
      going = outbox.run(wake, end.signal);
    },
    async settle(): Promise<void> {
      for (let turns = 0; turns < TURNS; turns++) await turn();
    },
    async pass(ms): Promise<void> {
      await it.settle();
      await time.pass(ms);
      await it.settle();
    },
    kinds: async (status) =>
      (await store.outbox.list({ limit: 100, before: null, status })).items
        .map(({ kind }) => kind)
        .toReversed(),
  };
  const outbox = createOutbox({
    ...{ store, clock, log, wake },
    chance: systemChance(clock.now),
    senders: () => senders,
    channels: () => it.channels,
    troubles: () => it.troubles,
    machine: "box",
  });
  it.add("log", "log", async () => SENT);
  t.after(async () => {
    end.abort();
    await going;
    await store.close();
  });
  return Object.assign(it, { outbox });
}
