/**
 * The ledger of messages: a row for each that was sent to a chat, or may have been
 * (M1 of `workflow/chat/message.ts`).
 *
 * L1. Whoever begins a message takes its place by a unique index; a second one is told that it is taken.
 * L2. What has arrived for a row that waits for it no more stands in the chat all the same: it gets a row of its own
 *     that leaves, so that somebody takes it away.
 */

import {
  type ChatMessage,
  MESSAGE_PURPOSES,
  type MessagePurpose,
  messageMoves,
} from "../../workflow/chat/message.ts";
import type { Engine, Row, Statement, Value } from "../engine/engine.ts";
import { moveSql, tookEffect } from "../engine/moves.ts";
import { decode } from "../engine/row.ts";

export interface NewMessage {
  readonly chat: string;
  readonly task: string | null;
  readonly purpose: MessagePurpose;
  readonly about: string;
  readonly token: string;
  readonly isPlain: boolean;
  readonly after: string | null;
  readonly replyTo: string | null;
  readonly meaning: string | null;
  /** The message that leaves for it. */
  readonly replaces: number | null;
}

export interface MessageStore {
  /** All of a task in a chat that are not gone, oldest first. */
  ofTask(chat: string, task: string): Promise<readonly ChatMessage[]>;
  /** What is unknown or leaves and is due (ms), unknown ones first. */
  due(chat: string, now: number, limit: number): Promise<readonly ChatMessage[]>;
  /** When the next of these is due (ms), or `null`. */
  nextDue(chat: string, now: number): Promise<number | null>;
  /** By an id that is no message's any more, the last one that had it, as far as it is among the newest. */
  find(
    by: { readonly token: string } | { readonly chat: string; readonly remote: string },
  ): Promise<ChatMessage | null>;
  /** The one that stands for this in a chat, or may. */
  standing(chat: string, about: string): Promise<ChatMessage | null>;
  /** The newest ids of a chat that are known to be of messages of ours. */
  remotes(chat: string): Promise<ReadonlySet<string>>;
  /** L1. `null` when its place is taken. */
  begin(message: NewMessage, now: number): Promise<number | null>;
  /** L2. @param shown SHA-256 of what is shown; `null` where nobody knows */
  arrived(id: number, remote: string, shown: string | null, now: number): Promise<boolean>;
  edited(id: number, shown: string, now: number): Promise<void>;
  /** Nobody has seen the end of its sending; it is looked for at `dueAt` (ms). */
  lost(id: number, error: string, dueAt: number): Promise<void>;
  /** What an earlier daemon was sending is unknown now; those in `mine` are in hand. */
  loseOthers(mine: readonly number[], now: number): Promise<number>;
  leave(id: number, now: number): Promise<void>;
  end(id: number, error: string | null, now: number): Promise<void>;
  /** Another time. @param counts whether that was a look, or a try, in vain */
  putOff(id: number, why: string | null, dueAt: number, counts: boolean): Promise<void>;
  /** From now on without markup. */
  makePlain(id: number): Promise<void>;
}

const OF_TASK = "select * from messages where chat = $1 and task = $2 and status <> 'gone' order by id";
/** Whoever said anything else by a call looks for it at the next try of that call. */
const TENDED =
  "status in ('sending', 'unknown', 'leaving') and (status = 'leaving' or (status = 'unknown' and purpose in ('card', 'ask')))";
const DUE = `
select * from messages where chat = $1 and ${TENDED} and due_at <= $2
order by case status when 'unknown' then 0 else 1 end, due_at, id limit $3`;
const NEXT_DUE = `select min(due_at) as due from messages where chat = $1 and ${TENDED} and due_at > $2`;
/** More are not needed: only ids near the newest are doubted, and answered. */
const REMOTES_MAX = 1_000;
const BY_TOKEN = "select * from messages where token = $1";
const BY_REMOTE = "select * from messages where chat = $1 and remote = $2 and status <> 'gone'";
/** No index has the ids of those that are gone, so only the newest are looked at. */
const GONE_BY_REMOTE = `
select * from (select * from messages where chat = $1 and remote is not null order by id desc limit ${REMOTES_MAX}) as m
where remote = $2 and status = 'gone' order by id desc limit 1`;
const STANDING =
  "select * from messages where chat = $1 and about = $2 and status in ('sending', 'unknown', 'shown')";
const REMOTES = `select remote from messages where chat = $1 and remote is not null order by id desc limit ${REMOTES_MAX}`;
const BEGIN = `
insert into messages (chat, task, purpose, about, token, status, is_plain, after, reply_to, meaning, due_at, begun_at)
values ($1, $2, $3, $4, $5, '${messageMoves.initial}', $6, $7, $8, $9, $10, $10) returning id`;
const arrive = moveSql(messageMoves, "arrive", "$4");
const ARRIVE = `
update messages set ${arrive.set}, remote = $2, shown = $3, sent_at = $4, error = null, tries = 0 where id = $1 and ${arrive.from}`;
const ORPHAN = `
insert into messages (chat, task, purpose, about, token, status, remote, due_at, begun_at, sent_at, error)
select chat, task, purpose, about, token || ' ' || $2, 'leaving', $2, $3, begun_at, $3, 'it arrived when nobody waited for it any more'
from messages where id = $1
and not exists (select 1 from messages as m where m.chat = messages.chat and m.remote = $2 and m.status <> 'gone')`;
const EDITED =
  "update messages set shown = $2, edited_at = $3, error = null, tries = 0 where id = $1 and status = 'shown'";
const lose = moveSql(messageMoves, "lose", "$3");
const LOSE = `update messages set ${lose.set}, error = $2, due_at = $3 where id = $1 and ${lose.from}`;
const leave = moveSql(messageMoves, "leave", "$2");
const LEAVE = `update messages set ${leave.set}, due_at = $2, tries = 0 where id = $1 and ${leave.from}`;
const end = moveSql(messageMoves, "end", "$2");
const END = `update messages set ${end.set}, error = coalesce($3, error) where id = $1 and ${end.from}`;
const PUT_OFF =
  "update messages set tries = tries + $4, error = $2, due_at = $3 where id = $1 and status <> 'gone'";
const MAKE_PLAIN = "update messages set is_plain = 1, shown = null where id = $1";
const loseOthers = moveSql(messageMoves, "lose", "$2");
/** Chat by chat, as the index of what is in between has them. */
const lostBut = (mine: string): string => `
update messages set ${loseOthers.set}, due_at = $2, error = 'nobody saw the end of its sending'
where chat in (select c.chat from chats as c) and status in ('sending', 'unknown', 'leaving') and ${loseOthers.from}
and id not in (${mine})`;
const LOSE_OTHERS = {
  sqlite: lostBut("select value from json_each($1)"),
  postgres: lostBut(
    "select cast(value as bigint) from json_array_elements_text(cast($1 as json)) as given (value)",
  ),
  because: "each takes a list in JSON apart in its own words",
};

export function messageStore(engine: Engine): MessageStore {
  const one = async (sql: string, params: readonly Value[]): Promise<ChatMessage | null> => {
    const [row] = await engine.all(sql, params);
    return row === undefined ? null : readMessage(row);
  };
  const change = async (sql: string, ...params: readonly Value[]): Promise<void> => {
    await engine.atomic([{ sql, params }]);
  };
  return {
    ofTask: async (chat, task) => (await engine.all(OF_TASK, [chat, task])).map(readMessage),
    due: async (chat, now, limit) => (await engine.all(DUE, [chat, now, limit])).map(readMessage),
    nextDue: async (chat, now) => {
      const [row] = await engine.all(NEXT_DUE, [chat, now]);
      return row === undefined ? null : decode("messages", row).integerOrNull("due");
    },
    find: async (by) => {
      if ("token" in by) return one(BY_TOKEN, [by.token]);
      const params = [by.chat, by.remote];
      return (await one(BY_REMOTE, params)) ?? one(GONE_BY_REMOTE, params);
    },
    standing: (chat, about) => one(STANDING, [chat, about]),
    remotes: async (chat) =>
      new Set((await engine.all(REMOTES, [chat])).map((row) => decode("messages", row).text("remote"))),
    begin: (message, now) => begin(engine, message, now),
    arrived: async (id, remote, shown, now) => {
      if (await tookEffect(engine, { sql: ARRIVE, params: [id, remote, shown, now] })) return true;
      await engine.atomic([{ sql: ORPHAN, params: [id, remote, now] }]);
      return false;
    },
    edited: (id, shown, now) => change(EDITED, id, shown, now),
    lost: (id, error, dueAt) => change(LOSE, id, error, dueAt),
    loseOthers: async (mine, now) => {
      const result = await engine.atomic([{ sql: LOSE_OTHERS, params: [JSON.stringify(mine), now] }]);
      return result.kind === "done" ? (result.changed[0] ?? 0) : 0;
    },
    leave: (id, now) => change(LEAVE, id, now),
    end: (id, error, now) => change(END, id, now, error),
    putOff: (id, why, dueAt, counts) => change(PUT_OFF, id, why, dueAt, counts ? 1 : 0),
    makePlain: (id) => change(MAKE_PLAIN, id),
  };
}

async function begin(engine: Engine, message: NewMessage, now: number): Promise<number | null> {
  const { chat, task, purpose, about, token, isPlain, after, replyTo, meaning, replaces } = message;
  const begun: Statement = {
    sql: BEGIN,
    params: [chat, task, purpose, about, token, isPlain ? 1 : 0, after, replyTo, meaning, now],
    expect: 1,
  };
  const left: Statement[] = replaces === null ? [] : [{ sql: LEAVE, params: [replaces, now] }];
  const result = await engine.atomic([...left, begun]);
  const row = result.kind === "done" ? result.rows[left.length]?.[0] : undefined;
  return row === undefined ? null : decode("messages", row).integer("id");
}

function readMessage(row: Row): ChatMessage {
  const { text, textOrNull, integer, integerOrNull, status } = decode("messages", row);
  return {
    id: integer("id"),
    chat: text("chat"),
    task: textOrNull("task"),
    purpose: status("purpose", MESSAGE_PURPOSES),
    about: text("about"),
    token: text("token"),
    status: status("status", messageMoves.statuses),
    remote: textOrNull("remote"),
    shown: textOrNull("shown"),
    isPlain: integer("is_plain") === 1,
    after: textOrNull("after"),
    replyTo: textOrNull("reply_to"),
    meaning: textOrNull("meaning"),
    tries: integer("tries"),
    dueAt: integer("due_at"),
    error: textOrNull("error"),
    begunAt: integer("begun_at"),
    sentAt: integerOrNull("sent_at"),
    editedAt: integerOrNull("edited_at"),
    finishedAt: integerOrNull("finished_at"),
  };
}
