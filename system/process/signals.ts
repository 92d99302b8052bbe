/** Signals to processes whose identity was just checked (I5). */

import { childrenOf, leadsNamespace, type ProcStat, readStat } from "./proc.ts";
import type { ProcessIdentity, SignalScope } from "./processes.ts";

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
  const left = isAgent ? (insideOf(agent.pid) ?? agent) : null;
  const hasLeft = left !== null && left.group !== identity.pgid;
  const isAgentHit = hasLeft && send(left.group === left.pid ? -left.pid : left.pid, signal);
  return isGroupHit || isAgentHit;
}

/**
 * Of a process that waits outside of a sandbox, the program inside: the child of the first process of the namespace
 * that it has made. `null` for every other.
 */
function insideOf(pid: number): ProcStat | null {
  const first = childrenOf(pid).find(leadsNamespace);
  const [inside] = first === undefined ? [] : childrenOf(first);
  return inside === undefined ? null : readStat(inside);
}

/** False when there was nobody to signal any more. */
export function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ESRCH" || code === "EPERM") return false;
    throw error;
  }
}
