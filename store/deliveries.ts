/**
 * Deliveries: webhook requests, from the moment they are acknowledged (I1) to their one effect (I2).
 *
 * The mark `processed` is written in the transaction of the effect (`commit.ts`), all other endings by themselves.
 */

import type { Delivery, NewDelivery } from "../workflow/delivery.ts";
import type { NewEvent } from "../workflow/event.ts";
import type { NewCall } from "../workflow/outbox.ts";
import type { Told } from "../workflow/outside/reply.ts";
import type { DeliveryStatus } from "../workflow/states.ts";
import { deliveryMoves } from "../workflow/states.ts";
import type { NoticeSubject } from "../workflow/subject.ts";
import { type Engine, type Statement, StoreFault, type Value } from "./engine/engine.ts";
import { moveSql } from "./engine/moves.ts";
import type { Page, PageQuery } from "./engine/page.ts";
import { type Listing, readPage, statusIs } from "./engine/page.ts";
import { decode } from "./engine/row.ts";
import { writeNotice } from "./events.ts";
import { type DueDeliveries, dueDeliveries } from "./inbox/due.ts";
import { writeTold } from "./outside/replies.ts";
import { readDelivery } from "./rows/delivery.ts";

export interface Recorded {
  readonly id: number;
  readonly fresh: boolean;
}

/** How the handling of a delivery ends that does not change a task by itself. */
export interface Ending {
  readonly status: "processed" | "ignored";
  /** Of what was ignored. */
  readonly reason: string | null;
  /** The one that it was about. */
  readonly task: string | null;
  /** What is written down of it, and told outside, once. */
  readonly notice: {
    readonly subject: NoticeSubject;
    readonly event: NewEvent & { readonly key: string };
    readonly calls: readonly NewCall[];
  } | null;
}

export interface DeliveryStore extends DueDeliveries {
  /** Stores all of them in one transaction (group commit); a known (source, delivery id) is not fresh. */
  record(deliveries: readonly NewDelivery[], now: number): Promise<readonly Recorded[]>;
  /** Whether an older unhandled delivery is about the same thing. */
  isBehind(id: number, subject: string): Promise<boolean>;
  /** Puts it off: it stays `received`, with the reason to be seen. */
  defer(id: number, subject: string, reason: string, notBefore: number): Promise<void>;
  /**
   * Ends it without any effect but what is told of it. False when somebody else ended it first, or when that is not to
   * be told again; then nothing is written.
   */
  finish(
    id: number,
    status: "ignored" | "failed",
    reason: string,
    task: string | null,
    now: number,
    told?: Told | null,
  ): Promise<boolean>;
  /**
   * Ends it, together with what it makes happen. False when somebody else ended it first, or when the history of the
   * notice has its key already; then nothing is written.
   */
  conclude(id: number, ending: Ending, now: number): Promise<boolean>;
  get(id: number): Promise<Delivery | null>;
  /** With empty bodies, because they may be megabytes; `get` has them. */
  list(
    query: PageQuery & {
      readonly status?: DeliveryStatus | undefined;
      readonly source?: string | undefined;
    },
  ): Promise<Page<Delivery>>;
  /** A new row with the same content that replays `id`. @param key asked for twice by one, it is replayed once */
  replay(id: number, now: number, key?: string | null): Promise<Replayed>;
}

export type Replayed =
  | { readonly kind: "replayed"; readonly delivery: Delivery; readonly isFresh: boolean }
  /** It was not handled yet, and will be. */
  | { readonly kind: "waiting" }
  | { readonly kind: "missing" };

const RECORD = `
insert into deliveries (source, delivery_id, header_id, event, body, replay_of, received_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (source, delivery_id) do nothing returning id`;

const KNOWN = "select id from deliveries where source = $1 and delivery_id = $2";

const IS_BEHIND =
  "select 1 as one from deliveries where status = 'received' and subject = $2 and id < $1 limit 1";

const DEFER = `
update deliveries set tries = tries + 1, subject = $2, reason = $3, not_before = $4
where id = $1 and status = 'received'`;

const finish = (move: "ignore" | "fail"): string => {
  const { set, from } = moveSql(deliveryMoves, move, "$4");
  return `update deliveries set ${set}, reason = $2, task = $3 where id = $1 and ${from}`;
};
const FINISH = { ignored: finish("ignore"), failed: finish("fail") } as const;

const process = moveSql(deliveryMoves, "process", "$3");
const PROCESS_DELIVERY = `update deliveries set ${process.set}, task = $2, reason = null where id = $1 and ${process.from}`;

const GET = "select * from deliveries where id = $1";
const COUNT_REPLAYS = "select count(*) as replays from deliveries where replay_of = $1";

/** Everything but the body, which may be megabytes and which no list shows. */
const WITHOUT_BODY =
  "id, source, delivery_id, header_id, event, '' as body, status, reason, task, subject, tries, not_before, replay_of, received_at, finished_at";

/** Times a replay looks for a free name; two people replaying one delivery at once take two. */
const REPLAY_TRIES_MAX = 20;

export function deliveryStore(engine: Engine): DeliveryStore {
  const read = async (sql: string, params: readonly Value[]): Promise<readonly Delivery[]> =>
    (await engine.all(sql, params)).map(readDelivery);
  return {
    record: (deliveries, now) => record(engine, deliveries, now),
    ...dueDeliveries(engine),
    isBehind: async (id, subject) => (await engine.all(IS_BEHIND, [id, subject])).length > 0,
    defer: async (id, subject, reason, notBefore) => {
      await engine.atomic([{ sql: DEFER, params: [id, subject, reason, Math.max(1, notBefore)] }]);
    },
    finish: async (id, status, reason, task, now, told = null) => {
      const end: Statement = { sql: FINISH[status], params: [id, reason, task, now], expect: 1 };
      return (await engine.atomic([end, ...(told === null ? [] : writeTold(told, now))])).kind === "done";
    },
    conclude: async (id, { status, reason, task, notice }, now) => {
      const end: Statement =
        status === "processed"
          ? processDelivery(id, task, now)
          : { sql: FINISH.ignored, params: [id, reason, task, now], expect: 1 };
      const written = notice === null ? [] : writeNotice(notice.subject, notice.event, notice.calls, now);
      return (await engine.atomic([end, ...written])).kind === "done";
    },
    get: async (id) => (await read(GET, [id]))[0] ?? null,
    list: (query) => readPage(engine, listing(query), query),
    replay: (id, now, key = null) => replay(engine, id, key, now),
  };
}

/** It has had its effect. A conflict when it was ended meanwhile. @param task the first that it touched */
export function processDelivery(id: number, task: string | null, now: number): Statement {
  return { sql: PROCESS_DELIVERY, params: [id, task, now], expect: 1 };
}

async function record(
  engine: Engine,
  deliveries: readonly NewDelivery[],
  now: number,
): Promise<readonly Recorded[]> {
  if (deliveries.length === 0) return [];
  const result = await engine.atomic(deliveries.map((delivery) => insertion(delivery, now)));
  if (result.kind === "conflict") throw new Error("an insert without expectation cannot conflict");
  return Promise.all(
    deliveries.map(async (delivery, index): Promise<Recorded> => {
      const row = result.rows[index]?.[0];
      if (row !== undefined) return { id: decode("deliveries", row).integer("id"), fresh: true };
      const [known] = await engine.all(KNOWN, [delivery.source, delivery.deliveryId]);
      if (known !== undefined) return { id: decode("deliveries", known).integer("id"), fresh: false };
      throw new StoreFault(
        "busy",
        "a delivery was deleted while it was repeated",
        "the sender will try again",
      );
    }),
  );
}

function insertion(
  { source, deliveryId, headerId, event, body, replayOf }: NewDelivery,
  now: number,
): Statement {
  const params = [source, deliveryId, headerId, event, body, replayOf ?? null, now];
  return { sql: RECORD, params, makes: "deliveries" };
}

/** Its name is counted, not drawn: `<delivery id>#replay-1`, or that of the key: `<delivery id>#replay-key-KEY`. */
async function replay(engine: Engine, id: number, key: string | null, now: number): Promise<Replayed> {
  const [[row], [counted]] = await Promise.all([engine.all(GET, [id]), engine.all(COUNT_REPLAYS, [id])]);
  if (row === undefined || counted === undefined) return { kind: "missing" };
  const original = readDelivery(row);
  // Nothing leads back to `received`, so what is handled now stays so.
  if (!deliveryMoves.final.includes(original.status)) return { kind: "waiting" };
  const next = decode("deliveries", counted).integer("replays") + 1;
  for (let tries = 0; tries < REPLAY_TRIES_MAX; tries++) {
    const deliveryId = `${original.deliveryId}#replay-${key === null ? next + tries : `key-${key}`}`;
    const [recorded] = await record(engine, [{ ...original, deliveryId, replayOf: id }], now);
    if (recorded === undefined || (!recorded.fresh && key === null)) continue;
    const [made] = await engine.all(GET, [recorded.id]);
    if (made === undefined) return { kind: "missing" };
    return { kind: "replayed", delivery: readDelivery(made), isFresh: recorded.fresh };
  }
  throw new StoreFault("busy", `delivery ${id} is replayed by many at once`, "try again");
}

type Query = Parameters<DeliveryStore["list"]>[0];

function listing(query: Query): Listing<Delivery> {
  return {
    columns: WITHOUT_BODY,
    table: "deliveries",
    order: "id",
    filters: [statusIs(query.status, deliveryMoves.statuses), { column: "source", equals: query.source }],
    decode: readDelivery,
    position: (row) => decode("deliveries", row).integer("id"),
  };
}
