/**
 * Cards: which tasks a chat shows, and which of them look different now from what was drawn last.
 *
 * K1. Level-triggered: a mark is made of everything by which a task moves, and compared with the one that was drawn. So
 *     no change needs to tell of itself, and a hundred changes are one difference.
 * K2. What is finished and drawn so is settled, and costs nothing any more until its task is written again.
 */

import type { Card } from "../../workflow/chat/message.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { tookEffect } from "../engine/moves.ts";
import { decode } from "../engine/row.ts";
import { LIVE } from "../rows/run.ts";

export interface Drawn {
  readonly seen: string;
  readonly seenActive: number | null;
  readonly isAsked: boolean;
  /** How it stood, in a word. */
  readonly state: string;
  /** Nothing of it changes any more. */
  readonly isSettled: boolean;
}

export interface CardStore {
  /**
   * Brings tasks to a chat that have come since, some at a time. Of unsettled ones there are at most
   * {@link CARDS_MAX}: the others come when these are settled.
   *
   * @param projects `null` for those of every project
   * @param isThorough also looks for those with an older number, which appear late on PostgreSQL
   */
  adopt(chat: string, projects: readonly string[] | null, isThorough: boolean): Promise<void>;
  /**
   * Cards to be drawn anew by now (ms): first what may want a person and was not told yet, then what has moved, longest
   * ago first, then what an agent does, where it was drawn before `activeBefore` (ms).
   */
  due(chat: string, now: number, activeBefore: number, limit: number): Promise<readonly Card[]>;
  /** When the next that waits for its time is due (ms), or `null`. */
  nextDue(chat: string, now: number): Promise<number | null>;
  drawn(card: Pick<Card, "chat" | "task">, drawn: Drawn, now: number): Promise<void>;
  /** It is looked at again at `dueAt` (ms). */
  putOff(card: Pick<Card, "chat" | "task">, dueAt: number): Promise<void>;
}

/** Unsettled cards of a chat; each costs a look whenever something moves. */
export const CARDS_MAX = 1_000;
const ADOPTED_AT_ONCE = 200;
/** Numbers of tasks are given before they are committed: so far back one may still appear. */
const LOOK_BACK = 100;

const LOOK = `
select ${CARDS_MAX} - (select count(*) from cards where chat = $1 and is_settled = 0) as room,
  coalesce((select max(seq) from tasks), 0) as newest, (select after_seq from chats where chat = $1) as after`;
const adopt = (ofProjects: string): string => `
insert into cards (chat, task)
select cast($1 as text), t.key from tasks as t
where t.seq > (select c.after_seq - ${LOOK_BACK} from chats as c where c.chat = $1)
  and (t.finished_at is null or t.seq > (select c.since_seq from chats as c where c.chat = $1))
  and ($2 = '' or t.project in (${ofProjects}))
  and not exists (select 1 from cards where cards.chat = $1 and cards.task = t.key)
order by t.seq limit $3`;
const LIST = "case when $2 = '' then '[]' else $2 end";
const ADOPT = {
  sqlite: adopt(`select value from json_each(${LIST})`),
  postgres: adopt(`select value from json_array_elements_text(cast(${LIST} as json)) as given (value)`),
  because: "each takes a list in JSON apart in its own words",
};
const ADVANCE = "update chats set after_seq = $2 where chat = $1 and after_seq < $2";
const UNSETTLE = "update cards set is_settled = 0 where task = $1 and is_settled = 1";
/** Where it was finished before the chat was there, it comes now. */
const LOOK_AGAIN = `
update chats set after_seq = (select t.seq - 1 from tasks as t where t.key = $1)
where after_seq >= (select t.seq from tasks as t where t.key = $1)
and not exists (select 1 from cards where cards.chat = chats.chat and cards.task = $1)`;

const JOB = "(select j.id from jobs as j where j.task = t.key order by j.id desc limit 1)";
const LIVE_RUN = `select r.id from runs as r where r.task = t.key and r.${LIVE}`;
/** Everything by which a task `t` moves. */
export const MARK = `cast(t.version as text)
  || coalesce((select ' ' || j.status || ' ' || cast(j.fence as text) from jobs as j where j.id = ${JOB}), '')
  || coalesce((select ' ' || cast(count(*) as text) || min(h.kind) || max(h.kind) || coalesce(cast(max(h.until) as text), '')
    from job_holds as h where h.job = ${JOB}), '')
  || coalesce((select ' ' || r.status || ' ' || coalesce(r.stop, '') from runs as r where r.id = (${LIVE_RUN})), '')`;
const DUE = `
select * from (
  select c.chat, c.task, c.seen, c.seen_active, c.drawn_at, c.due_at, c.is_asked, c.state, t.status, ${MARK} as mark,
    (select max(r.active_at) from runs as r where r.task = t.key and r.${LIVE}) as active
  from cards as c join tasks as t on t.key = c.task
  where c.chat = $1 and c.is_settled = 0 and c.due_at <= $2
) as looked
where mark <> seen or (active is not null and drawn_at <= $3 and active > coalesce(seen_active, 0))
order by case when mark = seen then 2 when status in ('blocked', 'failed') and is_asked = 0 then 0 else 1 end,
  drawn_at, task limit $4`;
const NEXT_DUE = "select min(due_at) as due from cards where chat = $1 and is_settled = 0 and due_at > $2";
const DRAWN = `
update cards set seen = $3, seen_active = $4, is_asked = $5, is_settled = $6, drawn_at = $7, due_at = 0, state = $8
where chat = $1 and task = $2`;
const PUT_OFF = "update cards set due_at = $3 where chat = $1 and task = $2";

export function cardStore(engine: Engine): CardStore {
  return {
    adopt: async (chat, projects, isThorough) => {
      const [row = {}] = await engine.all(LOOK, [chat]);
      const { integer } = decode("cards", row);
      const limit = Math.min(ADOPTED_AT_ONCE, integer("room"));
      if (limit <= 0 || (!isThorough && integer("after") >= integer("newest"))) return;
      const params = [chat, projects === null ? "" : JSON.stringify(projects), limit];
      const result = await engine.atomic([{ sql: ADOPT, params }]);
      const came = result.kind === "done" ? (result.changed[0] ?? 0) : 0;
      if (came < limit) await engine.atomic([{ sql: ADVANCE, params: [chat, integer("newest")] }]);
    },
    due: async (chat, now, activeBefore, limit) =>
      (await engine.all(DUE, [chat, now, activeBefore, limit])).map(readCard),
    nextDue: async (chat, now) => {
      const [row] = await engine.all(NEXT_DUE, [chat, now]);
      return row === undefined ? null : decode("cards", row).integerOrNull("due");
    },
    drawn: async ({ chat, task }, { seen, seenActive, isAsked, isSettled, state }, now) => {
      const params = [chat, task, seen, seenActive, isAsked ? 1 : 0, isSettled ? 1 : 0, now, state];
      await tookEffect(engine, { sql: DRAWN, params });
    },
    putOff: async ({ chat, task }, dueAt) => {
      await tookEffect(engine, { sql: PUT_OFF, params: [chat, task, dueAt] });
    },
  };
}

/** K2. For whoever writes a task. @param beginsAgain whether it may have been finished until now */
export function unsettleCards(task: string, beginsAgain: boolean): readonly Statement[] {
  return [UNSETTLE, ...(beginsAgain ? [LOOK_AGAIN] : [])].map((sql) => ({ sql, params: [task] }));
}

function readCard(row: Row): Card {
  const { text, integer, integerOrNull } = decode("cards", row);
  return {
    chat: text("chat"),
    task: text("task"),
    seen: text("seen"),
    mark: text("mark"),
    seenActive: integerOrNull("seen_active"),
    active: integerOrNull("active"),
    drawnAt: integer("drawn_at"),
    dueAt: integer("due_at"),
    status: text("status"),
    state: text("state"),
    isAsked: integer("is_asked") === 1,
  };
}
