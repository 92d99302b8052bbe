/**
 * From a stored delivery to what it asks: decodes, looks up what the payload leaves out, and decodes again.
 *
 * U1. A fact that cannot be had now puts the delivery off; a fact that is not to be had at all is known to be missing,
 *     and `decode` says what follows from that.
 * U2. The text of a work item comes from its task while that one is at work, because nothing new is needed then.
 */

import type { Lookup } from "../forges/lookup.ts";
import type { Store } from "../store/store.ts";
import type { Delivery } from "../workflow/delivery.ts";
import { LOOKUPS_MAX } from "../workflow/limits.ts";
import type { Project } from "../workflow/project.ts";
import { taskMoves } from "../workflow/states.ts";
import type { Task } from "../workflow/task.ts";
import { type Decode, type Decoded, type ItemText, type Known, type Need, needKey } from "./decoded.ts";
import type { Lookups, PlaneState } from "./lookups.ts";
import { htmlText } from "./plane/html.ts";
import { workItemRef } from "./plane/intents.ts";
import type { Payload } from "./source.ts";

export interface Understanding {
  readonly store: Pick<Store, "tasks">;
  readonly projects: readonly Project[];
  readonly lookups: Lookups;
}

export type Understood =
  | Exclude<Decoded, { kind: "need" }>
  | { readonly kind: "retry"; readonly subject: string; readonly reason: string; readonly afterMs: number };

/** @throws SyntaxError when the stored body is not JSON, which `record` never lets in. */
export async function understand(
  delivery: Delivery,
  decode: Decode,
  context: Understanding,
): Promise<Understood> {
  const payload = JSON.parse(delivery.body) as Payload;
  const states = new Map<string, readonly PlaneState[] | null>();
  const items = new Map<string, ItemText | null>();
  const known: Known = { states, items };
  for (let lookups = 0; lookups <= LOOKUPS_MAX; lookups++) {
    const decoded = decode(delivery.event, payload, context.projects, known);
    if (decoded.kind !== "need") return decoded;
    const { need, subject } = decoded;
    const answer =
      need.kind === "states" ? await lookUpStates(need, context) : await lookUpItem(need, context);
    if (answer.kind === "retry") return { ...answer, subject };
    if (answer.kind === "states") states.set(needKey(need), answer.value);
    else items.set(needKey(need), answer.value);
  }
  return { kind: "failed", reason: `more than ${LOOKUPS_MAX} facts are missing` };
}

type Retry = Extract<Lookup<never>, { kind: "retry" }>;
type StatesNeed = Extract<Need, { kind: "states" }>;
type ItemNeed = Extract<Need, { kind: "item" }>;

async function lookUpStates(
  { planeProject }: StatesNeed,
  { lookups }: Understanding,
): Promise<Retry | { readonly kind: "states"; readonly value: readonly PlaneState[] | null }> {
  const answer = await lookups.plane?.states(planeProject);
  if (answer?.kind === "retry") return answer;
  return { kind: "states", value: answer?.kind === "ok" ? answer.value : null };
}

async function lookUpItem(
  need: ItemNeed,
  context: Understanding,
): Promise<Retry | { readonly kind: "item"; readonly value: ItemText | null }> {
  const task = await taskOf(need, context);
  if (task !== null && !taskMoves.final.includes(task.status)) return { kind: "item", value: textOf(task) };
  const answer = await context.lookups.plane?.workItem(need.planeProject, need.id);
  if (answer?.kind === "retry") return answer;
  if (answer?.kind !== "ok") return { kind: "item", value: task === null ? null : textOf(task) };
  const { name, descriptionHtml, sequenceId } = answer.value;
  return { kind: "item", value: { title: name, body: htmlText(descriptionHtml), number: sequenceId } };
}

async function taskOf(
  { planeProject, id }: ItemNeed,
  { store, projects }: Understanding,
): Promise<Task | null> {
  for (const project of projects.filter((candidate) => candidate.planeProject === planeProject)) {
    const task = await store.tasks.find(project.name, [workItemRef(id)]);
    if (task !== null) return task;
  }
  return null;
}

function textOf({ title, body, number }: Task): ItemText {
  return { title, body, number };
}
