/**
 * What the command line reads of the API's answers. Their types are the API's own (types cost nothing at run time);
 * here stands what an answer needs to be one, so that a stranger, or a daemon of another time, is noticed.
 */

import type { BudgetAnswer } from "../../handlers/api/budgets.ts";
import type { ClearedAnswer } from "../../handlers/api/cooldowns.ts";
import type { KeptAnswer, KeptOfTaskAnswer } from "../../handlers/api/kept.ts";
import type { CallAnswer } from "../../handlers/api/outbox.ts";
import type { FrozenAnswer } from "../../handlers/api/people/freezes.ts";
import type { LinkAnswer, LinkCodeAnswer } from "../../handlers/api/people/links.ts";
import type { PausedAnswer, ResumedAnswer } from "../../handlers/api/people/pauses.ts";
import type { TrialsAnswer } from "../../handlers/api/people/trials.ts";
import type { StatusAnswer } from "../../handlers/api/status.ts";
import type { DeliveryAnswer } from "../../handlers/api/views/delivery.ts";
import type { AccountAnswer, RefusalAnswer, WideHoldAnswer } from "../../handlers/api/views/hold.ts";
import type { PaceAnswer } from "../../handlers/api/views/pace.ts";
import {
  answer,
  anything,
  listOf,
  number,
  object,
  orElse,
  orNull,
  recordOf,
  type Shape,
  type Shaped,
  text,
} from "../decoder.ts";
import { runShape, type ToldTask, taskShape } from "./tasks.ts";

export const deliveryShape = answer<DeliveryAnswer & { readonly body: string }>()({
  id: number,
  source: text,
  event: text,
  status: text,
});
export type ToldDelivery = Shaped<typeof deliveryShape>;

export const callShape = answer<CallAnswer>()({ id: number, target: text, kind: text, status: text });
export type ToldCall = Shaped<typeof callShape>;

export const keptShape = answer<KeptAnswer>()({ task: text, name: text, status: text, files: number });
export type ToldKept = Shaped<typeof keptShape>;

export const keptOfTaskShape = answer<KeptOfTaskAnswer>()({
  task: text,
  kept: listOf(
    answer<KeptOfTaskAnswer["kept"][number]>()({
      task: text,
      name: text,
      status: text,
      files: number,
      commits: orElse(listOf(text), []),
      paths: orElse(listOf(text), []),
    }),
  ),
});
export type ToldKeptOfTask = Shaped<typeof keptOfTaskShape>;

const wideHoldShape = answer<WideHoldAnswer>()({ scope: text, subject: text, kind: text, reason: text });
export type ToldWideHold = Shaped<typeof wideHoldShape>;

const accountShape = answer<AccountAnswer>()({ name: text, status: text, running: number });
export type ToldAccount = Shaped<typeof accountShape>;

const counts = recordOf(number);

const paceShape = answer<PaceAnswer>()({
  ...{ account: text, per: text, source: text, used_percent: number, period_ends: text },
});
export type ToldPace = Shaped<typeof paceShape>;

export const statusShape = answer<StatusAnswer>()({
  version: text,
  uptime_s: number,
  deliveries: counts,
  tasks: counts,
  jobs: counts,
  runs: counts,
  holds: counts,
  accounts: listOf(accountShape),
  cooldowns: listOf(accountShape),
  paces: orElse(listOf(paceShape), []),
  wide_holds: listOf(wideHoldShape),
  refusals: listOf(answer<RefusalAnswer>()({ project: text, agent: text, reason: text })),
  running: listOf(runShape),
  database: answer<StatusAnswer["database"]>()({ engine: text }),
});
export type ToldStatus = Shaped<typeof statusShape>;

export const removedShape = object({ name: text });

export const linkCodeShape = answer<LinkCodeAnswer>()({ code: text, until: text });
export const linkShape = answer<LinkAnswer>()({
  status: text,
  shown: orNull(object({ chat: text, person: text, name: text })),
  config: text,
});
export type ToldLink = Shaped<typeof linkShape>;

export const trialsShape = answer<TrialsAnswer>()({
  trials: listOf(
    object({
      ...{ channel: text, outcome: text },
      ...{ id: orNull(text), until: orNull(text), reason: orNull(text), remedy: orNull(text) },
    }),
  ),
});
export type ToldTrial = Shaped<typeof trialsShape>["trials"][number];

export const clearedShape = answer<ClearedAnswer>()({ scope: text, name: text });

export const pausedShape = answer<PausedAnswer>()({
  pause: wideHoldShape,
  stopping: number,
  running: number,
});
export type ToldPaused = Shaped<typeof pausedShape>;

export const frozenShape = answer<FrozenAnswer>()({
  project: text,
  freezes: listOf(wideHoldShape),
  projects: orElse(listOf(text), []),
});
export type ToldFrozen = Shaped<typeof frozenShape>;

export const resumedShape = answer<ResumedAnswer>()({
  scope: text,
  subject: text,
  still_paused: orElse(listOf(wideHoldShape), []),
  paused_tasks: orElse(number, 0),
});
export type ToldResumed = Shaped<typeof resumedShape>;

/** What a pause, or the end of one, is answered with: a task where one was named, else what is wider. */
export type PausedOrTask = ToldPaused | ToldTask;
export const pausedOrTaskShape: Shape<PausedOrTask> = eitherTask(pausedShape);
export const resumedOrTaskShape: Shape<ToldResumed | ToldTask> = eitherTask(resumedShape);

function eitherTask<T>(wide: Shape<T>): Shape<T | ToldTask> {
  return (value, where) =>
    "key" in recordOf(anything)(value, where) ? taskShape(value, where) : wide(value, where);
}

export const budgetShape = answer<BudgetAnswer>()({
  project: text,
  scope: text,
  unit: text,
  amount: number,
  raised: number,
  used: number,
  reserved: number,
  status: text,
});
export type ToldBudget = Shaped<typeof budgetShape>;

export interface Listed<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** `{"<plural>": […], "next_cursor": …}`. */
export function listShape<T>(plural: string, item: Shape<T>): Shape<Listed<T>> {
  const fields = recordOf(anything);
  return (value, where) => {
    const { [plural]: items, next_cursor: next } = fields(value, where);
    return { items: listOf(item)(items, plural), next: orNull(text)(next, "next_cursor") };
  };
}
