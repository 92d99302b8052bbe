/**
 * The facts that Plane's payloads leave out: a state's name and group, a work item's text. The text comes from the
 * item's task while that one is at work, because nothing new is needed then.
 */

import { lookup } from "../../forges/api/lookup.ts";
import type { PlaneClient } from "../../forges/plane/plane.ts";
import { taskMoves } from "../../workflow/states.ts";
import type { Task } from "../../workflow/task.ts";
import type { Facts, LookedUp, Places } from "../kit.ts";
import type { ItemText } from "./change.ts";
import { htmlText } from "./html.ts";
import { refsOf } from "./item.ts";

/** A fact that a payload leaves out. */
export type Need =
  | { readonly kind: "states"; readonly planeProject: string }
  | { readonly kind: "item"; readonly planeProject: string; readonly id: string };

export interface PlaneState {
  readonly id: string;
  readonly name: string;
  /** `backlog`, `unstarted`, `started`, `completed`, `cancelled` or `triage`. */
  readonly group: string;
}

/** Facts that were looked up for one delivery, by {@link needKey}. `null`: asked for, and not to be had. */
export interface Known {
  readonly states: ReadonlyMap<string, readonly PlaneState[] | null>;
  readonly items: ReadonlyMap<string, ItemText | null>;
}

export function needKey(need: Need): string {
  return need.kind === "states" ? need.planeProject : `${need.planeProject}/${need.id}`;
}

type Client = Pick<PlaneClient, "states" | "workItem">;
type ItemNeed = Extract<Need, { kind: "item" }>;
type Retry = Extract<LookedUp<never>, { kind: "retry" }>;

export const PLANE_FACTS: Facts<Client, Need, Known> = {
  nothing: { states: new Map(), items: new Map() },
  async lookUp(need, { states, items }, places) {
    if (need.kind === "states") {
      const asked = await places.client?.states(need.planeProject);
      const found = asked && lookup(asked);
      if (found?.kind === "retry") return found;
      const value = found?.kind === "ok" ? found.value : null;
      return { kind: "known", known: { states: new Map([...states, [needKey(need), value]]), items } };
    }
    const found = await findItem(need, places);
    if (found.kind === "retry") return found;
    return {
      kind: "known",
      known: { states, items: new Map([...items, [needKey(need), found.text]]) },
    };
  },
};

async function findItem(
  need: ItemNeed,
  places: Places<Client>,
): Promise<Retry | { readonly kind: "found"; readonly text: ItemText | null }> {
  const task = await taskOf(need, places);
  if (task !== null && !taskMoves.final.includes(task.status)) return { kind: "found", text: textOf(task) };
  const asked = await places.client?.workItem(need.planeProject, need.id);
  const found = asked && lookup(asked);
  if (found?.kind === "retry") return found;
  if (found?.kind !== "ok") return { kind: "found", text: task === null ? null : textOf(task) };
  const { name, descriptionHtml, sequenceId } = found.value;
  return { kind: "found", text: { title: name, body: htmlText(descriptionHtml), number: sequenceId } };
}

async function taskOf(
  { planeProject, id }: ItemNeed,
  { tasks, projects }: Places<Client>,
): Promise<Task | null> {
  for (const project of projects.filter(({ trackers }) => trackers["plane"] === planeProject)) {
    const task = await tasks.find(project.name, refsOf(id));
    if (task !== null) return task;
  }
  return null;
}

function textOf({ title, body, number }: Task): ItemText {
  return { title, body, number };
}
