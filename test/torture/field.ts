/** What the faults act on, and the books of what they did. */

import type { ChildProcess } from "node:child_process";
import type { Client } from "./client.ts";
import type { Daemon } from "./daemon.ts";
import { Found, within } from "./patience.ts";
import type { FaultKind } from "./plan.ts";
import { isAlive, type Seen } from "./processes.ts";
import { type RunRow, readLive } from "./records.ts";
import type { Sender } from "./sender.ts";
import { innerOf } from "./walled.ts";
import type { Yard } from "./yard.ts";

export interface Field {
  readonly yard: Yard;
  readonly daemon: Daemon;
  readonly client: Client;
  readonly sender: Sender;
  /** Ids of runs, and keys of tasks, that a fault has met. */
  readonly struck: Set<string>;
  /** Faults that met somebody, by kind. */
  readonly tally: Map<FaultKind | "missed", number>;
  /** Processes that nobody may signal, each with what it stands beside. */
  readonly innocents: { readonly process: ChildProcess; readonly beside: string }[];
  /** Whether the kernel lets us choose pids: we are in a pid namespace of our own. */
  readonly canChoosePids: boolean;
  /** Whether the agents work in a sandbox, each with a bubblewrap outside that is on record for it. */
  readonly isWalled: boolean;
}

/** How long a fault waits for somebody to strike. */
const VICTIM_MS = 800;

/** A run whose agent is alive now, chosen among all such; `null` when there is none. */
export async function victim(field: Field, pick: number): Promise<Victim | null> {
  let living: readonly Victim[] = [];
  await within(VICTIM_MS, () => {
    living = readLive(field.yard.dataDir).flatMap((run) => asVictim(run) ?? []);
    return living.length > 0;
  });
  const chosen = living[pick % Math.max(1, living.length)] ?? null;
  if (chosen !== null) field.struck.add(chosen.run);
  return chosen;
}

/** A live run with its identity. */
export interface Victim {
  readonly run: string;
  readonly task: string;
  readonly pid: number;
  readonly startTicks: number;
  /** The agent itself, where what is on record stands outside its walls and waits; `null` without walls. */
  readonly inner: Seen | null;
  readonly launcher: number;
  readonly launcherTicks: number;
}

function asVictim({ id, task, pid, start_ticks, pgid, leader_ticks }: RunRow): Victim | null {
  if (pid === null || start_ticks === null || pgid === null || leader_ticks === null) return null;
  if (!isAlive(pid, start_ticks)) return null;
  const [launcher, launcherTicks] = [pgid, leader_ticks];
  return { run: id, task, pid, startTicks: start_ticks, inner: innerOf(pid), launcher, launcherTicks };
}

/** Starts the daemon, which has no reason to refuse. @throws Found */
export async function startWell({ daemon }: Field): Promise<void> {
  const refused = await daemon.start();
  if (refused !== null)
    throw new Found(`the daemon refused to start: it ended with ${refused.code ?? refused.signal}`);
}

/** @throws Found when it is gone although nobody ended it */
export function insistItLives({ daemon }: Field): void {
  if (!daemon.isUp) throw new Found("the daemon has ended by itself");
}
