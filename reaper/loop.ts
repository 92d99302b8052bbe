/**
 * The reaper: gives an ending to every run that nobody else ends, and to every process that outlived its run.
 *
 * Level-triggered: look, judge, act; then the same again from the rows. It may be killed anywhere, and needs nothing of
 * before but for its graces, which begin anew. Its parts: `look.ts` reads, `tiers.ts` judges, `act.ts` acts.
 *
 * It is the net, not the way: a run ends in milliseconds by its supervisor.
 */

import { stackOf } from "../system/stack.ts";
import { carryOut } from "./act.ts";
import { look, NO_NOTES, type Notes, noteDone } from "./look.ts";
import type { ReaperPorts } from "./ports.ts";
import { judge, strayed, type Verdict } from "./tiers.ts";

const POLL_MS = 5_000;

/** Runs until `signal` aborts. Never rejects: what cannot be done now is tried again at the next look. */
export async function reapLoop(ports: ReaperPorts, signal: AbortSignal): Promise<void> {
  let notes = NO_NOTES;
  while (!signal.aborted) {
    notes = await reap(ports, notes, signal);
    await ports.wake.wait(POLL_MS, signal);
  }
}

/** One round: look, judge, act. */
export async function reap(ports: ReaperPorts, before: Notes, signal: AbortSignal): Promise<Notes> {
  const { log } = ports;
  try {
    const seen = await look(ports, before);
    const verdicts = [...seen.sights.map(judge), ...seen.strays.map(strayed)].filter(isVerdict);
    let { notes } = seen;
    for (const verdict of verdicts) {
      // A daemon that stops leaves the rest to the next one.
      if (signal.aborted) break;
      if (await carryOut(ports, verdict)) notes = noteDone(notes, verdict);
    }
    return notes;
  } catch (error) {
    if (!signal.aborted) log.error({ event: "reaper.faulted", reason: stackOf(error) });
    return before;
  }
}

function isVerdict(verdict: Verdict | null): verdict is Verdict {
  return verdict !== null;
}
