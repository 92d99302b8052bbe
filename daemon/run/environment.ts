/** What a run is given and what it begins from: environment, session, what its session has used before. */

import type { Beginning } from "../../agents/backend.ts";
import { RESULT_FILE } from "../../agents/command/command.ts";
import { agentEnvironment } from "../../agents/environment.ts";
import type { Job } from "../../workflow/job.ts";
import type { AgentProfile } from "../../workflow/project.ts";
import { RUN_MARK, type Run } from "../../workflow/run.ts";
import { type RunnerPorts, runDirectory } from "./ports.ts";

/** The whole environment of the run's process. */
export function environmentOf(
  ports: RunnerPorts,
  run: Run,
  profile: AgentProfile,
  backend: Readonly<Record<string, string>>,
): Record<string, string> {
  return agentEnvironment({
    daemon: ports.environment,
    profile,
    account: (run.account === null ? undefined : ports.accounts.get(run.account))?.env ?? {},
    backend,
    own: {
      [RUN_MARK]: run.id,
      CHARGEHAND_TASK: run.task,
      CHARGEHAND_URL: ports.adminUrl(),
      CHARGEHAND_RESULT: `${runDirectory(ports, run.id)}/${RESULT_FILE}`,
    },
  });
}

/** The session to continue: of an earlier run of the job, if that was played by the same profile and account. */
export function sessionOf(job: Job, run: Run): string | null {
  return job.sessionAgent === run.agent && job.sessionAccount === run.account ? job.session : null;
}

/** What the transcript of a run begins with; the same for the daemon that started it and for one that adopts it. */
export async function beginningOf(ports: RunnerPorts, run: Run): Promise<Beginning> {
  const { store } = ports;
  const job = await store.jobs.get(run.job);
  const session = job !== null && job.fence === run.fence ? sessionOf(job, run) : null;
  return {
    run: run.id,
    session,
    model: run.model,
    resumed: session !== null,
    baseline: session === null ? [] : await store.runs.sessionUsage(session, run.backend, run.id),
  };
}
