/** What stood at the items of tasks when they began. */

import type { Parts } from "../../workflow/decide/change.ts";
import type { ItemContext } from "../../workflow/outside/context.ts";
import type { Engine, Statement } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";

export interface ContextStore {
  /** `null` where nothing was read. */
  ofTask(task: string): Promise<ItemContext | null>;
}

const OF_TASK = "select * from item_contexts where task = $1";

const PUT = `
insert into item_contexts (task, context, read_at) values ($1, $2, $3)
on conflict (task) do update set context = excluded.context, read_at = excluded.read_at`;

export function contextStore(engine: Engine): ContextStore {
  return {
    async ofTask(task) {
      const [row] = await engine.all(OF_TASK, [task]);
      return row === undefined ? null : decode("item_contexts", row).itemContext("context");
    },
  };
}

export function writeContext(
  { context }: Pick<Parts, "context">,
  task: string,
  now: number,
): readonly Statement[] {
  return context === null ? [] : [{ sql: PUT, params: [task, JSON.stringify(context), now], expect: 1 }];
}
