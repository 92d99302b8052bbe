/** What agents ask people, and what was answered: rows that decisions write. No secret comes here. */

import type { Parts } from "../../workflow/decide/change.ts";
import type { Snapshot } from "../../workflow/decide/decision.ts";
import type { Answer, Answers, Question, QuestionChange } from "../../workflow/phases/question.ts";
import { questionMoves } from "../../workflow/phases/states.ts";
import { taskMoves } from "../../workflow/states.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { literals } from "../engine/legality.ts";
import { textPerMove } from "../engine/moves.ts";
import { decode } from "../engine/row.ts";
import { fromOf } from "./approvals.ts";

export interface QuestionStore {
  get(id: number): Promise<Question | null>;
  /** Whatever was asked about a task, oldest first. */
  ofTask(task: string): Promise<readonly Question[]>;
  /** What a decision sees. @param hash of a form that is to be asked; `null` for none */
  standing(task: string, hash: string | null): Promise<Pick<Snapshot, "question" | "questions">>;
  /** Those that nobody has answered in time (ms), longest first, some at a time; none of a task that is paused. */
  due(now: number): Promise<readonly Pick<Question, "id" | "task">[]>;
  /** When the next of them is due (ms), or `null`. */
  nextDue(): Promise<number | null>;
}

/** Expired in one go. */
const DUE_ROWS_MAX = 100;

const GET = "select * from questions where id = $1";
const OF_TASK = "select * from questions where task = $1 order by id";
const NEWEST = "select * from questions where task = $1 order by id desc limit 1";
const COUNT = "select count(*) as total from questions where task = $1";
const SAME = `
select * from questions where task = $1 and hash = $2 and status in ('answered', 'expired') order by id desc limit 1`;
const WAITS = `status = 'open' and until is not null and exists (
  select 1 from tasks where tasks.key = questions.task and tasks.status in (${literals(taskMoves.sources("unblock"))})
)`;
const DUE = `select id, task from questions where until <= $1 and ${WAITS} order by until, id limit ${DUE_ROWS_MAX}`;
const NEXT_DUE = `select min(until) as due from questions where ${WAITS}`;

const ASK = `
insert into questions (task, project, seq, phase, form, hash, status, asked_at, until)
select key, project, $2, $3, $4, $5, '${questionMoves.initial}', $6, $7 from tasks where key = $1`;
const MOVE = textPerMove(
  questionMoves,
  ({ set, from }) =>
    `update questions set ${set}, answers = $4, answered_by = $5, answered_from = $6, secrets = $7
where id = $1 and task = $2 and ${from}`,
  "$3",
);

export function questionStore(engine: Engine): QuestionStore {
  const read = async (sql: string, params: readonly (string | number)[]): Promise<readonly Question[]> =>
    (await engine.all(sql, params)).map(readQuestion);
  return {
    get: async (id) => (await read(GET, [id]))[0] ?? null,
    ofTask: (task) => read(OF_TASK, [task]),
    standing: async (task, hash) => {
      const [question = null] = await read(NEWEST, [task]);
      if (question === null || hash === null) return { question, questions: { count: 0, same: null } };
      const [row] = await engine.all(COUNT, [task]);
      const count = row === undefined ? 0 : decode("questions", row).integer("total");
      const [same = null] = await read(SAME, [task, hash]);
      return { question, questions: { count, same } };
    },
    due: async (now) =>
      (await engine.all(DUE, [now])).map((row) => {
        const { integer, text } = decode("questions", row);
        return { id: integer("id"), task: text("task") };
      }),
    nextDue: async () => {
      const [row] = await engine.all(NEXT_DUE, []);
      return row === undefined ? null : decode("questions", row).integerOrNull("due");
    },
  };
}

/** What ends comes before what begins: a task has one open question. */
export function writeQuestions(
  { questions }: Pick<Parts, "questions">,
  task: string,
  now: number,
): readonly Statement[] {
  return questions.map((change) => statementOf(change, task, now));
}

function statementOf(change: QuestionChange, task: string, now: number): Statement {
  switch (change.change) {
    case "ask": {
      const { seq, phase, form, hash, until } = change;
      const params = [task, seq, phase, JSON.stringify(form), hash, now, until];
      return { sql: ASK, params, expect: 1, ...(until !== null && { makes: "gates" as const }) };
    }
    case "answer": {
      const { id, answers, by, secrets } = change;
      const params = [id, task, now, JSON.stringify(answers), by.name, by.kind, secrets];
      return { sql: MOVE.answer, params, expect: 1 };
    }
    default:
      return { sql: MOVE[change.change], params: [change.id, task, now, null, null, null, null], expect: 1 };
  }
}

function readQuestion(row: Row): Question {
  const columns = decode("questions", row);
  const { text, textOrNull, integer, integerOrNull, status, object } = columns;
  return {
    id: integer("id"),
    task: text("task"),
    project: text("project"),
    seq: integer("seq"),
    phase: text("phase"),
    form: columns.form("form"),
    hash: text("hash"),
    status: status("status", questionMoves.statuses),
    askedAt: integer("asked_at"),
    until: integerOrNull("until"),
    answers: row["answers"] === null ? null : readAnswers(object("answers")),
    secrets: textOrNull("secrets"),
    answeredBy: textOrNull("answered_by"),
    answeredFrom: fromOf(columns, "answered_from"),
    finishedAt: integerOrNull("finished_at"),
  };
}

/** As they were checked when they were written. */
function readAnswers(stored: Readonly<Record<string, unknown>>): Answers {
  const entries = Object.entries(stored).flatMap(([name, value]): [string, Answer][] => {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      return [[name, value]];
    return Array.isArray(value) ? [[name, value.filter((one) => typeof one === "string")]] : [];
  });
  return Object.fromEntries(entries);
}
