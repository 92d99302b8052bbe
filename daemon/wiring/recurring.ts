/** Recurring tasks: the loop that makes them, and what the API asks of them. */

import type { RecurringTasks } from "../../handlers/api/base.ts";
import { bodyText, titleText } from "../../handlers/outside-text.ts";
import { fire, slotNow } from "../../scheduler/recurring/fire.ts";
import { localText } from "../../scheduler/recurring/local.ts";
import { recurringLoop } from "../../scheduler/recurring/loop.ts";
import { nextN } from "../../scheduler/slots.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";

export interface WiredRecurring {
  readonly tasks: RecurringTasks;
  readonly loop: Loop;
}

export function wireRecurring({ store, clock, log, end, inForce }: Ground): WiredRecurring {
  const outside = { title: titleText, body: bodyText };
  const ports = { store, log, outside, projects: inForce.projects };
  return {
    tasks: {
      all: () => inForce.config.recurring,
      next: ({ pattern }, count) =>
        nextN(pattern, clock.now(), count).map((at) => ({ at, local: localText(pattern.timezone, at) })),
      run: (recurring) => {
        const now = clock.now();
        return fire(ports, recurring, slotNow(recurring, now), { kind: "api", name: "operator" }, now);
      },
    },
    loop: {
      name: "recurring",
      run: ({ clock: beating }) =>
        recurringLoop(
          {
            ...ports,
            clock: beating,
            recurring: () => inForce.config.recurring,
            replaced: () => inForce.replaced,
          },
          end.signal,
        ),
    },
  };
}
