/** Chats as they are known: which tasks have come to them, where they have moved to, and whether they are open. */

import type { ChatState } from "../../workflow/chat/message.ts";
import type { Engine, Row } from "../engine/engine.ts";
import { tookEffect } from "../engine/moves.ts";
import { decode } from "../engine/row.ts";

export interface ChatStore {
  all(): Promise<readonly ChatState[]>;
  /**
   * Makes a chat known. Tasks that are finished by then never come to it. With other settings than before it counts as
   * open again, and all its cards are drawn anew. Where it is another place, what was sent is out of reach.
   *
   * @param settings a digest whose first 16 characters tell of the place alone
   */
  configure(chat: string, settings: string, now: number): Promise<void>;
  /** Writes down that it has another id; what was sent to the old one is out of reach. Told again, it is no news. */
  moved(chat: string, to: string, now: number): Promise<void>;
  /** Writes down the newest message id that was seen of it. */
  noteNewest(chat: string, id: string): Promise<void>;
  /** Nothing can be said there until a person acts. Tried again at `retryAt` (ms), or sooner where that was to be. */
  close(
    chat: string,
    why: { readonly reason: string; readonly remedy: string },
    now: number,
    retryAt: number,
  ): Promise<void>;
  /** False when it was open. */
  open(chat: string): Promise<boolean>;
  /** What concerns many tasks has changed: all cards that may still change are drawn anew. */
  renew(chat: string, wide: string): Promise<void>;
}

const ALL = "select * from chats order by chat";
/** The first task that is not finished comes first. */
const CONFIGURE = `
insert into chats (chat, settings, since_seq, after_seq)
select cast($1 as text), cast($2 as text), coalesce((select max(seq) from tasks), 0),
  coalesce((select min(seq) from tasks where finished_at is null) - 1, (select max(seq) from tasks), 0)
where true
on conflict (chat) do update set settings = excluded.settings,
  closed_at = case when chats.settings = excluded.settings then chats.closed_at end,
  retry_at = case when chats.settings = excluded.settings then chats.retry_at end,
  moved_to = case when substr(chats.settings, 1, 16) = substr(excluded.settings, 1, 16) then chats.moved_to end,
  wide = case when chats.settings = excluded.settings then chats.wide else '' end`;
const VOID_ELSEWHERE = `
update messages set status = 'gone', remote = null, finished_at = $3, error = 'the configuration names another place'
where chat = $1 and status <> 'gone' and exists (select 1 from chats
  where chats.chat = $1 and substr(chats.settings, 1, 16) <> substr(cast($2 as text), 1, 16))`;
const MOVED = "update chats set moved_to = $2, newest = null where chat = $1";
/** That a chat has moved is heard of in two ways, and by then there may be messages in the new place. */
const IS_NEWS = "exists (select 1 from chats where chats.chat = $1 and coalesce(moved_to, '') <> $2)";
/** All times are from 0 on; named, they lead to the index of unsettled cards, past all that ever were. */
const DRAW_ANEW =
  "update cards set seen = '', is_asked = 0 where chat = $1 and is_settled = 0 and due_at >= 0";
/** What has an id there is another message. */
const VOID = `
update messages set status = 'gone', remote = null, finished_at = $3, error = 'the chat has moved'
where chat = $1 and status <> 'gone' and ${IS_NEWS}`;
const DRAW_MOVED = `
update cards set seen = '', is_asked = 0 where chat = $1 and is_settled = 0 and due_at >= 0 and ${IS_NEWS}`;
const NOTE_NEWEST = "update chats set newest = $2 where chat = $1";
const CLOSE = `
update chats set closed_at = coalesce(closed_at, $2),
  retry_at = case when retry_at > $2 then retry_at else $3 end, reason = $4, remedy = $5 where chat = $1`;
const OPEN = `
update chats set closed_at = null, retry_at = null, reason = null, remedy = null where chat = $1 and closed_at is not null`;
const RENEW = "update chats set wide = $2 where chat = $1";

export function chatStore(engine: Engine): ChatStore {
  const run = async (sql: string, ...params: readonly (string | number | null)[]): Promise<void> => {
    await engine.atomic([{ sql, params }]);
  };
  return {
    all: async () => (await engine.all(ALL, [])).map(readChat),
    configure: async (chat, settings, now) => {
      await engine.atomic([
        { sql: VOID_ELSEWHERE, params: [chat, settings, now] },
        { sql: CONFIGURE, params: [chat, settings] },
      ]);
    },
    moved: async (chat, to, now) => {
      await engine.atomic([
        { sql: VOID, params: [chat, to, now] },
        { sql: DRAW_MOVED, params: [chat, to] },
        { sql: MOVED, params: [chat, to] },
      ]);
    },
    noteNewest: (chat, id) => run(NOTE_NEWEST, chat, id),
    close: (chat, { reason, remedy }, now, retryAt) => run(CLOSE, chat, now, retryAt, reason, remedy),
    open: (chat) => tookEffect(engine, { sql: OPEN, params: [chat] }),
    renew: async (chat, wide) => {
      await engine.atomic([
        { sql: RENEW, params: [chat, wide] },
        { sql: DRAW_ANEW, params: [chat] },
      ]);
    },
  };
}

function readChat(row: Row): ChatState {
  const { text, textOrNull, integerOrNull } = decode("chats", row);
  return {
    chat: text("chat"),
    settings: text("settings"),
    movedTo: textOrNull("moved_to"),
    newest: textOrNull("newest"),
    wide: text("wide"),
    closedAt: integerOrNull("closed_at"),
    retryAt: integerOrNull("retry_at"),
    reason: textOrNull("reason"),
    remedy: textOrNull("remedy"),
  };
}
