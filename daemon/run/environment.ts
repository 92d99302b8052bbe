/** The whole environment of a run's process: what it sees of the daemon's, and what profile, account and run add. */

import { RESULT_FILE } from "../../agents/command/command.ts";
import { agentEnvironment } from "../../agents/environment.ts";
import { type HomePorts, homeOf } from "../../agents/home.ts";
import { projectFolder } from "../../agents/setup/project-folder.ts";
import { runFolder } from "../../agents/supervision/run-folder.ts";
import type { AgentProfile } from "../../workflow/project.ts";
import { RUN_MARK, type Run } from "../../workflow/run.ts";

/** What it is made from; a part of what the runner is given (`ports.ts`). */
interface Surroundings extends HomePorts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly adminUrl: () => string;
  readonly dataDir: string;
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
  const home = homeOf(ports, run.account, profile);
  const folder = runFolder(directory);
  return agentEnvironment({
    daemon: ports.environment,
    profile,
    account: { ...accountEnvironment(ports, run), ...(home === null ? {} : { HOME: home }) },
    backend,
    own: {
      [RUN_MARK]: run.id,
      CHARGEHAND_TASK: run.task,
      CHARGEHAND_PHASE: run.phase,
      CHARGEHAND_URL: ports.adminUrl(),
      CHARGEHAND_DATA: projectFolder(ports.dataDir, run.project).data,
      CHARGEHAND_ASK: folder.ask,
      CHARGEHAND_ANSWERS_DIR: folder.answers,
      CHARGEHAND_RESULT: `${folder.out}/${RESULT_FILE}`,
    },
  });
}

/** The variables by which its account is used. */
export function accountEnvironment(
  { accounts }: Pick<HomePorts, "accounts">,
  { account }: Pick<Run, "account">,
): Readonly<Record<string, string>> {
  return (account === null ? undefined : accounts.get(account))?.env ?? {};
}
