/**
 * What has to be known before a wish takes effect, of whoever may wish it: whether what was closed is merged
 * (`closing.ts`), and of a task that begins what stands at its item (`whole.ts`).
 */

import type { Store } from "../../store/store.ts";
import { NEEDS_MAX } from "../../workflow/between/between.ts";
import type { DeclareNeeds } from "../../workflow/decide/between/declare.ts";
import type { StartTask } from "../../workflow/decide/start-task.ts";
import type { Delivery } from "../../workflow/delivery.ts";
import { taskMoves } from "../../workflow/states.ts";
import type { Reader } from "../reader.ts";
import type { Wish } from "../wish.ts";
import { type Closing, type ClosingPorts, judgeClosing } from "./closing.ts";
import { type Blockers, WHOLE_PATIENCE_MS, type Whole, without } from "./whole.ts";

export interface FirstPorts extends ClosingPorts {
  readonly store: Pick<Store, "tasks" | "pulls">;
  readonly clock: { now(): number };
}

/** The wish with all that is to be known, or why it has none, or none yet. */
export async function lookFirst(
  ports: FirstPorts,
  delivery: Pick<Delivery, "receivedAt">,
  wish: Wish,
  reader: Pick<Reader, "whole" | "blockers">,
): Promise<Closing> {
  const { intent } = wish;
  if (intent.kind === "declare_needs") return declared(ports, wish, intent, await reader.blockers(wish));
  if (intent.kind !== "start_task") return judgeClosing(ports, wish);
  const { store, clock } = ports;
  const known = await store.tasks.find(wish.project.name, intent.refs);
  // Then nothing begins.
  if (known !== null && (!taskMoves.final.includes(known.status) || !intent.explicit))
    return { kind: "stands", wish };
  const found = await reader.whole(wish, delivery.receivedAt);
  if (found === null) return { kind: "stands", wish };
  if (found.kind === "whole")
    return { kind: "stands", wish: { ...wish, intent: await begun(ports, wish, intent, found) } };
  if (clock.now() - delivery.receivedAt < WHOLE_PATIENCE_MS) return found;
  return {
    kind: "stands",
    wish: { ...wish, intent: await begun(ports, wish, intent, without(found.reason)) },
  };
}

/** As it stands now: what was declared since tells of itself, too. */
async function declared(
  { store }: FirstPorts,
  wish: Wish,
  intent: DeclareNeeds,
  found: Blockers | null,
): Promise<Closing> {
  if (found === null)
    return { kind: "unasked", reason: "nobody can be asked what it waits for there", task: null };
  if (found.kind === "retry") return found;
  const needs: string[] = [];
  for (const { refs } of found.blockers.slice(0, NEEDS_MAX)) {
    const task = await store.tasks.find(wish.project.name, refs);
    if (task !== null) needs.push(task.key);
  }
  const all = [...new Set(needs)];
  const key = `${intent.key}:${all.toSorted().join(",")}`;
  return { kind: "stands", wish: { ...wish, intent: { ...intent, key, needs: all } } };
}

/** What it waits for there it waits for here, where somebody works on it; what nobody here works on is only told. */
async function begun(
  { store }: FirstPorts,
  { project }: Wish,
  intent: StartTask,
  { context, blockers }: Whole,
): Promise<StartTask> {
  const needs: string[] = [];
  const unknown: string[] = [];
  const own = intent.refs.map(({ id }) => id);
  for (const { refs, name } of blockers.slice(0, NEEDS_MAX)) {
    if (refs.some(({ id }) => own.includes(id))) continue;
    const task = await store.tasks.find(project.name, refs);
    if (task === null) unknown.push(name);
    else if (task.status !== "done") needs.push(task.key);
  }
  return {
    ...intent,
    context: { ...context, blockers: unknown },
    ...(needs.length > 0 && { needs: [...new Set(needs)] }),
    ...(needs.length > 0 && context.at !== null && { needsFrom: context.at.source }),
  };
}
