/** A row of `tasks` as a {@link Task}. */

import { taskMoves } from "../../workflow/states.ts";
import type { Task } from "../../workflow/task.ts";
import type { Row } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";

export function readTask(row: Row): Task {
  const { text, textOrNull, integer, integerOrNull, status, names } = decode("tasks", row);
  return {
    key: text("key"),
    project: text("project"),
    prefix: text("prefix"),
    number: integer("number"),
    title: text("title"),
    body: text("body"),
    url: textOrNull("url"),
    author: textOrNull("author"),
    status: status("status", taskMoves.statuses),
    reason: textOrNull("reason"),
    pausedAt: integerOrNull("paused_at"),
    pausedUntil: integerOrNull("paused_until"),
    workflow: text("workflow"),
    workflowHash: textOrNull("workflow_hash"),
    agents: names("agents"),
    agent: text("agent"),
    pins: {
      model: textOrNull("model"),
      effort: textOrNull("effort"),
      agent: textOrNull("chosen_agent"),
      agents: names("chosen"),
    },
    base: textOrNull("base"),
    priority: integer("priority"),
    follows: textOrNull("follows"),
    branch: textOrNull("branch"),
    commit: textOrNull("published_commit"),
    files: integerOrNull("files"),
    version: integer("version"),
    events: integer("events"),
    createdAt: integer("created_at"),
    updatedAt: integer("updated_at"),
    finishedAt: integerOrNull("finished_at"),
  };
}
