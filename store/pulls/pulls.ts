/** Pull requests of tasks, and threads of their reviews: rows that decisions write, and what is told at hosts reads. */

import type { Parts } from "../../workflow/decide/change.ts";
import {
  type PullChange,
  type PullName,
  type PullRequest,
  type PullThread,
  pullMoves,
} from "../../workflow/phases/pull.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { textPerMove, tookEffect } from "../engine/moves.ts";
import { type Columns, decode, sourceOf } from "../engine/row.ts";

export interface PullStore {
  /** The newest of a branch, which a row of tasks may share; `null` where none was ever opened. */
  newest(project: string, branch: string): Promise<PullRequest | null>;
  get(name: PullName): Promise<PullRequest | null>;
  /** Those that stand open in a project, oldest first; some at a time, behind one. */
  open(project: string, after: PullName | null): Promise<readonly PullRequest[]>;
  /** Threads that a task has still to answer, whose feedback a run has heard; oldest first, some at a time. */
  toAnswer(task: string): Promise<readonly PullThread[]>;
  /** It was answered, or cannot be any more. False where it was already. */
  answered(thread: PullName & Pick<PullThread, "comment">, now: number): Promise<boolean>;
}

/** Looked at in one go. */
const ROWS_MAX = 100;

const NEWEST = "select * from pulls where project = $1 and branch = $2 order by number desc limit 1";
const GET = "select * from pulls where source = $1 and repo = $2 and number = $3";
const OPEN = `
select * from pulls where project = $1 and status = 'open' and (source, repo, number) > ($2, $3, $4)
order by source, repo, number limit ${ROWS_MAX}`;
const TO_ANSWER = `
select pull_threads.*, feedback.heard_by as run, runs.agent as agent, runs.published_commit as commit_id, runs.summary as summary
from pull_threads
join feedback on feedback.id = pull_threads.feedback
join runs on runs.id = feedback.heard_by
where pull_threads.task = $1 and pull_threads.answered_at is null
order by pull_threads.feedback, pull_threads.comment_id limit ${ROWS_MAX}`;
const ANSWERED = `
update pull_threads set answered_at = $5
where source = $1 and repo = $2 and number = $3 and comment_id = $4 and answered_at is null`;

const RECORD = `
insert into pulls (source, repo, number, project, task, branch, url, status, is_draft, is_ours, commit_id, opened_at, changed_at)
select $2, $3, $4, project, key, $5, $6, 'open', $7, $8, $9, $10, $10 from tasks where key = $1
on conflict (source, repo, number) do update
set is_ours = case when excluded.is_ours = 1 then 1 else pulls.is_ours end, url = excluded.url, is_draft = excluded.is_draft, commit_id = excluded.commit_id, changed_at = excluded.changed_at`;
const PUSH =
  "update pulls set commit_id = $4, changed_at = $5 where source = $1 and repo = $2 and number = $3";
const MOVE = textPerMove(
  pullMoves,
  ({ set, from }) => `
update pulls set ${set}, ended_by = $5, merged_as = $6, commit_id = coalesce($7, commit_id), changed_at = $4
where source = $1 and repo = $2 and number = $3 and ${from}`,
  "$4",
);
/** A thread that was answered is open again with new words in it. */
const THREAD = `
insert into pull_threads (source, repo, number, comment_id, task, author, path, line, feedback)
select $2, $3, $4, $5, $1, $6, $7, $8, coalesce(max(id), 0) from feedback where task = $1
on conflict (source, repo, number, comment_id) do update
set task = excluded.task, author = excluded.author, feedback = excluded.feedback, answered_at = null`;

export function pullStore(engine: Engine): PullStore {
  return {
    newest: async (project, branch) => first(await engine.all(NEWEST, [project, branch])),
    get: async ({ source, repo, number }) => first(await engine.all(GET, [source, repo, number])),
    open: async (project, after) => {
      const { source = "", repo = "", number = 0 } = after ?? {};
      return (await engine.all(OPEN, [project, source, repo, number])).map(readPull);
    },
    toAnswer: async (task) => (await engine.all(TO_ANSWER, [task])).map(readThread),
    answered: ({ source, repo, number, comment }, now) =>
      tookEffect(engine, { sql: ANSWERED, params: [source, repo, number, comment, now] }),
  };
}

function first(rows: readonly Row[]): PullRequest | null {
  return rows[0] === undefined ? null : readPull(rows[0]);
}

export function writePulls({ pulls }: Pick<Parts, "pulls">, task: string, now: number): readonly Statement[] {
  return pulls.map((change) => statementOf(change, task, now));
}

function statementOf(change: PullChange, task: string, now: number): Statement {
  switch (change.change) {
    case "record": {
      const { source, repo, number, branch, url, isDraft, isOurs, commit } = change.pull;
      const flags = [isDraft ? 1 : 0, isOurs ? 1 : 0];
      return {
        sql: RECORD,
        params: [task, source, repo, number, branch, url, ...flags, commit, now],
        expect: 1,
      };
    }
    case "push":
      return { sql: PUSH, params: [...nameOf(change), change.commit, now], expect: 1 };
    case "thread": {
      const { comment, by, path, line } = change;
      return { sql: THREAD, params: [task, ...nameOf(change), comment, by, path, line], expect: 1 };
    }
    default: {
      const { by, mergedAs, commit } = change;
      return { sql: MOVE[change.change], params: [...nameOf(change), now, by, mergedAs, commit], expect: 1 };
    }
  }
}

function nameOf({ source, repo, number }: PullName): readonly [string, string, number] {
  return [source, repo, number];
}

function readPull(row: Row): PullRequest {
  const columns = decode("pulls", row);
  const { text, textOrNull, integer, integerOrNull, status } = columns;
  return {
    ...readName(columns),
    project: text("project"),
    task: text("task"),
    branch: text("branch"),
    url: text("url"),
    status: status("status", pullMoves.statuses),
    isDraft: integer("is_draft") === 1,
    isOurs: integer("is_ours") === 1,
    commit: textOrNull("commit_id"),
    mergedAs: textOrNull("merged_as"),
    endedBy: textOrNull("ended_by"),
    openedAt: integer("opened_at"),
    changedAt: integer("changed_at"),
    finishedAt: integerOrNull("finished_at"),
  };
}

function readThread(row: Row): PullThread {
  const columns = decode("pull_threads", row);
  const { text, textOrNull, integerOrNull } = columns;
  return {
    ...readName(columns),
    comment: text("comment_id"),
    by: text("author"),
    path: text("path"),
    line: integerOrNull("line"),
    run: textOrNull("run"),
    agent: textOrNull("agent"),
    commit: textOrNull("commit_id"),
    summary: textOrNull("summary"),
    answeredAt: integerOrNull("answered_at"),
  };
}

function readName(columns: Columns): PullName {
  const { text, integer } = columns;
  return { source: sourceOf(columns), repo: text("repo"), number: integer("number") };
}
