/** Everything that can be seen of the server, as JSON for its page. */

import { whyBlocked } from "./acts/rules.ts";
import type { Host } from "./http/answer.ts";
import { lastStatuses } from "./json/check.ts";
import { type Comment, fullName, type Issue, type Reaction, type Repo } from "./model/nouns.ts";
import type { PullIssue } from "./model/pulls.ts";
import { isPull } from "./model/pulls.ts";
import { latestRuns } from "./model/suites.ts";
import type { User } from "./model/user.ts";
import type { World } from "./model/world.ts";

export function stateOf({ world, calls, violations, budget }: Host): object {
  return {
    ...{ version: world.version, now: world.now(), violations, broken: budget.broken },
    calls: [...calls.values()].reduce((sum, one) => sum + one, 0),
    people: [...world.users.values()].filter((user) => isPerson(user, world)).map(({ login }) => login),
    repos: [...world.repos.values()].map(repoState),
  };
}

/** Whoever has a token here is a program. */
function isPerson(user: User, { tokens }: World): boolean {
  return user.type === "User" && ![...tokens.values()].some((token) => token.user === user);
}

function repoState(repo: Repo): object {
  return {
    ...{ name: fullName(repo), branches: Object.fromEntries(repo.refs), private: repo.isPrivate },
    hooks: [...repo.hooks.values()].map(({ url, deliveries }) => ({
      url,
      sent: deliveries.length,
      failed: deliveries.filter(
        ({ answer }) => answer !== null && answer.status !== 200 && answer.status !== 202,
      ).length,
    })),
    items: [...repo.issues.values()].map((issue) => itemState(repo, issue)),
  };
}

function personState({ login, type }: User): object {
  return { login, isBot: type === "Bot" };
}

function reactionState(reactions: readonly Reaction[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { content } of reactions) counts[content] = (counts[content] ?? 0) + 1;
  return counts;
}

function itemState(repo: Repo, issue: Issue): object {
  const comments = [...repo.comments.values()].filter(({ issue: number }) => number === issue.number);
  return {
    ...{ number: issue.number, title: issue.title, body: issue.body, isOpen: issue.isOpen },
    ...{ reason: issue.stateReason, by: personState(issue.author), at: issue.createdAt },
    labels: [...issue.labels].map((name) => ({
      name: repo.labels.get(name)?.name ?? name,
      color: repo.labels.get(name)?.color,
    })),
    assignees: issue.assignees.map(({ login }) => login),
    reactions: reactionState(issue.reactions),
    comments: comments.map(commentState),
    pull: isPull(issue) ? pullState(repo, issue) : null,
  };
}

function commentState(comment: Comment): object {
  const { id, author, body, createdAt: at, updatedAt } = comment;
  return {
    id,
    by: personState(author),
    body,
    at,
    isEdited: updatedAt > at,
    reactions: reactionState(comment.reactions),
  };
}

function pullState(repo: Repo, issue: PullIssue): object {
  const { pull } = issue;
  const runs = latestRuns(repo.checkRuns.filter(({ sha }) => sha === pull.headSha));
  return {
    ...{ head: pull.headRef, base: pull.baseRef, sha: pull.headSha, isDraft: pull.isDraft },
    merged:
      pull.merged === null ? null : { by: pull.merged.by.login, at: pull.merged.at, sha: pull.merged.sha },
    blocked: issue.isOpen ? whyBlocked(repo, issue) : null,
    checks: [
      ...runs.map(({ name, status, conclusion, title }) => ({
        name,
        state: conclusion ?? status,
        text: title,
      })),
      ...lastStatuses(repo, pull.headSha).map(({ context, state, description }) => ({
        ...{ name: context, state, text: description },
      })),
    ],
    reviews: pull.reviews
      .filter(({ state }) => state !== "PENDING")
      .map(({ id, author, state, body, at }) => ({ id, by: personState(author), state, body, at })),
    threads: pull.threads.map(({ path, line, resolvedBy, remarks }) => ({
      ...{ path, line, resolvedBy: resolvedBy?.login ?? null },
      remarks: remarks.map(({ id, author, body, at, review }) => ({
        id,
        by: personState(author),
        body,
        at,
        review,
      })),
    })),
  };
}
