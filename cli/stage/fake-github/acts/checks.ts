/** Statuses, checks and runs of Actions, and what is told of them. A repository's own hooks hear of results alone. */

import { checkRunJson, jobJson, suiteJson, workflowRunJson } from "../json/check.ts";
import { htmlOf } from "../json/repo.ts";
import { iso } from "../json/user.ts";
import { CHECKS_MAX, keep, STATUSES_MAX } from "../model/bounds.ts";
import type { Annotation, CheckRun, CheckSuite, Conclusion, Status, WorkflowRun } from "../model/checks.ts";
import type { Repo } from "../model/nouns.ts";
import { conclusionOf, statusOf } from "../model/suites.ts";
import { invalid } from "../refusal.ts";
import type { At } from "./issues.ts";

/** A commit takes so many of one context. */
const SAME_STATUS_MAX = 1_000;

export type NewStatus = Pick<Status, "sha" | "state" | "context" | "description" | "url">;

/** @throws Refusal 422 for one too many */
export async function setStatus(at: At, given: NewStatus): Promise<Status> {
  const { world, repo, by } = at;
  const same = repo.statuses.filter(
    ({ sha, context }) => sha === given.sha && context.toLowerCase() === given.context.toLowerCase(),
  );
  if (same.length >= SAME_STATUS_MAX)
    invalid("This SHA and context has reached the maximum number of statuses.");
  const status = keep(repo.statuses, { ...given, id: world.nextId(), by, at: world.now() }, STATUSES_MAX);
  const [commit] = await world.git(repo).commits(given.sha, 1);
  const url = `${htmlOf(world, repo)}/commit/${given.sha}`;
  const payload = {
    ...{ id: status.id, sha: status.sha, name: `${repo.owner.login}/${repo.name}`, target_url: status.url },
    ...{ avatar_url: null, context: status.context, description: status.description, state: status.state },
    commit: { sha: given.sha, html_url: url, commit: { message: commit?.message ?? "" } },
    branches: branchesAt(repo, given.sha).map((name) => ({
      name,
      commit: { sha: given.sha },
      protected: false,
    })),
    ...{ created_at: iso(status.at), updated_at: iso(status.at) },
  };
  world.tell(repo, "status", payload, by);
  return status;
}

function branchesAt(repo: Repo, sha: string): readonly string[] {
  return [...repo.refs].filter(([, one]) => one === sha).map(([name]) => name);
}

export interface NewCheck {
  readonly sha: string;
  readonly name: string;
  readonly conclusion: Conclusion | null;
  readonly title?: string | undefined;
  readonly summary?: string | undefined;
  readonly annotations?: readonly Annotation[] | undefined;
}

function suiteFor({ world, repo }: At, sha: string, app: string): CheckSuite {
  const known = repo.suites.find((suite) => suite.sha === sha && suite.app === app);
  if (known !== undefined) return known;
  const branch = branchesAt(repo, sha).find((one) => one !== repo.defaultBranch) ?? branchesAt(repo, sha)[0];
  const times = { createdAt: world.now(), updatedAt: world.now() };
  return keep(repo.suites, { id: world.nextId(), sha, branch: branch ?? null, app, ...times }, CHECKS_MAX);
}

function newRun(
  at: At,
  suite: CheckSuite,
  given: NewCheck,
  run: number | null,
  log: string | null,
): CheckRun {
  const { world, repo } = at;
  const now = world.now();
  return keep(
    repo.checkRuns,
    {
      ...{ id: world.nextId(), suite: suite.id, sha: given.sha, name: given.name, status: "in_progress" },
      ...{ conclusion: null, title: given.title ?? null, summary: given.summary ?? null, startedAt: now },
      ...{ annotations: given.annotations ?? [], completedAt: null, log, run },
    },
    CHECKS_MAX,
  );
}

function complete({ world }: At, run: CheckRun, conclusion: Conclusion): void {
  run.status = "completed";
  run.conclusion = conclusion;
  run.completedAt = world.now();
}

function tellRun({ world, repo, by }: At, run: CheckRun, action: string): void {
  const suite = repo.suites.find(({ id }) => id === run.suite);
  const json = checkRunJson(world, repo, run);
  const inside = suite === undefined ? { id: run.suite } : suiteJson(world, repo, suite);
  world.tell(repo, "check_run", { action, check_run: { ...json, check_suite: inside } }, by);
}

function tellSuite({ world, repo, by }: At, suite: CheckSuite): void {
  suite.updatedAt = world.now();
  if (statusOf(repo, suite) !== "completed") return;
  world.tell(repo, "check_suite", { action: "completed", check_suite: suiteJson(world, repo, suite) }, by);
}

/** A check of some App: begun, or with its result at once. The same name again takes the place of what still runs. */
export function setCheck(at: At, given: NewCheck, app = "some-ci"): CheckRun {
  const suite = suiteFor(at, given.sha, app);
  const going = at.repo.checkRuns.find(
    (run) => run.suite === suite.id && run.name === given.name && run.status !== "completed",
  );
  const run = going ?? newRun(at, suite, given, null, null);
  if (going === undefined) tellRun(at, run, "created");
  if (given.conclusion === null) return run;
  Object.assign(run, {
    ...{ title: given.title ?? run.title, summary: given.summary ?? run.summary },
    annotations: given.annotations ?? run.annotations,
  });
  complete(at, run, given.conclusion);
  tellRun(at, run, "completed");
  tellSuite(at, suite);
  return run;
}

export interface NewJob extends Omit<NewCheck, "sha"> {
  /** What it has written. */
  readonly log?: string | undefined;
}

/** A run of Actions from its request to its result; each job is a check of the same id. */
export function runWorkflow(
  at: At,
  { sha, name, jobs }: { readonly sha: string; readonly name: string; readonly jobs: readonly NewJob[] },
): WorkflowRun {
  const { world, repo, by } = at;
  const suite = suiteFor(at, sha, "github-actions");
  const now = world.now();
  const run: WorkflowRun = {
    ...{ id: world.nextId(), suite: suite.id, name, sha, branch: suite.branch, status: "queued" },
    ...{ conclusion: null, by, createdAt: now, updatedAt: now },
  };
  keep(repo.workflowRuns, run, CHECKS_MAX);
  const tell = (action: string): void => {
    run.updatedAt = world.now();
    world.tell(
      repo,
      "workflow_run",
      { action, workflow_run: workflowRunJson(world, repo, run), workflow: null },
      by,
    );
  };
  tell("requested");
  run.status = "in_progress";
  tell("in_progress");
  const made = jobs.map((job) => ({ job, check: newRun(at, suite, { ...job, sha }, run.id, job.log ?? "") }));
  for (const { check } of made) tellRun(at, check, "created");
  for (const { job, check } of made) {
    if (job.conclusion === null) continue;
    complete(at, check, job.conclusion);
    tellRun(at, check, "completed");
    world.tell(repo, "workflow_job", { action: "completed", workflow_job: jobJson(world, repo, check) }, by);
  }
  tellSuite(at, suite);
  if (jobs.every(({ conclusion }) => conclusion !== null)) {
    run.status = "completed";
    run.conclusion = conclusionOf(repo, suite);
    tell("completed");
  }
  return run;
}
