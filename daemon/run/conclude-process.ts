/**
 * What a process that is gone has left behind: its exit, its last words and its usage are read and written down, its
 * work is published, and its run is concluded. Every step may be repeated, because a daemon may die after any of them.
 */

import { concludeEnding } from "../../agents/conclude.ts";
import { reprice, repriceTurns } from "../../agents/prices/prices.ts";
import { backendFor } from "../../agents/registry.ts";
import { readEnding } from "../../agents/supervision/ending.ts";
import type { Supervised } from "../../agents/supervision/supervise.ts";
import { writeTranscript } from "../../agents/transcript.ts";
import type { Run, RunOutcome } from "../../workflow/run.ts";
import { partsOf } from "../../workflow/workflow.ts";
import { concludeRun } from "./conclude.ts";
import { hiddenByWalls } from "./hidden.ts";
import { nameBudget } from "./meter.ts";
import { insist, type RunnerPorts, runDirectory } from "./ports.ts";
import { checkWork } from "./proof/checks.ts";
import { phaseOfRun, prove } from "./proof/prove.ts";
import { publish } from "./publish.ts";
import { readSession } from "./session.ts";

export async function concludeProcess(
  ports: RunnerPorts,
  run: Run,
  gone: Extract<Supervised, { kind: "ended" }>,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock } = ports;
  const exit = gone.exit;
  await insist(ports, run.id, signal, () =>
    store.runs.exited(run.id, exit?.code ?? null, exit?.signal ?? null, clock.now()),
  );
  const backend = backendFor(run.backend);
  const transcript = await readSession(ports, run, backend, gone.transcript);
  const ending = await readEnding(ports, runDirectory(ports, run.id), run, backend, exit);
  // The supervisor may have heard of a stop a second late, or not at all; the row knows it.
  const row = await insist(ports, run.id, signal, () => store.runs.get(run.id));
  const asked = row?.stop ?? gone.asked;
  const conclusion = concludeEnding(backend, { ...gone, asked, transcript }, ending, clock.now());
  const usage = reprice(conclusion.usage, ports.prices);
  const progress = {
    logOffset: gone.logOffset,
    transcript: writeTranscript(transcript),
    session: conclusion.session,
    model: transcript.model,
    usage,
    limits: transcript.limits,
    turns: repriceTurns(transcript.turns, ports.prices),
    activeAt: clock.now(),
  };
  await insist(ports, run.id, signal, () => ports.progress.write(run.id, progress, true));
  const named = await insist(ports, run.id, signal, () => nameBudget(ports, run, usage, conclusion.outcome));
  if (exit?.neverRan !== true) ports.host.works();
  const played = await phaseOfRun(ports, run, signal);
  if (signal.aborted) return;
  const { session } = conclusion;
  const turns =
    session === null
      ? null
      : await insist(ports, run.id, signal, () => store.turns.ofSession(session, run.backend));
  const ended = nameHidden(ports, run, named ?? conclusion.outcome, ending.stderrTail);
  const proven = await prove(ports, run, played, ended);
  const judged = await checkWork(ports, run, played, proven, signal);
  if (judged === null) return;
  // Its slot is free from here on, however long its remote is down (I16).
  if (judged.status === "succeeded")
    await insist(ports, run.id, signal, () => store.runs.publishing(run.id, clock.now()));
  const ends = played === null || played.ends;
  const isAsking = judged.status === "succeeded" && judged.asks !== undefined;
  const isPublished = !isAsking && (ends || played.phase.publish || partsOf(played.phase.gate).ci !== null);
  const published = isPublished ? await publish(ports, run, judged, ends, signal) : judged;
  const outcome = published === null || turns === null ? published : { ...published, turns };
  return outcome === null ? undefined : concludeRun(ports, run, outcome, signal);
}

/** What failed for want of something that is hidden says so; all else is as it is, and so are runs without walls. */
function nameHidden(
  { walls, tree, dataDir, workspaces }: RunnerPorts,
  { task }: Run,
  outcome: RunOutcome,
  stderr: string,
): RunOutcome {
  if (walls.level === "none" || !("reason" in outcome) || outcome.failure !== "agent_error") return outcome;
  const own = [workspaces.directoryOf(task), dataDir, "/tmp", "/proc"];
  const hidden = hiddenByWalls(tree, `${stderr}\n${outcome.reason}`, own);
  return hidden === null ? outcome : { ...outcome, reason: `${outcome.reason}; ${hidden}` };
}
