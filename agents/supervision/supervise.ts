/**
 * Looks after one process until it is gone, whether this daemon started it or an earlier one.
 *
 * S1. Level-triggered: every look reads what was written, judges, and acts. Nothing depends on having seen an event.
 * S2. A process that is gone has written everything: its end is noticed before the log is read for the last time. If it
 *     was a wrapper, its child may still have the last word to say (`last-word.ts`).
 * S3. Spans are measured on the clock that never jumps, from the real start as far as it is known (`spans.ts`).
 * S4. A stop is written down before the first signal, so that a daemon that dies between signals leaves the reason.
 * S5. Every ending is followed by a sweep: tools run in sessions of their own, where no group signal reaches.
 * S6. When `signal` aborts (the daemon shuts down) it leaves at once and touches nothing.
 *
 * It does not judge how the run ended; that is `agents/conclude.ts`.
 */

import type { Clock } from "../../system/clock.ts";
import type { Files } from "../../system/files.ts";
import type { ExitRecord, Processes, ProcessIdentity } from "../../system/process/processes.ts";
import type { Wake } from "../../system/wake.ts";
import type { StopReason } from "../../workflow/run.ts";
import type { Backend, Beginning, Transcript } from "../backend.ts";
import { readTranscript } from "../transcript.ts";
import { type Checkpoint, checkpointOf } from "./checkpoint.ts";
import { judgeRun } from "./judge.ts";
import { awaitLastWord } from "./last-word.ts";
import { NO_SAMPLES, rateOf, type Samples, takeSample } from "./rate.ts";
import { ownPlace } from "./run-folder.ts";
import { spansOf } from "./spans.ts";
import { stop, sweep } from "./stop.ts";
import { finish, offsetOf, openTail, readOn, type Tail, withoutWritten } from "./tail.ts";
import { bearWitness, type Witness } from "./vanished.ts";
import { type Watch, watchEnd } from "./watch.ts";

/** How often a run is looked at when nothing else wakes us; also the shortest time between two reports. */
const LOOK_MS = 1_000;
/** Pieces of the log per look: 32 MiB at most before the next judgement. */
const READS_PER_LOOK = 32;
/** At the end nobody writes any more, except a stray that no signal reaches: 16 GiB are enough of it. */
const READS_AT_END = 16_384;

export interface SupervisedRun {
  readonly run: string;
  readonly identity: ProcessIdentity;
  /** The run directory, with `stdout.log` and `exit.json`. */
  readonly directory: string;
  /** Where the agent works; whatever still works there afterwards is swept. */
  readonly worktree: string;
  readonly backend: Backend;
  readonly beginning: Beginning;
  /** The stored transcript and the offset it belongs to. */
  readonly transcript: string | null;
  readonly logOffset: number;
  /** Calendar times (ms) of the real start and of the last output. */
  readonly startedAt: number;
  readonly activeAt: number;
  readonly timeoutMs: number;
}

export interface SupervisePorts {
  readonly clock: Clock;
  readonly processes: Processes;
  readonly files: Pick<Files, "door">;
  /** Rung to have the run looked at before its time, for instance because somebody asked it to stop. */
  readonly wake?: Wake;
}

/** Neither hook may reject. `false` means that the run is not ours any more. */
export interface SuperviseHooks {
  /** At most once a second, when something was written; and once at the end. `read` is what `checkpoint` belongs to. */
  onProgress(checkpoint: Checkpoint, isLast: boolean, read: Transcript): Promise<boolean>;
  /** Why somebody asked the run to stop, or `null`. Asked at every look. */
  stopAsked(): StopReason | null;
  /** A stop was decided here; called before the first signal (S4). */
  onStop(reason: StopReason): Promise<boolean>;
}

export type Supervised =
  /** The process and its strays are gone, and its log is read to the end. */
  | {
      readonly kind: "ended";
      /** `null` when nobody wrote one: the launcher was killed, or the machine went down. */
      readonly exit: ExitRecord | null;
      /** Why it was stopped by us: a signal found it alive. `null` when it ended by itself. */
      readonly stopped: StopReason | null;
      /** Why somebody had asked it to stop, whether or not a signal ever reached it. */
      readonly asked: StopReason | null;
      readonly transcript: Transcript;
      readonly logOffset: number;
      /** How long it ran, in ms. */
      readonly ranMs: number;
      /** For the case that there is no exit record. */
      readonly witness?: Witness;
    }
  /** The daemon shuts down; the process goes on. */
  | { readonly kind: "left" }
  /** Somebody else looks after it now. */
  | { readonly kind: "lost" };

export async function supervise(
  run: SupervisedRun,
  ports: SupervisePorts,
  hooks: SuperviseHooks,
  signal: AbortSignal,
): Promise<Supervised> {
  const watch = watchEnd(ports, run, signal);
  try {
    return await look({ run, ports, hooks, watch }, begin(run, ports));
  } finally {
    watch.close();
  }
}

interface Post {
  readonly run: SupervisedRun;
  readonly ports: SupervisePorts;
  readonly hooks: SuperviseHooks;
  readonly watch: Watch;
}

/** What the supervisor knows between two looks. Moments without `At` are on the clock that never jumps. */
interface Notes {
  readonly tail: Tail;
  readonly started: number;
  readonly active: number;
  readonly activeAt: number;
  readonly reported: number;
  readonly reportedPosition: number;
  readonly stopped: StopReason | null;
  readonly samples: Samples;
  /** Whether it lived when we came, and how many looks found it alive and its launcher gone. */
  readonly found: boolean;
  readonly orphaned: number;
}

function begin(run: SupervisedRun, { clock, processes }: SupervisePorts): Notes {
  const { startedAt, activeAt } = run;
  const known = { now: clock.now(), startedAt, activeAt, processAgeMs: processes.ageMs(run.identity) };
  const { ranMs, silentMs } = spansOf(known);
  const tail = openTail(readTranscript(run.backend, run.beginning, run.transcript, run.logOffset));
  return {
    tail,
    started: clock.monotonic() - ranMs,
    active: clock.monotonic() - silentMs,
    activeAt,
    reported: Number.NEGATIVE_INFINITY,
    reportedPosition: tail.position,
    stopped: null,
    samples: NO_SAMPLES,
    found: processes.isAlive(run.identity),
    orphaned: 0,
  };
}

async function look(post: Post, from: Notes): Promise<Supervised> {
  const { run, ports, watch } = post;
  let notes = from;
  while (!watch.hasLeft()) {
    if (watch.hasEnded()) return end(post, notes);
    notes = await readNews(post, noteLauncher(post, notes), READS_PER_LOOK);
    const reported = await tellNews(post, notes);
    if (reported === "lost") return given(watch);
    const samples = await takeSample(ports, run.directory, reported.tail, reported.samples);
    notes = { ...reported, samples };
    // What ended while we read has ended by itself: it may be long overdue only because nobody was there to see it.
    if (watch.hasEnded()) continue;
    const reason = reasonToStop(post, notes);
    if (reason !== null) {
      const isNews = notes.stopped === null && post.hooks.stopAsked() === null;
      if (isNews && !(await post.hooks.onStop(reason))) return given(watch);
      if (await stop(ports.processes, run, watch)) notes = { ...notes, stopped: reason };
    }
    await watch.sleep(LOOK_MS);
  }
  return { kind: "left" };
}

function noteLauncher(post: Post, notes: Notes): Notes {
  const { processes } = post.ports;
  const { identity } = post.run;
  const isOrphan = !processes.isLauncherAlive(identity) && processes.isAlive(identity);
  return isOrphan ? { ...notes, orphaned: notes.orphaned + 1 } : notes;
}

async function readNews(post: Post, notes: Notes, reads: number): Promise<Notes> {
  const { run, ports } = post;
  const tail = await readOn(
    ports.files,
    ownPlace(run.directory, "stdout.log"),
    run.backend,
    notes.tail,
    reads,
  );
  if (tail.position === notes.tail.position) return notes;
  return { ...notes, tail, active: ports.clock.monotonic(), activeAt: ports.clock.now() };
}

async function tellNews(post: Post, notes: Notes): Promise<Notes | "lost"> {
  const now = post.ports.clock.monotonic();
  if (notes.tail.position === notes.reportedPosition || now - notes.reported < LOOK_MS) return notes;
  if (!(await post.hooks.onProgress(checkpointOf(notes), false, notes.tail.transcript))) return "lost";
  const tail = withoutWritten(notes.tail);
  return { ...notes, tail, reported: now, reportedPosition: tail.position };
}

/** The first reason stays; a person's comes before our own. */
function reasonToStop(post: Post, notes: Notes): StopReason | null {
  const { openTools, terminal, calls } = notes.tail.transcript;
  if (notes.stopped !== null) return notes.stopped;
  const asked = post.hooks.stopAsked();
  // What is finished spends no more: a budget that its last word has crossed is a matter for the next run.
  if (asked !== null && !(asked === "budget" && terminal !== null)) return asked;
  const now = post.ports.clock.monotonic();
  const judgement = judgeRun({
    ranMs: now - notes.started,
    timeoutMs: post.run.timeoutMs,
    silentMs: now - notes.active,
    openTools,
    isOver: terminal !== null,
    rate: rateOf(notes.samples),
    repeatsInRow: calls.inRow,
  });
  return judgement === "wait" ? null : judgement.stop;
}

/** S2, S5: first the strays, which may still write, then the rest of the log, then the last report. */
async function end(post: Post, before: Notes): Promise<Supervised> {
  const { run, ports, hooks, watch } = post;
  const from = await awaitLastWord(post, before, (notes) => readNews(post, notes, READS_PER_LOOK));
  if (watch.hasLeft()) return given(watch);
  const ranMs = ports.clock.monotonic() - from.started;
  await sweep(ports.processes, run);
  const read = await readNews(post, from, READS_AT_END);
  const notes = { ...read, tail: finish(run.backend, read.tail) };
  if (!(await hooks.onProgress(checkpointOf(notes), true, notes.tail.transcript))) return given(watch);
  const { transcript } = notes.tail;
  const { stopped } = notes;
  // A daemon that died while stopping it left the reason with the run; `agents/conclude.ts` says what it is worth.
  const asked = hooks.stopAsked();
  const exit = await ports.processes.exitRecord(run.directory);
  const { bootId } = ports.processes;
  const witness = bearWitness(run, { ...from, ranMs, bootId });
  return { kind: "ended", exit, stopped, asked, transcript, logOffset: offsetOf(notes.tail), ranMs, witness };
}

/** A hook said no: because the run is somebody else's, or because there is no time left to write anything down. */
function given(watch: Watch): Supervised {
  return watch.hasLeft() ? { kind: "left" } : { kind: "lost" };
}
