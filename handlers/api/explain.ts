/** Why is this task not running? Gathers what was recorded about it; the answer is `workflow/explain/explain.ts`. */

import { createRoute, z } from "@hono/zod-openapi";
import { gatherExplanation } from "../../store/told/explanation.ts";
import type { HistoryEvent } from "../../workflow/event.ts";
import { tellEvent } from "../../workflow/explain/events.ts";
import { explain } from "../../workflow/explain/explain.ts";
import type { Cause } from "../../workflow/explain/lane.ts";
import { aboutTask } from "../../workflow/subject.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { unknownTask } from "./find.ts";
import { json, NOT_FOUND, PROBLEMS } from "./route.ts";
import { iso, isoOrNull, maybeTime, remedy, taskKey, time, words } from "./shapes.ts";

/** Newest entries of the history that are told with the answer. */
const DECISIONS_SHOWN = 5;

const ReasonView = z
  .object({
    about: z.enum(["task", "run", "work", "job", "all", "project", "agent", "account", "queue"]),
    sentence: z.string(),
    since: maybeTime,
    until: maybeTime.openapi({ description: "when time alone changes it" }),
    remedy,
  })
  .openapi("Reason");

export type ReasonAnswer = z.infer<typeof ReasonView>;

const DecisionView = z.object({ at: time, kind: z.string(), sentence: z.string() }).openapi("Decision");

const ExplanationView = z
  .object({
    task: z.string(),
    project: z.string(),
    status: z.string(),
    summary: words.openapi({ description: "what its newest agent said at its end" }),
    reasons: z.array(ReasonView).openapi({ description: "at least one; what weighs most comes first" }),
    decisions: z.array(DecisionView).openapi({ description: "the last ones, oldest first" }),
  })
  .openapi("Explanation");

export type ExplanationAnswer = z.infer<typeof ExplanationView>;

const EXPLAIN = createRoute({
  method: "get",
  path: "/tasks/{key}/explain",
  operationId: "explainTask",
  summary: "Say why a task is not running",
  request: { params: z.object({ key: taskKey }) },
  responses: {
    200: json("Why it is not running, and what would change that", ExplanationView),
    ...PROBLEMS,
    ...NOT_FOUND,
  },
});

export function explainRoutes({ store }: ApiOptions): Api {
  return newApi().openapi(EXPLAIN, async (c) => {
    const { key } = c.req.valid("param");
    const task = await store.tasks.get(key);
    if (task === null) return unknownTask(key);
    const [{ facts, summary }, events] = await Promise.all([
      gatherExplanation(store, task),
      store.events.of(aboutTask(key), Math.max(0, task.events - DECISIONS_SHOWN), DECISIONS_SHOWN),
    ]);
    const { project, status } = task;
    const answer = {
      task: key,
      ...{ project, status, summary },
      reasons: explain(facts).map(viewCause),
      decisions: events.map(viewDecision),
    };
    return c.json(answer, 200);
  });
}

function viewCause({ about, reason, remedy, since, until }: Cause): ReasonAnswer {
  return { about, sentence: reason, since: isoOrNull(since), until: isoOrNull(until), remedy };
}

function viewDecision(event: HistoryEvent): z.infer<typeof DecisionView> {
  return { at: iso(event.at), kind: event.kind, sentence: tellEvent(event) };
}
