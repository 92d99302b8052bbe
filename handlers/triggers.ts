/**
 * What starts a task in a project: labels, states, assignees (`start:` in the configuration; its commands are in
 * `commands/`). Pure.
 *
 * Each result is the rule that matched, in words for the task's history, or `null`.
 */

import type { StartTriggers } from "../workflow/project.ts";
import { same } from "../workflow/text/same.ts";
import { nameText } from "./outside-text.ts";

/** A thing of the tracker by whatever names it has. Labels of forges have no id that people could configure. */
export interface Named {
  readonly id: string | null;
  readonly name: string | null;
}

export function labelTrigger(start: StartTriggers, labels: readonly Named[]): string | null {
  const label = labels.find((candidate) => isListed(start.labels, candidate));
  return label === undefined ? null : `label ${called(label)}`;
}

export function stateTrigger(start: StartTriggers, state: Named): string | null {
  return isListed(start.states, state) ? `state ${called(state)}` : null;
}

/** Assignees count by login or id only: a display name is free text that anybody can choose. */
export function assigneeTrigger(start: StartTriggers, people: readonly string[]): string | null {
  const person = people.find((candidate) => isListed(start.assignees, { id: candidate, name: null }));
  return person === undefined ? null : `assigned to ${nameText(person)}`;
}

function isListed(list: readonly string[], { id, name }: Named): boolean {
  return list.some((entry) => (id !== null && same(entry, id)) || (name !== null && same(entry, name)));
}

function called({ id, name }: Named): string {
  return nameText(name ?? id ?? "");
}
