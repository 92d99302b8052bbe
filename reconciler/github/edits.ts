/**
 * Texts of issues that were written anew without being told: of those that tasks stand for, and read otherwise now. Who
 * has done it is asked for, because only what somebody trusted has written counts.
 */

import type { ForgeAsk, ItemEdit, ItemView } from "../../forges/ask.ts";
import { same } from "../../workflow/text/same.ts";
import type { Look, Step } from "../ports.ts";
import { tell } from "../tell.ts";
import { DONE, failed } from "../watcher.ts";
import { alike, issueKey, stamp } from "./keys.ts";
import { issueEvent } from "./payloads.ts";

/** @param seen what has changed */
export async function lookAtEdits(
  look: Look,
  ask: Pick<ForgeAsk, "edits">,
  seen: ReadonlyMap<string, ItemView>,
): Promise<Step> {
  const { ports, place } = look;
  if (seen.size === 0) return DONE;
  for (const { task: key, ref, since } of await ports.store.waiting.items(place.source)) {
    const [repo = "", number = ""] = ref.kind === "issue" ? ref.id.split("#") : [];
    const item = same(repo, place.name) ? seen.get(number) : undefined;
    if (item === undefined || item.isPull || !item.isOpen) continue;
    const task = await ports.store.tasks.get(key);
    if (task === null || (task.title === item.title && task.body === item.body)) continue;
    const found = await ask.edits(item.item);
    if (found.kind !== "ok") return failed(found);
    // What is older is what the task has begun with.
    const later = Map.groupBy(
      found.value.filter(({ at }) => at > since),
      // What two people have done in one second is not one's doing.
      ({ at, by }) => `${stamp(at)} ${by?.name ?? ""}`,
    );
    for (const edits of later.values()) {
      const end = await tellEdits(look, item, edits);
      if (end.kind === "failed") return end;
    }
  }
  return DONE;
}

/** Of one moment. */
async function tellEdits(look: Look, item: ItemView, edits: readonly ItemEdit[]): Promise<Step> {
  const [first] = edits;
  const { number } = item;
  if (first === undefined || number === null) return DONE;
  const repo = look.place.name;
  const { by, at } = first;
  const body = issueEvent({ repo, item }, "edited", {
    to: null,
    by,
    at,
    edited: edits.map(({ what }) => what),
  });
  if (body === null) return DONE;
  const key = issueKey(repo, number, "edited", at);
  return tell(look, { event: "issues", key, alike: alike(repo, number, "edited", at), body });
}
