/**
 * Work items that have changed: what should have started, what was finished, and what was said at them. Plane lists no
 * comments of a whole project, but each comment is a change of its item.
 *
 * I1. As at GitHub an act counts, and not what it has led to.
 * I2. Its limit is narrow: the mark moves on with each item that was looked at, and what is left is for the next look.
 */

import type { CommentView, ItemChange, ItemView, TrackerAsk } from "../../forges/ask.ts";
import type { StandsFor } from "../../store/watch/waiting.ts";
import type { Project } from "../../workflow/project.ts";
import { taskMoves } from "../../workflow/states.ts";
import { folded, same } from "../../workflow/text/same.ts";
import type { Handled } from "../handled.ts";
import type { Look, Step } from "../ports.ts";
import { tell } from "../tell.ts";
import { DONE, failed, markOf, moveOn } from "../watcher.ts";
import { changedEvent, commentEvent, createdEvent, editedEvent, goneEvent } from "./payloads.ts";

/** What was moved a little before Chargehand was there is meant for it (ms). */
const FIRST_MS = 3_600_000;
/** Our clock and the host's (ms). */
const CLOCKS_APART_MS = 60_000;

type Ask = Pick<TrackerAsk, "itemsSince" | "changes" | "comments" | "item" | "edits">;

/** @param changed is filled with the ids of items that have changed */
export async function lookAtItems(
  look: Look,
  ask: Ask,
  handled: Handled,
  changed: Set<string>,
): Promise<Step> {
  const { place, now, ports } = look;
  const mark = markOf(look, "items", now - FIRST_MS);
  const isFirst = !look.marks.has("items");
  const found = await ask.itemsSince(place.name, mark.since, mark.etag);
  if (found.kind !== "ok") return failed(found);
  if (found.value.kind === "unchanged") return DONE;
  const { items, more } = found.value.value;
  const live = await ports.store.waiting.items(place.source);
  let newest: number | null = null;
  for (const item of items) {
    if (!handled.has(item.item.id, item.updatedAt)) {
      changed.add(item.item.id);
      const end = await lookAtItem(look, ask, item, { since: mark.since, isFirst, live });
      if (end.kind === "failed") {
        // I2
        await moveOn(look, mark, newest, { etag: null, isCut: false });
        return end;
      }
      handled.note(item.item.id, item.updatedAt, now);
    }
    newest = Math.max(newest ?? 0, item.updatedAt);
  }
  await moveOn(look, mark, newest, { etag: null, isCut: false });
  if (!more) return DONE;
  const reason = "more has changed than can be listed: the oldest changes were not looked at";
  return { kind: "failed", reason, afterMs: 0, fault: "call" };
}

interface Standing {
  readonly since: number;
  /** What was said before Chargehand was there was said to nobody. */
  readonly isFirst: boolean;
  readonly live: readonly StandsFor[];
}

async function lookAtItem(look: Look, ask: Ask, item: ItemView, standing: Standing): Promise<Step> {
  const tasks = standing.live.filter(({ ref }) => ref.kind === "work_item" && ref.id === item.item.id);
  if (await isOfInterest(look, item, tasks)) {
    const history = await ask.changes(item.item);
    if (history.kind !== "ok") return failed(history);
    for (const change of history.value.items) {
      if (change.at < standing.since) continue;
      const end =
        change.what === "created"
          ? await tellCreated(look, asCreated(item, history.value.items), change)
          : await tellChange(look, item, change, tasks);
      if (end.kind === "failed") return end;
    }
  }
  const [task] = tasks;
  if (task !== undefined && item.isOpen) {
    const end = await tellEdits(look, ask, item, Math.max(standing.since, task.since));
    if (end.kind === "failed") return end;
  }
  return standing.isFirst ? DONE : tellComments(look, ask, item, standing.since);
}

/** What is older than its task is what that has begun with. */
async function tellEdits(look: Look, ask: Ask, item: ItemView, since: number): Promise<Step> {
  const found = await ask.edits(item.item);
  if (found.kind !== "ok") return failed(found);
  for (const edit of found.value) {
    if (edit.at <= since || edit.by === null) continue;
    const at = stampOf(item, edit.at);
    const body = editedEvent(item, { ...edit, at });
    const end = await tell(look, { event: "issue", key: `plane:${item.item.id}:edited:${at}`, body });
    if (end.kind === "failed") return end;
  }
  return DONE;
}

/** A webhook shows the item as it is when it is sent: after a change that nothing has followed, with its time. */
function stampOf({ updatedAt }: ItemView, at: number): number {
  return Math.abs(updatedAt - at) < CLOCKS_APART_MS ? updatedAt : at;
}

/** Whether something done to it could begin or end anything now. */
async function isOfInterest(
  { place, ports }: Look,
  item: ItemView,
  tasks: readonly StandsFor[],
): Promise<boolean> {
  if (!item.isOpen) return tasks.length > 0;
  for (const project of place.projects) {
    if (!isStart(project, item)) continue;
    const refs = [{ source: place.source, kind: "work_item", id: item.item.id }];
    const task = await ports.store.tasks.find(project.name, refs);
    if (task === null || taskMoves.final.includes(task.status)) return true;
  }
  return false;
}

function isStart({ start }: Project, { state, labels, assignees }: ItemView): boolean {
  const isOne = (list: readonly string[], ...names: readonly (string | null)[]): boolean =>
    names.some((name) => name !== null && list.some((one) => same(one, name)));
  return (
    (state !== null && isOne(start.states, state.id, state.name)) ||
    labels.some(({ id, name }) => isOne(start.labels, id, name)) ||
    assignees.some((id) => isOne(start.assignees, id))
  );
}

async function tellCreated(look: Look, item: ItemView, { by }: ItemChange): Promise<Step> {
  const actor = by?.id ?? null;
  if (actor === null) return DONE;
  const key = `plane:${item.item.id}:created`;
  return tell(look, { event: "issue", key, body: createdEvent(item, actor) });
}

/** With what it has of its beginning still: the rest is the doing of those who have changed it. */
function asCreated(item: ItemView, history: readonly ItemChange[]): ItemView {
  const isLater = (what: ItemChange["what"], ...names: readonly (string | null)[]): boolean =>
    history.some(
      (change) =>
        change.what === what &&
        (names.length === 0 || names.some((name) => name !== null && hasName(change, name))),
    );
  return {
    ...item,
    state: isLater("moved") ? null : item.state,
    labels: item.labels.filter(({ id, name }) => !isLater("labeled", id, name)),
    assignees: item.assignees.filter((id) => !isLater("assigned", id)),
  };
}

/** Some versions write all ids of a list as one value. */
function hasName({ to }: Pick<ItemChange, "to">, name: string): boolean {
  return to !== null && (to.id === name || to.name === name || to.name.split(",").includes(name));
}

/** Only what is so still: another change tells of itself. */
async function tellChange(
  look: Look,
  item: ItemView,
  { what, to, by, at }: ItemChange,
  tasks: readonly StandsFor[],
): Promise<Step> {
  const actor = by?.id ?? null;
  if (actor === null) return DONE;
  const { id } = item.item;
  const got = gotOf(item, what, to);
  if (got === null) return DONE;
  const isEnd = what === "moved" && !item.isOpen;
  if (isEnd && tasks.every((task) => at < task.since - CLOCKS_APART_MS)) return DONE;
  const stamp = stampOf(item, at);
  const body = changedEvent(item, { what, to: got.id, at: stamp, actor });
  return tell(look, { event: "issue", key: `plane:${id}:${got.change}:${stamp}`, body });
}

/** What the item has of it now. */
function gotOf(
  item: ItemView,
  what: ItemChange["what"],
  to: ItemChange["to"],
): { readonly id: string; readonly change: string } | null {
  const isIt = (id: string | null, name: string): boolean =>
    hasName({ to }, name) || (id !== null && hasName({ to }, id));
  if (what === "moved") {
    const { state } = item;
    return state !== null && isIt(state.id, state.name)
      ? { id: state.id, change: `state:${state.id}` }
      : null;
  }
  if (what === "labeled") {
    const label = item.labels.find(({ id, name }) => isIt(id, name));
    const id = label?.id ?? null;
    return label === undefined || id === null ? null : { id, change: folded(`label:${label.name}`) };
  }
  const person = item.assignees.find((id) => isIt(id, id));
  return person === undefined ? null : { id: person, change: folded(`assigned:to ${person}`) };
}

async function tellComments(look: Look, ask: Ask, item: ItemView, since: number): Promise<Step> {
  const { place } = look;
  if (place.projects.every(({ start }) => start.commands.length === 0)) return DONE;
  const found = await ask.comments(item.item);
  if (found.kind !== "ok") return failed(found);
  for (const comment of found.value.items) {
    const actor = comment.author?.id ?? null;
    if (comment.createdAt < since || actor === null || !isCommand(place.projects, comment)) continue;
    const body = commentEvent(item, comment, actor);
    const end = await tell(look, { event: "issue_comment", key: `plane:comment:${comment.id}`, body });
    if (end.kind === "failed") return end;
  }
  return DONE;
}

function isCommand(projects: readonly Project[], { body }: CommentView): boolean {
  const [word = ""] = body
    .slice(0, 10_000)
    .replace(/<[^>]*>|&nbsp;/g, " ")
    .trim()
    .split(/\s+/, 1);
  return projects.some(({ start }) => start.commands.some((command) => same(command, word)));
}

/** Work items of tasks that are there no more. It is asked only after the list was answered. */
export async function lookForGone(look: Look, ask: Pick<TrackerAsk, "item">): Promise<Step> {
  const { ports, place, isFull } = look;
  if (!isFull) return DONE;
  for (const { ref, project } of await ports.store.waiting.items(place.source)) {
    if (ref.kind !== "work_item" || !place.projects.some(({ name }) => name === project)) continue;
    const found = await ask.item({ place: place.name, id: ref.id });
    if (found.kind !== "ok") return failed(found);
    if (found.value !== null) continue;
    const key = `plane:${ref.id}:deleted`;
    const end = await tell(look, { event: "issue", key, body: goneEvent(ref.id) });
    if (end.kind === "failed") return end;
  }
  return DONE;
}
