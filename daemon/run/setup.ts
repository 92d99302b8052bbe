/**
 * A project's set-up as a part of a run: written down as a script before the process is started, and waited for before
 * its agent is looked after (`agents/setup/script.ts`, `agents/supervision/setting-up.ts`).
 */

import { projectFolder } from "../../agents/setup/project-folder.ts";
import { type CachePlan, setupScript, setupWords } from "../../agents/setup/script.ts";
import { awaitSetup, SETUP_SCRIPT } from "../../agents/supervision/setting-up.ts";
import { spansOf } from "../../agents/supervision/spans.ts";
import { SETUP_SLACK_MS } from "../../workflow/limits.ts";
import type { Setup } from "../../workflow/project.ts";
import type { Run, RunPlan } from "../../workflow/run.ts";
import { insist, type RunnerPorts } from "./ports.ts";
import { type Wishes, wallsAround } from "./walls.ts";

/** A name that a run may have, and so a cache that it saved. */
const CACHE_NAME = /^[a-z0-9]{1,64}$/;

export interface SettingUp {
  readonly run: Run;
  readonly setup: Setup;
  readonly inside: Wishes;
  /** No agent has worked in the folder yet. */
  readonly pristine: boolean;
}

/** Writes the set-up of a run down. @returns words in front of the agent's walls that do it first */
export async function writeSetup(
  ports: RunnerPorts,
  { run, setup, inside, pristine }: SettingUp,
): Promise<readonly string[]> {
  const { directory } = inside;
  const cache = await cachePlan(ports, run, setup, directory, pristine);
  const more = {
    writable: cache.to === null ? [] : [cache.to.beside],
    readable: cache.from === null ? [] : [cache.from],
  };
  const script = setupScript({
    directory,
    walls: wallsAround(ports, inside, more),
    run: setup.run,
    timeoutMs: setup.timeoutMs,
    // Who installs what a project depends on needs no key of a model service. A home is one all the same.
    hidden: Object.keys(inside.account).filter((name) => name !== "HOME" && name !== "PATH"),
    cache,
  });
  const path = `${directory}/${SETUP_SCRIPT}`;
  await ports.files.write("set-up", path, script);
  return setupWords(path);
}

async function cachePlan(
  { files, tree, dataDir }: RunnerPorts,
  { id, project }: Run,
  { cache, cacheBytesMax }: Setup,
  directory: string,
  pristine: boolean,
): Promise<CachePlan> {
  if (cache.length === 0) return { paths: [], from: null, to: null };
  const store = projectFolder(dataDir, project).caches;
  await files.makeDirectory("set-up", store);
  const current = tree.link(`${store}/current`);
  const from = current !== null && CACHE_NAME.test(current) ? `${store}/${current}` : null;
  if (!pristine) return { paths: cache, from, to: null };
  const beside = `${directory}/caches`;
  await files.makeDirectory("set-up", beside);
  return { paths: cache, from, to: { beside, store, name: id, bytesMax: cacheBytesMax } };
}

/** How long a process may take until its agent begins, as its row says until then. */
export function planWith(plan: RunPlan, setup: Setup | null): RunPlan {
  return setup === null ? plan : { ...plan, timeoutMs: setup.timeoutMs + SETUP_SLACK_MS };
}

/**
 * Waits for the set-up of a run, if it has one, and writes down when its agent began: from then on the limits are those
 * of the agent.
 *
 * @param timeoutMs of the agent
 * @returns the run as its row is then; without a change where it has to be looked after all the same
 */
export async function afterSetup(
  ports: RunnerPorts,
  run: Run,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Run> {
  const { clock, processes, store } = ports;
  const { identity, startedAt } = run;
  if (identity === null || startedAt === null) return run;
  const limitMs = run.timeoutMs ?? Number.POSITIVE_INFINITY;
  const known = { now: clock.now(), startedAt, activeAt: startedAt, processAgeMs: processes.ageMs(identity) };
  const until = clock.monotonic() + limitMs - spansOf(known).ranMs;
  const hooks = {
    isOver: () => clock.monotonic() >= until || (ports.stops.reasonFor(run.id) ?? run.stop) !== null,
    onFlood: async () => {
      await insist(ports, run.id, signal, () => store.runs.askToStop(run.id, "runaway"));
    },
  };
  const directory = `${ports.runsDirectory}/${run.id}`;
  const doneAt = await awaitSetup({ identity, directory }, ports, hooks, signal);
  // Nobody can say that it took longer than it may.
  const beganAt = doneAt === null ? startedAt : Math.min(doneAt, clock.now(), startedAt + limitMs);
  // As the row says already, to a daemon that adopts the run later.
  if (beganAt <= startedAt) return run;
  await insist(ports, run.id, signal, () => store.runs.began(run.id, timeoutMs, beganAt));
  return { ...run, startedAt: beganAt, activeAt: Math.max(beganAt, run.activeAt ?? 0), timeoutMs };
}
