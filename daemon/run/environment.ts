/** The whole environment of a run's process: what it sees of the daemon's, and what profile, account and run add. */

import { RESULT_FILE } from "../../agents/command/command.ts";
import { agentEnvironment } from "../../agents/environment.ts";
import { runFolder } from "../../agents/supervision/run-folder.ts";
import type { AgentProfile } from "../../workflow/project.ts";
import { RUN_MARK, type Run } from "../../workflow/run.ts";

/** What it is made from; a part of what the runner is given (`ports.ts`). */
interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly accounts: ReadonlyMap<string, { readonly env: Readonly<Record<string, string>> }>;
  readonly adminUrl: () => string;
}

/**
 * @param directory the run's
 * @param backend what the backend's invocation asks for
 */
export function environmentOf(
  ports: Surroundings,
  run: Run,
  profile: AgentProfile,
  directory: string,
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
      CHARGEHAND_RESULT: `${runFolder(directory).out}/${RESULT_FILE}`,
    },
  });
}
