/**
 * The rate breaker: two robots that answer each other never end, and each answer costs money. Too much of one item, or
 * too much by robots in one project, is heard no more for a while.
 *
 * B1. What counts is what would have an effect: of whom the project trusts. Strangers move nothing here.
 * B2. Whoever trips it is told of once; until it has been quiet for a whole span nothing more is heard there from
 *     robots, and of the item from nobody but people whose wish is a pause, an end or an answer of theirs.
 * B3. What is counted is stored, and read again by the next daemon: restarts neither help a loop nor tell of it twice.
 */

import type { LoopMark, LoopStore } from "../../store/outside/loops.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Delivery } from "../../workflow/delivery.ts";
import { noticeCall } from "../../workflow/outbox.ts";
import { type EndingPorts, endDelivery } from "../ending.ts";
import type { Wish } from "../wish.ts";

/** ms; a person who works with comments needs less, and a loop answers within seconds. */
export const BREAKER_SPAN_MS = 600_000;
/** Of one item, by robots; by anybody; and by robots in a whole project. */
export const ROBOTS_AT_ITEM_MAX = 10;
export const ALL_AT_ITEM_MAX = 40;
export const ROBOTS_IN_PROJECT_MAX = 60;
/** Items that are looked after at once; the one that was quiet for longest is forgotten first. */
const COUNTED_MAX = 10_000;

export type Verdict =
  | { readonly kind: "heard" }
  /** `isFirst`: it trips just now. */
  | { readonly kind: "tripped"; readonly isFirst: boolean; readonly reason: string };

export interface Breaker {
  /** Counts it, and has it stored. @param subject the item that it is about */
  judge(wish: Judged, subject: string): Promise<Verdict>;
  /** What {@link judge} would say now; nothing is counted. */
  look(wish: Judged, subject: string): Verdict;
}

type Judged = Pick<Wish, "actor" | "intent" | "project" | "told">;

interface Counted {
  times: number[];
  isTripped: boolean;
}

/** What a person may ask for in any case: it ends the loop. What is only shown ends none, and is answered each time. */
function isAlways(intent: Wish["intent"]): boolean {
  return intent.kind === "aside"
    ? intent.what === "freeze"
    : intent.kind === "cancel_task" || intent.kind === "pause_task";
}

/** @param loops where what is counted is stored; @param past what was counted before, oldest first (B3) */
export function createBreaker(
  clock: Pick<Clock, "now">,
  loops: Pick<LoopStore, "note">,
  past: readonly LoopMark[] = [],
): Breaker {
  const counts = new Map<string, Counted>();
  for (const { key, at, isTripped } of past) {
    const { times, isTripped: before } = counts.get(key) ?? { times: [], isTripped: false };
    counts.set(key, {
      times: [...times, at].slice(-ALL_AT_ITEM_MAX - ROBOTS_IN_PROJECT_MAX),
      isTripped: before || isTripped,
    });
  }
  /** With one more, now. */
  const next = (key: string, most: number): Next => {
    const now = clock.now();
    const known = counts.get(key) ?? { times: [], isTripped: false };
    const recent = known.times.filter((at) => at > now - BREAKER_SPAN_MS);
    // Forever within the span a robot keeps it closed by itself: it is quiet that opens it.
    const times = [...recent, now].slice(-most - 1);
    const wasTripped = recent.length > 0 && known.isTripped;
    const isOver = wasTripped || times.length > most;
    return { key, times, isOver, isFirst: isOver && !wasTripped };
  };
  const keep = ({ key, times, isOver }: Next): void => {
    counts.delete(key);
    counts.set(key, { times, isTripped: isOver });
    const [oldest] = counts.keys();
    if (counts.size > COUNTED_MAX && oldest !== undefined) counts.delete(oldest);
  };
  const count = ({ actor, intent, project, told }: Judged, subject: string): readonly Counting[] =>
    told !== undefined || (!actor.isBot && isAlways(intent))
      ? []
      : limitsOf(project.name, subject, actor.isBot).map(([key, most, reason]) => ({
          ...next(key, most),
          reason,
        }));
  return {
    look: (wish, subject) => verdictOf(count(wish, subject)),
    async judge(wish, subject) {
      const counted = count(wish, subject);
      if (counted.length === 0) return HEARD;
      for (const one of counted) keep(one);
      const at = clock.now();
      await loops.note(
        counted.map(({ key, isOver }) => ({ key, at, isTripped: isOver })),
        at - BREAKER_SPAN_MS,
      );
      return verdictOf(counted);
    },
  };
}

interface Next {
  readonly key: string;
  readonly times: number[];
  readonly isOver: boolean;
  readonly isFirst: boolean;
}

type Counting = Next & { readonly reason: string };

function verdictOf(counted: readonly Counting[]): Verdict {
  const over = counted.filter(({ isOver }) => isOver);
  const [first] = over;
  if (first === undefined) return HEARD;
  const reason = `${first.reason}, which looks like a loop: it is heard again after ${MINUTES} minutes of quiet`;
  return { kind: "tripped", isFirst: over.some(({ isFirst }) => isFirst), reason };
}

type Limit = readonly [key: string, most: number, reason: string];

const MINUTES = BREAKER_SPAN_MS / 60_000;

function limitsOf(project: string, subject: string, isBot: boolean): readonly Limit[] {
  const within = `within ${MINUTES} minutes`;
  const all: Limit = [
    `${project} all ${subject}`,
    ALL_AT_ITEM_MAX,
    `${ALL_AT_ITEM_MAX} things were asked here ${within}`,
  ];
  if (!isBot) return [all];
  const told = (many: number, where: string): string => `robots asked ${many} things ${where} ${within}`;
  return [
    all,
    [`${project} robots ${subject}`, ROBOTS_AT_ITEM_MAX, told(ROBOTS_AT_ITEM_MAX, "here")],
    [`${project} robots`, ROBOTS_IN_PROJECT_MAX, told(ROBOTS_IN_PROJECT_MAX, `of ${project}`)],
  ];
}

/** With what an earlier daemon has counted. @throws StoreFault */
export async function restoreBreaker(
  { loops }: Pick<Store, "loops">,
  clock: Pick<Clock, "now">,
): Promise<Breaker> {
  return createBreaker(clock, loops, await loops.since(clock.now() - BREAKER_SPAN_MS));
}

const HEARD: Verdict = { kind: "heard" };

type LoopPorts = EndingPorts & { readonly store: Store; readonly clock: Clock };

/** The task is paused and a person told, in one transaction with the end of the delivery; later ones only end. */
export async function stopLoop(
  ports: LoopPorts,
  delivery: Delivery,
  { intent, project }: Wish,
  { isFirst, reason }: Extract<Verdict, { kind: "tripped" }>,
): Promise<void> {
  const { store, clock, log } = ports;
  if (isFirst) {
    log.warn({ event: "loop.stopped", delivery: delivery.id, project: project.name, reason });
    const target =
      "target" in intent ? intent.target : "refs" in intent ? { refs: intent.refs } : { refs: [] };
    const by = { kind: "daemon", name: "chargehand" } as const;
    const asked = { project: project.name, by, key: `loop:${delivery.deliveryId}`, because: "rate breaker" };
    const pause = { kind: "pause_task", ...asked, target, why: reason, until: null } as const;
    const message = `what was asked of project ${project.name} again and again is heard no more`;
    const remedy = "look at the newest deliveries: chargehand deliveries";
    const notice = noticeCall({ kind: "loop.stopped", project: project.name, message, reason, remedy });
    if ((await ask(store, [pause], delivery.id, clock.now(), [notice])).kind === "done") return;
    const event = { kind: "loop.stopped", key: `loop ${delivery.deliveryId}`, data: { reason } };
    const subject = { kind: "project", name: project.name } as const;
    const ending = {
      status: "ignored",
      reason,
      task: null,
      notice: { subject, event, calls: [notice] },
    } as const;
    if (await store.deliveries.conclude(delivery.id, ending, clock.now())) return;
  }
  await endDelivery(ports, delivery, { status: "ignored", reason, task: null });
}
