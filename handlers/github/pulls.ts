/**
 * What people do to pull requests at GitHub: open, close, merge and push to them, and review them. Pure.
 *
 * P1. It is the task's by the name of the pull request, or by its branch in the repository itself (F2 of `facts.ts`);
 *     what is done to another one is nobody's matter here.
 * P2. That one was closed, merged or pushed to is told by GitHub, whoever did it. Opening one and reviewing it may
 *     everybody, so whoever did has to be trusted.
 * P3. A review is told with all its remarks. Where these cannot be asked for, each is told by itself, when it comes.
 */

import type { z } from "zod";
import type { PullReviewed } from "../../workflow/decide/pulls/pull-reviewed.ts";
import { pullKey } from "../../workflow/phases/pull.ts";
import { factsOf, type Project } from "../../workflow/project.ts";
import { same } from "../../workflow/text/same.ts";
import { type Decoded, ignore } from "../decoded.ts";
import type { Audience } from "../kit.ts";
import { bodyText, nameText, webAddress } from "../outside-text.ts";
import { OWN_MARKER } from "../own.ts";
import { readPayload } from "../payload.ts";
import type { Payload } from "../source.ts";
import { asked, type Change, type EventActor, type Wish, type Wished } from "../wish.ts";
import { type FoundRemark, type Known, type Need, needKey } from "./facts.ts";
import { actorOf, addressed } from "./issue.ts";
import type { User } from "./payload.ts";
import { PULL_EVENT, type PullEvent, REMARK_EVENT, REVIEW_EVENT } from "./pull-events.ts";

type GithubAudience = Audience<unknown, Known>;

/** @param name one of `pull_request`, `pull_request_review`, `pull_request_review_comment` */
export function decodePulls(name: string, payload: Payload, audience: GithubAudience): Decoded<Need> {
  switch (name) {
    case "pull_request":
      return decodeChange(payload, audience);
    case "pull_request_review":
      return decodeReview(payload, audience);
    default:
      return decodeRemark(payload, audience);
  }
}

export function isOfPulls(name: string): boolean {
  return ["pull_request", "pull_request_review", "pull_request_review_comment"].includes(name);
}

/** What follows from an event for one project's task: a wish, a reason for none, or first a fact. */
type Result = { readonly need: Need } | { readonly reason: string } | { readonly wish: Wish };

/** P1. Of each project its own. */
function each(
  { repository, sender, pull_request: { number, head } }: PullEvent,
  audience: GithubAudience,
  decide: (project: Project, task: string) => Result,
): Decoded<Need> {
  const repo = repository.full_name;
  const subject = `github:${repo}#${number}`;
  const found = addressed(audience, { repository, sender });
  if (found.kind === "ignore") return found;
  const branches = head.repo?.full_name === repo ? [head.ref] : [];
  const wishes: Wish[] = [];
  let otherwise = "";
  for (const { name, ...project } of found.projects) {
    const clues = { repo, pull: number, branches, commit: null };
    const wanted: Need = { kind: "task", project: name, ...clues };
    const task = audience.known.tasks.get(needKey(wanted));
    if (task === undefined) return { kind: "need", subject, need: wanted };
    const result: Result =
      task.kind === "one"
        ? decide({ name, ...project }, task.key)
        : { reason: `pull request ${number} is of no task here` };
    if ("need" in result) return { kind: "need", subject, need: result.need };
    if ("reason" in result) otherwise = result.reason;
    else wishes.push(result.wish);
  }
  return wishes.length > 0 ? { kind: "wish", subject, wishes } : ignore(otherwise);
}

function wishOf(
  { source }: GithubAudience,
  project: Project,
  actor: EventActor,
  { key, because }: Pick<Change, "key" | "because">,
  make: (of: ReturnType<typeof asked>) => Wished,
): Wish {
  const change: Change = { source, project, actor, key, because, spot: null };
  return { project, actor, spot: null, intent: make(asked(change)) };
}

/** By action, what it is called here. */
const CHANGES: ReadonlyMap<string, "opened" | "reopened" | "closed" | "pushed"> = new Map([
  ["opened", "opened"],
  ["reopened", "reopened"],
  ["closed", "closed"],
  ["synchronize", "pushed"],
]);

/** P2. */
function decodeChange(payload: Payload, audience: GithubAudience): Decoded<Need> {
  const read = readPayload(PULL_EVENT, payload);
  if (read.kind === "failed") return read;
  const { action, repository, sender, pull_request: one } = read.value;
  const change = CHANGES.get(action);
  if (change === undefined) return ignore(`nothing listens to 'pull_request.${nameText(action)}'`);
  const what = change === "closed" && one.merged === true ? "merged" : change;
  return each(read.value, audience, (project, task) => {
    const { number, head, base } = one;
    const name = { source: audience.source, repo: repository.full_name, number };
    const of = what === "pushed" || what === "reopened" ? head.sha : null;
    const told = {
      ...name,
      branch: head.ref,
      url: webAddress(one.html_url) ?? "",
      isDraft: one.draft === true,
      commit: head.sha,
      base: base.ref,
    };
    const actor = actorOf(sender, { standing: null, implies: null });
    const because = `pull request ${what}`;
    const wish = wishOf(audience, project, actor, { key: pullKey(name, what, of), because }, (common) => ({
      kind: "pull_changed",
      ...common,
      target: { key: task },
      pull: told,
      what,
      mergedAs: what === "merged" ? (one.merge_commit_sha ?? null) : null,
      isTrusted: what === "opened",
    }));
    return { wish: what === "opened" ? wish : { ...wish, told: `GitHub tells that it was ${what}` } };
  });
}

const STATES: ReadonlyMap<string, PullReviewed["said"]> = new Map([
  ["approved", "approved"],
  ["changes_requested", "changes_requested"],
  ["commented", "commented"],
]);

/** P3. */
function decodeReview(payload: Payload, audience: GithubAudience): Decoded<Need> {
  const read = readPayload(REVIEW_EVENT, payload);
  if (read.kind === "failed") return read;
  const { action, repository, sender, pull_request: one, review } = read.value;
  if (action === "dismissed") return decodeDismissed(read.value, audience);
  if (action !== "submitted") return ignore(`nothing listens to 'pull_request_review.${nameText(action)}'`);
  const said = STATES.get(review.state.toLowerCase());
  if (said === undefined) return ignore(`a review that is '${nameText(review.state)}' says nothing`);
  const text = review.body ?? "";
  if (text.includes(OWN_MARKER)) return ignore("Chargehand's own review");
  return each(read.value, audience, (project, task) => {
    const repo = repository.full_name;
    const need: Need = { kind: "remarks", repo, number: one.number };
    const remarks = audience.known.remarks.get(needKey(need));
    if (remarks === undefined) return { need };
    const own = (remarks ?? []).filter((remark) => remark.review === String(review.id));
    if (said === "commented" && text.trim() === "" && own.length === 0)
      return { reason: "a review without words; its remarks come by themselves" };
    const name = { source: audience.source, repo, number: one.number };
    const actor = writerOf(sender, review);
    const key = pullKey(name, "review", String(review.id));
    const wish = wishOf(audience, project, actor, { key, because: `review: ${said}` }, (common) => ({
      kind: "pull_reviewed",
      ...common,
      target: { key: task },
      pull: name,
      said,
      commit: review.commit_id ?? null,
      text: bodyText(text),
      remarks: own.filter(({ body }) => !body.includes(OWN_MARKER)).map(remarkOf),
      isTrusted: true,
      facts: factsOf(project),
    }));
    return { wish };
  });
}

/** In the name of whoever has written it: it is their word that is taken back. */
function decodeDismissed(event: z.infer<typeof REVIEW_EVENT>, audience: GithubAudience): Decoded<Need> {
  const { repository, pull_request: one, review } = event;
  const { user: writer } = review;
  if (writer === null) return ignore("a review of an account that is gone was dismissed");
  return each(event, audience, (project, task) => {
    const name = { source: audience.source, repo: repository.full_name, number: one.number };
    const actor = actorOf(writer, { standing: null, implies: null });
    const key = pullKey(name, "review", `${review.id}-dismissed`);
    const wish = wishOf(audience, project, actor, { key, because: "review dismissed" }, (common) => ({
      ...{ kind: "pull_reviewed", ...common, target: { key: task }, pull: name, said: "dismissed" },
      ...{ commit: review.commit_id ?? null, text: "", remarks: [], isTrusted: true },
      facts: factsOf(project),
    }));
    return { wish: { ...wish, told: "GitHub lets only people who may write dismiss a review" } };
  });
}

/** The standing is that of whoever has written it. */
function writerOf(
  sender: User,
  {
    user,
    author_association: standing,
  }: { user: User | null; author_association?: string | null | undefined },
): EventActor {
  const isWriter = user !== null && same(user.login, sender.login);
  return actorOf(sender, { standing: isWriter ? (standing ?? null) : null, implies: null });
}

function remarkOf({ thread, path, line, body }: Pick<FoundRemark, "thread" | "path" | "line" | "body">) {
  return { comment: thread, path: path.slice(0, 1_000).toWellFormed(), line, text: bodyText(body) };
}

function decodeRemark(payload: Payload, audience: GithubAudience): Decoded<Need> {
  const read = readPayload(REMARK_EVENT, payload);
  if (read.kind === "failed") return read;
  const { action, repository, sender, pull_request: one, comment } = read.value;
  if (action !== "created")
    return ignore(`nothing listens to 'pull_request_review_comment.${nameText(action)}'`);
  if (comment.body.includes(OWN_MARKER)) return ignore("Chargehand's own remark");
  return each(read.value, audience, (project, task) => {
    const repo = repository.full_name;
    const need: Need = { kind: "remarks", repo, number: one.number };
    const remarks = audience.known.remarks.get(needKey(need));
    if (remarks === undefined) return { need };
    if (remarks !== null && comment.pull_request_review_id != null)
      return { reason: "a remark of a review, which tells of it" };
    const name = { source: audience.source, repo, number: one.number };
    const actor = writerOf(sender, comment);
    const key = pullKey(name, "review", `remark-${comment.id}`);
    const thread = String(comment.in_reply_to_id ?? comment.id);
    const wish = wishOf(audience, project, actor, { key, because: "remark in a review" }, (common) => ({
      kind: "pull_reviewed",
      ...common,
      target: { key: task },
      pull: name,
      said: "commented",
      commit: comment.commit_id ?? null,
      text: "",
      remarks: [remarkOf({ ...comment, thread, line: comment.line ?? null })],
      isTrusted: true,
      facts: factsOf(project),
    }));
    return { wish };
  });
}
