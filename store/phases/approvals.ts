/** Approvals, and what people have said: rows that decisions write. */

import type { Parts } from "../../workflow/decide/change.ts";
import { isNamedSource, SOURCES } from "../../workflow/delivery.ts";
import type { Actor } from "../../workflow/intent.ts";
import type { Approval, ApprovalChange } from "../../workflow/phases/approval.ts";
import type { Feedback } from "../../workflow/phases/feedback.ts";
import { approvalMoves } from "../../workflow/phases/states.ts";
import { taskMoves } from "../../workflow/states.ts";
import type { Differs, Engine, Row, Statement } from "../engine/engine.ts";
import { literals } from "../engine/legality.ts";
import { textPerMove } from "../engine/moves.ts";
import { type Columns, decode } from "../engine/row.ts";

export interface ApprovalStore {
  /** What was asked about a task last, answered or not. */
  newest(task: string): Promise<Approval | null>;
  /** Whatever was asked about it, oldest first. */
  ofTask(task: string): Promise<readonly Approval[]>;
  /** Those that nobody has answered in time (ms), longest first, some at a time; of tasks that wait for them alone. */
  due(now: number): Promise<readonly Pick<Approval, "id" | "task">[]>;
  /** When the next of them is due (ms), or `null`. */
  nextDue(): Promise<number | null>;
  /** What people have said about a task and no run has taken in, in order. */
  unheard(task: string): Promise<readonly Feedback[]>;
  /** Number of the newest of these; 0 for none. */
  lastSaid(task: string): Promise<number>;
}

/** Expired in one go. */
const DUE_ROWS_MAX = 100;
/** Told to a run in one go; more waits for the next. */
const TOLD_ROWS_MAX = 50;

const NEWEST = "select * from approvals where task = $1 order by id desc limit 1";
const OF_TASK = "select * from approvals where task = $1 order by id";
const WAITS = `status = 'pending' and until is not null and exists (
  select 1 from tasks where tasks.key = approvals.task and tasks.status in (${literals(taskMoves.sources("unblock"))})
)`;
const DUE = `select id, task from approvals where until <= $1 and ${WAITS} order by until, id limit ${DUE_ROWS_MAX}`;
const NEXT_DUE = `select min(until) as due from approvals where ${WAITS}`;
const UNHEARD = `
select * from feedback where task = $1 and heard_by is null order by id limit ${TOLD_ROWS_MAX}`;
const LAST_SAID = "select coalesce(max(id), 0) as last from feedback where task = $1 and heard_by is null";

const ASK = `
insert into approvals (task, project, seq, phase, artifact, commit_id, status, asked_at, until)
select key, project, $2, $3, $4, $5, 'pending', $6, $7 from tasks where key = $1`;
const JUDGE = `
insert into approvals (task, project, seq, phase, artifact, commit_id, status, asked_at, finished_at, decided_by, decided_from, reason)
select key, project, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10 from tasks where key = $1`;
const VOTE: Differs = {
  sqlite: `update approvals set votes = json_insert(votes, '$[#]', $3)
           where id = $1 and task = $2 and status = 'pending'`,
  postgres: `update approvals set votes = cast(cast(votes as jsonb) || jsonb_build_array(cast($3 as text)) as text)
             where id = $1 and task = $2 and status = 'pending'`,
  because: "each appends to a list of JSON in its own words",
};
const UNVOTE: Differs = {
  sqlite: `update approvals
           set votes = (select json_group_array(value) from json_each(votes) where value <> $3)
           where id = $1 and task = $2 and status = 'pending'`,
  postgres: `update approvals
             set votes = (select cast(coalesce(json_agg(value), '[]') as text)
                          from json_array_elements_text(cast(votes as json)) as given (value) where value <> $3)
             where id = $1 and task = $2 and status = 'pending'`,
  because: "each takes a list of JSON apart in its own words",
};
const MOVE = textPerMove(
  approvalMoves,
  ({ set, from }) =>
    `update approvals set ${set}, decided_by = $4, decided_from = $5, reason = $6 where id = $1 and task = $2 and ${from}`,
  "$3",
);
const SAY = `
insert into feedback (task, said_by, said_from, said, said_at) values ($1, $2, $3, $4, $5)`;
const HEAR = "update feedback set heard_by = $2 where task = $1 and id <= $3 and heard_by is null";

export function approvalStore(engine: Engine): ApprovalStore {
  return {
    newest: async (task) => (await engine.all(NEWEST, [task])).map(readApproval)[0] ?? null,
    ofTask: async (task) => (await engine.all(OF_TASK, [task])).map(readApproval),
    due: async (now) =>
      (await engine.all(DUE, [now])).map((row) => {
        const { integer, text } = decode("approvals", row);
        return { id: integer("id"), task: text("task") };
      }),
    nextDue: async () => {
      const [row] = await engine.all(NEXT_DUE, []);
      return row === undefined ? null : decode("approvals", row).integerOrNull("due");
    },
    unheard: async (task) => (await engine.all(UNHEARD, [task])).map(readFeedback),
    lastSaid: async (task) => {
      const [row] = await engine.all(LAST_SAID, [task]);
      return row === undefined ? 0 : decode("feedback", row).integer("last");
    },
  };
}

export function writeApprovals(
  { approvals }: Pick<Parts, "approvals">,
  task: string,
  now: number,
): readonly Statement[] {
  return approvals.map((change) => statementOf(change, task, now));
}

function statementOf(change: ApprovalChange, task: string, now: number): Statement {
  switch (change.change) {
    case "ask": {
      const { seq, phase, artifact, commit, until } = change;
      const params = [task, seq, phase, artifact, commit, now, until];
      return { sql: ASK, params, expect: 1, ...(until !== null && { makes: "gates" as const }) };
    }
    case "judge": {
      const { seq, phase, artifact, commit, word, by, reason } = change;
      const params = [task, seq, phase, artifact, commit, word, now, by.name, by.kind, reason];
      return { sql: JUDGE, params, expect: 1 };
    }
    case "vote":
    case "unvote":
      return {
        sql: change.change === "vote" ? VOTE : UNVOTE,
        params: [change.id, task, change.by],
        expect: 1,
      };
    default: {
      const { id, by, reason } = change;
      return {
        sql: MOVE[change.change],
        params: [id, task, now, by?.name ?? null, by?.kind ?? null, reason],
        expect: 1,
      };
    }
  }
}

/** What people say, and what a run has taken in. */
export function writeFeedback(
  { feedback }: Pick<Parts, "feedback">,
  task: string,
  now: number,
): readonly Statement[] {
  return feedback.map(({ by, from, text }) => ({ sql: SAY, params: [task, by, from, text, now], expect: 1 }));
}

export function writeHeard({ heard }: Pick<Parts, "heard">, task: string): readonly Statement[] {
  return heard === null ? [] : [{ sql: HEAR, params: [task, heard.run, heard.upTo] }];
}

function readApproval(row: Row): Approval {
  const columns = decode("approvals", row);
  const { text, textOrNull, integer, integerOrNull, status, words } = columns;
  return {
    id: integer("id"),
    task: text("task"),
    project: text("project"),
    seq: integer("seq"),
    phase: text("phase"),
    artifact: textOrNull("artifact"),
    commit: textOrNull("commit_id"),
    status: status("status", approvalMoves.statuses),
    votes: words("votes"),
    askedAt: integer("asked_at"),
    until: integerOrNull("until"),
    decidedBy: textOrNull("decided_by"),
    decidedFrom: fromOf(columns, "decided_from"),
    reason: textOrNull("reason"),
    finishedAt: integerOrNull("finished_at"),
  };
}

function readFeedback(row: Row): Feedback {
  const columns = decode("feedback", row);
  const { text, integer } = columns;
  return {
    id: integer("id"),
    task: text("task"),
    by: text("said_by"),
    from: fromOf(columns, "said_from") ?? "daemon",
    text: text("said"),
    at: integer("said_at"),
  };
}

/** Who has spoken, and from where. */
export function fromOf({ textOrNull, oneOf }: Columns, column: string): Actor["kind"] | null {
  const name = textOrNull(column);
  if (name !== null && isNamedSource(name)) return name;
  return oneOf(column, [...SOURCES, "api", "cli", "chat", "daemon", "agent"]);
}
