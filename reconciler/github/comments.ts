/**
 * Comments that nobody has told of: commands, answers and approvals at issues, and every word in the conversation of a
 * pull request of ours. What else people say to one another is left alone.
 */

import type { CommentView, ForgeAsk, ItemView } from "../../forges/ask.ts";
import { same } from "../../workflow/text/same.ts";
import type { Look, Step } from "../ports.ts";
import { tell } from "../tell.ts";
import { DONE, failed, markOf, moveOn } from "../watcher.ts";
import { commentKey } from "./keys.ts";
import { commentEvent } from "./payloads.ts";

type Ask = Pick<ForgeAsk, "commentsSince" | "item">;

/** @param seen what has changed, as far as it was looked at */
export async function lookAtComments(
  look: Look,
  ask: Ask,
  seen: ReadonlyMap<string, ItemView>,
): Promise<Step> {
  if (ask.commentsSince === null) return DONE;
  const { place, now } = look;
  // What was said before Chargehand was there was said to nobody.
  const mark = markOf(look, "comments", now);
  const found = await ask.commentsSince(place.name, mark.since, mark.etag);
  if (found.kind !== "ok") return failed(found);
  if (found.value.kind === "unchanged") return DONE;
  const { value: page, etag } = found.value;
  const from = Math.floor(mark.since / 1_000) * 1_000;
  let newest: number | null = null;
  for (const comment of page.items) {
    newest = Math.max(newest ?? 0, comment.updatedAt);
    // One that was only edited since was heard before.
    if (comment.createdAt < from || !(await isForUs(look, comment))) continue;
    const end = await tellComment(look, ask, seen, comment);
    if (end.kind === "failed") return end;
  }
  await moveOn(look, mark, newest, { etag, isCut: page.more });
  return DONE;
}

async function isForUs({ ports, place }: Look, { body, item }: CommentView): Promise<boolean> {
  const line = body.split("\n").find((one) => one.trim() !== "") ?? "";
  const [word = ""] = line.trim().split(/\s+/, 1);
  if (place.projects.some(({ start }) => start.commands.some((command) => same(command, word)))) return true;
  const number = Number(item.id);
  if (!Number.isSafeInteger(number)) return false;
  return (await ports.store.pulls.get({ source: "github", repo: place.name, number })) !== null;
}

async function tellComment(
  look: Look,
  ask: Ask,
  seen: ReadonlyMap<string, ItemView>,
  comment: CommentView,
): Promise<Step> {
  const key = commentKey(comment.id);
  if (await look.ports.store.changes.isTold(look.place.source, [key])) return DONE;
  let item = seen.get(comment.item.id) ?? null;
  if (item === null) {
    const found = await ask.item(comment.item);
    if (found.kind !== "ok") return failed(found);
    item = found.value;
  }
  const body = item === null ? null : commentEvent({ repo: look.place.name, item }, comment);
  return body === null ? DONE : tell(look, { event: "issue_comment", key, body });
}
