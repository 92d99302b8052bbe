/**
 * What Plane's events ask for. Pure: facts that a payload leaves out are named as a need, and the payload is decoded
 * again when they are known.
 *
 * P1. One change that comes as several deliveries (one per hook, per format, per changed field) has one key, or finds
 *     the task already begun: it does nothing twice (A13).
 * P2. Plane lets only members and admins of a project change its work items, so a change of an item proves that right.
 *     Comments are open to guests and prove nothing.
 * P3. A finished or deleted item stops the work on it, even when the event does not say whose doing it was.
 */

import type { Project } from "../../workflow/project.ts";
import {
  type Ask,
  type Decoded,
  type EventActor,
  ignore,
  type Known,
  type Need,
  needKey,
} from "../decoded.ts";
import { nameText } from "../outside-text.ts";
import type { OwnAccount, Payload } from "../source.ts";
import { assigneeTrigger, labelTrigger, readCommand, same, stateTrigger } from "../triggers.ts";
import type { PlaneEvent, StateNow } from "./change.ts";
import { cancelIntent, itemText, retryIntent, startIntent, subjectOf } from "./intents.ts";
import { readV1 } from "./v1.ts";
import { isV2, readV2 } from "./v2.ts";

/** For whom a payload is decoded. `own`: the account Chargehand acts as in Plane, if it is known. */
export interface Audience {
  readonly projects: readonly Project[];
  readonly own: OwnAccount | null;
  readonly known: Known;
}

export function decodePlane(payload: Payload, audience: Audience): Decoded {
  const event = isV2(payload) ? readV2(payload) : readV1(payload);
  if (event.kind === "ignore" || event.kind === "failed") return event;
  const { own } = audience;
  if (event.actor !== null && own?.id != null && same(own.id, event.actor))
    return ignore("Chargehand's own doing");
  switch (event.kind) {
    case "item":
      return decodeItem(event, audience);
    case "comment":
      return decodeComment(event, audience);
    case "gone":
      return decodeGone(event, audience);
    default:
      return event satisfies never;
  }
}

type ItemEvent = Extract<PlaneEvent, { kind: "item" }>;
type CommentEvent = Extract<PlaneEvent, { kind: "comment" }>;

const UNKNOWN_PERSON = "somebody in Plane";
const ENDED = new Set(["completed", "cancelled"]);

function decodeItem(event: ItemEvent, audience: Audience): Decoded {
  const { item } = event;
  const projects = projectsOf(audience, item.project);
  if (projects.length === 0) return noProject(item.project);
  const asks: Ask[] = [];
  let otherwise = `${event.what}: not what starts a task here`;
  for (const project of projects) {
    const ask =
      event.state === null || isEnough(project, event) ? null : needStates(project, event.state, audience);
    if (ask !== null) return need(item.id, ask);
    const state = event.state === null ? null : complete(project, event.state, audience);
    if (state !== null && state.group === null)
      otherwise = `${event.what}: its state's name could not be asked for`;
    const result = itemAsk(project, event, state, audience);
    if (result === null) continue;
    if ("kind" in result) return need(item.id, result);
    asks.push(result);
  }
  if (asks.length > 0 && event.actor === null && asks.every(({ intent }) => intent.kind === "start_task")) {
    return ignore(`${event.what}: the event does not say who caused it`);
  }
  return answer(item.id, asks, otherwise);
}

/** What this event asks of one project: nothing, something, or first a fact. */
function itemAsk(
  project: Project,
  event: ItemEvent,
  state: StateNow | null,
  { known }: Audience,
): Ask | Need | null {
  const { item } = event;
  const actor = actorOf(event.actor, "only members of the project can change work items");
  const cause = triggerOf(project, event, state);
  if (cause !== null) {
    const wanted: Need = { kind: "item", planeProject: project.planeProject ?? item.project, id: item.id };
    const found = known.items.get(needKey(wanted));
    if (item.body === null && found === undefined) return wanted;
    const text = { title: item.title, body: item.body ?? found?.body ?? "", number: item.number };
    const change = {
      project,
      actor,
      because: cause.because,
      key: `plane:${item.id}:${cause.change}${stamped(event)}`,
    };
    return { project, actor, intent: startIntent(item.id, itemText(text), item.author, change, false) };
  }
  if (event.isNew || state === null || state.group === null || !ENDED.has(state.group)) return null;
  const name = nameText(state.name ?? state.group);
  const change = {
    project,
    actor,
    because: `state ${name}`,
    key: `plane:${item.id}:state:${state.id}${stamped(event)}`,
  };
  return { project, actor, intent: cancelIntent(item.id, change, `the work item was moved to ${name}`) };
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
  return { because, change: because.replace(" ", ":").toLowerCase() };
}

/** Whether the event starts something without the state's name being known. */
function isEnough(project: Project, event: ItemEvent): boolean {
  return triggerOf(project, event, event.state) !== null;
}

/** v2 gives a state's id only; its name and group have to be asked for, unless nothing here could depend on them. */
function needStates(project: Project, state: StateNow, { known }: Audience): Need | null {
  if (state.group !== null) return null;
  const wanted: Need = { kind: "states", planeProject: project.planeProject ?? "" };
  return known.states.has(needKey(wanted)) ? null : wanted;
}

function complete(project: Project, state: StateNow, { known }: Audience): StateNow {
  const states = known.states.get(project.planeProject ?? "") ?? [];
  return state.group === null ? (states.find(({ id }) => same(id, state.id)) ?? state) : state;
}

function decodeComment(event: CommentEvent, audience: Audience): Decoded {
  const projects = projectsOf(audience, event.project);
  if (projects.length === 0) return noProject(event.project);
  if (event.actor === null) return ignore("the comment does not say who wrote it");
  const actor = actorOf(event.actor, null);
  const asks: Ask[] = [];
  let otherwise = "a comment without a command";
  for (const project of projects) {
    const command = readCommand(project.start, event.text);
    if (command?.kind === "unknown") otherwise = command.reason;
    if (command === null || command.kind === "unknown") continue;
    const change = { project, actor, because: `command ${command.words}`, key: `plane:comment:${event.id}` };
    if (command.kind === "cancel") {
      asks.push({ project, actor, intent: cancelIntent(event.itemId, change, `${actor.name} asked for it`) });
    } else if (command.kind === "retry") {
      asks.push({ project, actor, intent: retryIntent(event.itemId, change) });
    } else {
      const wanted: Need = { kind: "item", planeProject: project.planeProject ?? "", id: event.itemId };
      const text = audience.known.items.get(needKey(wanted));
      if (text === undefined) return need(event.itemId, wanted);
      // Also the answer of a project that the item does not belong to, when the event names none (v2).
      if (text === null) otherwise = "the text of the work item is not known here and could not be asked for";
      else
        asks.push({ project, actor, intent: startIntent(event.itemId, itemText(text), null, change, true) });
    }
  }
  return answer(event.itemId, asks, otherwise);
}

function decodeGone(event: Extract<PlaneEvent, { kind: "gone" }>, audience: Audience): Decoded {
  const projects = projectsOf(audience, event.project);
  if (projects.length === 0) return noProject(event.project);
  const actor = actorOf(event.actor, "whoever could delete the work item may stop it");
  const asks = projects.map((project): Ask => {
    const change = { project, actor, because: "work item deleted", key: `plane:${event.itemId}:deleted` };
    return { project, actor, intent: cancelIntent(event.itemId, change, "the work item was deleted") };
  });
  return answer(event.itemId, asks, "");
}

/** All projects that Plane feeds when the event does not say which one it is about. */
function projectsOf({ projects }: Audience, planeProject: string | null): readonly Project[] {
  return projects.filter(
    (project) =>
      project.planeProject !== null && (planeProject === null || same(project.planeProject, planeProject)),
  );
}

function actorOf(id: string | null, implies: string | null): EventActor {
  return { source: "plane", name: id ?? UNKNOWN_PERSON, isBot: false, association: null, implies };
}

function stamped({ stamp }: ItemEvent): string {
  return stamp === "" ? "" : `:${stamp}`;
}

function noProject(planeProject: string | null): Decoded {
  return ignore(`no project has the Plane project '${nameText(planeProject ?? "(not named)")}'`);
}

function need(itemId: string, wanted: Need): Decoded {
  return { kind: "need", subject: subjectOf(itemId), need: wanted };
}

function answer(itemId: string, asks: readonly Ask[], otherwise: string): Decoded {
  return asks.length > 0 ? { kind: "ask", subject: subjectOf(itemId), asks } : ignore(otherwise);
}
