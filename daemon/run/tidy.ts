/** The loop that puts away what finished tasks have left behind: worktrees, images, and secret answers. */

import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { Turns } from "../../system/turns.ts";
import type { Project } from "../../workflow/project.ts";
import { taskMoves } from "../../workflow/states.ts";
import { type SecretPorts, sweepSecrets } from "./told/secrets.ts";
import { type PutAwayPorts, putAway } from "./workspace.ts";

export interface TidyPorts extends PutAwayPorts, SecretPorts {
  readonly log: Log;
  readonly projects: ReadonlyMap<string, Project>;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly worktreesDirectory: string;
  readonly imagesDirectory: string;
}

const TIDY_EVERY_MS = 10 * 60_000;

/**
 * Puts away what finished tasks left behind, now and every ten minutes: tasks that were cancelled while nothing ran
 * for them, and whatever a daemon that was killed had no time for.
 */
export async function tidyLoop(ports: TidyPorts, signal: AbortSignal): Promise<void> {
  const { files, log, clock, turns } = ports;
  while (!signal.aborted) {
    const untidy = (error: unknown): void => {
      log.error({ event: "worktree.untidy", reason: error instanceof Error ? error.message : String(error) });
    };
    await sweepSecrets(ports, clock.now()).catch(untidy);
    const names = await files.list("tidy", ports.worktreesDirectory).catch((error: unknown) => {
      untidy(error);
      return [];
    });
    for (const name of names) {
      // One folder that cannot be removed is no reason to leave the others.
      if (!name.endsWith(".ready")) await turns.take(name, () => tidy(ports, name)).catch(untidy);
    }
    await tidyImages(ports).catch(untidy);
    await clock.sleep(TIDY_EVERY_MS, signal);
  }
}

/** A task that begins again fetches its images again. */
async function tidyImages({ store, files, turns, imagesDirectory }: TidyPorts): Promise<void> {
  for (const name of await files.list("tidy", imagesDirectory)) {
    await turns.take(name, async () => {
      const task = await store.tasks.get(name);
      if (task === null || !taskMoves.final.includes(task.status)) return;
      if ((await store.runs.countLive(name)) === 0) await files.remove("tidy", `${imagesDirectory}/${name}`);
    });
  }
}

async function tidy(ports: TidyPorts, key: string): Promise<void> {
  const { store, projects, log } = ports;
  const task = await store.tasks.get(key);
  const project = task === null ? undefined : projects.get(task.project);
  if (task === null || project === undefined || !taskMoves.final.includes(task.status)) return;
  if ((await store.runs.countLive(key)) > 0) return;
  const result = await putAway(ports, task, project);
  if (result.kind === "failed") log.warn({ event: "worktree.kept", task: key, reason: result.reason });
}
