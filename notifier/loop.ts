/**
 * The outbox loop: makes the calls to the outside that are owed, and tells what wants a person.
 *
 * B1. Level-triggered: each round looks at what is stored and begins what is due. It may be killed anywhere: a call
 *     whose end nobody has seen is made again (X1 of `store/outbox.ts`), and is known again by its id.
 * B2. A lane per host, and one call at a time in it. So a host that does not answer delays nobody else, and whoever
 *     must keep a distance between its calls has one place for that.
 * B3. What it decides is pure (`judge.ts`), and who makes a call is given to it (`Sender`).
 * B4. Nothing that happens here ends the daemon, or slows the queue.
 */

import { StoreFault } from "../store/engine/engine.ts";
import type { Clock } from "../system/clock.ts";
import { stackOf } from "../system/stack.ts";
import type { Wake } from "../system/wake.ts";
import { NOTICE_TARGET } from "../workflow/outbox.ts";
import { outsideSource } from "../workflow/outside/calls.ts";
import { type Health, judgeRound } from "./judge.ts";
import { workLane } from "./lane.ts";
import { createNotices, type Notices } from "./notices.ts";
import type { OutboxPorts } from "./ports.ts";
import { callsOf } from "./split.ts";

/** It looks by itself this often, in case a bell was not heard. */
const POLL_MS = 5_000;
/** For a host whose call could not be written down: until then the database may work again. */
const FAULT_PAUSE_MS = 10_000;
/** Notices that become calls in one go. */
const SPLIT_ROWS = 50;

/** A host that nothing is sent to for a while. */
export interface Resting {
  readonly host: string;
  readonly failures: number;
  /** Calendar times (ms). */
  readonly since: number;
  readonly until: number;
  readonly reason: string;
}

export interface Outbox {
  /** Runs until `signal` aborts, waiting on this bell. Never rejects. */
  run(wake: Wake, signal: AbortSignal): Promise<void>;
  /** Hosts that rest now (J2 of `judge.ts`). */
  resting(): readonly Resting[];
  /** Resolves when nothing more is due, or after `graceMs`. What is left is owed to the next daemon. */
  flush(graceMs: number): Promise<void>;
}

interface State {
  readonly health: Map<string, Health>;
  readonly busy: Set<string>;
  readonly notices: Notices;
  /** Whoever waits until nothing is due. */
  waiting: (() => void)[];
  isRunning: boolean;
}

export function createOutbox(ports: OutboxPorts): Outbox {
  const { clock, log, wake } = ports;
  const notices = createNotices(ports);
  const state: State = { health: new Map(), busy: new Set(), notices, waiting: [], isRunning: false };
  return {
    async run(bell, signal): Promise<void> {
      state.isRunning = true;
      while (!signal.aborted) {
        const waitMs = await round(ports, state, signal).catch((error: unknown) => {
          const hint = error instanceof StoreFault ? error.hint : undefined;
          log.error({ event: "outbox.faulted", reason: stackOf(error), hint });
          return POLL_MS;
        });
        await bell.wait(Math.min(POLL_MS, waitMs), signal);
      }
      state.isRunning = false;
      settle(state);
    },
    resting: () => [...state.health].flatMap(([host, health]) => restingOf(host, health, clock)),
    async flush(graceMs): Promise<void> {
      if (!state.isRunning) return;
      const over = new AbortController();
      const quiet = new Promise<void>((resolve) => state.waiting.push(resolve));
      wake.ring();
      await Promise.race([quiet, clock.sleep(graceMs, over.signal)]);
      over.abort();
    },
  };
}

/** One look; answers after how long time alone brings the next change (ms). */
async function round(ports: OutboxPorts, state: State, signal: AbortSignal): Promise<number> {
  const { store, clock, log, senders } = ports;
  await state.notices.look();
  await splitNotices(ports, signal);
  const hosts = senders();
  const seen = { now: clock.now(), monotonic: clock.monotonic(), busy: state.busy, health: state.health };
  const owed = (await store.outbox.owed()).filter(({ target }) => target !== NOTICE_TARGET);
  const { gone, lanes, waitMs } = judgeRound({ ...seen, owed, hostOf: (target) => hosts.get(target)?.host });
  for (const target of gone) {
    const calls = await store.outbox.buryTarget(target, goneFor(target), clock.now());
    log.error({ event: "outbox.gone", target, calls });
    state.notices.haveDied();
  }
  if (gone.length > 0) await state.notices.look();
  for (const [host, targets] of lanes) beginLane(ports, state, host, targets, signal);
  if (lanes.size + state.busy.size + gone.length === 0) settle(state);
  // The notice of what was given up is owed since this very look.
  return gone.length > 0 ? 0 : waitMs;
}

function settle(state: State): void {
  const { waiting } = state;
  state.waiting = [];
  for (const resolve of waiting) resolve();
}

/** Whoever takes a channel or a token out of the configuration may have forgotten what is still to be told there. */
function goneFor(target: string): string {
  const source = outsideSource(target);
  const [what, where] =
    source === null ? [target, "under notify"] : [`token for ${source}`, `under sources.${source}`];
  return (
    `the configuration has no ${what} any more; ` +
    `put it back ${where} and try this again with: chargehand outbox retry, or drop it`
  );
}

async function splitNotices(
  { store, clock, chance, channels }: OutboxPorts,
  signal: AbortSignal,
): Promise<void> {
  for (let more = true; more && !signal.aborted; ) {
    const notices = await store.outbox.due(NOTICE_TARGET, clock.now(), SPLIT_ROWS);
    more = notices.length === SPLIT_ROWS;
    for (const notice of notices)
      await store.outbox.split(notice, callsOf(notice, channels(), chance.id), clock.now());
  }
}

/** B2. Not waited for: others are looked after meanwhile. */
function beginLane(
  ports: OutboxPorts,
  { busy, health, notices }: State,
  host: string,
  targets: readonly string[],
  signal: AbortSignal,
): void {
  const { log, clock, wake } = ports;
  busy.add(host);
  const work = workLane({ ...ports, health, died: notices.haveDied }, host, targets, signal);
  void work
    .catch((error: unknown) => {
      const reason = stackOf(error);
      log.error({ event: "outbox.faulted", host, reason });
      const restsUntil = clock.monotonic() + FAULT_PAUSE_MS;
      const why = "what became of a call could not be written down";
      health.set(host, { failures: 0, since: clock.now(), restsUntil, reason: why });
    })
    .finally(() => {
      busy.delete(host);
      wake.ring();
    });
}

function restingOf(
  host: string,
  { failures, since, restsUntil, reason }: Health,
  clock: Clock,
): readonly Resting[] {
  const leftMs = restsUntil - clock.monotonic();
  return leftMs <= 0 ? [] : [{ host, failures, since, until: Math.round(clock.now() + leftMs), reason }];
}
