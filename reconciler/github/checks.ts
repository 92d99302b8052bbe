/**
 * What CI has said of commits for which phases wait. One piece of news is told for each: whoever understands it asks
 * for all checks of the commit.
 */

import type { ForgeAsk, MarkView } from "../../forges/ask.ts";
import type { AwaitedCommit } from "../../store/watch/waiting.ts";
import type { Look, Step } from "../ports.ts";
import { tell } from "../tell.ts";
import { DONE, failed } from "../watcher.ts";
import { markEvent } from "./payloads.ts";

export async function lookAtChecks(
  look: Look,
  ask: Pick<ForgeAsk, "marks">,
  commits: readonly AwaitedCommit[],
): Promise<Step> {
  for (const awaited of commits) {
    const found = await ask.marks(look.place.name, awaited.commit);
    // A commit that the host does not have (yet) has no checks.
    if (found.kind === "refused" && found.because !== "auth" && found.because !== "permission") continue;
    if (found.kind !== "ok") return failed(found);
    const end = await tellNews(look, awaited, found.value);
    if (end.kind === "failed") return end;
  }
  return DONE;
}

async function tellNews(
  look: Look,
  { task, commit }: AwaitedCommit,
  marks: readonly MarkView[],
): Promise<Step> {
  const known = new Map(
    (await look.ports.store.ci.checks(task, commit)).map(({ name, status }) => [name, status]),
  );
  const others = marks.filter(({ name }) => !/^chargehand(\/|$)/.test(name));
  const news = others.filter(({ name, check }) => known.get(name) !== check.status);
  const ended = news.find(({ check }) => check.status !== "pending");
  const one = ended ?? news[0];
  if (one === undefined) return DONE;
  return tell(look, markEvent(look.place.name, commit, one));
}
