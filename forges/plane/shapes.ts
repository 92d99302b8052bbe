/** What is read of Plane's answers, and what it is called here. */

import { z } from "zod";
import type { CommentView, ItemView, Person } from "../ask.ts";
import type { Item } from "../tell.ts";
import type { PlaneLabel, PlaneState } from "./names.ts";

const time = z
  .string()
  .nullish()
  .transform((text) => {
    const at = Date.parse(text ?? "");
    return Number.isFinite(at) ? at : 0;
  });

/** An id, or what it is the id of, where that was asked for. */
const Ref = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);

export const WorkItem = z.object({
  id: z.string(),
  name: z.string(),
  description_html: z.string().nullish(),
  sequence_id: z.number().int().nullish(),
  state: Ref.nullish(),
  labels: z.array(Ref).nullish(),
  assignees: z.array(Ref).nullish(),
  created_by: z.string().nullish(),
  created_at: time,
  updated_at: time,
});
export type WorkItem = z.infer<typeof WorkItem>;

export interface Named {
  readonly states: readonly PlaneState[];
  readonly labels: readonly PlaneLabel[];
  readonly identifier: string | null;
}

/** @param web where people read the workspace */
export function itemOf(
  place: string,
  item: WorkItem,
  { states, labels, identifier }: Named,
  web: string,
): ItemView {
  const state = states.find(({ id }) => id === item.state) ?? null;
  const number = item.sequence_id ?? null;
  return {
    item: { place, id: item.id },
    number,
    title: item.name,
    body: item.description_html ?? "",
    url:
      identifier === null || number === null
        ? null
        : `${web}/browse/${encodeURIComponent(identifier)}-${number}/`,
    author: personOf(item.created_by),
    labels: (item.labels ?? []).map((id) => ({
      id,
      name: labels.find((label) => label.id === id)?.name ?? id,
    })),
    assignees: item.assignees ?? [],
    state,
    isOpen: state === null || (state.group !== "completed" && state.group !== "cancelled"),
    isPull: false,
    uid: null,
    createdAt: item.created_at,
    updatedAt: item.updated_at,
  };
}

export const PlaneComment = z.object({
  id: z.string(),
  comment_html: z.string().nullish(),
  /** Whoever calls the API may name somebody else as its maker; the actor is whose token it was. */
  actor: Ref.nullish(),
  created_by: z.string().nullish(),
  created_at: time,
  updated_at: time,
  external_source: z.string().nullish(),
  external_id: z.string().nullish(),
});

export function commentOf(item: Item, comment: z.infer<typeof PlaneComment>): CommentView {
  return {
    id: comment.id,
    item,
    author: personOf(comment.actor),
    body: comment.comment_html ?? "",
    url: null,
    createdAt: comment.created_at,
    updatedAt: comment.updated_at,
  };
}

/** Plane tells no robots from people, and nothing of anybody's standing. */
export function personOf(id: string | null | undefined): Person | null {
  return id === null || id === undefined ? null : { name: id, id, isBot: false, standing: null };
}
