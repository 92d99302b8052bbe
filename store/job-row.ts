/** A row of `jobs` as a {@link Job}; apart from `jobs.ts` because the claim reads one as well. */

import type { Hold, Job } from "../workflow/model.ts";
import { jobMoves } from "../workflow/states.ts";
import type { Row } from "./engine.ts";
import { decode, FAILURES, HOLD_KINDS } from "./row.ts";

export function readJob(row: Row): Job {
  const { text, textOrNull, integer, integerOrNull, oneOf, status } = decode("jobs", row);
  return {
    id: integer("id"),
    task: text("task"),
    project: text("project"),
    phase: text("phase"),
    agent: text("agent"),
    status: status("status", jobMoves.statuses),
    priority: integer("priority"),
    fence: integer("fence"),
    run: textOrNull("run"),
    hold: readHold(row),
    attempts: integer("attempts"),
    transients: integer("transients"),
    interruptions: integer("interruptions"),
    session: textOrNull("session"),
    failure: oneOf("failure", FAILURES),
    reason: textOrNull("reason"),
    createdAt: integer("created_at"),
    finishedAt: integerOrNull("finished_at"),
  };
}

function readHold(row: Row): Hold | null {
  const { textOrNull, integerOrNull, oneOf } = decode("jobs", row);
  const kind = oneOf("hold_kind", HOLD_KINDS);
  return kind === null
    ? null
    : { kind, reason: textOrNull("hold_reason") ?? "", until: integerOrNull("hold_until") };
}
