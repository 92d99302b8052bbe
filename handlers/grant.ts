/**
 * From wishes to their effect: who may, then decide and commit. Of several projects those take part that trust the
 * person.
 */

import { type Asked, ask } from "../store/settle.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import type { Intent } from "../workflow/decide/decide.ts";
import type { Delivery } from "../workflow/delivery.ts";
import { acknowledgement } from "../workflow/outside/calls.ts";
import type { Door } from "./chat/api.ts";
import { doAside } from "./commands/aside.ts";
import { type EndingPorts, endAnswered, endDelivery, tryLater } from "./ending.ts";
import { type FirstPorts, lookFirst } from "./facts/first.ts";
import { type Breaker, stopLoop, type Verdict } from "./guard/breaker.ts";
import type { Reader } from "./reader.ts";
import { type Refusal, replyTo } from "./refusal.ts";
import type { Wish } from "./wish.ts";

export interface GrantPorts extends EndingPorts, Pick<FirstPorts, "askOf"> {
  readonly store: Store;
  readonly clock: Clock;
  /** What comments ask for besides changes of tasks is asked of this; left out, nobody does it. */
  readonly api?: Door;
  /** Left out, nobody counts. */
  readonly breaker?: Breaker;
}

export async function grant(
  ports: GrantPorts,
  delivery: Delivery,
  subject: string,
  wishes: readonly Wish[],
  reader: Pick<Reader, "trust" | "whole" | "blockers">,
): Promise<void> {
  const { store, clock, log } = ports;
  const weighed = await weigh(ports, delivery, wishes, reader);
  if (weighed.kind === "retry") {
    await tryLater(ports, delivery, subject, weighed);
    return;
  }
  const { trusted } = weighed;
  if (trusted.length === 0) {
    const { refusal, reason, task } = weighed;
    await endRefused(ports, delivery, refusal, reason, task);
    return;
  }
  const loops: { readonly wish: Wish; readonly verdict: Extract<Verdict, { kind: "tripped" }> }[] = [];
  for (const wish of trusted) {
    const verdict = await ports.breaker?.judge(wish, subject);
    if (verdict?.kind === "tripped") loops.push({ wish, verdict });
  }
  const [loop] = loops;
  if (loop !== undefined) {
    await stopLoop(ports, delivery, loop.wish, loop.verdict);
    return;
  }
  const aside = trusted.find(({ intent }) => intent.kind === "aside");
  if (aside !== undefined) {
    await concludeAside(ports, delivery, aside);
    return;
  }
  const intents = trusted.flatMap(({ intent }) =>
    intent.kind === "aside" ? [] : [cleaned(intent, log.redactor.redact)],
  );
  const asked = await ask(store, intents, delivery.id, clock.now(), acknowledged(ports, trusted));
  if (asked.kind === "done") {
    log.info({ event: "delivery.processed", delivery: delivery.id, tasks: asked.tasks });
    return;
  }
  const [wish] = trusted;
  const refusal = wish === undefined ? undefined : refusalOf(wish, asked);
  await endRefused(ports, delivery, refusal, asked.reason, asked.kind === "unknown" ? null : asked.task);
  // What begins the task may have been lost, and be found out: whoever finds that finds this, too.
  if (asked.kind === "unknown") await store.changes.forget(delivery.id);
}

type Weighed =
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs: number }
  | {
      readonly kind: "weighed";
      readonly trusted: readonly Wish[];
      /** Why nothing is left, where nothing is. */
      readonly refusal: Refusal | undefined;
      readonly reason: string;
      readonly task: string | null;
    };

/** Those of whoever may, with all that is to be known before. */
async function weigh(
  ports: GrantPorts,
  delivery: Delivery,
  wishes: readonly Wish[],
  reader: Pick<Reader, "trust" | "whole" | "blockers">,
): Promise<Weighed> {
  const trusted: Wish[] = [];
  let nothing: Pick<Extract<Weighed, { kind: "weighed" }>, "refusal" | "reason" | "task"> | null = null;
  for (const wish of wishes) {
    const trust = await reader.trust(wish);
    if (trust.kind === "retry") return trust;
    if (trust.kind === "untrusted") {
      const { reason } = trust;
      nothing ??= {
        refusal: { ...wish, kind: "not_trusted", reason },
        reason: `not trusted: ${reason}`,
        task: null,
      };
      continue;
    }
    const first = await lookFirst(ports, delivery, wish, reader);
    if (first.kind === "retry") return first;
    if (first.kind === "stands") trusted.push(first.wish);
    else nothing = { refusal: undefined, reason: first.reason, task: first.task };
  }
  const none = { refusal: undefined, reason: "nothing was asked", task: null };
  return { kind: "weighed", trusted, ...(nothing ?? none) };
}

/** A sign at once that it was seen; the comment about the task comes a little later. */
function acknowledged({ tells }: EndingPorts, wishes: readonly Wish[]): ReturnType<typeof acknowledgement>[] {
  const spot = wishes.find(({ project }) => project.tell.comment)?.spot ?? null;
  return spot === null || tells?.(spot.source) !== true ? [] : [acknowledgement(spot)];
}

/** Whoever has said it in words is told; a label that changes nothing was no question. */
function refusalOf(wish: Wish, asked: Exclude<Asked, { kind: "done" }>): Refusal | undefined {
  const isSaid = wish.spot !== null && wish.spot.comment !== null;
  if (!isSaid || asked.kind === "ignored") return undefined;
  return { ...wish, kind: "not_possible", reason: asked.reason };
}

/** What CI prints goes to an agent, and to whoever looks: secrets in it end here. */
function cleaned(intent: Intent, redact: (text: string) => string): Intent {
  if (intent.kind !== "report_ci") return intent;
  const checks = intent.checks.map((check) => ({
    ...check,
    name: redact(check.name),
    url: check.url === null ? null : redact(check.url),
    summary: check.summary === null ? null : redact(check.summary),
  }));
  return { ...intent, checks };
}

/** What is no change of a task: of several projects the first answers. */
async function concludeAside(
  ports: GrantPorts,
  delivery: Delivery,
  { intent, project, spot, actor }: Wish,
): Promise<void> {
  const { store, api, clock, log } = ports;
  if (intent.kind !== "aside" || api === undefined) {
    await endRefused(ports, delivery, undefined, "nobody here answers comments");
    return;
  }
  const { isDone, task, text } = await doAside({ store, api, clock, log }, intent, project);
  if (isDone) {
    const reply = spot === null || !project.tell.comment ? null : { to: spot, text, once: null };
    await endAnswered(ports, delivery, { task, project: project.name, reply });
    return;
  }
  const refusal: Refusal = { kind: "not_possible", project, spot, actor, reason: text };
  await endRefused(ports, delivery, refusal, text, task);
}

/** It ends as ignored, and whoever asked is told, where there is somebody to be told. */
export async function endRefused(
  ports: EndingPorts,
  delivery: Delivery,
  refusal: Refusal | undefined,
  reason: string,
  task: string | null = null,
): Promise<void> {
  const reply =
    refusal === undefined
      ? null
      : { reply: replyTo(refusal, ports.log.redactor.redact), project: refusal.project.name };
  await endDelivery(ports, delivery, { status: "ignored", reason, task, reply });
}
