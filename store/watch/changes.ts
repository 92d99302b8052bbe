/**
 * Which change each delivery tells of, by its semantic key: so that what was told twice, by a webhook and by whoever
 * has asked, is answered once (I2). What changes a task is kept from happening twice by its history besides; this is
 * for what leaves no trace there: what was refused, and what was only answered.
 */

import type { Source } from "../../workflow/delivery.ts";
import type { Engine } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";

export interface ChangeStore {
  /** The delivery tells of this; it is still to be handled. */
  note(delivery: number, key: string): Promise<void>;
  /** It has come too early: whoever tells the same later tells it for the first time. */
  forget(delivery: number): Promise<void>;
  /** The first delivery of this source that has told the same, and is over; `null` for none. */
  before(delivery: number, source: Source, key: string): Promise<number | null>;
  /** Whether a delivery has told any of these, or is about to. */
  isTold(source: Source, keys: readonly string[]): Promise<boolean>;
  /** When the last webhook came, and when after it something was first found out by asking (ms); `null` for never. */
  heard(source: Source): Promise<{ readonly heardAt: number | null; readonly foundAt: number | null }>;
  /** Those of these delivery ids that are stored. */
  stored(source: Source, deliveryIds: readonly string[]): Promise<ReadonlySet<string>>;
}

const NOTE = "update deliveries set change_key = $2 where id = $1 and status = 'received'";
const FORGET = "update deliveries set change_key = null where id = $1";
const BEFORE = `
select id from deliveries
where source = $2 and change_key = $3 and id <> $1 and status in ('processed', 'ignored') order by id limit 1`;
const IS_TOLD =
  "select 1 as one from deliveries where source = $1 and change_key = $2 and status <> 'failed' limit 1";
const IS_STORED = "select 1 as one from deliveries where source = $1 and delivery_id = $2";

/** Newest first, of the last ones of all sources. */
const NEWEST = `
select delivery_id, received_at from deliveries
where id > (select coalesce(max(id), 0) - 2000 from deliveries) and source = $1 order by id desc`;
/** What the ids of deliveries begin with that were found out (`reconciler/tell.ts`). */
export const FOUND_OUT = "reconcile:";

export function changeStore(engine: Engine): ChangeStore {
  return {
    note: async (delivery, key) => {
      await engine.atomic([{ sql: NOTE, params: [delivery, key] }]);
    },
    forget: async (delivery) => {
      await engine.atomic([{ sql: FORGET, params: [delivery] }]);
    },
    before: async (delivery, source, key) => {
      const [row] = await engine.all(BEFORE, [delivery, source, key]);
      return row === undefined ? null : decode("deliveries", row).integer("id");
    },
    isTold: async (source, keys) => {
      for (const key of keys) if ((await engine.all(IS_TOLD, [source, key])).length > 0) return true;
      return false;
    },
    heard: async (source) => {
      let foundAt: number | null = null;
      for (const row of await engine.all(NEWEST, [source])) {
        const { text, integer } = decode("deliveries", row);
        if (!text("delivery_id").startsWith(FOUND_OUT)) return { heardAt: integer("received_at"), foundAt };
        foundAt = integer("received_at");
      }
      return { heardAt: null, foundAt };
    },
    stored: async (source, deliveryIds) => {
      const found = new Set<string>();
      for (const id of deliveryIds) if ((await engine.all(IS_STORED, [source, id])).length > 0) found.add(id);
      return found;
    },
  };
}
