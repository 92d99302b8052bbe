/** What GitHub's events of CI say, in the words of the house: one commit, its branches, one check. Pure. */

import { z } from "zod";
import { SUMMARY_CHARS_MAX } from "../../workflow/limits.ts";
import { type CheckStatus, isOwnMark, type ReportedCheck } from "../../workflow/phases/ci.ts";
import { type Decoded, ignore } from "../decoded.ts";
import { bodyText, lineText, nameText, webAddress } from "../outside-text.ts";
import { REPOSITORY, readPayload } from "../payload.ts";
import type { Payload } from "../source.ts";
import { user } from "./payload.ts";

const COMMIT = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, "expected a commit");
const where = { repository: z.object({ full_name: REPOSITORY }), sender: user };
const branch = z.string().nullish();

const output = z.object({ title: z.string().nullish(), summary: z.string().nullish() }).nullish();

const CHECK_RUN = z.object({
  ...where,
  action: z.string(),
  check_run: z.object({
    id: z.int(),
    name: z.string(),
    head_sha: COMMIT,
    status: z.string(),
    conclusion: z.string().nullish(),
    html_url: z.string().nullish(),
    completed_at: z.string().nullish(),
    output,
    check_suite: z.object({ head_branch: branch }).nullish(),
  }),
});

const CHECK_SUITE = z.object({
  ...where,
  action: z.string(),
  check_suite: z.object({
    id: z.int(),
    head_sha: COMMIT,
    head_branch: branch,
    status: z.string().nullish(),
    conclusion: z.string().nullish(),
    updated_at: z.string().nullish(),
    app: z.object({ name: z.string() }).nullish(),
  }),
});

const WORKFLOW_RUN = z.object({
  ...where,
  action: z.string(),
  workflow_run: z.object({
    id: z.int(),
    name: z.string().nullish(),
    head_sha: COMMIT,
    head_branch: branch,
    head_repository: z.object({ full_name: z.string() }).nullish(),
    run_attempt: z.int().nullish(),
    status: z.string().nullish(),
    conclusion: z.string().nullish(),
    html_url: z.string().nullish(),
  }),
});

const STATUS = z.object({
  ...where,
  id: z.int(),
  sha: COMMIT,
  state: z.string(),
  context: z.string(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
  branches: z
    .array(z.object({ name: z.string(), commit: z.object({ sha: z.string() }).nullish() }))
    .default([]),
});

/** Some event of CI in the words of the house. */
export interface Told {
  readonly repository: { readonly full_name: string };
  readonly sender: z.infer<typeof user>;
  readonly commit: string;
  readonly branches: readonly string[];
  /** Semantic: the same for every delivery of this news. */
  readonly key: string;
  /** `null` of what has no name that a gate knows (K3 of `checks.ts`). */
  readonly check: ReportedCheck | null;
  /** Its address is that of a single run: one of these that has ended is not run again. */
  readonly isOneRun?: true;
  /** What is told without a token, of what has no such name. */
  readonly instead: ReportedCheck | null;
  readonly because: string;
}

export type Read =
  | { readonly kind: "told"; readonly told: Told }
  | Extract<Decoded, { kind: "ignore" | "failed" }>;

/** @param event one of {@link isOfChecks} */
export function readChecks(event: string, payload: Payload): Read {
  const read = READERS.get(event);
  return read === undefined ? ignore(`nothing listens to '${nameText(event)}'`) : read(payload);
}

/** Whether `event` is told of here. */
export function isOfChecks(event: string): boolean {
  return READERS.has(event);
}

const READERS: ReadonlyMap<string, (payload: Payload) => Read> = new Map([
  ["check_run", readCheckRun],
  ["check_suite", readCheckSuite],
  ["workflow_run", readWorkflowRun],
  ["status", readStatus],
]);

function readCheckRun(payload: Payload): Read {
  const read = readPayload(CHECK_RUN, payload);
  if (read.kind === "failed") return read;
  const { action, check_run: run, repository, sender } = read.value;
  if (action !== "created" && action !== "completed")
    return ignore(`nothing listens to 'check_run.${nameText(action)}'`);
  const status = statusOf(run.status, run.conclusion ?? null);
  const summary = [run.output?.title, run.output?.summary].filter((text) => text != null && text !== "");
  const name = checkName(run.name);
  if (isOwnMark(name)) return ignore("Chargehand's own mark");
  const check = {
    name,
    status,
    url: webAddress(run.html_url ?? ""),
    summary: summary.length === 0 ? null : summaryOf(summary.join("\n")),
  };
  const key = ["github:check_run", run.id, run.status, run.conclusion, run.completed_at].map(part).join(":");
  const branches = [run.check_suite?.head_branch].flatMap((one) => one ?? []);
  const told = { repository, sender, commit: run.head_sha, branches, key, check, instead: null };
  const because = `check ${nameText(run.name)} is ${status}`;
  return { kind: "told", told: { ...told, isOneRun: true, because } };
}

function readCheckSuite(payload: Payload): Read {
  const read = readPayload(CHECK_SUITE, payload);
  if (read.kind === "failed") return read;
  const { action, check_suite: suite, repository, sender } = read.value;
  if (action !== "completed") return ignore(`nothing listens to 'check_suite.${nameText(action)}'`);
  const name = checkName(suite.app?.name ?? "checks");
  const status = statusOf("completed", suite.conclusion ?? null);
  const instead = status === "failure" ? { name, status, url: null, summary: null } : null;
  const key = ["github:check_suite", suite.id, suite.conclusion, suite.updated_at].map(part).join(":");
  const branches = [suite.head_branch].flatMap((one) => one ?? []);
  const told = { repository, sender, commit: suite.head_sha, branches, key, check: null, instead };
  return { kind: "told", told: { ...told, because: `checks of ${name} are ${status}` } };
}

function readWorkflowRun(payload: Payload): Read {
  const read = readPayload(WORKFLOW_RUN, payload);
  if (read.kind === "failed") return read;
  const { action, workflow_run: run, repository, sender } = read.value;
  if (action !== "completed") return ignore(`nothing listens to 'workflow_run.${nameText(action)}'`);
  const name = checkName(run.name ?? "workflow");
  const status = statusOf("completed", run.conclusion ?? null);
  const instead =
    status === "failure" ? { name, status, url: webAddress(run.html_url ?? ""), summary: null } : null;
  const key = ["github:workflow_run", run.id, run.run_attempt, run.conclusion].map(part).join(":");
  // F2 of `facts.ts`.
  const isOwnBranch = run.head_repository == null || run.head_repository.full_name === repository.full_name;
  const branches = isOwnBranch ? [run.head_branch].flatMap((one) => one ?? []) : [];
  const told = { repository, sender, commit: run.head_sha, branches, key, check: null, instead };
  return { kind: "told", told: { ...told, because: `workflow ${name} is ${status}` } };
}

function readStatus(payload: Payload): Read {
  const read = readPayload(STATUS, payload);
  if (read.kind === "failed") return read;
  const { id, sha, state, context, description, target_url: url, branches, repository, sender } = read.value;
  const name = checkName(context);
  if (isOwnMark(name)) return ignore("Chargehand's own mark");
  const status = STATES.get(state) ?? "pending";
  const check = {
    name,
    status,
    url: webAddress(url ?? ""),
    summary: description == null || description === "" ? null : summaryOf(description),
  };
  // GitHub names branches that hold the commit; those that stand at it are meant.
  const at = branches.filter(({ commit }) => commit?.sha === sha).map((one) => one.name);
  const told = {
    repository,
    sender,
    commit: sha,
    branches: at,
    key: `github:status:${id}`,
    check,
    instead: null,
  };
  return { kind: "told", told: { ...told, because: `status ${nameText(context)} is ${status}` } };
}

const STATES: ReadonlyMap<string, CheckStatus> = new Map<string, CheckStatus>([
  ["success", "success"],
  ["failure", "failure"],
  ["error", "failure"],
  ["pending", "pending"],
]);

/**
 * What ended well, or says nothing. `stale` was given up by GitHub because nobody has ended it. One that is over in any
 * other way has failed: cancelled, timed out, not started, waiting for somebody; so has one that nobody here knows.
 */
const CONCLUSIONS: ReadonlyMap<string, CheckStatus> = new Map<string, CheckStatus>([
  ["success", "success"],
  ["neutral", "neutral"],
  ["stale", "neutral"],
  ["skipped", "skipped"],
]);

function statusOf(status: string, conclusion: string | null): CheckStatus {
  if (status !== "completed" || conclusion === null) return "pending";
  return CONCLUSIONS.get(conclusion) ?? "failure";
}

/** Of a check. */
const NAME_CHARS_MAX = 200;

export function checkName(name: string): string {
  return lineText(name).slice(0, NAME_CHARS_MAX).toWellFormed() || "(no name)";
}

export function summaryOf(text: string): string {
  return bodyText(text.slice(0, SUMMARY_CHARS_MAX));
}

function part(value: string | number | null | undefined): string {
  return value === null || value === undefined ? "" : nameText(String(value));
}
