/**
 * The loop of cards: a lane per chat of the configuration, woken by whatever moves a task.
 *
 * T1. It may be killed anywhere: what was being sent is unknown to the next daemon, and looked for.
 * T2. A chat that does not answer delays no other, and nothing here ends the daemon or slows the queue.
 */

import { StoreFault } from "../../store/engine/engine.ts";
import { stackOf } from "../../system/stack.ts";
import { createWake, type Wake } from "../../system/wake.ts";
import { createLane, type LanePorts, type Step } from "./lane.ts";
import type { CardPorts } from "./ports.ts";
import { createRests, type Rests } from "./rests.ts";

/** It looks by itself this often, in case a bell was not heard. */
const POLL_MS = 5_000;
/**
 * Between two looks of a lane, however often it is woken; and so many times what the last one took, because a look at
 * many cards keeps the daemon from everything else.
 */
const LEAST_MS = 50;
const SHARE = 10;
const MOST_MS = 2_000;
const FAULT_PAUSE_MS = 10_000;

export interface Cards {
  /** Runs until `signal` aborts, waiting on this bell. Never rejects. */
  run(bell: Wake, signal: AbortSignal): Promise<void>;
  /** What is needed to send beside the cards: see `sender.ts`. */
  readonly lanePorts: LanePorts;
  readonly troubles: Rests["troubles"];
}

interface Running {
  readonly wake: Wake;
  readonly over: Promise<void>;
}

export function createCards(ports: CardPorts): Cards {
  const { store, clock, log, chats } = ports;
  const rests = createRests(ports);
  const lanePorts: LanePorts = { ...ports, rests, newest: new Map(), inHand: new Set() };
  const lanes = new Map<string, Running>();
  const begin = (key: string, signal: AbortSignal): Running => {
    const wake = createWake(clock);
    const step = createLane(lanePorts);
    return { wake, over: runLane(lanePorts, key, step, wake, signal).finally(() => lanes.delete(key)) };
  };
  return {
    lanePorts,
    troubles: rests.troubles,
    async run(bell, signal): Promise<void> {
      await recover(lanePorts, signal);
      while (!signal.aborted) {
        for (const key of chats().keys()) if (!lanes.has(key)) lanes.set(key, begin(key, signal));
        for (const { wake } of lanes.values()) wake.ring();
        await bell.wait(POLL_MS, signal);
      }
      await Promise.all([...lanes.values()].map(({ over }) => over));
      log.debug({ event: "cards.ended", chats: (await store.chats.all().catch(() => [])).length });
    },
  };
}

/** T1. */
async function recover(
  { store, clock, log, inHand, newest, moved }: LanePorts,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const lost = await store.messages.loseOthers([...inHand], clock.now());
      if (lost > 0) log.info({ event: "chat.unknown", messages: lost });
      for (const { chat, newest: id, movedTo } of await store.chats.all()) {
        if (id !== null) newest.set(chat, id);
        if (movedTo !== null) moved.set(chat, movedTo);
      }
      return;
    } catch (error) {
      log.error({ event: "cards.faulted", reason: stackOf(error) });
      await clock.sleep(FAULT_PAUSE_MS, signal);
    }
  }
}

/** Until `signal` aborts, or the chat is in the configuration no more. */
async function runLane(
  { chats, clock, log }: LanePorts,
  key: string,
  step: Step,
  wake: Wake,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const inForce = chats().get(key);
    if (inForce === undefined) return;
    const began = clock.monotonic();
    const waitMs = await step(inForce, signal).catch(async (error: unknown) => {
      const hint = error instanceof StoreFault ? error.hint : undefined;
      log.error({ event: "cards.faulted", chat: key, reason: stackOf(error), hint });
      return FAULT_PAUSE_MS;
    });
    if (waitMs === 0) await clock.sleep(0, signal);
    else {
      const least = Math.min(MOST_MS, Math.max(LEAST_MS, SHARE * (clock.monotonic() - began)));
      await clock.sleep(least, signal);
      await wake.wait(Math.min(POLL_MS, Math.max(0, waitMs - least)), signal);
    }
  }
}
