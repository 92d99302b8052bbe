/**
 * The loop of what is told at forges and trackers: writes down what each task is to show there, with the call that
 * brings it (`sender.ts`).
 *
 * T1. Level-triggered: it looks at every task that has moved since it was looked at, and at all that go on once after a
 *     start, a reload, and a change of what lies on many. It calls nobody itself, and may be killed anywhere.
 * T2. A comment is not edited more often than people read, unless it wants somebody or is the last word.
 * T3. What was over before anybody could be told of it stays untold: whoever adds a token does not mean years of tasks.
 * T4. A commit has one status by its project's name, which checks of a branch may demand: of tasks that have published
 *     the same commit, the newest alone tells it.
 */

import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { StoreFault } from "../../store/engine/engine.ts";
import { stackOf } from "../../system/stack.ts";
import type { Wake } from "../../system/wake.ts";
import type { Face, Moved, WantedFace } from "../../workflow/outside/face.ts";
import { taskMoves } from "../../workflow/states.ts";
import type { Task } from "../../workflow/task.ts";
import { cardFacts } from "../cards/facts.ts";
import { cardState } from "../cards/state.ts";
import { pullFaces } from "../pulls/faces.ts";
import { askFaces } from "./ask.ts";
import type { OutsideInForce, OutsidePorts } from "./ports.ts";
import { placesOf, wantedFaces } from "./wanted.ts";

/** It looks by itself this often, in case a bell was not heard. */
const POLL_MS = 5_000;
const FAULT_PAUSE_MS = 10_000;
/**
 * Between two looks, however often it is woken; and so many times what the last one took, because a look at many tasks
 * keeps the daemon from everything else.
 */
const LEAST_MS = 50;
const SHARE = 10;
const MOST_MS = 2_000;
/** Tasks that are looked at before the loop lets others in. */
const TASKS_AT_ONCE = 20;
/** T2. Between two edits of one comment. */
export const EDIT_MS = 15_000;
/** T3. */
const LATE_MS = 60 * 60_000;

export interface OutsideLoop {
  /** Runs until `signal` aborts, waiting on this bell. Never rejects. */
  run(bell: Wake, signal: AbortSignal): Promise<void>;
}

interface State {
  inForce: OutsideInForce | null;
  wide: string;
  /** Since when (ms) these sources can be told something. */
  begun: number;
  sources: string;
}

export function createOutside(ports: OutsidePorts): OutsideLoop {
  const { clock, log } = ports;
  return {
    async run(bell, signal): Promise<void> {
      const state: State = { inForce: null, wide: "", begun: clock.now(), sources: "" };
      while (!signal.aborted) {
        const began = clock.monotonic();
        const waitMs = await round(ports, state).catch((error: unknown) => {
          const hint = error instanceof StoreFault ? error.hint : undefined;
          log.error({ event: "outside.faulted", reason: stackOf(error), hint });
          return FAULT_PAUSE_MS;
        });
        if (waitMs === 0) await clock.sleep(0, signal);
        else {
          const least = Math.min(MOST_MS, Math.max(LEAST_MS, SHARE * (clock.monotonic() - began)));
          await clock.sleep(least, signal);
          await bell.wait(Math.min(POLL_MS, Math.max(0, waitMs - least)), signal);
        }
      }
    },
  };
}

/** One look; answers after how long time alone brings the next change (ms). */
async function round(ports: OutsidePorts, state: State): Promise<number> {
  const { store, clock } = ports;
  const inForce = ports.inForce();
  const sources = [...inForce.trackers.keys()].sort().join(" ");
  if (state.sources !== sources) state.begun = clock.now();
  state.sources = sources;
  if (inForce.trackers.size === 0) return POLL_MS;
  const wide = wideDigest(await store.holds.wide());
  if (state.inForce !== inForce || state.wide !== wide) await store.faces.renew();
  state.inForce = inForce;
  state.wide = wide;
  const due = await store.faces.due(clock.now(), TASKS_AT_ONCE);
  for (const moved of due) await lookAt(ports, inForce, state.begun, moved);
  await store.faces.owe(clock.now());
  if (due.length === TASKS_AT_ONCE) return 0;
  const next = await store.faces.nextDue(clock.now());
  return next === null ? POLL_MS : Math.max(1, next - clock.now());
}

/** Of what lies on many tasks: a change of it may change what each of them shows. */
function wideDigest(holds: Awaited<ReturnType<OutsidePorts["store"]["holds"]["wide"]>>): string {
  const told = holds.map(({ scope, subject, kind, until, reason }) =>
    [scope, subject, kind, until, reason].join(" "),
  );
  return createHash("sha256").update(told.sort().join("\n")).digest("hex").slice(0, 16);
}

async function lookAt(
  ports: OutsidePorts,
  inForce: OutsideInForce,
  begun: number,
  { task: key, mark }: Moved,
): Promise<void> {
  const { store, clock, redact } = ports;
  const now = clock.now();
  const [task, refs, faces] = [
    await store.tasks.get(key),
    await store.tasks.refs(key),
    await store.faces.ofTask(key),
  ];
  const project = inForce.projects.get(task?.project ?? "");
  const isOver = task === null || taskMoves.final.some((end) => end === task.status);
  // Nobody outside knows of it; what is read of a task is much.
  const isOurs = faces.length === 0 && refs.every(({ source }) => source === "api" || source === "schedule");
  const isLate = faces.length === 0 && (task?.finishedAt ?? now) < begun - LATE_MS;
  const isQuiet = isOurs && project?.tell.status === false && project.publish?.pull === undefined;
  const isUntold = project === undefined || isLate || isQuiet;
  const facts = isUntold ? null : await cardFacts(store, key, now);
  if (isUntold || facts === null) return store.faces.looked(key, mark, isOver || isQuiet);
  const places = placesOf(refs, faces, inForce, project);
  const own = wantedFaces(facts, places, project, inForce, redact);
  const isShared = own.some(isStatus) && (await hasNewer(store, facts.task));
  const wanted = [
    ...(isShared ? own.filter((face) => !isStatus(face)) : own),
    ...(project.tell.comment ? askFaces(facts, places, faces, { redact, command: project.command }) : []),
    ...(await pullFaces(store, facts.task, project, inForce, redact)),
  ];
  const state = cardState(facts);
  const isUrgent = isOver || state === "asking" || state === "blocked";
  const later = isUrgent ? [] : wanted.flatMap((face) => tooEarly(face, faces, now));
  const early = new Set(later.map(({ wanted: face }) => face));
  await store.faces.wish(
    key,
    wanted.filter((face) => !early.has(face)),
    now,
  );
  const [first] = later;
  if (first === undefined) await store.faces.looked(key, mark, isOver);
  else await store.faces.putOff(key, first.dueAt);
}

function isStatus({ aspect }: WantedFace): boolean {
  return aspect === "status";
}

/** T4. */
async function hasNewer(
  { tasks }: OutsidePorts["store"],
  { key, project, commit, createdAt }: Task,
): Promise<boolean> {
  const others = commit === null ? [] : await tasks.findByCommit(project, commit);
  return others.some(
    (task) =>
      task.commit === commit &&
      (task.createdAt - createdAt || (task.key > key ? 1 : -1)) > 0 &&
      task.key !== key,
  );
}

/** T2. */
function tooEarly(
  wanted: WantedFace,
  faces: readonly Face[],
  now: number,
): readonly { readonly wanted: WantedFace; readonly dueAt: number }[] {
  if (wanted.aspect !== "comment") return [];
  const known = faces.find(({ source, aspect }) => source === wanted.source && aspect === wanted.aspect);
  if (known === undefined || isDeepStrictEqual(known.wish, wanted.wish)) return [];
  const dueAt = known.wishedAt + EDIT_MS;
  return dueAt <= now ? [] : [{ wanted, dueAt }];
}
