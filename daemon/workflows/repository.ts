/**
 * What a repository says of how its tasks go: `.chargehand/workflow.yaml` of the base branch, as the daemon's own
 * repository has it. Looked at when a task begins, checked as a whole, and stored.
 *
 * V1. A version with a problem is not used: the last good one is, and people are told, once per commit.
 * V2. Without a good version nothing begins: the task waits, and says why. A fallback is for a repository that says
 *     nothing, and not for one that says something wrong.
 * V3. What it asks for stays within what the operator has said (`rules/repository.ts`), also where the last good
 *     version is older than that, and again whenever a phase is played (`bounded`).
 * V4. The same file is judged once, and not again for each task, as long as the operator says the same: everything else
 *     waits for that.
 */

import { createHash } from "node:crypto";
import type { BaseFile, Bases } from "../../forges/git/base.ts";
import { withoutCredentials } from "../../forges/git/git.ts";
import type { RepositoryWorkflow } from "../../store/phases/repository.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import { schemaTrouble } from "../../system/schema/prepare.ts";
import type { FoundWorkflow } from "../../workflow/decide/settle-workflow.ts";
import { noticeCall } from "../../workflow/outbox.ts";
import type { AgentProfile, Project } from "../../workflow/project.ts";
import type { Why } from "../../workflow/why.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { printProblem } from "../config/file.ts";
import { readWorkflow } from "./read.ts";
import { beyondBounds, boundsOf, withinBounds } from "./rules/repository.ts";

export interface RepositoryPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly bases: Bases;
  readonly profiles: ReadonlyMap<string, AgentProfile>;
  /** V4. By project. */
  readonly verdicts: Map<string, Verdict>;
}

/** What was found of a file, and of which. */
export interface Verdict {
  readonly about: string;
  readonly judged: Judged;
}

export const WORKFLOW_PATH = ".chargehand/workflow.yaml";
const FILE_BYTES_MAX = 262_144;
/** Of the problems of a file, as they are kept and told. */
const PROBLEMS_TOLD_MAX = 10;

/** @throws StoreFault */
export async function findWorkflow(ports: RepositoryPorts, project: Project): Promise<FoundWorkflow | Why> {
  const { baseBranch } = project;
  const read = await ports.bases.readBase(project, WORKFLOW_PATH, FILE_BYTES_MAX);
  if (read.kind === "failed")
    return { reason: `its workflow could not be read: ${read.reason}`, remedy: "it is read again by itself" };
  const { commit, file } = read.value;
  if (file.kind === "none") return silent(project, commit);
  const before = await lastOf(ports, project);
  const judged = judgeOnce(file, `${baseBranch}:${WORKFLOW_PATH}`, ports, project);
  const state = await keep(ports, project, before, commit, judged);
  const { good, trouble } = state;
  if (good === null)
    return { reason: `${WORKFLOW_PATH} of branch ${baseBranch} cannot be used: ${trouble}`, remedy: MEND };
  const excess = trouble === null ? null : beyondBounds(good.workflow, { project, profiles: ports.profiles });
  if (excess !== null)
    return {
      reason: `the last good version of ${WORKFLOW_PATH} goes too far by now: ${excess}`,
      remedy: MEND,
    };
  return { workflow: good.workflow, from: "repository", commit: good.commit, trouble };
}

const MEND = `mend ${WORKFLOW_PATH} on the base branch; chargehand workflow check FILE tells every problem`;

/** V2. */
function silent({ workflowFallback, baseBranch, name }: Project, commit: string): FoundWorkflow | Why {
  if (workflowFallback !== null)
    return { workflow: workflowFallback, from: "fallback", commit, trouble: null };
  return {
    reason: `branch ${baseBranch} of its repository has no ${WORKFLOW_PATH}`,
    remedy: `commit one, or name a workflow_fallback for project ${name}`,
  };
}

type Judged = { readonly workflow: Workflow } | { readonly trouble: string };

/** V4. */
function judgeOnce(
  file: Exclude<BaseFile, { kind: "none" }>,
  origin: string,
  ports: RepositoryPorts,
  project: Project,
): Judged {
  const { verdicts, profiles } = ports;
  const said = [project.agent, project.agents, [...profiles.values()].map(boundsOf)];
  const about = createHash("sha256")
    .update(JSON.stringify([origin, file, said]))
    .digest("hex");
  const before = verdicts.get(project.name);
  if (before?.about === about) return before.judged;
  const judged = judge(file, origin, ports, project);
  verdicts.set(project.name, { about, judged });
  return judged;
}

function judge(
  file: Exclude<BaseFile, { kind: "none" }>,
  origin: string,
  { profiles }: RepositoryPorts,
  project: Project,
): Judged {
  if (file.kind === "unfit") return { trouble: `${origin}: it ${file.reason}` };
  const rules = [withinBounds({ project, profiles })];
  const read = readWorkflow(file.text, origin, { schemaTrouble, rules });
  if (read.kind === "workflow") return { workflow: { ...read.workflow, bounded: true } };
  const told = read.problems.slice(0, PROBLEMS_TOLD_MAX).map(printProblem);
  const more = read.problems.length - told.length;
  return { trouble: [...told, ...(more > 0 ? [`and ${more} more`] : [])].join("\n") };
}

function originOf({ cloneUrl, baseBranch }: Project): string {
  return `${withoutCredentials(cloneUrl)} ${baseBranch}`;
}

async function lastOf({ store }: RepositoryPorts, project: Project): Promise<RepositoryWorkflow | null> {
  const stored = await store.repositories.get(project.name);
  return stored?.origin === originOf(project) ? stored : null;
}

/** V1. */
async function keep(
  ports: RepositoryPorts,
  project: Project,
  before: RepositoryWorkflow | null,
  commit: string,
  judged: Judged,
): Promise<RepositoryWorkflow> {
  const { store, clock, log } = ports;
  const trouble = "trouble" in judged ? judged.trouble : null;
  const good = "workflow" in judged ? { workflow: judged.workflow, commit } : (before?.good ?? null);
  const isSame = before !== null && before.trouble === trouble;
  const now = clock.now();
  const since = isSame ? before.since : now;
  const state = { project: project.name, origin: originOf(project), commit, good, trouble, since };
  if (!isSame || before.commit !== commit) await store.repositories.keep(state, now);
  if (trouble === null || (isSame && before.commit === commit)) return state;
  for (const problem of trouble.split("\n"))
    log.warn({ event: "workflow.problem", project: project.name, problem });
  const kept =
    good === null ? "there is no good version" : `the version of ${good.commit.slice(0, 12)} stays in force`;
  log.warn({ event: "workflow.refused", project: project.name, commit, reason: kept });
  const notice = noticeCall({
    kind: "workflow.refused",
    project: project.name,
    message: `${WORKFLOW_PATH} of project ${project.name} cannot be used, and ${kept}`,
    reason: trouble,
    remedy: MEND,
  });
  const event = { kind: "workflow.refused", key: `workflow:${commit}`, data: { commit, trouble } };
  await store.events.notice({ kind: "project", name: project.name }, event, [notice], now);
  return state;
}
