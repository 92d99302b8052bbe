/**
 * Issues that have changed: what should have started, and what was closed. The list says what is so; what was done, and
 * by whom, is in the history of each, which is read only where something could follow from it.
 *
 * I1. An act counts, and not what it has led to: a label of last year starts nothing, and a task that somebody has
 *     started on a closed issue is not ended by the old closing.
 * I2. An act of nobody knows whom is told without any sign of a right (B1 of `payloads.ts`).
 */

import type { ForgeAsk, ItemChange, ItemView } from "../../forges/ask.ts";
import type { StandsFor } from "../../store/watch/waiting.ts";
import { taskMoves } from "../../workflow/states.ts";
import { same } from "../../workflow/text/same.ts";
import type { Handled } from "../handled.ts";
import type { Look, Step } from "../ports.ts";
import { tell } from "../tell.ts";
import { DONE, failed, markOf, moveOn } from "../watcher.ts";
import { alike, changeOf, issueKey } from "./keys.ts";
import { issueEvent } from "./payloads.ts";

/** What was labelled a little before Chargehand was there is meant for it (ms). */
const FIRST_MS = 3_600_000;
/** Our clock and the host's (ms). */
const CLOCKS_APART_MS = 60_000;

type Ask = Pick<ForgeAsk, "itemsSince" | "changes">;

/** @param seen is filled with what has changed */
export async function lookAtItems(
  look: Look,
  ask: Ask,
  seen: Map<string, ItemView>,
  handled: Handled,
): Promise<Step> {
  const { place, now } = look;
  const mark = markOf(look, "items", now - FIRST_MS);
  const found = await ask.itemsSince(place.name, mark.since, mark.etag);
  if (found.kind !== "ok") return failed(found);
  if (found.value.kind === "unchanged") return DONE;
  const { value: page, etag } = found.value;
  const live = await look.ports.store.waiting.items(place.source);
  let newest: number | null = null;
  for (const item of page.items) {
    seen.set(item.item.id, item);
    const key = `${place.name}#${item.item.id}`;
    if (!item.isPull && !handled.has(key, item.updatedAt)) {
      const end = await lookAtItem(look, ask, item, { since: mark.since, live });
      if (end.kind === "failed") {
        await moveOn(look, mark, newest, { etag: null, isCut: false });
        return end;
      }
      handled.note(key, item.updatedAt, now);
    }
    newest = Math.max(newest ?? 0, item.updatedAt);
  }
  await moveOn(look, mark, newest, { etag, isCut: page.more });
  return DONE;
}

interface Standing {
  readonly since: number;
  readonly live: readonly StandsFor[];
}

async function lookAtItem(look: Look, ask: Ask, item: ItemView, { since, live }: Standing): Promise<Step> {
  const { name } = look.place;
  const tasks = live.filter(({ ref }) => isName(ref, name, item));
  const wanted = item.isOpen ? await startsOf(look, item) : tasks.length > 0 ? ["closed"] : [];
  if (wanted.length === 0) return DONE;
  const history = await ask.changes(item.item);
  if (history.kind !== "ok") return failed(history);
  // In whole seconds, as the list compares.
  const from = Math.floor(since / 1_000) * 1_000;
  for (const change of history.value.items) {
    if (change.at < from || !wanted.includes(wordOf(change))) continue;
    if (change.what === "closed" && tasks.every((task) => change.at < task.since - CLOCKS_APART_MS)) continue;
    const end = await tellChange(look, item, change);
    if (end.kind === "failed") return end;
  }
  return DONE;
}

function isName(ref: StandsFor["ref"], repo: string, item: ItemView): boolean {
  return (
    (ref.kind === "issue" && same(ref.id, `${repo}#${item.number}`)) ||
    (ref.kind === "issue_id" && ref.id === item.uid)
  );
}

/** Which acts would begin something of an open issue now, as {@link wordOf} names them. */
async function startsOf({ place, ports }: Look, item: ItemView): Promise<readonly string[]> {
  const wanted = new Set<string>();
  for (const { name, start } of place.projects) {
    const words = [
      ...item.labels.filter((label) => start.labels.some((one) => same(one, label.name))).map(labelWord),
      ...item.assignees.filter((login) => start.assignees.some((one) => same(one, login))).map(assigneeWord),
    ];
    if (words.length === 0) continue;
    const task = await ports.store.tasks.find(name, refsOf(place.name, item));
    if (task === null) for (const word of [...words, "reopened"]) wanted.add(word);
    // Only a person's word starts it again.
    else if (taskMoves.final.includes(task.status)) wanted.add("reopened");
  }
  return [...wanted];
}

function refsOf(repo: string, { number, uid }: ItemView) {
  return [
    { source: "github", kind: "issue", id: `${repo}#${number}` },
    ...(uid === null ? [] : [{ source: "github", kind: "issue_id", id: uid } as const]),
  ] as const;
}

function labelWord({ name }: { readonly name: string }): string {
  return changeOf("labeled", name);
}

function assigneeWord(login: string): string {
  return changeOf("assigned", login);
}

function wordOf({ what, to }: ItemChange): string {
  return what === "moved" || what === "created" ? "" : changeOf(what, to?.name ?? null);
}

async function tellChange(look: Look, item: ItemView, { what, to, by, at }: ItemChange): Promise<Step> {
  if (what === "moved" || what === "created" || item.number === null) return DONE;
  const repo = look.place.name;
  const body = issueEvent({ repo, item }, what, { to: to?.name ?? null, by, at });
  if (body === null) return DONE;
  const word = changeOf(what, to?.name ?? null);
  const key = issueKey(repo, item.number, word, at);
  return tell(look, { event: "issues", key, alike: alike(repo, item.number, word, at), body });
}
