/** Makes the task of a slot: its text is filled in, and the rest is an intent, decided like every other. */

import { type Asked, ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { StartRecurring } from "../../workflow/decide/start-recurring.ts";
import type { Actor } from "../../workflow/intent.ts";
import { factsOf, type Project } from "../../workflow/project.ts";
import { type FiringSlot, type RecurringTask, slotName } from "../../workflow/recurring/recurring.ts";
import { NO_PINS } from "../../workflow/task.ts";
import { localName, localTime } from "./local.ts";
import { makeText, type Previous } from "./text.ts";

export interface FirePorts {
  readonly store: Store;
  /** Of the configuration in force. */
  readonly projects: ReadonlyMap<string, Project>;
  /** How titles and bodies are stored that come from outside (I13). */
  readonly outside: { title(text: string): string; body(text: string): string };
}

export type Fired =
  | Asked
  /** Its text cannot be made: a sentence. */
  | { readonly kind: "trouble"; readonly reason: string };

/** A slot of the pattern. */
export function slotOf({ name, pattern }: RecurringTask, at: number): FiringSlot {
  return { schedule: name, at, local: localName(pattern, at), by: "time" };
}

/** What a person wants now is beside the slots of the pattern, which are whole minutes. */
export function slotNow({ name }: RecurringTask, now: number): FiringSlot {
  const at = now % 60_000 === 0 ? now + 1 : now;
  return { schedule: name, at, local: `person ${new Date(at).toISOString()}`, by: "person" };
}

/**
 * @param now calendar time (ms)
 * @throws StoreFault when the database cannot work
 */
export async function fire(
  { store, projects, outside }: FirePorts,
  recurring: RecurringTask,
  slot: FiringSlot,
  by: Actor,
  now: number,
): Promise<Fired> {
  const project = projects.get(recurring.project);
  if (project === undefined) return { kind: "unknown", reason: `there is no project ${recurring.project}` };
  const made = makeText(recurring, slot.at, await previousOf(store, recurring.name));
  if (made.kind === "trouble") return made;
  const { workflow } = recurring;
  const facts = { ...factsOf(project), ...(workflow !== undefined && { workflow }) };
  const intent: StartRecurring = {
    kind: "start_recurring",
    project: project.name,
    by,
    key: `slot:${slotName(slot.schedule, slot.at)}`,
    because: because(recurring, slot),
    title: outside.title(made.title),
    body: outside.body(made.body),
    url: null,
    author: null,
    number: null,
    priority: recurring.priority,
    facts: { ...facts, pins: { ...NO_PINS, agent: recurring.agent } },
    slot,
    overlap: recurring.overlap,
  };
  return ask(store, [intent], null, now);
}

function because({ name, pattern }: RecurringTask, { at, by }: FiringSlot): string {
  if (by === "person") return `schedule ${name}, run by hand`;
  const { date, time } = localTime(pattern.timezone, at);
  return `schedule ${name}, slot of ${date} ${time} ${pattern.timezone}`;
}

async function previousOf(store: Store, schedule: string): Promise<Previous | null> {
  const key = await store.recurring.newestTask(schedule);
  const task = key === null ? null : await store.tasks.get(key);
  if (task === null) return null;
  const { items } = await store.runs.list({ limit: 1, before: null, task: task.key });
  return { task, run: items[0] ?? null };
}
