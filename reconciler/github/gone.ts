/**
 * Issues of tasks that are there no more: no list shows them, so each is asked for, at full looks alone. That there is
 * none counts only while the list of issues is answered: a token that has lost its rights sees nothing, too.
 */

import type { ForgeAsk, ItemView } from "../../forges/ask.ts";
import type { StandsFor } from "../../store/watch/waiting.ts";
import type { Look, Step } from "../ports.ts";
import { tell } from "../tell.ts";
import { DONE, failed } from "../watcher.ts";
import { issueKey } from "./keys.ts";
import { issueEvent } from "./payloads.ts";

export async function lookForGone(look: Look, ask: Pick<ForgeAsk, "item">): Promise<Step> {
  const { ports, place, isFull } = look;
  if (!isFull) return DONE;
  const live = await ports.store.waiting.items(place.source);
  for (const one of live) {
    const number = numberOf(one, place.name);
    if (number === null) continue;
    const found = await ask.item({ place: place.name, id: String(number) });
    if (found.kind !== "ok") return failed(found);
    // One that was moved to another repository is answered as it is there.
    const isThere = found.value !== null && found.value.number === number;
    const uid = live.find(({ task, ref }) => task === one.task && ref.kind === "issue_id")?.ref.id ?? null;
    const end = isThere ? DONE : await tellGone(look, one, number, uid);
    if (end.kind === "failed") return end;
  }
  return DONE;
}

function numberOf({ ref }: StandsFor, repo: string): number | null {
  const [name, number] = ref.kind === "issue" ? ref.id.split("#") : [];
  return name?.toLowerCase() === repo.toLowerCase() && /^\d{1,9}$/.test(number ?? "") ? Number(number) : null;
}

async function tellGone(look: Look, one: StandsFor, number: number, uid: string | null): Promise<Step> {
  const repo = look.place.name;
  const nothing = { author: null, labels: [], assignees: [], state: null, url: null } as const;
  const item: ItemView = {
    ...{ item: { place: repo, id: String(number) }, number, uid, title: one.task, body: "" },
    ...{ ...nothing, isOpen: false, isPull: false, createdAt: one.since, updatedAt: one.since },
  };
  // When it went, nobody can say; the task's own beginning makes it the same each time.
  const body = issueEvent({ repo, item }, "deleted", { to: null, by: null, at: one.since });
  if (body === null) return DONE;
  return tell(look, { event: "issues", key: issueKey(repo, number, "deleted", one.since), body });
}
