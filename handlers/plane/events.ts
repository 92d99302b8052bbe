/**
 * What Plane's events ask for. Pure: facts that a payload leaves out are named as a need, and the payload is decoded
 * again when they are known.
 *
 * P1. One change that comes as several deliveries (one per hook, per format, per changed field) has one key, or finds
 *     the task already begun: it does nothing twice.
 * P2. Plane lets only members and admins of a project change its work items, so a change of an item proves that right.
 *     Comments are open to guests and prove nothing.
 * P3. A finished or deleted item stops the work on it, even when the event does not say whose doing it was.
 */

import type { Project } from "../../workflow/project.ts";
import { folded, same } from "../../workflow/text/same.ts";
import { readCommand } from "../commands/command.ts";
import { commandWish } from "../commands/wishes.ts";
import { type Decoded, ignore } from "../decoded.ts";
import type { Audience } from "../kit.ts";
import { nameText } from "../outside-text.ts";
import { isOwn } from "../own.ts";
import type { Payload } from "../source.ts";
import { assigneeTrigger, labelTrigger, stateTrigger } from "../triggers.ts";
import { cancelWish, type EventActor, editWish, needsWish, startWish, type Wish } from "../wish.ts";
import type { PlaneEvent, StateNow } from "./change.ts";
import { type Known, type Need, needKey } from "./facts.ts";
import { itemOf, refsOf, spotOf, subjectOf } from "./item.ts";
import { nameOf, projectsOf } from "./projects.ts";
import { readV1 } from "./v1.ts";
import { isV2, readV2 } from "./v2.ts";

type PlaneAudience = Audience<unknown, Known>;

export function decodePlane(payload: Payload, audience: PlaneAudience): Decoded<Need> {
  const event = isV2(payload) ? readV2(payload) : readV1(payload);
  if (event.kind === "ignore" || event.kind === "failed") return event;
  if (isOwn(audience.own, { login: null, id: event.actor })) return ignore("Chargehand's own doing");
  switch (event.kind) {
    case "item":
      return decodeItem(event, audience);
    case "comment":
      return decodeComment(event, audience);
    case "gone":
      return decodeGone(event, audience);
    case "relations":
      return decodeRelations(event, audience);
    default:
      return event satisfies never;
  }
}

type ItemEvent = Extract<PlaneEvent, { kind: "item" }>;
type CommentEvent = Extract<PlaneEvent, { kind: "comment" }>;

const UNKNOWN_PERSON = "somebody in Plane";
const ENDED = new Set(["completed", "cancelled"]);

function decodeItem(event: ItemEvent, audience: PlaneAudience): Decoded<Need> {
  const { item } = event;
  const projects = projectsOf(audience, item.project);
  if (projects.length === 0) return noProject(item.project);
  const wishes: Wish[] = [];
  let otherwise = `${event.what}: not what starts a task here`;
  for (const project of projects) {
    const states =
      event.state === null || isEnough(project, event) ? null : needStates(project, event.state, audience);
    if (states !== null) return need(item.id, states);
    const state = event.state === null ? null : complete(project, event.state, audience);
    if (state !== null && state.group === null)
      otherwise = `${event.what}: its state's name could not be asked for`;
    const result = itemWish(project, event, state, audience);
    if (result === null) continue;
    if ("kind" in result) return need(item.id, result);
    wishes.push(result);
  }
  if (
    wishes.length > 0 &&
    event.actor === null &&
    wishes.every(({ intent }) => intent.kind === "start_task")
  ) {
    return ignore(`${event.what}: the event does not say who caused it`);
  }
  return outcome(item.id, wishes, otherwise);
}

/** What this event asks of one project: nothing, something, or first a fact. */
function itemWish(
  project: Project,
  event: ItemEvent,
  state: StateNow | null,
  { source, known }: PlaneAudience,
): Wish | Need | null {
  const { item } = event;
  const actor = actorOf(event.actor, "only members of the project can change work items");
  const cause = triggerOf(project, event, state);
  if (cause !== null) {
    const wanted: Need = { kind: "item", planeProject: nameOf(project) ?? item.project, id: item.id };
    const found = known.items.get(needKey(wanted));
    if (item.body === null && found === undefined) return wanted;
    const text = { title: item.title, body: item.body ?? found?.body ?? "", number: item.number };
    const key = `plane:${item.id}:${cause.change}${stamped(event)}`;
    const spot = spotOf(nameOf(project), item.id, null);
    const change = { source, project, actor, key, because: cause.because, spot };
    // A moved card is no person's word: cards are moved by habit and by robots.
    return startWish(itemOf(item.id, text, item.author), change, false);
  }
  if (
    event.isEdited &&
    event.actor !== null &&
    (state === null || state.group === null || !ENDED.has(state.group))
  ) {
    const key = `plane:${item.id}:edited${stamped(event)}`;
    const change = { source, project, actor, key, because: "work item edited", spot: null };
    return editWish({ refs: refsOf(item.id) }, change, item);
  }
  if (event.isNew || state === null || state.group === null || !ENDED.has(state.group)) return null;
  const name = nameText(state.name ?? state.group);
  const key = `plane:${item.id}:state:${state.id}${stamped(event)}`;
  const change = { source, project, actor, key, because: `state ${name}`, spot: null };
  // Whoever merges may have it moved there: a merge is no wish to stop.
  return cancelWish(
    { refs: refsOf(item.id) },
    change,
    `the work item was moved to ${name}`,
    folded(state.group) === "completed",
  );
}

function triggerOf(
  { start }: Project,
  event: ItemEvent,
  state: StateNow | null,
): { readonly because: string; readonly change: string } | null {
  const byState = state === null ? null : stateTrigger(start, state);
  const because = byState ?? labelTrigger(start, event.labels) ?? assigneeTrigger(start, event.assignees);
  if (because === null) return null;
  if (event.isNew) return { because, change: "created" };
  if (byState !== null && state !== null) return { because, change: `state:${state.id}` };
  return { because, change: folded(because.replace(" ", ":")) };
}

/** Whether the event starts something without the state's name being known. */
function isEnough(project: Project, event: ItemEvent): boolean {
  return triggerOf(project, event, event.state) !== null;
}

/** v2 gives a state's id only; its name and group have to be asked for, unless nothing here could depend on them. */
function needStates(project: Project, state: StateNow, { known }: PlaneAudience): Need | null {
  if (state.group !== null) return null;
  const wanted: Need = { kind: "states", planeProject: nameOf(project) ?? "" };
  return known.states.has(needKey(wanted)) ? null : wanted;
}

function complete(project: Project, state: StateNow, { known }: PlaneAudience): StateNow {
  const states = known.states.get(nameOf(project) ?? "") ?? [];
  return state.group === null ? (states.find(({ id }) => same(id, state.id)) ?? state) : state;
}

function decodeComment(event: CommentEvent, audience: PlaneAudience): Decoded<Need> {
  const projects = projectsOf(audience, event.project);
  if (projects.length === 0) return noProject(event.project);
  if (event.actor === null) return ignore("the comment does not say who wrote it");
  const actor = actorOf(event.actor, null);
  const { source } = audience;
  const wishes: Wish[] = [];
  let otherwise = ignore("a comment without a command");
  for (const project of projects) {
    const command = readCommand(project.start, event.text);
    // One that is not named (v2) may be any of several.
    const place = event.project ?? (projects.length === 1 ? nameOf(project) : null);
    const spot = spotOf(place, event.itemId, event.id);
    if (command?.kind === "unknown") {
      const { reason } = command;
      otherwise = ignore(reason, { kind: "not_understood", project, spot, actor, reason });
    }
    if (command === null || command.kind === "unknown") continue;
    const because = `command ${command.words}`;
    const change = { source, project, actor, because, key: `plane:comment:${event.id}`, spot };
    const { asks } = command;
    if (asks.kind !== "start") {
      wishes.push(
        commandWish(asks, { target: { refs: refsOf(event.itemId) }, saidAt: event.saidAt }, change),
      );
      continue;
    }
    const wanted: Need = { kind: "item", planeProject: nameOf(project) ?? "", id: event.itemId };
    const text = audience.known.items.get(needKey(wanted));
    if (text === undefined) return need(event.itemId, wanted);
    // Also what comes of a project that the item does not belong to, when the event names none (v2).
    if (text === null)
      otherwise = ignore("the text of the work item is not known here and could not be asked for");
    else wishes.push(startWish(itemOf(event.itemId, text, null), change, true, asks.text));
  }
  return wishes.length > 0 ? { kind: "wish", subject: subjectOf(event.itemId), wishes } : otherwise;
}

function decodeGone(event: Extract<PlaneEvent, { kind: "gone" }>, audience: PlaneAudience): Decoded<Need> {
  const projects = projectsOf(audience, event.project);
  if (projects.length === 0) return noProject(event.project);
  const actor = actorOf(event.actor, "whoever could delete the work item may stop it");
  const { source } = audience;
  const wishes = projects.map((project): Wish => {
    const key = `plane:${event.itemId}:deleted`;
    const change = { source, project, actor, key, because: "work item deleted", spot: null };
    return cancelWish({ refs: refsOf(event.itemId) }, change, "the work item was deleted");
  });
  return outcome(event.itemId, wishes, "");
}

function decodeRelations(
  { itemId, project: place, stamp }: Extract<PlaneEvent, { kind: "relations" }>,
  audience: PlaneAudience,
): Decoded<Need> {
  const { source } = audience;
  const wishes = projectsOf(audience, place).map((project): Wish => {
    const key = `plane:${itemId}:relations:${stamp}`;
    const because = "its relations changed";
    const change = { source, project, actor: actorOf(null, null), key, because, spot: null };
    const at = { place: nameOf(project) ?? place, id: itemId };
    return needsWish(
      { refs: refsOf(itemId) },
      change,
      at,
      "only members of the project can change relations",
    );
  });
  return outcome(itemId, wishes, "no project has it");
}

function actorOf(id: string | null, implies: string | null): EventActor {
  return { name: id ?? UNKNOWN_PERSON, isBot: false, standing: null, implies };
}

function stamped({ stamp }: ItemEvent): string {
  return stamp === "" ? "" : `:${stamp}`;
}

function noProject(planeProject: string | null): Decoded<Need> {
  return ignore(`no project has the Plane project '${nameText(planeProject ?? "(not named)")}'`);
}

function need(itemId: string, wanted: Need): Decoded<Need> {
  return { kind: "need", subject: subjectOf(itemId), need: wanted };
}

function outcome(itemId: string, wishes: readonly Wish[], otherwise: string): Decoded<Need> {
  return wishes.length > 0 ? { kind: "wish", subject: subjectOf(itemId), wishes } : ignore(otherwise);
}
