/**
 * `start_recurring`: a slot of a schedule has come, or a person wants its task now.
 *
 * That a slot fires and that its schedule moves past it is one change, so a daemon that dies loses neither, and of two
 * daemons one is told that the other was faster. What is not made is answered with the reason, which whoever asks
 * writes down for the slot.
 */

import { RECURRING_UNFINISHED_MAX } from "../limits.ts";
import { type FiringSlot, type Overlap, refOfSlot, type SlotStanding } from "../recurring/recurring.ts";
import type { IntentKind } from "./decision.ts";
import { ignore, refuse } from "./parts.ts";
import { createTask, type NewTaskWish } from "./start-task.ts";

export interface StartRecurring extends Omit<NewTaskWish, "refs"> {
  readonly kind: "start_recurring";
  readonly slot: FiringSlot;
  readonly overlap: Overlap;
}

export const startRecurring: IntentKind<StartRecurring> = {
  about: ({ project, slot, key }) => {
    return { target: { project, refs: [refOfSlot(slot)] }, key, run: null, slot };
  },
  decide: (snapshot, intent) => {
    const { slot } = intent;
    if (snapshot.task !== null) return ignore(`this slot has fired as ${snapshot.task.key}`);
    if (snapshot.slot === null) return refuse(`there is no schedule ${slot.schedule} in the configuration`);
    const reason = whyNot(intent, snapshot.slot);
    if (reason !== null) return ignore(reason);
    const made = createTask(snapshot, { ...intent, refs: [refOfSlot(slot)] }, null);
    return made.kind === "refuse" ? made : { ...made, slot };
  },
};

function whyNot({ slot, overlap }: StartRecurring, standing: SlotStanding): string | null {
  const { settled, settledTo, unfinished, unfinishedCount } = standing;
  if (settled !== null && settled.at !== slot.at)
    return `the slot of ${settled.local} was settled already, before the rules of the zone have changed`;
  if (settled?.status === "fired") return `this slot has fired as ${settled.task}`;
  if (settled !== null) return settled.reason;
  if (slot.by === "person") return null;
  if (settledTo >= slot.at) return "the schedule has moved past this slot";
  if (unfinished === null) return null;
  if (overlap === "skip") return `${unfinished.task} of an earlier slot is still ${unfinished.status}`;
  return unfinishedCount < RECURRING_UNFINISHED_MAX
    ? null
    : `${unfinishedCount} tasks of earlier slots are not finished, the newest of them is ${unfinished.task}`;
}
