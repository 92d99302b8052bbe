/**
 * The outbox over the API: what is owed to the outside, what has become of it, and what a person has done with it.
 *
 * A message itself is not shown: it is for its receiver, who has asked for it.
 */

import { createRoute, z } from "@hono/zod-openapi";
import type { OutboxCall } from "../../workflow/outbox.ts";
import { outboxMoves } from "../../workflow/states.ts";
import { SUBJECT_KINDS } from "../../workflow/subject.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { problem } from "./problem.ts";
import { BODY_PROBLEMS, json, listOf, NOT_FOUND, PROBLEMS, pageQuery, pageView, REFUSED } from "./route.ts";
import { count, EmptyBody, iso, isoOrNull, maybeTime, PageParams, time, words } from "./shapes.ts";

const CallView = z
  .object({
    id: z.int(),
    target: z.string().openapi({ description: "who makes it: notice, log, webhook:NAME" }),
    kind: z.string(),
    subject: z.object({ kind: z.enum(SUBJECT_KINDS), name: z.string() }),
    message: words.openapi({ description: "what it tells, of a notice" }),
    status: z.enum(outboxMoves.statuses),
    tries: count,
    unsure: z.boolean().openapi({ description: "whether it may have arrived, although nobody has said so" }),
    error: words.openapi({ description: "why it has not been made yet, or why it was given up" }),
    due_at: time,
    created_at: time,
    finished_at: maybeTime,
  })
  .openapi("OutboxCall");

export type CallAnswer = z.infer<typeof CallView>;

const params = z.object({ id: z.coerce.number().int().positive().openapi({ type: "integer" }) });

const LIST = createRoute({
  method: "get",
  path: "/outbox",
  operationId: "listOutbox",
  summary: "List calls to the outside, newest first",
  request: {
    query: PageParams.extend({
      status: z.enum(outboxMoves.statuses).optional(),
      target: z.string().optional(),
    }),
  },
  responses: { 200: json("Calls, newest first", listOf("outbox", CallView)), ...PROBLEMS },
});

const CHANGED = { ...PROBLEMS, ...BODY_PROBLEMS, ...NOT_FOUND, ...REFUSED };

const RETRY = createRoute({
  method: "post",
  path: "/outbox/{id}/retry",
  operationId: "retryCall",
  summary: "Try a call at once that was given up, or waits",
  request: { params, body: json("", EmptyBody) },
  responses: { 200: json("It is due, with new patience", CallView), ...CHANGED },
});

const DROP = createRoute({
  method: "post",
  path: "/outbox/{id}/drop",
  operationId: "dropCall",
  summary: "Give up a call that is not wanted",
  request: { params, body: json("", EmptyBody) },
  responses: { 200: json("It is not made any more", CallView), ...CHANGED },
});

export function outboxRoutes({ store, clock, log }: ApiOptions): Api {
  const api = newApi();
  /** What a person has asked for is done, or the state forbids it. */
  const answer = async (
    id: number,
    isDone: boolean,
    verb: "retry" | "drop",
  ): Promise<Response | CallAnswer> => {
    const call = await store.outbox.get(id);
    if (call === null) return problem(404, { detail: `there is no call ${id} in the outbox` });
    if (!isDone) return problem(409, { detail: `call ${id} is ${call.status}`, state: call.status });
    const about = { call: id, target: call.target, kind: call.kind };
    if (verb === "retry") log.info({ event: "outbox.retried", ...about });
    else log.info({ event: "outbox.dropped", ...about });
    return viewCall(call);
  };
  api.openapi(LIST, async (c) => {
    const { status, target, ...page } = c.req.valid("query");
    const calls = await store.outbox.list({ ...pageQuery(page), status, target });
    return c.json(pageView("outbox", calls, viewCall), 200);
  });
  api.openapi(RETRY, async (c) => {
    const { id } = c.req.valid("param");
    const answered = await answer(id, await store.outbox.retry(id, clock.now()), "retry");
    return answered instanceof Response ? answered : c.json(answered, 200);
  });
  api.openapi(DROP, async (c) => {
    const { id } = c.req.valid("param");
    const answered = await answer(id, await store.outbox.drop(id, clock.now()), "drop");
    return answered instanceof Response ? answered : c.json(answered, 200);
  });
  return api;
}

function viewCall(call: OutboxCall): CallAnswer {
  const { id, target, kind, subject, payload, status, tries, begunAt, error } = call;
  const { message } = payload;
  return {
    ...{ id, target, kind, subject, status, tries, error },
    message: typeof message === "string" ? message : null,
    unsure: begunAt !== null,
    due_at: iso(call.dueAt),
    created_at: iso(call.createdAt),
    finished_at: isoOrNull(call.finishedAt),
  };
}
