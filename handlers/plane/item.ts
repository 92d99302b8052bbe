/** Plane's work items in the words of the house. Pure. */

import type { Spot } from "../../workflow/outside/calls.ts";
import type { ExternalRef } from "../../workflow/task.ts";
import type { Item } from "../wish.ts";
import type { ItemText } from "./change.ts";

/** The work item as what a task stands for. */
export function itemOf(id: string, { title, body, number }: ItemText, author: string | null): Item {
  // Plane's webhooks carry neither the address of its web app nor the name of the workspace in it.
  return { refs: refsOf(id), title, body, url: null, author, number };
}

export function refsOf(itemId: string): readonly ExternalRef[] {
  return [{ source: "plane", kind: "work_item", id: itemId }];
}

/** Where it was asked; `null` where the project is not known. */
export function spotOf(project: string | null, itemId: string, comment: string | null): Spot | null {
  return project === null ? null : { source: "plane", place: project, item: itemId, comment };
}

/** What orders the deliveries about one work item. */
export function subjectOf(itemId: string): string {
  return `plane:${itemId}`;
}
