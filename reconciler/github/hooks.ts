/**
 * The log of GitHub's own webhooks: what it could not deliver is asked for again, and comes as it was, signed.
 *
 * H1. Compared is the name of the event (guid), which one that failed and one that arrived share.
 * H2. Each is asked for a few times in all, as the log itself shows: an address that nobody reaches is not besieged.
 *     What never arrives is found out like everything else.
 * H3. A token that may not read the log of hooks is no fault: whoever has such a one knows it from the documentation.
 */

import type { ForgeAsk, Hook, SentHook } from "../../forges/ask.ts";
import type { Look, Step } from "../ports.ts";
import { DONE, failed, markOf, OVERLAP_MS } from "../watcher.ts";

const EVERY_MS = 600_000;
const FIRST_MS = 3_600_000;
/** How long one is asked for again (ms). */
const PATIENCE_MS = 24 * 3_600_000;
const ATTEMPTS_MAX = 3;
/** In one look. */
const AGAIN_MAX = 20;
const OURS = /\/webhooks\/github\/?$/;

type Ask = Pick<ForgeAsk, "hooks" | "sentHooks" | "sendAgain">;

/** What is remembered of a repository from look to look. */
export interface HookMemory {
  nextAt: number;
  /** `null`: not known, or there is none. */
  hooks: readonly Hook[] | null;
}

export async function lookAtHooks(look: Look, ask: Ask, memory: HookMemory): Promise<Step> {
  const { place, now, isFull } = look;
  if (!isFull && memory.nextAt > now) return DONE;
  if (memory.hooks === null || isFull) {
    const found = await ask.hooks(place.name);
    if (isUnseen(found)) memory.hooks = [];
    else if (found.kind !== "ok") return failed(found);
    else memory.hooks = found.value.filter(({ url, isActive }) => isActive && OURS.test(url));
  }
  for (const hook of memory.hooks) {
    const end = await sweep(look, ask, hook);
    if (end.kind === "failed") return end;
  }
  memory.nextAt = now + EVERY_MS;
  return DONE;
}

/** H3. */
function isUnseen(answer: { readonly kind: string; readonly because?: string }): boolean {
  return answer.kind === "refused" && (answer.because === "missing" || answer.because === "permission");
}

async function sweep(look: Look, ask: Ask, hook: Hook): Promise<Step> {
  const { ports, place, now } = look;
  const mark = markOf(look, `hook ${hook.id}`, now - FIRST_MS);
  const found = await ask.sentHooks(place.name, hook.id, mark.since);
  if (isUnseen(found)) return DONE;
  if (found.kind !== "ok") return failed(found);
  const lost = lostOf(found.value.items, now);
  const stored = await ports.store.changes.stored(
    place.source,
    lost.map(({ guid }) => guid),
  );
  const missing = lost.filter(({ guid }) => !stored.has(guid));
  const again = missing.filter(({ tries }) => tries < ATTEMPTS_MAX).slice(0, AGAIN_MAX);
  for (const { guid, first } of again) {
    const sent = await ask.sendAgain(place.name, hook.id, first.id);
    if (sent.kind !== "ok" && sent.kind !== "refused") return failed(sent);
    ports.log.info({ event: "reconcile.redelivery", place: place.name, header_id: guid });
  }
  const newest = Math.max(mark.since, ...found.value.items.map(({ at }) => at - OVERLAP_MS));
  const since = Math.min(newest, ...again.map(({ first }) => first.at));
  if (since !== look.marks.get(mark.kind)?.since) await ports.store.watches.put({ ...mark, since });
  return DONE;
}

interface Lost {
  readonly guid: string;
  /** The first attempt. */
  readonly first: SentHook;
  readonly tries: number;
}

/** H1. The oldest first. */
function lostOf(sent: readonly SentHook[], now: number): readonly Lost[] {
  const byGuid = new Map<string, SentHook[]>();
  for (const one of sent) byGuid.set(one.guid, [...(byGuid.get(one.guid) ?? []), one]);
  return [...byGuid]
    .flatMap(([guid, attempts]): Lost[] => {
      // Of one whose first attempt is not among them all tries were made.
      const first = attempts.find(({ isAgain }) => !isAgain);
      if (first === undefined || first.at < now - PATIENCE_MS || attempts.some(({ isGood }) => isGood))
        return [];
      return [{ guid, first, tries: attempts.length }];
    })
    .toSorted((a, b) => a.first.at - b.first.at);
}
