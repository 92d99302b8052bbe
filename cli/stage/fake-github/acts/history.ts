/** What was done to issues, and by whom, as they keep it. */

import { HISTORY_MAX, keep } from "../model/bounds.ts";
import type { Act, Issue } from "../model/nouns.ts";
import type { User } from "../model/user.ts";
import type { World } from "../model/world.ts";

/** What a change is of, where it is of something. */
export interface Subject {
  readonly [field: string]: unknown;
  readonly label?: { readonly name?: unknown };
  readonly assignee?: { readonly login?: unknown };
}

/** Others leave no trace there. */
const IN_HISTORY = [
  ...[
    "labeled",
    "unlabeled",
    "assigned",
    "unassigned",
    "closed",
    "reopened",
    "locked",
    "unlocked",
    "renamed",
  ],
];

export function noteAct(
  world: World,
  by: User,
  issue: Issue,
  event: string,
  { label, assignee }: Subject,
): void {
  if (!IN_HISTORY.includes(event)) return;
  const act: Act = {
    ...{ id: world.nextId(), event, by, at: issue.updatedAt },
    label: label === undefined ? null : String(label.name),
    assignee: assignee === undefined ? null : world.user(String(assignee.login)),
  };
  keep(issue.history, act, HISTORY_MAX);
}
