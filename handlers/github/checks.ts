/**
 * What CI says at GitHub: check runs, suites, runs of workflows, and statuses. Pure.
 *
 * K1. A report is of exactly one commit, and of the task that has published it: by the branches that the payload
 *     names, else by the commit that is written down here. Where several tasks fit, none is guessed.
 *     It may be told before it is written down here that the commit is published.
 * K2. GitHub tells of each check by itself, and of those that are still to come not at all. So what ends a check has
 *     all checks of the commit asked for, where there is a token; else a commit of one good check would be good.
 *     What is told late, of a check that has ended since, begins nothing anew: whether it has is asked for, too.
 * K3. Suites and runs of workflows have no names that a gate could know: they say that it is time to ask. Without a
 *     token only a bad end of one is told, under its own name.
 * K4. Our own marks at commits are no checks.
 */

import { CI_CHECKS_MAX } from "../../workflow/limits.ts";
import { isOwnMark, type ReportedCheck } from "../../workflow/phases/ci.ts";
import type { Project } from "../../workflow/project.ts";
import { type Decoded, ignore } from "../decoded.ts";
import type { Audience } from "../kit.ts";
import { nameText } from "../outside-text.ts";
import type { Payload } from "../source.ts";
import { asked, type Change, type Wish } from "../wish.ts";
import { checkName, readChecks, summaryOf, type Told } from "./check-events.ts";
import { type FoundTask, type Known, type Need, needKey } from "./facts.ts";
import { actorOf, addressed } from "./issue.ts";

/** @param event one of `check_run`, `check_suite`, `workflow_run`, `status` */
export function decodeChecks(
  event: string,
  payload: Payload,
  audience: Audience<unknown, Known>,
): Decoded<Need> {
  const read = readChecks(event, payload);
  if (read.kind !== "told") return read;
  const { told } = read;
  const found = addressed(audience, told);
  if (found.kind === "ignore") return found;
  const wishes: Wish[] = [];
  let otherwise = `no task here has published commit ${told.commit.slice(0, 12)}`;
  for (const project of found.projects) {
    const result = reportOf(told, project, audience);
    if ("need" in result) return { kind: "need", subject: subjectOf(told), need: result.need };
    if ("reason" in result) otherwise = result.reason;
    else wishes.push(result.wish);
  }
  return wishes.length > 0 ? { kind: "wish", subject: subjectOf(told), wishes } : ignore(otherwise);
}

function subjectOf({ repository, commit }: Told): string {
  return `github:${repository.full_name}@${commit}`;
}

type Result = { readonly need: Need } | { readonly reason: string } | { readonly wish: Wish };

/** K1, K2. */
function reportOf(told: Told, project: Project, { source, known }: Audience<unknown, Known>): Result {
  const { commit, branches } = told;
  const repo = told.repository.full_name;
  const wanted: Need = { kind: "task", project: project.name, repo, pull: null, branches, commit };
  const task = known.tasks.get(needKey(wanted));
  if (task === undefined) return { need: wanted };
  if (task.kind === "none") return { reason: `no task here has published commit ${commit.slice(0, 12)}` };
  if (task.kind === "many")
    return {
      reason: `commit ${commit.slice(0, 12)} is of several tasks (${task.keys.join(", ")}): none is guessed`,
    };
  const isNews = !task.isPast;
  const all: Need = { kind: "checks", repo, commit };
  const before = told.check?.status === "pending" ? endedBefore(task, told.check) : undefined;
  const isEnd = told.check === null || told.check.status !== "pending" || before !== undefined;
  if (isNews && isEnd && !known.checks.has(needKey(all))) return { need: all };
  const others = known.checks.get(needKey(all)) ?? null;
  if (others === null && before !== undefined && told.isOneRun === true && before.url === told.check?.url)
    return { reason: `check ${nameText(before.name)} has ended already` };
  const own = told.check ?? (others === null ? told.instead : null);
  const checks = union(own, others);
  if (checks.length === 0) return { reason: "it says nothing of a check by its name" };
  const failing = checks.filter(({ status }) => status === "failure");
  const why: Need = { kind: "why", repo, commit };
  if (isNews && failing.length > 0 && !known.why.has(needKey(why))) return { need: why };
  const text = known.why.get(needKey(why)) ?? null;
  const actor = actorOf(told.sender, { standing: null, implies: null });
  const change: Change = { source, project, actor, key: told.key, because: told.because, spot: null };
  const [first] = failing;
  const explained = checks.map((check) => (check === first ? withWhy(check, text) : check));
  const intent = {
    kind: "report_ci",
    ...asked(change),
    target: { key: task.key },
    commit,
    checks: explained,
  } as const;
  return { wish: { project, actor, intent, spot: null, told: "GitHub tells what its checks have found" } };
}

function endedBefore({ ended }: Extract<FoundTask, { kind: "one" }>, { name }: ReportedCheck) {
  return ended.find((check) => check.name === name);
}

/** The newer word counts, which is that of who was asked; what was told is missing there for seconds at most. */
function union(own: ReportedCheck | null, others: readonly ReportedCheck[] | null): readonly ReportedCheck[] {
  const all = new Map<string, ReportedCheck>();
  if (own !== null) all.set(own.name, own);
  for (const check of others ?? []) {
    const name = checkName(check.name);
    const summary = check.summary ?? all.get(name)?.summary ?? null;
    all.set(name, { ...check, name, summary: summary === null ? null : summaryOf(summary) });
  }
  return [...all.values()].filter(({ name }) => !isOwnMark(name)).slice(0, CI_CHECKS_MAX);
}

/** Why it failed is told once, with the first that did: it is of all of them. */
function withWhy(check: ReportedCheck, why: string | null): ReportedCheck {
  if (why === null || why.trim() === "") return check;
  const summary = check.summary === null ? why : `${check.summary}\n\n${why}`;
  return { ...check, summary: summaryOf(summary) };
}
