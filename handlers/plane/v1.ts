/**
 * Plane's first format: what every self-hosted community edition sends, and the extra deliveries of v0.20 to v0.26.0
 * with values for people instead of ids.
 *
 * `activity` tells what changed, `data` how things stand when the delivery is made, which may be later. A change that
 * `data` no longer shows is left to the delivery of the change that undid it.
 */

import { z } from "zod";
import { same } from "../../workflow/text/same.ts";
import { nameText } from "../outside-text.ts";
import { OWN_MARKER } from "../own.ts";
import { ID, readPayload, timeOf } from "../payload.ts";
import type { Payload } from "../source.ts";
import type { Named } from "../triggers.ts";
import { added, type Item, type PlaneEvent, stampOf } from "./change.ts";
import { htmlText } from "./html.ts";

const envelope = z.object({ event: z.string(), action: z.string() });

const actor = z.object({ id: ID });
const named = z.object({ id: ID, name: z.string() });

const itemEvent = z.object({
  data: z.object({
    id: ID,
    project: ID,
    name: z.string(),
    description_html: z.string().nullish(),
    description_stripped: z.string().nullish(),
    sequence_id: z.int().positive().nullish(),
    updated_at: z.string(),
    created_by: ID.nullish(),
    is_draft: z.boolean().nullish(),
    state: z.object({ id: ID, name: z.string(), group: z.string() }).nullable(),
    labels: z.array(named),
    assignees: z.array(actor),
  }),
  activity: z.object({
    actor,
    field: z.string().nullish(),
    /** A scalar or a list, as the client sent it. */
    new_value: z.unknown(),
    old_value: z.unknown(),
    new_identifier: ID.nullish(),
  }),
});
type ItemEvent = z.infer<typeof itemEvent>;

const commentEvent = z.object({
  data: z.object({
    id: ID,
    issue: ID,
    project: ID,
    comment_html: z.string(),
    external_source: z.string().nullish(),
    created_at: z.string().nullish(),
  }),
  activity: z.object({ actor }),
});

const relationsEvent = z.object({ data: z.object({ id: ID, project: ID, updated_at: z.string() }) });

const goneEvent = z.object({ data: z.object({ id: ID }), activity: z.object({ actor }) });

const stateChange = z.object({ activity: z.object({ new_value: z.string().nullable() }) });
const listChange = z.object({
  activity: z.object({
    new_value: z.union([z.array(z.string()), z.string(), z.null()]),
    old_value: z.union([z.array(z.string()), z.string(), z.null()]),
  }),
});

export function readV1(payload: Payload): PlaneEvent {
  const read = readPayload(envelope, payload);
  if (read.kind === "failed") return read;
  // Old versions spell `create`, `update`, `delete`.
  const name = `${read.value.event}.${read.value.action.replace(/d$/, "")}`;
  switch (name) {
    case "issue.create":
      return readItem(payload, true);
    case "issue.update":
      return readItem(payload, false);
    case "issue.delete":
      return readGone(payload);
    case "issue_comment.create":
      return readComment(payload);
    case "issue_relation.update":
      return readRelations(payload);
    default:
      return {
        kind: "ignore",
        reason: `nothing listens to '${nameText(`${read.value.event}.${read.value.action}`)}'`,
      };
  }
}

function readItem(payload: Payload, isNew: boolean): PlaneEvent {
  const read = readPayload(itemEvent, payload);
  if (read.kind === "failed") return read;
  const { data, activity } = read.value;
  if (data.is_draft === true) return { kind: "ignore", reason: "the work item is a draft" };
  const base = {
    kind: "item",
    item: itemOf(data),
    actor: activity.actor.id,
    stamp: isNew ? "" : stampOf(data.updated_at),
    isNew,
    isEdited: !isNew && /^(name|description(_html|_stripped)?)$/.test(activity.field ?? ""),
  } as const;
  if (isNew) {
    const assignees = data.assignees.map(({ id }) => id);
    return { ...base, what: "created", state: data.state, labels: data.labels, assignees };
  }
  const field = activity.field ?? "";
  const unchanged = { ...base, what: `updated: ${nameText(field)}`, state: null, labels: [], assignees: [] };
  // The web app and the API spell the fields differently.
  switch (field.replace(/_ids?$/, "").replace(/s$/, "")) {
    case "state":
      return withState(payload, read.value, unchanged);
    case "label":
      return withList(payload, read.value, unchanged, (ids) => ({ labels: present(data.labels, ids) }));
    case "assignee":
      return withList(payload, read.value, unchanged, (ids) => ({
        assignees: data.assignees.map(({ id }) => id).filter((id) => ids.some((added) => same(added, id))),
      }));
    default:
      return unchanged;
  }
}

type Unchanged = Extract<PlaneEvent, { kind: "item" }>;

function withState(payload: Payload, { data, activity }: ItemEvent, unchanged: Unchanged): PlaneEvent {
  const read = readPayload(stateChange, payload);
  if (read.kind === "failed") return read;
  const { state } = data;
  const to = activity.new_identifier ?? read.value.activity.new_value;
  if (state === null || to === null) return unchanged;
  const isStill = same(state.id, to) || (activity.new_identifier == null && same(state.name, to));
  if (!isStill)
    return {
      kind: "ignore",
      reason: `the state is '${nameText(state.name)}' by now; that change tells of itself`,
    };
  return { ...unchanged, state };
}

function withList(
  payload: Payload,
  { activity }: ItemEvent,
  unchanged: Unchanged,
  change: (ids: readonly string[]) => Partial<Pick<Unchanged, "labels" | "assignees">>,
): PlaneEvent {
  const read = readPayload(listChange, payload);
  if (read.kind === "failed") return read;
  const { new_value: now, old_value: before } = read.value.activity;
  // Lists of ids; old versions made one delivery per element, with its id beside its name.
  if (Array.isArray(now)) return { ...unchanged, ...change(added(now, Array.isArray(before) ? before : [])) };
  const id = activity.new_identifier ?? null;
  return { ...unchanged, ...change(id === null ? [] : [id]) };
}

/** Those of the things the item has now whose ids are among `ids`; the client's list itself is unchecked input. */
function present(things: readonly Named[], ids: readonly string[]): readonly Named[] {
  return things.filter(({ id }) => id !== null && ids.some((added) => same(added, id)));
}

function itemOf(data: ItemEvent["data"]): Item {
  const html = data.description_html ?? "";
  return {
    id: data.id,
    project: data.project,
    title: data.name,
    body: html === "" ? (data.description_stripped ?? "") : htmlText(html),
    number: data.sequence_id ?? null,
    author: data.created_by ?? null,
  };
}

function readComment(payload: Payload): PlaneEvent {
  const read = readPayload(commentEvent, payload);
  if (read.kind === "failed") return read;
  const { data, activity } = read.value;
  const isOwn = data.comment_html.includes(OWN_MARKER) || data.external_source === "chargehand";
  if (isOwn) return { kind: "ignore", reason: "Chargehand's own comment" };
  const { id, issue: itemId, project } = data;
  return {
    kind: "comment",
    id,
    itemId,
    project,
    actor: activity.actor.id,
    text: htmlText(data.comment_html),
    saidAt: timeOf(data.created_at),
  };
}

/** Plane sends none: whoever asks it has found that they are others (`reconciler/plane/needs.ts`). */
function readRelations(payload: Payload): PlaneEvent {
  const read = readPayload(relationsEvent, payload);
  if (read.kind === "failed") return read;
  const { id, project, updated_at } = read.value.data;
  return { kind: "relations", itemId: id, project, stamp: stampOf(updated_at), actor: null };
}

/** Nothing but the id is left; its project is not told. */
function readGone(payload: Payload): PlaneEvent {
  const read = readPayload(goneEvent, payload);
  if (read.kind === "failed") return read;
  return { kind: "gone", itemId: read.value.data.id, project: null, actor: read.value.activity.actor.id };
}
