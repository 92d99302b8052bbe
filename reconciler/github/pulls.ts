/**
 * Pull requests of tasks: closed, merged, opened again, pushed to, opened by hand, and reviewed.
 *
 * P1. Each that stands open is looked at, one call each; reviews where it has changed, and at each full look.
 * P2. A head that is not ours is somebody's push; but while a run of the task is at work, it may be what that run has
 *     pushed and not written down yet.
 */

import type { ForgeAsk, ItemView, PullView } from "../../forges/ask.ts";
import { type PullRequest, pullKey } from "../../workflow/phases/pull.ts";
import { aboutTask } from "../../workflow/subject.ts";
import type { Look, Step } from "../ports.ts";
import { tell } from "../tell.ts";
import { DONE, failed, markOf, OVERLAP_MS } from "../watcher.ts";
import { pullEvent, reviewEvent } from "./payloads.ts";

type Ask = Pick<ForgeAsk, "pullView" | "reviews">;

/** @param seen what has changed, pull requests among it; those that were looked at are taken out */
export async function lookAtPulls(look: Look, ask: Ask, seen: Map<string, ItemView>): Promise<Step> {
  const changed = new Map(
    [...seen.values()].flatMap((item) => (item.isPull && item.number !== null ? [[item.number, item]] : [])),
  );
  const open = await openPulls(look);
  for (const number of new Set([...open.map((pull) => pull.number), ...changed.keys()])) {
    const item = changed.get(number) ?? null;
    const end = await lookAtPull(look, ask, number, item);
    if (end.kind === "failed") return end;
    if (item !== null) seen.delete(item.item.id);
  }
  return DONE;
}

async function openPulls({ ports, place }: Look): Promise<readonly PullRequest[]> {
  const all: PullRequest[] = [];
  for (const { name } of place.projects) {
    for (let page = await ports.store.pulls.open(name, null); page.length > 0; ) {
      all.push(...page.filter(({ source, repo }) => source === place.source && repo === place.name));
      page = await ports.store.pulls.open(name, page.at(-1) ?? null);
    }
  }
  return all;
}

/** @param changed as the list shows it; `null` where nothing was done to it */
async function lookAtPull(look: Look, ask: Ask, number: number, changed: ItemView | null): Promise<Step> {
  const { ports, place } = look;
  const before = await ports.store.pulls.get({ source: place.source, repo: place.name, number });
  if (before === null && !mayBeOurs(look, changed)) return DONE;
  const found = await ask.pullView(place.name, number);
  if (found.kind !== "ok") return failed(found);
  const pull = found.value;
  if (pull === null) return DONE;
  // What is written down is read after the answer: nothing of ours is news.
  const known = await ports.store.pulls.get({ source: place.source, repo: place.name, number });
  const end = known === null ? await tellOpened(look, pull) : await tellState(look, known, pull);
  if (end.kind === "failed" || known === null || (changed === null && !look.isFull)) return end;
  return tellReviews(look, ask, known, pull);
}

/** Whether somebody has opened it since the last look, where projects have branches of which it could be. */
function mayBeOurs(look: Look, changed: ItemView | null): boolean {
  const { since } = markOf(look, "items", look.now);
  const isNew = changed !== null && changed.createdAt >= since - OVERLAP_MS;
  return isNew && look.place.projects.some(({ publish }) => publish.to !== "none");
}

async function tellOpened(look: Look, pull: PullView): Promise<Step> {
  const { ports, place } = look;
  if (pull.state !== "open" || pull.head.repo !== place.name) return DONE;
  const tasks = await Promise.all(
    place.projects.map(({ name }) => ports.store.tasks.findByBranch(name, pull.head.branch)),
  );
  if (tasks.every((task) => task === null)) return DONE;
  const key = pullKey({ source: place.source, repo: place.name, number: pull.number }, "opened", null);
  return tell(look, { event: "pull_request", key, body: pullEvent(place.name, pull, "opened") });
}

async function tellState(look: Look, known: PullRequest, pull: PullView): Promise<Step> {
  const { place } = look;
  const name = { source: place.source, repo: place.name, number: pull.number };
  const occasion = String(pull.updatedAt);
  if (pull.state !== known.status) {
    if (pull.state === "open" && known.status === "merged") return DONE;
    const [action, what] =
      pull.state === "open"
        ? (["reopened", "reopened"] as const)
        : (["closed", pull.state === "merged" ? "merged" : "closed"] as const);
    const key = pullKey(name, what, what === "reopened" ? pull.head.commit : null);
    return tell(look, { event: "pull_request", key, occasion, body: pullEvent(place.name, pull, action) });
  }
  if (pull.state !== "open" || pull.head.commit === known.commit || (await isAtWork(look, known)))
    return DONE;
  const key = pullKey(name, "pushed", pull.head.commit);
  return tell(look, { event: "pull_request", key, body: pullEvent(place.name, pull, "synchronize") });
}

/** P2. */
async function isAtWork({ ports }: Look, { project, branch }: PullRequest): Promise<boolean> {
  const task = await ports.store.tasks.findByBranch(project, branch);
  return task !== null && (await ports.store.runs.countLive(task.key)) > 0;
}

async function tellReviews(look: Look, ask: Ask, known: PullRequest, pull: PullView): Promise<Step> {
  const { ports, place } = look;
  const found = await ask.reviews(place.name, pull.number);
  if (found.kind !== "ok") return failed(found);
  const name = { source: place.source, repo: place.name, number: pull.number };
  const task = await ports.store.tasks.findByBranch(known.project, known.branch);
  for (const review of found.value.items) {
    const heard = pullKey(name, "review", review.id);
    const isHeard = task !== null && (await ports.store.events.has(aboutTask(task.key), heard));
    const isDismissed = review.state === "dismissed";
    // One that nobody has heard has nothing to take back.
    if (isHeard !== isDismissed) continue;
    const key = isDismissed ? pullKey(name, "review", `${review.id}-dismissed`) : heard;
    const body = reviewEvent(place.name, pull, review);
    const end = body === null ? DONE : await tell(look, { event: "pull_request_review", key, body });
    if (end.kind === "failed") return end;
  }
  return DONE;
}
