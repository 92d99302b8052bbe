/** Statuses, checks, and the runs of Actions with their logs. */

import { createHash } from "node:crypto";
import { z } from "zod";
import { setStatus } from "../acts/checks.ts";
import { type Answer, atOf, bodyOf, type Call, numberOf, ok, type Route } from "../http/call.ts";
import { paged, pageOf } from "../http/pages.ts";
import {
  annotationJson,
  checkRunJson,
  combinedJson,
  jobJson,
  lastStatuses,
  statusJson,
  suiteJson,
  workflowRunJson,
} from "../json/check.ts";
import { pullSimpleJson } from "../json/pull.ts";
import type { CheckRun } from "../model/checks.ts";
import { pullsOf } from "../model/pulls.ts";
import { latestRuns } from "../model/suites.ts";
import type { World } from "../model/world.ts";
import { notFound, Refusal } from "../refusal.ts";

const REPO = "/repos/:owner/:repo";
const CHECKS = { grant: "checks", level: "read", role: "read" } as const;
const ACTIONS = { grant: "actions", level: "read", role: "read" } as const;
const STATUSES = { grant: "statuses", level: "read", role: "read" } as const;
const CONTENTS = { grant: "contents", level: "read", role: "read" } as const;
const DESCRIPTION_MAX = 140;

const NEW = z.object({
  state: z.enum(["error", "failure", "pending", "success"]),
  target_url: z
    .string()
    .refine((url) => /^https?:\/\//.test(url), "target_url must use http(s) scheme")
    .nullish(),
  description: z
    .string()
    .refine(
      (text) => [...text].length <= DESCRIPTION_MAX,
      `description is too long (maximum is ${DESCRIPTION_MAX} characters)`,
    )
    .nullish(),
  context: z.string().min(1).max(255).default("default"),
});

/** @throws Refusal 422 for what names no commit */
async function commitOf(call: Call, name: string): Promise<string> {
  const asked = call.params[name] ?? "";
  const sha = call.repo.refs.get(asked) ?? (await call.world.git(call.repo).sha(asked));
  if (sha === null) throw new Refusal(422, `No commit found for SHA: ${asked.slice(0, 100)}`);
  return sha;
}

async function createStatus(call: Call): Promise<Answer> {
  const sha = call.params["sha"] ?? "";
  if (!/^[0-9a-f]{40}$/.test(sha) || (await call.world.git(call.repo).sha(sha)) === null)
    throw new Refusal(422, `No commit found for SHA: ${sha.slice(0, 100)}`);
  const { state, target_url: url = null, description = null, context } = bodyOf(call, NEW, "Status");
  const made = await setStatus(atOf(call), { sha, state, url, description, context });
  return ok(statusJson(call.world, call.repo, made), 201);
}

async function listedRuns(call: Call): Promise<Answer> {
  const { world, repo, query } = call;
  const sha = await commitOf(call, "ref");
  const all = repo.checkRuns.filter((run) => run.sha === sha);
  const [name, status] = [query.get("check_name"), query.get("status")];
  const runs = (query.get("filter") === "all" ? all : latestRuns(all))
    .filter((run) => name === null || run.name === name)
    .filter((run) => status === null || run.status === status);
  return counted(call, "check_runs", runs, (run) => checkRunJson(world, repo, run));
}

function counted<T>(call: Call, name: string, all: readonly T[], json: (item: T) => unknown): Answer {
  const { items, headers } = pageOf(call, all);
  return { status: 200, body: { total_count: all.length, [name]: items.map(json) }, headers };
}

function runIn(call: Call, name: string): CheckRun {
  const id = numberOf(call, name);
  return call.repo.checkRuns.find((run) => run.id === id) ?? notFound();
}

/** By what a log is fetched without a token. */
export function logKey(world: World, id: number): string {
  return createHash("sha256").update(`${world.url} ${id}`).digest("hex").slice(0, 32);
}

export const CHECK_ROUTES: readonly Route[] = [
  {
    ...{ method: "POST", path: `${REPO}/statuses/:sha` },
    need: { grant: "statuses", level: "write", role: "write" },
    run: createStatus,
  },
  {
    ...{ method: "GET", path: `${REPO}/commits/*ref/status`, need: STATUSES },
    async run(call) {
      const sha = await commitOf(call, "ref");
      const { items, headers } = pageOf(call, lastStatuses(call.repo, sha));
      return { status: 200, body: combinedJson(call.world, call.repo, sha, items), headers };
    },
  },
  {
    ...{ method: "GET", path: `${REPO}/commits/*ref/statuses`, need: STATUSES },
    async run(call) {
      const sha = await commitOf(call, "ref");
      const all = call.repo.statuses.filter((status) => status.sha === sha).reverse();
      return paged(call, all, (status) => statusJson(call.world, call.repo, status));
    },
  },
  { method: "GET", path: `${REPO}/commits/*ref/check-runs`, need: CHECKS, run: listedRuns },
  {
    ...{ method: "GET", path: `${REPO}/commits/*ref/check-suites`, need: CHECKS },
    async run(call) {
      const sha = await commitOf(call, "ref");
      const suites = call.repo.suites.filter((suite) => suite.sha === sha);
      return counted(call, "check_suites", suites, (one) => suiteJson(call.world, call.repo, one));
    },
  },
  {
    ...{ method: "GET", path: `${REPO}/check-runs/:run`, need: CHECKS },
    run: (call) => ok(checkRunJson(call.world, call.repo, runIn(call, "run"))),
  },
  {
    ...{ method: "GET", path: `${REPO}/check-runs/:run/annotations`, need: CHECKS },
    run(call) {
      const run = runIn(call, "run");
      return paged(call, run.annotations, (note) => annotationJson(call.world, call.repo, run, note));
    },
  },
  {
    ...{ method: "GET", path: `${REPO}/commits/:sha/pulls`, need: CONTENTS },
    async run(call) {
      const { world, repo } = call;
      const sha = await commitOf(call, "sha");
      const git = world.git(repo);
      const found = [];
      for (const issue of pullsOf(repo)) {
        const { headSha, baseSha, merged } = issue.pull;
        if (merged?.sha === sha || headSha === sha) found.push(issue);
        else if (
          merged === null &&
          (await git.isAncestor(sha, headSha)) &&
          !(await git.isAncestor(sha, baseSha))
        )
          found.push(issue);
      }
      return paged(call, found, (issue) => pullSimpleJson(world, repo, issue));
    },
  },
  {
    ...{ method: "GET", path: `${REPO}/actions/runs`, need: ACTIONS },
    run(call) {
      const [sha, branch] = [call.query.get("head_sha"), call.query.get("branch")];
      const runs = call.repo.workflowRuns
        .filter((run) => (sha === null || run.sha === sha) && (branch === null || run.branch === branch))
        .reverse();
      return counted(call, "workflow_runs", runs, (run) => workflowRunJson(call.world, call.repo, run));
    },
  },
  {
    ...{ method: "GET", path: `${REPO}/actions/runs/:run`, need: ACTIONS },
    run(call) {
      const id = numberOf(call, "run");
      const run = call.repo.workflowRuns.find((one) => one.id === id) ?? notFound();
      return ok(workflowRunJson(call.world, call.repo, run));
    },
  },
  {
    ...{ method: "GET", path: `${REPO}/actions/runs/:run/jobs`, need: ACTIONS },
    run(call) {
      const id = numberOf(call, "run");
      const jobs = call.repo.checkRuns.filter((run) => run.run === id);
      return counted(call, "jobs", jobs, (job) => jobJson(call.world, call.repo, job));
    },
  },
  {
    ...{ method: "GET", path: `${REPO}/actions/jobs/:job`, need: ACTIONS },
    run(call) {
      const job = runIn(call, "job");
      return ok(jobJson(call.world, call.repo, job.run === null ? notFound() : job));
    },
  },
  {
    // The address is good for a minute there, and for no token.
    ...{ method: "GET", path: `${REPO}/actions/jobs/:job/logs`, need: ACTIONS },
    run(call) {
      const job = runIn(call, "job");
      if (job.log === null) notFound();
      const location = `${call.world.url}/_/logs/${job.id}?sig=${logKey(call.world, job.id)}`;
      return { status: 302, headers: { location } };
    },
  },
];
