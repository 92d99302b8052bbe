/** Jobs as the API shows them. Pure. */

import { z } from "@hono/zod-openapi";
import type { Job } from "../../../workflow/job.ts";
import { jobMoves } from "../../../workflow/states.ts";
import { count, iso, isoOrNull, maybeTime, time, words } from "../shapes.ts";
import { HoldView, viewHold } from "./hold.ts";

export const JobView = z
  .object({
    id: z.int(),
    task: z.string(),
    project: z.string(),
    phase: z.string(),
    agent: z.string(),
    status: z.enum(jobMoves.statuses),
    priority: z.int(),
    attempts: count,
    transients: count,
    interruptions: count,
    run: words,
    holds: z.array(HoldView).openapi({ description: "all that keeps it from being claimed" }),
    failure_class: words,
    reason: words,
    created_at: time,
    finished_at: maybeTime,
  })
  .openapi("Job");

export type JobAnswer = z.infer<typeof JobView>;

export function viewJob(job: Job): JobAnswer {
  return {
    id: job.id,
    task: job.task,
    project: job.project,
    phase: job.phase,
    agent: job.agent,
    status: job.status,
    priority: job.priority,
    attempts: job.attempts,
    transients: job.transients,
    interruptions: job.interruptions,
    run: job.run,
    holds: job.holds.map(viewHold),
    failure_class: job.failure,
    reason: job.reason,
    created_at: iso(job.createdAt),
    finished_at: isoOrNull(job.finishedAt),
  };
}
