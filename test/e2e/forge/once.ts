/** The end of the circle, as it is to be seen at the forge: everything is there, and there once. */

import assert from "node:assert/strict";
import { FAKE_BOT } from "../../../cli/stage/fake-github/start.ts";
import { PLANE_BOT, type ProofPlane } from "../../proof/plane/start.ts";
import { rowsOf } from "../chat/records.ts";
import { type Ground, REPO } from "./ground.ts";
import { type Meanwhile, NOTHING, untilSeen } from "./patience.ts";
import { pullOf } from "./story.ts";

/** What has been told by webhook of what the daemon did, by event and action. */
export function tellings({ github }: Pick<Ground, "github">): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const [hook] = github.world.repo(REPO).hooks.values();
  for (const { event, action, body, isAgain } of hook?.deliveries ?? []) {
    const { sender }: { readonly sender: { readonly login: string } } = JSON.parse(body);
    if (isAgain || sender.login !== FAKE_BOT) continue;
    const key = action === null ? event : `${event}.${action}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** @param isTold whether whoever asked for it can read that it is done */
export async function untilOver(
  ground: Ground,
  isTold: () => boolean,
  meanwhile: Meanwhile = NOTHING,
): Promise<void> {
  const { stage, github } = ground;
  const until = (what: string, holds: () => boolean): Promise<void> =>
    untilSeen(ground, what, holds, meanwhile);
  await until("it is merged", () => (pullOf(github)?.pull.merged ?? null) !== null);
  await until("the task is done", () => statusOf(ground) === "done");
  await until("whoever asked for it is told", isTold);
  await until("nothing is owed", () => {
    const owed = rowsOf(stage, "select id from outbox where status not in ('sent', 'dead')");
    const faces = rowsOf(stage, "select task from faces where told is not wished");
    return owed.length === 0 && faces.length === 0;
  });
  await github.settled();
}

export function isToldAt({ github }: Pick<Ground, "github">, number: number): boolean {
  return github.people.comments({ repo: REPO, number }).some(({ body }) => body.includes("**Done**"));
}

export function statusOf({ stage }: Pick<Ground, "stage">): string {
  return String(rowsOf(stage, "select status from tasks")[0]?.["status"]);
}

/** One pull request, one answer in its thread, one merge, and nothing else. */
export function assertPullOnce({ stage, github }: Ground): void {
  const counts = tellings({ github });
  const drafts = counts["pull_request.converted_to_draft"] ?? 0;
  assert.ok(drafts <= 1, `it became a draft ${drafts} times`);
  const pulls = [...github.world.repo(REPO).issues.values()].filter(({ pull }) => pull !== null);
  assert.equal(pulls.length, 1);
  const [pull] = pulls;
  assert.match(pull?.body ?? "", /CI found `[0-9a-f]+` good/);
  assert.equal(github.people.comments({ repo: REPO, number: pull?.number ?? 0 }).length, 0);
  const threads = pull?.pull?.threads ?? [];
  assert.deepEqual(
    threads.map(({ remarks, resolvedBy }) => [remarks.map(({ author }) => author.login), resolvedBy?.login]),
    [[["bob", FAKE_BOT], FAKE_BOT]],
  );
  assert.match(threads[0]?.remarks[1]?.body ?? "", /of oak/);
  const merges = stage
    .git(github.cloneUrl(REPO), "log", "--merges", "--format=%s", "main")
    .trim()
    .split("\n");
  assert.deepEqual(merges, [`Merge SHOP-1: Build a shelf (#${pull?.number})`]);
  assert.deepEqual([...github.world.repo(REPO).refs.keys()], ["main"], "its branch is gone");
  assert.equal(stage.git(github.cloneUrl(REPO), "show", "main:shelf.txt"), "a shelf, oak\n");
  for (const [what, count] of [
    ...([
      ["pull_request.opened", 1],
      ["pull_request.closed", 1],
    ] as const),
    // What is a draft again for a moment may never be told: of many wishes the last one is.
    ["pull_request.ready_for_review", drafts + 1] as const,
    ...([
      ["pull_request_review_comment.created", 1],
      ["pull_request_review_thread.resolved", 1],
    ] as const),
  ])
    assert.equal(counts[what], count, `${what}: ${JSON.stringify(counts)}`);
  const dead = rowsOf(stage, "select kind, error from outbox where status = 'dead'");
  assert.deepEqual(dead, []);
  assert.deepEqual(github.violations, []);
}

/** The agent was run as often as something was to be done: runs cost money. */
export function assertRunsOnce({ stage }: Ground): void {
  const runs = rowsOf(stage, "select status, failure, reason, summary from runs order by rowid");
  const done = runs.filter(({ status }) => status === "succeeded").map(({ summary }) => summary);
  assert.deepEqual(
    done,
    ["There is a shelf.", "The shelf has a name.", "The shelf is of oak."],
    JSON.stringify(runs),
  );
}

/** One comment, kept up to date, a sign, and the end of the issue. */
export function assertIssueOnce({ github }: Ground, number: number): void {
  const issue = github.people.issue({ repo: REPO, number });
  const comments = github.people.comments({ repo: REPO, number });
  assert.deepEqual(
    comments.map(({ author }) => author.login),
    [FAKE_BOT],
  );
  assert.match(comments[0]?.body ?? "", /\*\*Done\*\*[\s\S]*oak/);
  const signs = issue.reactions.map(({ user, content }) => `${user.login} ${content}`);
  assert.deepEqual(signs, [`${FAKE_BOT} eyes`]);
  assert.deepEqual([issue.isOpen, issue.stateReason], [false, "completed"]);
}

/** The same of a work item: one comment, and its state moved twice, to work and to its end. */
export function assertItemOnce(plane: ProofPlane, number: number): void {
  const item = plane.people.item({ project: "SHOP", number });
  assert.deepEqual(
    item.comments.map(({ by }) => by.name),
    [PLANE_BOT],
  );
  assert.match(item.comments[0]?.html ?? "", /Done[\s\S]*oak/);
  const moves = item.activities.filter(({ field, by }) => field === "state" && by.name === PLANE_BOT);
  const done = plane.people.state("SHOP", "completed");
  assert.equal(moves.length, 2, JSON.stringify(item.activities));
  assert.equal(item.fields["state"], done.id);
  assert.deepEqual(item.fields["labels"], [plane.people.label("SHOP", "agent")]);
  assert.deepEqual(plane.violations, []);
}
