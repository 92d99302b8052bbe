/** Signals to processes whose identity was just checked (I5), and the sweep for what no group signal reaches. */

import type { Clock } from "./clock.ts";
import { allPids, hasMark, readStat, resolveLinks, worksIn } from "./proc.ts";
import type { ProcessIdentity, SignalScope } from "./processes.ts";

/** A sweep looks again until it finds nobody, because strays fork while they are being killed. */
const ROUNDS_MAX = 20;
const ROUND_PAUSE_MS = 25;

export function signalProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  scope: SignalScope,
): boolean {
  const agent = readStat(identity.pid);
  const isAgent = agent?.running === true && agent.startTicks === identity.startTicks;
  if (scope === "process") return isAgent && send(identity.pid, signal);
  const leader = readStat(identity.pgid);
  const isGroup =
    (leader?.running === true && leader.startTicks === identity.leaderTicks) ||
    (isAgent && agent.group === identity.pgid);
  const isGroupHit = isGroup && send(-identity.pgid, signal);
  // An agent that has left for a group of its own is meant, too: it was its group that was to be signalled.
  const hasLeft = isAgent && agent.group !== identity.pgid;
  const isAgentHit = hasLeft && send(agent.group === agent.pid ? -agent.pid : agent.pid, signal);
  return isGroupHit || isAgentHit;
}

/** Kills everything that carries `mark` or works below `directory`, but never this process or its ancestors. */
export async function sweepStrays(mark: string, directory: string, clock: Clock): Promise<number> {
  const spared = ancestors();
  const real = resolveLinks(directory);
  const killed = new Set<string>();
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const strays = allPids().filter((pid) => !spared.has(pid) && (hasMark(pid, mark) || worksIn(pid, real)));
    const living = strays.map(readStat).filter((stat) => stat?.running === true);
    if (living.length === 0) break;
    for (const stat of living) {
      if (stat !== null && readStat(stat.pid)?.startTicks === stat.startTicks && send(stat.pid, "SIGKILL")) {
        killed.add(`${stat.pid}/${stat.startTicks}`);
      }
    }
    await clock.sleep(ROUND_PAUSE_MS);
  }
  return killed.size;
}

function ancestors(): ReadonlySet<number> {
  const found = new Set<number>();
  for (let pid = process.pid; pid > 0 && !found.has(pid); pid = readStat(pid)?.parent ?? 0) found.add(pid);
  return found;
}

/** False when there was nobody to signal any more. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ESRCH" || code === "EPERM") return false;
    throw error;
  }
}
