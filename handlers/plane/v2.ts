/**
 * Plane's second format (cloud and commercial): flat records with ids only, several changes in one delivery, and no
 * actor but the record's own `updated_by_id`.
 *
 * The vendor's own examples print Python's `None` as text and enum names as events; both are understood.
 */

import { z } from "zod";
import { nameText } from "../outside-text.ts";
import { OWN_MARKER } from "../own.ts";
import { ID as id, readPayload, timeOf } from "../payload.ts";
import type { Payload } from "../source.ts";
import { added, type PlaneEvent, stampOf } from "./change.ts";
import { htmlText } from "./html.ts";

const orNone = z.preprocess((value) => (value === "None" ? null : value), z.string().nullish());
const idOrNone = z.preprocess((value) => (value === "None" ? null : value), id.nullish());
const ids = z.array(z.string()).default([]);

const envelope = z.object({ event: z.string() });

const itemEvent = z.object({
  data: z.object({
    id,
    project_id: id,
    name: z.string(),
    description_html: orNone,
    description_stripped: orNone,
    sequence_id: z.int().positive().nullish(),
    updated_at: z.string(),
    created_by_id: idOrNone,
    updated_by_id: idOrNone,
    is_draft: z.boolean().nullish(),
    state_id: idOrNone,
    label_ids: ids,
    assignee_ids: ids,
  }),
  previous_attributes: z
    .looseObject({
      state_id: idOrNone,
      label_ids: z.array(z.string()).optional(),
      assignee_ids: z.array(z.string()).optional(),
    })
    .prefault({}),
});

const commentEvent = z.object({
  entity_id: z.string().nullish(),
  data: z.object({
    project_id: idOrNone,
    comment: z.object({
      id,
      actor_id: idOrNone,
      issue_id: id,
      comment_stripped: z.string(),
      external_source: orNone,
      created_at: orNone,
    }),
  }),
});

const goneEvent = z.object({
  entity_id: id,
  previous_attributes: z.object({ project_id: idOrNone, updated_by_id: idOrNone }).prefault({}),
});

/** `workitem.updated`, or the enum's name as the vendor's page prints it. */
const EVENT = /^(?:workitem|.*\.WORK_?ITEM)[._](comment[._])?(created|updated|deleted)$/i;

export function isV2(payload: Payload): boolean {
  return payload["version"] === "v2";
}

export function readV2(payload: Payload): PlaneEvent {
  const read = readPayload(envelope, payload);
  if (read.kind === "failed") return read;
  const [, comment = "", verb = ""] = EVENT.exec(read.value.event.slice(0, 128)) ?? [];
  switch (`${comment === "" ? "item" : "comment"}.${verb.toLowerCase()}`) {
    case "item.created":
      return readItem(payload, true);
    case "item.updated":
      return readItem(payload, false);
    case "item.deleted":
      return readGone(payload);
    case "comment.created":
      return readComment(payload);
    default:
      return { kind: "ignore", reason: `nothing listens to '${nameText(read.value.event)}'` };
  }
}

function readItem(payload: Payload, isNew: boolean): PlaneEvent {
  const read = readPayload(itemEvent, payload);
  if (read.kind === "failed") return read;
  const { data, previous_attributes: before } = read.value;
  if (data.is_draft === true) return { kind: "ignore", reason: "the work item is a draft" };
  const fields = Object.keys(before).slice(0, 8).join(", ");
  const hasNewState = isNew || (before.state_id !== undefined && before.state_id !== data.state_id);
  const labels = isNew ? data.label_ids : added(data.label_ids, before.label_ids ?? data.label_ids);
  const assignees = isNew
    ? data.assignee_ids
    : added(data.assignee_ids, before.assignee_ids ?? data.assignee_ids);
  const html = data.description_html ?? null;
  return {
    kind: "item",
    item: {
      id: data.id,
      project: data.project_id,
      title: data.name,
      body: html === null ? (data.description_stripped ?? null) : htmlText(html),
      number: data.sequence_id ?? null,
      author: data.created_by_id ?? null,
    },
    actor: (isNew ? data.created_by_id : data.updated_by_id) ?? null,
    what: isNew ? "created" : `updated: ${nameText(fields)}`,
    stamp: isNew ? "" : stampOf(data.updated_at),
    isNew,
    isEdited: !isNew && ["name", "description_html", "description_stripped"].some((one) => one in before),
    state: hasNewState && data.state_id != null ? { id: data.state_id, name: null, group: null } : null,
    labels: labels.map((label) => ({ id: label, name: null })),
    assignees,
  };
}

function readComment(payload: Payload): PlaneEvent {
  const read = readPayload(commentEvent, payload);
  if (read.kind === "failed") return read;
  const { project_id: project, comment } = read.value.data;
  const isOwn = comment.comment_stripped.includes(OWN_MARKER) || comment.external_source === "chargehand";
  if (isOwn) return { kind: "ignore", reason: "Chargehand's own comment" };
  return {
    kind: "comment",
    id: comment.id,
    itemId: comment.issue_id,
    project: project ?? null,
    actor: comment.actor_id ?? null,
    text: comment.comment_stripped,
    saidAt: timeOf(comment.created_at),
  };
}

function readGone(payload: Payload): PlaneEvent {
  const read = readPayload(goneEvent, payload);
  if (read.kind === "failed") return read;
  const { entity_id: itemId, previous_attributes: before } = read.value;
  return { kind: "gone", itemId, project: before.project_id ?? null, actor: before.updated_by_id ?? null };
}
