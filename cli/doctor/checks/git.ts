/** Git as a program, who commits, and whether each project's remote answers and has its base branch. */

import type { CommandResult } from "../../../system/commands.ts";
import type { Project } from "../../../workflow/project.ts";
import { type Check, type Finding, fail, ok, warn } from "../finding.ts";
import type { Place } from "../place.ts";
import { lookAtRemote, type RemoteLook, remoteRemedy } from "../remote.ts";
import { isAtLeast, versionIn } from "../words.ts";

const VERSION_MS = 5_000;
/** `git merge-tree --write-tree`, by which the daemon merges, is of this version. */
const LEAST = [2, 38];

export function gitChecks(place: Place): readonly Check[] {
  const { config, commands, env } = place;
  const program: Check = {
    ...{ area: "git", about: null, isForStart: true },
    look: async () => {
      const told = await commands.run("git", {
        argv: ["git", "--version"],
        ...{ cwd: "/", env: { PATH: env["PATH"] ?? "/usr/bin:/bin" }, timeoutMs: VERSION_MS },
      });
      return [judgeVersion(told)];
    },
  };
  const identities: Check = {
    ...{ area: "git", about: null, isForStart: false },
    look: async () => [judgeIdentities(Object.values(config.agents).map(({ git }) => git))],
  };
  const remotes = config.projects.map((project): Check => {
    const { cloneUrl, baseBranch } = project;
    const look = async (): Promise<readonly Finding[]> => [
      judgeRemote(await lookAtRemote(place, cloneUrl, baseBranch), project),
    ];
    return { area: "git", about: project.name, isForStart: true, look };
  });
  return [program, identities, ...remotes];
}

export function judgeVersion(told: CommandResult): Finding {
  if (told.kind === "failed" || told.code !== 0)
    return fail("git cannot be run", "install git (apt-get install git, dnf install git)");
  const version = versionIn(told.stdout);
  if (isAtLeast(version, LEAST)) return ok(`git ${version}`);
  return warn(`git ${version} is old`, `install ${LEAST.join(".")} or later: merges need it`);
}

function judgeIdentities(all: readonly { readonly name: string; readonly email: string }[]): Finding {
  const own = [...new Set(all.map(({ name, email }) => `${name} <${email}>`))];
  return ok(`commits are by ${own.join(", ") || "nobody yet"} (agents.*.git)`);
}

export function judgeRemote(
  seen: RemoteLook,
  { cloneUrl, baseBranch }: Pick<Project, "cloneUrl" | "baseBranch">,
): Finding {
  if (seen.kind === "failed")
    return fail(`the remote does not answer: ${seen.reason}`, remoteRemedy(seen.reason, cloneUrl));
  if (seen.hasBranch) return ok(`the remote answers, and has the base branch ${baseBranch}`);
  const { defaultBranch } = seen;
  if (defaultBranch === null)
    return fail(`the remote has no branch ${baseBranch}`, `push a first commit to ${baseBranch}`);
  return fail(
    `the remote has no branch ${baseBranch}`,
    `write base_branch: ${defaultBranch}, which is its default branch`,
  );
}
