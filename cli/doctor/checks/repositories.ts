/** A project's repository at its forge: there, ours to push to, and what its base branch demands of what we do. */

import type { Answer } from "../../../forges/api/answer.ts";
import type { BranchRules, ForgeAsk } from "../../../forges/ask.ts";
import { whyNotThrough } from "../../../workflow/phases/may-merge.ts";
import type { Project } from "../../../workflow/project.ts";
import { troubleOf } from "../answers.ts";
import { clientsOf, forgeOf } from "../clients.ts";
import { type Check, type Finding, fail, ok, warn } from "../finding.ts";
import type { Place } from "../place.ts";

type Repository = Extract<Awaited<ReturnType<ForgeAsk["repository"]>>, { kind: "ok" }>["value"];

export function repositoryChecks(place: Place): readonly Check[] {
  const forge = forgeOf(clientsOf(place));
  if (forge === null) return [];
  return place.config.projects.flatMap((project): Check[] => {
    const { repo, baseBranch, name } = project;
    if (repo === null) return [];
    const look = async (): Promise<readonly Finding[]> => {
      const answer = await forge.ask.repository(repo);
      const found = judgeRepository(answer, project);
      if (answer.kind !== "ok") return found;
      const rules = await forge.ask.rules(repo, baseBranch);
      return [...found, ...judgeRules(rules, project), ...judgePulls(answer.value, rules, project)];
    };
    return [{ area: "projects", about: name, isForStart: true, look }];
  });
}

export function judgeRepository(
  answer: Answer<Repository>,
  { repo, publish }: Pick<Project, "repo" | "publish">,
): readonly Finding[] {
  if (answer.kind !== "ok") return [troubleOf(`the repository ${repo} cannot be seen`, answer)];
  const { fullName, isArchived, canPush } = answer.value;
  const moved =
    fullName.toLowerCase() === repo?.toLowerCase()
      ? []
      : [
          warn(
            `${repo} is called ${fullName} now`,
            `write repo: ${fullName}, and its new address as clone_url`,
          ),
        ];
  if (isArchived) return [fail(`${fullName} is archived: nothing can be pushed`, "unarchive it there")];
  if (canPush === false && publish.to !== "none")
    return [
      ...moved,
      fail(
        `the token may not push to ${fullName}`,
        "give its account the right to write, or write publish: none",
      ),
    ];
  return [...moved, ok(`${fullName} is there${canPush === true ? ", and the token may push" : ""}`)];
}

/** Whether what we would do to the base branch is what it lets people do. */
export function judgeRules(
  answer: Answer<BranchRules>,
  { baseBranch, publish }: Pick<Project, "baseBranch" | "publish">,
): readonly Finding[] {
  if (answer.kind !== "ok") return [troubleOf(`what ${baseBranch} demands cannot be seen`, answer)];
  const { exists, isProtected, checks, approvals, resolvedThreads, isQueued } = answer.value;
  if (!exists || !isProtected) return [];
  const demands = [
    approvals > 0 ? `${approvals} approving ${approvals === 1 ? "review" : "reviews"}` : "",
    checks.length > 0 ? `the checks ${checks.join(", ")}` : "",
    resolvedThreads ? "resolved threads" : "",
    isQueued ? "a merge queue" : "",
  ].filter((demand) => demand !== "");
  if (demands.length === 0) return [ok(`${baseBranch} is protected, and demands nothing that is told`)];
  const told = `${baseBranch} demands ${demands.join(", ")}`;
  if (!publish.merge) return [ok(`${told}: of whoever merges, which is not us`)];
  if (publish.pull !== undefined) return [ok(`${told}: pull requests wait for that before they are merged`)];
  return [
    warn(
      `${told}, and publish.merge is to merge into it`,
      "let the daemon's account pass the protection, or leave merging to people",
    ),
  ];
}

/** As the daemon judges it before the first run of a task; what was told of the repository alone is not said again. */
export function judgePulls(
  repository: Pick<Repository, "isArchived" | "canPush">,
  rules: Answer<BranchRules>,
  { name, repo, baseBranch, publish }: Pick<Project, "name" | "repo" | "baseBranch" | "publish">,
): readonly Finding[] {
  if (publish.pull === undefined || repo === null || rules.kind !== "ok") return [];
  if (repository.isArchived || repository.canPush === false) return [];
  const place = { project: name, repo, base: baseBranch };
  const why = whyNotThrough(place, publish.pull, publish.merge, { repository, branch: rules.value });
  return why === null ? [] : [fail(why.reason, why.remedy)];
}
