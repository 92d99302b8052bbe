/** What must be true of notices in a simulated history: none is lost, and a repetition is known by its id. */

import type { Engine } from "../../store/engine/engine.ts";
import { CHANNELS, type SimMailbox } from "./mailbox.ts";
import { Broken } from "./oracle.ts";

/** Run after each step that wrote something. */
export async function checkNotices(
  engine: Engine,
  { arrived, refused, recorded, wrong }: SimMailbox,
  now: number,
): Promise<void> {
  if (wrong !== null) throw new Broken(wrong);
  const owed = new Map<string, Set<string>>(CHANNELS.map(({ target }) => [target, new Set()]));
  for (const row of await engine.all(CALLS, [])) {
    const [target, id] = [String(row["target"]), String(row["id"])];
    const ids = owed.get(target) ?? new Set();
    if (ids.has(id)) throw new Broken(`X3: two calls to ${target} have the id ${id}`);
    ids.add(id);
    if (row["status"] === "sent") {
      if (arrived.get(target)?.has(id) !== true)
        throw new Broken(`X1: call ${id} counts as sent to ${target}, and has not arrived`);
      if (!recorded.has(id)) recorded.set(id, now);
    }
    if (row["status"] === "dead" && !refused.has(id))
      throw new Broken(`J1: call ${id} to ${target} was given up, and nobody has refused it`);
  }
  for (const [target, ids] of arrived)
    for (const id of ids)
      if (owed.get(target)?.has(id) !== true)
        throw new Broken(`X1: ${id} has arrived at ${target}, and is no id of a call`);
  if ((await count(engine, UNTOLD)) > 0)
    throw new Broken("X3: a notice is told by another number of calls than channels");
  if ((await count(engine, SILENT)) > 0) throw new Broken("O2: a task has failed, and no notice says so");
}

/** When nothing is owed any more: whatever was given up has been told past the receiver that did not take it. */
export async function checkDeadLetters(engine: Engine): Promise<void> {
  if ((await count(engine, UNTOLD_DEAD)) > 0)
    throw new Broken("N3: calls were given up, and no notice says so");
}

async function count(engine: Engine, sql: string): Promise<number> {
  const [row] = await engine.all(sql, []);
  return Number(row?.["n"]);
}

const CALLS = `
select target, status, json_extract(payload, '$.message_id') as id from outbox where target like 'webhook:%'`;
/**
 * Notices of a kind that have become calls, against the calls of that kind; of dead letters one channel less is told.
 */
const UNTOLD = `
select count(*) n from (
  select sum(case when target <> 'notice' or status <> 'sent' then 0
      when json_extract(payload, '$.except') is null then ${CHANNELS.length} else ${CHANNELS.length - 1} end) as wanted,
    sum(case when target like 'webhook:%' then 1 else 0 end) as made
  from outbox group by kind, subject_kind, subject
) as t where wanted <> made`;
const SILENT = `
select count(*) n from (
  select (select count(*) from events where kind = 'task.failed') as failed,
    (select count(*) from outbox where target = 'notice' and kind = 'task.failed') as told
) as t where failed <> told`;
const UNTOLD_DEAD = `
select count(*) n from (select distinct target from outbox where status = 'dead' and kind <> 'outbox.dead') as d
where not exists (select 1 from outbox n where n.target = 'notice' and n.kind = 'outbox.dead'
  and json_extract(n.payload, '$.except') = d.target)`;
