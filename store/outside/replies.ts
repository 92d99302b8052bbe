/** Who was told what at which item, so that it is told once. */

import {
  REPLIES_MAX,
  REPLIES_OF_PLACE_MAX,
  REPLIES_SPAN_MS,
  type Told,
} from "../../workflow/outside/reply.ts";
import type { Statement } from "../engine/engine.ts";
import { putCalls } from "../outbox.ts";

const ONCE = `
insert into replies (source, place, item, person, about, at)
select cast($1 as text), cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as bigint)
where (select count(*) from replies where source = $1 and place = $2 and item = $3 and at > $7) < ${REPLIES_MAX}
  and (select count(*) from replies where source = $1 and place = $2 and about = $5 and at > $7) < ${REPLIES_OF_PLACE_MAX}
on conflict do nothing`;

/** A conflict where it was told before, or enough others were told today. */
export function writeTold({ subject, calls, once }: Told, now: number): readonly Statement[] {
  const told = putCalls(subject, calls, now);
  if (once === null) return told;
  const { source, place, item, person, about } = once;
  const params = [source, place, item, person, about, now, now - REPLIES_SPAN_MS];
  return [{ sql: ONCE, params, expect: 1 }, ...told];
}
