/** Statuses, checks and runs of Actions as GitHub writes them. */

import type { Annotation, CheckRun, CheckSuite, Status, WorkflowRun } from "../model/checks.ts";
import type { Repo } from "../model/nouns.ts";
import { pullsOf } from "../model/pulls.ts";
import { conclusionOf, statusOf } from "../model/suites.ts";
import type { World } from "../model/world.ts";
import { pullMinimalJson } from "./pull.ts";
import { apiOf, htmlOf, minimalRepoJson } from "./repo.ts";
import { iso, isoOrNull, type Json, nodeId, userJson } from "./user.ts";

export function statusJson(world: World, repo: Repo, status: Status): Json {
  return { ...simpleStatusJson(world, repo, status), creator: userJson(world, status.by) };
}

/** Inside a combined one. */
export function simpleStatusJson(world: World, repo: Repo, status: Status): Json {
  const { id, sha, state, context, description, url, at } = status;
  return {
    ...{ url: `${apiOf(world, repo)}/statuses/${sha}`, avatar_url: `${world.url}/_/face`, id },
    ...{ node_id: nodeId("SC", id), state, description, target_url: url, context },
    ...{ created_at: iso(at), updated_at: iso(at) },
  };
}

/** The last of each context, whose case does not matter. */
export function lastStatuses(repo: Repo, sha: string): readonly Status[] {
  const last = new Map<string, Status>();
  for (const status of repo.statuses) if (status.sha === sha) last.set(status.context.toLowerCase(), status);
  return [...last.values()];
}

/** `pending` where there is none at all. */
export function combinedState(statuses: readonly Status[]): "pending" | "success" | "failure" {
  if (statuses.some(({ state }) => state === "failure" || state === "error")) return "failure";
  if (statuses.length === 0 || statuses.some(({ state }) => state === "pending")) return "pending";
  return "success";
}

export function combinedJson(world: World, repo: Repo, sha: string, shown: readonly Status[]): Json {
  const all = lastStatuses(repo, sha);
  const url = `${apiOf(world, repo)}/commits/${sha}`;
  return {
    ...{ state: combinedState(all), statuses: shown.map((one) => simpleStatusJson(world, repo, one)), sha },
    ...{ total_count: all.length, repository: minimalRepoJson(world, repo), commit_url: url },
    url: `${url}/status`,
  };
}

export function appJson(world: World, slug: string): Json {
  const id = slug === "github-actions" ? 15_368 : 99_001;
  return {
    ...{ id, slug, node_id: nodeId("A", id), owner: userJson(world, world.user("github", "Organization")) },
    ...{ name: slug, description: null, external_url: world.url, html_url: `${world.url}/apps/${slug}` },
    ...{ created_at: "2020-01-01T00:00:00Z", updated_at: "2020-01-01T00:00:00Z" },
    ...{ permissions: { checks: "write" }, events: [] },
  };
}

function pullsJson(world: World, repo: Repo, sha: string): readonly Json[] {
  const pulls = pullsOf(repo).filter(({ isOpen, pull }) => isOpen && pull.headSha === sha);
  return pulls.map((issue) => pullMinimalJson(world, repo, issue));
}

export function checkRunJson(world: World, repo: Repo, run: CheckRun): Json {
  const url = `${apiOf(world, repo)}/check-runs/${run.id}`;
  const suite = repo.suites.find(({ id }) => id === run.suite);
  const html =
    run.run === null
      ? `${htmlOf(world, repo)}/runs/${run.id}`
      : `${htmlOf(world, repo)}/actions/runs/${run.run}/job/${run.id}`;
  return {
    ...{ id: run.id, name: run.name, node_id: nodeId("CR", run.id), head_sha: run.sha, external_id: "" },
    ...{ url, html_url: html, details_url: html, status: run.status, conclusion: run.conclusion },
    ...{ started_at: iso(run.startedAt), completed_at: isoOrNull(run.completedAt) },
    output: {
      ...{ title: run.title, summary: run.summary, text: null, annotations_count: run.annotations.length },
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite },
    app: appJson(world, suite?.app ?? "github-actions"),
    pull_requests: pullsJson(world, repo, run.sha),
  };
}

export function annotationJson(world: World, repo: Repo, run: CheckRun, note: Annotation): Json {
  const { path, line, level, message, title } = note;
  return {
    ...{ path, start_line: line, end_line: line, start_column: null, end_column: null },
    ...{ annotation_level: level, title, message, raw_details: null },
    blob_href: `${htmlOf(world, repo)}/blob/${run.sha}/${path}`,
  };
}

export function suiteJson(world: World, repo: Repo, suite: CheckSuite): Json {
  return {
    ...{ id: suite.id, node_id: nodeId("CS", suite.id), head_branch: suite.branch, head_sha: suite.sha },
    ...{ status: statusOf(repo, suite), conclusion: conclusionOf(repo, suite) },
    ...{ url: `${apiOf(world, repo)}/check-suites/${suite.id}`, before: null, after: suite.sha },
    ...{ pull_requests: pullsJson(world, repo, suite.sha), app: appJson(world, suite.app) },
    ...{ created_at: iso(suite.createdAt), updated_at: iso(suite.updatedAt) },
    latest_check_runs_count: repo.checkRuns.filter((run) => run.suite === suite.id).length,
  };
}

export function workflowRunJson(world: World, repo: Repo, run: WorkflowRun): Json {
  const url = `${apiOf(world, repo)}/actions/runs/${run.id}`;
  const actor = userJson(world, run.by);
  return {
    ...{ id: run.id, name: run.name, node_id: nodeId("WFR", run.id), head_branch: run.branch },
    ...{ head_sha: run.sha, path: ".github/workflows/ci.yml", display_title: run.name, run_number: 1 },
    ...{ event: "push", status: run.status, conclusion: run.conclusion, workflow_id: 1, run_attempt: 1 },
    ...{ check_suite_id: run.suite, check_suite_node_id: nodeId("CS", run.suite), url },
    ...{ html_url: `${htmlOf(world, repo)}/actions/runs/${run.id}`, jobs_url: `${url}/jobs` },
    ...{ logs_url: `${url}/logs`, pull_requests: pullsJson(world, repo, run.sha), actor },
    ...{ triggering_actor: actor, created_at: iso(run.createdAt), updated_at: iso(run.updatedAt) },
    ...{ run_started_at: iso(run.createdAt), repository: minimalRepoJson(world, repo) },
    head_repository: minimalRepoJson(world, repo),
  };
}

export function jobJson(world: World, repo: Repo, job: CheckRun): Json {
  const url = `${apiOf(world, repo)}/actions/jobs/${job.id}`;
  return {
    ...{ id: job.id, run_id: job.run, run_url: `${apiOf(world, repo)}/actions/runs/${job.run}` },
    ...{ node_id: nodeId("CR", job.id), head_sha: job.sha, url, run_attempt: 1, name: job.name },
    ...{ html_url: `${htmlOf(world, repo)}/actions/runs/${job.run}/job/${job.id}`, status: job.status },
    ...{ conclusion: job.conclusion, created_at: iso(job.startedAt), started_at: iso(job.startedAt) },
    ...{ completed_at: isoOrNull(job.completedAt), labels: ["ubuntu-latest"], workflow_name: "CI" },
    check_run_url: `${apiOf(world, repo)}/check-runs/${job.id}`,
    steps: [
      {
        ...{ name: "Run tests", status: job.status, conclusion: job.conclusion, number: 1 },
        ...{ started_at: iso(job.startedAt), completed_at: isoOrNull(job.completedAt) },
      },
    ],
  };
}
