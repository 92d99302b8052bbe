/** Phases of tasks, and the artifacts that they have left behind: rows that decisions write. */

import type { Parts } from "../../workflow/decide/change.ts";
import type { SessionOwner } from "../../workflow/job.ts";
import type { Artifact } from "../../workflow/phases/artifact.ts";
import type { Phase, PhaseChange } from "../../workflow/phases/phase.ts";
import { phaseMoves } from "../../workflow/phases/states.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { textPerMove, told } from "../engine/moves.ts";
import { type Page, type PageQuery, readPage } from "../engine/page.ts";
import { type Columns, decode } from "../engine/row.ts";
import { takeSnapshot } from "./snapshots.ts";

export interface PhaseStore {
  /** All that a task has come to, oldest first. */
  ofTask(task: string): Promise<readonly Phase[]>;
  /** What its phases have left behind, newest first. */
  artifacts(query: PageQuery & { readonly task: string }): Promise<Page<Artifact>>;
  /** The newest valid one of each phase, as the next phase is given them; none whose text was old and is gone. */
  inputs(task: string): Promise<readonly Artifact[]>;
}

const OF_TASK = "select * from phases where task = $1 order by seq";
const INPUTS = `
select * from artifacts where task = $1 and is_valid = 1 and content <> ''
and id in (select max(id) from artifacts where task = $1 and is_valid = 1 group by phase) order by id`;

const ENTER = `
insert into phases (task, seq, phase, role, agent, cycle, pass, status, entered_at, finished_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
const TROUBLE = "update phases set trouble = $3 where task = $1 and seq = $2 and finished_at is null";
const MOVE = textPerMove(
  phaseMoves,
  ({ set, from }) => `update phases set ${set},
  verdict = case when $4 = 1 then $5 else verdict end, artifact = case when $6 = 1 then $7 else artifact end,
  commit_id = case when $8 = 1 then $9 else commit_id end, summary = case when $10 = 1 then $11 else summary end,
  session = case when $12 = 1 then $13 else session end,
  session_agent = case when $12 = 1 then $14 else session_agent end,
  session_account = case when $12 = 1 then $15 else session_account end,
  session_turns = case when $12 = 1 then $16 else session_turns end
where task = $1 and seq = $2 and ${from}`,
  "$3",
);
const KEEP_ARTIFACT = `
insert into artifacts (task, seq, phase, cycle, run, path, sha256, bytes, content, is_valid, problems, kept_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;

export function phaseStore(engine: Engine): PhaseStore {
  return {
    ofTask: async (task) => (await engine.all(OF_TASK, [task])).map(readPhase),
    artifacts: ({ task, ...query }) => {
      const filters = [{ column: "task", equals: task }];
      const position = (row: Row): number => decode("artifacts", row).integer("id");
      const listing = {
        columns: "*",
        table: "artifacts",
        order: "id",
        filters,
        decode: readArtifact,
        position,
      } as const;
      return readPage(engine, listing, query);
    },
    inputs: async (task) => (await engine.all(INPUTS, [task])).map(readArtifact),
  };
}

/** What ends comes before what begins: a task stands in one phase. */
export function writePhases(
  { phases }: Pick<Parts, "phases">,
  task: string,
  now: number,
): readonly Statement[] {
  return phases.flatMap((change) => {
    const ends = change.change === "complete" || change.change === "fail";
    return [statementOf(change, task, now), ...(ends ? [takeSnapshot(task, change.seq, now)] : [])];
  });
}

function statementOf(change: PhaseChange, task: string, now: number): Statement {
  switch (change.change) {
    case "enter":
    case "pass_by": {
      const { seq, phase, role, agent, cycle, pass } = change;
      const [begins, ends] = change.change === "enter" ? ["running", null] : ["skipped", now];
      return {
        sql: ENTER,
        params: [task, seq, phase, role, agent, cycle, pass, begins, now, ends],
        expect: 1,
      };
    }
    case "trouble":
      return { sql: TROUBLE, params: [task, change.seq, change.trouble], expect: 1 };
    default: {
      const { seq, verdict, artifact, commit, summary, session } = change;
      const result = [...told(verdict), ...told(artifact), ...told(commit), ...told(summary)];
      const owner = [...told(session === undefined ? undefined : (session?.id ?? null))];
      const whose = [session?.agent ?? null, session?.account ?? null, session?.turns ?? 0];
      return { sql: MOVE[change.change], params: [task, seq, now, ...result, ...owner, ...whose], expect: 1 };
    }
  }
}

export function writeArtifacts(
  { artifacts }: Pick<Parts, "artifacts">,
  task: string,
  now: number,
): readonly Statement[] {
  return artifacts.map(({ seq, phase, cycle, run, path, sha256, bytes, text, isValid, problems }) => {
    const judged = [isValid ? 1 : 0, JSON.stringify(problems)];
    const params = [task, seq, phase, cycle, run, path, sha256, bytes, text, ...judged, now];
    return { sql: KEEP_ARTIFACT, params, expect: 1 };
  });
}

function readPhase(row: Row): Phase {
  const columns = decode("phases", row);
  const { text, textOrNull, integer, integerOrNull, status } = columns;
  return {
    task: text("task"),
    seq: integer("seq"),
    phase: text("phase"),
    role: text("role"),
    agent: text("agent"),
    cycle: integer("cycle"),
    pass: integer("pass"),
    status: status("status", phaseMoves.statuses),
    verdict: textOrNull("verdict"),
    artifact: textOrNull("artifact"),
    commit: textOrNull("commit_id"),
    summary: textOrNull("summary"),
    trouble: textOrNull("trouble"),
    session: readSession(columns),
    enteredAt: integer("entered_at"),
    finishedAt: integerOrNull("finished_at"),
  };
}

function readSession({ text, textOrNull, integer }: Columns): SessionOwner | null {
  const id = textOrNull("session");
  if (id === null) return null;
  const turns = integer("session_turns");
  const whose = { agent: text("session_agent"), account: textOrNull("session_account") };
  return { id, ...whose, ...(turns > 0 && { turns }) };
}

function readArtifact(row: Row): Artifact {
  const { text, integer, words } = decode("artifacts", row);
  return {
    id: integer("id"),
    task: text("task"),
    seq: integer("seq"),
    phase: text("phase"),
    cycle: integer("cycle"),
    run: text("run"),
    path: text("path"),
    sha256: text("sha256"),
    bytes: integer("bytes"),
    text: text("content"),
    isValid: integer("is_valid") === 1,
    problems: words("problems"),
    keptAt: integer("kept_at"),
  };
}
