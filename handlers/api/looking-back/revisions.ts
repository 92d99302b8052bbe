/** What a task goes by: how its text read before people changed it, and what stood at its item when it began. */

import { createRoute, z } from "@hono/zod-openapi";
import type { KeptRevision } from "../../../store/outside/revisions.ts";
import type { ItemContext } from "../../../workflow/outside/context.ts";
import { type Api, type ApiOptions, newApi } from "../base.ts";
import { unknownTask } from "../find.ts";
import { json, NOT_FOUND, PROBLEMS } from "../route.ts";
import { count, iso, taskKey, time, words } from "../shapes.ts";

const RevisionView = z
  .object({
    number: count.openapi({ description: "from 1, oldest first" }),
    title: z.string(),
    body: z.string(),
    replaced_by: z.string().openapi({ description: "who has changed it then" }),
    replaced_at: time,
  })
  .openapi("Revision");

const ItemView = z
  .object({
    comments: z.array(z.object({ by: z.string(), at: time, edited: z.boolean(), text: z.string() })),
    left_out: count.openapi({ description: "comments of people whom the project does not trust" }),
    more: z.boolean().openapi({ description: "older comments are left out, for want of room" }),
    linked: z.array(z.object({ name: z.string(), title: z.string() })),
    images: z
      .array(z.object({ name: z.string(), by: z.string(), at: time }))
      .openapi({ description: "by their address, or the id of their file" }),
    more_images: count.openapi({ description: "images are left out, for want of room" }),
    blockers: z.array(z.string()).openapi({ description: "what it waits for there that is no task here" }),
    reason: words.openapi({ description: "why nothing of it could be read" }),
  })
  .openapi("ItemContext");

const RevisionsView = z
  .object({
    task: z.string(),
    revisions: z.array(RevisionView).openapi({ description: "newest first; some, where there are many" }),
    item: ItemView.nullable().openapi({ description: "what stood at its item when it began" }),
  })
  .openapi("Revisions");
export type RevisionsAnswer = z.infer<typeof RevisionsView>;

const LIST = createRoute({
  method: "get",
  path: "/tasks/{key}/revisions",
  operationId: "listRevisions",
  summary: "Show how the text of a task read before, and what stood at its item when it began",
  request: { params: z.object({ key: taskKey }) },
  responses: { 200: json("Its text before, newest first", RevisionsView), ...PROBLEMS, ...NOT_FOUND },
});

export function revisionRoutes({ store }: ApiOptions): Api {
  const api = newApi();
  api.openapi(LIST, async (c) => {
    const { key } = c.req.valid("param");
    if ((await store.tasks.get(key)) === null) return unknownTask(key);
    const [revisions, item] = await Promise.all([store.revisions.ofTask(key), store.contexts.ofTask(key)]);
    return c.json(
      { task: key, revisions: revisions.map(viewRevision), item: item === null ? null : viewItem(item) },
      200,
    );
  });
  return api;
}

function viewRevision({ number, title, body, replacedBy, replacedAt }: KeptRevision) {
  return { number, title, body, replaced_by: replacedBy, replaced_at: iso(replacedAt) };
}

function viewItem({ comments, strangers, more, linked, blockers, missing, ...item }: ItemContext) {
  return {
    comments: comments.map(({ by, at, isEdited, text }) => ({ by, at: iso(at), edited: isEdited, text })),
    ...{ left_out: strangers, more, linked: [...linked], blockers: [...blockers] },
    images: item.images.map(({ name, by, at }) => ({ name, by, at: iso(at) })),
    more_images: item.moreImages,
    reason: missing,
  };
}
