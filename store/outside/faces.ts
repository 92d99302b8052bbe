/**
 * Faces: what tasks show at forges and trackers, and which tasks look different now from what was looked at last.
 *
 * F1. Level-triggered, by the mark that cards have: no change needs to tell of itself.
 * F2. A wish and the call that brings it are one transaction. A call names its face and holds no text: whoever makes it
 *     reads what is wished for then, so of many wishes the last one is told, and one call is owed at most.
 * F3. Before a call nobody knows what stands outside, and so it is written down; a daemon that dies within one leaves a
 *     face that is open, with a call that is made again.
 */

import { createHash } from "node:crypto";
import { outsideTarget } from "../../workflow/outside/calls.ts";
import type { Face, Moved, WantedFace } from "../../workflow/outside/face.ts";
import { canonicalJson } from "../../workflow/text/canonical.ts";
import { MARK } from "../chat/cards.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { tookEffect } from "../engine/moves.ts";
import { decode } from "../engine/row.ts";

export interface FaceStore {
  /** Tasks to be looked at by now (ms), oldest time first. */
  due(now: number, limit: number): Promise<readonly Moved[]>;
  /** When the next that waits for its time is due (ms), or `null`. */
  nextDue(now: number): Promise<number | null>;
  looked(task: string, seen: string, isSettled: boolean): Promise<void>;
  /** It is looked at again at `dueAt` (ms). */
  putOff(task: string, dueAt: number): Promise<void>;
  /** All that is not settled is looked at anew. */
  renew(): Promise<void>;
  /** Of one task, by source and aspect. */
  ofTask(task: string): Promise<readonly Face[]>;
  get(task: string, source: string, aspect: string): Promise<Face | null>;
  /** F2. What is wished for already, and stands there, costs nothing. */
  wish(task: string, faces: readonly WantedFace[], now: number): Promise<void>;
  /** Owes a call for each open face that has none; returns how many. */
  owe(now: number): Promise<number>;
  /** F3. */
  begin(face: Face): Promise<void>;
  /** It stands there. @param wished hash of what was told */
  told(
    face: Face,
    remote: { readonly id: string; readonly url: string | null } | null,
    now: number,
  ): Promise<void>;
  /** The host would not have it; another wish is told at `dueAt` (ms) at the earliest. */
  refused(face: Face, error: string, dueAt: number): Promise<void>;
}

const DUE = `
select * from (
  select o.task, o.seen, o.due_at, ${MARK} as mark
  from outside as o join tasks as t on t.key = o.task
  where o.is_settled = 0 and o.due_at <= $1
) as looked where mark <> seen order by due_at, task limit $2`;
const NEXT_DUE = "select min(due_at) as due from outside where is_settled = 0 and due_at > $1";
const LOOKED = "update outside set seen = $2, is_settled = $3, due_at = 0 where task = $1";
const PUT_OFF = "update outside set due_at = $2 where task = $1";
const RENEW = "update outside set seen = '', due_at = 0 where is_settled = 0";
const ADOPT = "insert into outside (task) values ($1)";
/** Also of one that waits for its time: it may want somebody now. */
const UNSETTLE =
  "update outside set is_settled = 0, due_at = 0 where task = $1 and (is_settled = 1 or due_at > 0)";

const OF_TASK = "select * from faces where task = $1 order by source, aspect";
const GET = "select * from faces where task = $1 and source = $2 and aspect = $3";
/** What nobody knows is told again; what stands there is not. */
const WISH = `
insert into faces (task, source, aspect, place, item, wish, wished, wished_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (task, source, aspect) do update set place = $4, item = $5, wish = $6, wished = $7, wished_at = $8,
  is_open = case when faces.told = $7 then 0 else 1 end
where faces.wished <> $7 or faces.place <> $4 or faces.item <> $5`;

/** By the calls about the task, which are few; to one target a thousand may be owed. */
const IS_OWED = `
exists (select 1 from outbox as c where c.subject_kind = 'task' and c.subject = f.task
  and c.target || '' = '${outsideTarget("")}' || f.source and c.kind = f.aspect and c.status = 'pending')`;
const owe = (which: string): string => `
insert into outbox (subject_kind, subject, target, kind, payload, due_at, created_at, owed_since)
select 'task', f.task, '${outsideTarget("")}' || f.source, f.aspect, '{}', $1, $1, $1 from faces as f
where f.is_open = 1 and f.due_at <= $1${which} and not ${IS_OWED}`;
const OWE_ALL = owe("");
const OWE_OF_TASK = owe(" and f.task = $2");

const BEGIN = "update faces set told = null where task = $1 and source = $2 and aspect = $3";
const TOLD = `
update faces set told = $4, is_open = case when wished = $4 then 0 else 1 end, remote = coalesce($5, remote),
  url = coalesce($6, url), told_at = $7, error = null, due_at = 0
where task = $1 and source = $2 and aspect = $3`;
const REFUSED = `
update faces set error = $5, due_at = $6, is_open = case when wished = $4 then 0 else 1 end
where task = $1 and source = $2 and aspect = $3`;

export function faceStore(engine: Engine): FaceStore {
  const change = async (statement: Statement): Promise<number> => {
    const result = await engine.atomic([statement]);
    return result.kind === "done" ? (result.changed[0] ?? 0) : 0;
  };
  return {
    due: async (now, limit) => (await engine.all(DUE, [now, limit])).map(readMoved),
    nextDue: async (now) => {
      const [row] = await engine.all(NEXT_DUE, [now]);
      return row === undefined ? null : decode("outside", row).integerOrNull("due");
    },
    looked: async (task, seen, isSettled) => {
      await tookEffect(engine, { sql: LOOKED, params: [task, seen, isSettled ? 1 : 0] });
    },
    putOff: async (task, dueAt) => {
      await tookEffect(engine, { sql: PUT_OFF, params: [task, dueAt] });
    },
    renew: async () => {
      await change({ sql: RENEW, params: [] });
    },
    ofTask: async (task) => (await engine.all(OF_TASK, [task])).map(readFace),
    get: async (task, source, aspect) => {
      const [row] = await engine.all(GET, [task, source, aspect]);
      return row === undefined ? null : readFace(row);
    },
    wish: async (task, faces, now) => {
      if (faces.length === 0) return;
      const wishes = faces.map((face) => ({ sql: WISH, params: [task, ...wished(face), now] }));
      await engine.atomic([...wishes, { sql: OWE_OF_TASK, params: [now, task], makes: "outbox" }]);
    },
    owe: (now) => change({ sql: OWE_ALL, params: [now], makes: "outbox" }),
    begin: async (face) => {
      await change({ sql: BEGIN, params: nameOf(face) });
    },
    told: async (face, remote, now) => {
      const params = [...nameOf(face), face.wished, remote?.id ?? null, remote?.url ?? null, now];
      await change({ sql: TOLD, params });
    },
    refused: async (face, error, dueAt) => {
      await change({ sql: REFUSED, params: [...nameOf(face), face.wished, error, dueAt] });
    },
  };
}

function nameOf({ task, source, aspect }: Face): readonly string[] {
  return [task, source, aspect];
}

function wished({ source, aspect, place, item, wish }: WantedFace): readonly string[] {
  return [source, aspect, place, item, JSON.stringify(wish), wishHash(wish)];
}

/** By which two wishes are known as the same. */
export function wishHash(wish: unknown): string {
  return createHash("sha256").update(canonicalJson(wish)).digest("hex").slice(0, 32);
}

/** A new task comes to be looked at. */
export function adoptOutside(task: string): Statement {
  return { sql: ADOPT, params: [task] };
}

/** For whoever writes a task. */
export function unsettleOutside(task: string): Statement {
  return { sql: UNSETTLE, params: [task] };
}

function readMoved(row: Row): Moved {
  const { text } = decode("outside", row);
  return { task: text("task"), mark: text("mark"), seen: text("seen") };
}

function readFace(row: Row): Face {
  const { text, textOrNull, integer, integerOrNull, object } = decode("faces", row);
  return {
    task: text("task"),
    source: text("source"),
    aspect: text("aspect"),
    place: text("place"),
    item: text("item"),
    wish: object("wish"),
    wished: text("wished"),
    told: textOrNull("told"),
    isOpen: integer("is_open") === 1,
    remote: textOrNull("remote"),
    url: textOrNull("url"),
    error: textOrNull("error"),
    wishedAt: integer("wished_at"),
    toldAt: integerOrNull("told_at"),
  };
}
