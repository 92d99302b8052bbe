/**
 * Webhooks of Plane (v1) that nobody has got, made anew from what its API says. Pure. What has no actor that is known
 * cannot be told: nobody could judge it.
 */

import type { CommentView, ItemChange, ItemEdit, ItemView } from "../../forges/ask.ts";

type Body = Readonly<Record<string, unknown>>;

/** @param at stands for its last change (ms) */
function dataOf({ item, title, body, number, author, state, labels, assignees }: ItemView, at: number): Body {
  return {
    ...{ id: item.id, project: item.place, name: title, description_html: body, sequence_id: number },
    ...{ updated_at: new Date(at).toISOString(), created_by: author?.id ?? null, state },
    labels: labels.map(({ id, name }) => ({ id: id ?? name, name })),
    assignees: assignees.map((id) => ({ id })),
  };
}

export function createdEvent(item: ItemView, actor: string): Body {
  const activity = { actor: { id: actor }, field: null, new_value: null, old_value: null };
  return { event: "issue", action: "created", data: dataOf(item, item.updatedAt), activity };
}

/** @param what as {@link ItemChange} names it @param to the id of what it got */
export function changedEvent(
  item: ItemView,
  { what, to, at, actor }: Pick<ItemChange, "what" | "at"> & { readonly to: string; readonly actor: string },
): Body {
  const field = what === "moved" ? "state_id" : what === "labeled" ? "label_ids" : "assignee_ids";
  const values = what === "moved" ? { new_value: to, old_value: null } : { new_value: [to], old_value: [] };
  const activity = { actor: { id: actor }, field, ...values };
  return { event: "issue", action: "updated", data: dataOf(item, at), activity };
}

export function editedEvent(item: ItemView, { what, at, by }: ItemEdit): Body {
  const field = what === "title" ? "name" : "description_html";
  const activity = { actor: { id: by?.id ?? "unknown" }, field, new_value: null, old_value: null };
  return { event: "issue", action: "updated", data: dataOf(item, at), activity };
}

export function commentEvent(item: ItemView, comment: CommentView, actor: string): Body {
  const data = {
    ...{ id: comment.id, issue: item.item.id, project: item.item.place, comment_html: comment.body },
    created_at: new Date(comment.createdAt).toISOString(),
  };
  return { event: "issue_comment", action: "created", data, activity: { actor: { id: actor } } };
}

/** An event that Plane itself does not send: nothing of it tells of relations. */
export function relationsEvent(id: string, project: string, at: number): Body {
  const data = { id, project, updated_at: new Date(at).toISOString() };
  return { event: "issue_relation", action: "updated", data };
}

export function goneEvent(id: string): Body {
  return { event: "issue", action: "deleted", data: { id }, activity: { actor: { id: "unknown" } } };
}
