/**
 * What GitHub's events ask for. Pure; here are those of issues, and who decodes the others.
 *
 * G1. One change that comes as several events (opened and labeled; two hooks) has one key, or finds the task already
 *     begun: it does nothing twice.
 * G2. An event proves a right only where GitHub demands that right of its sender. Labels and assignees of an issue
 *     form are set for whoever fills it in, and the event then names the author: so an author's label proves nothing.
 *     Where the author is missing, nobody knows whether it was the author.
 * G3. Closing stops work, whoever closed it: GitHub lets only the author and people with triage rights do it, and
 *     an agent that works on for a closed issue spends money for nobody.
 * G4. The name of the event stands in a header that no signature covers, so it is believed only together with a body
 *     that fits it: a comment that was deleted is no issue that was.
 */

import type { Project } from "../../workflow/project.ts";
import { folded, same } from "../../workflow/text/same.ts";
import { type Decoded, ignore } from "../decoded.ts";
import type { Audience } from "../kit.ts";
import { nameText } from "../outside-text.ts";
import { type Read, readPayload } from "../payload.ts";
import type { Payload } from "../source.ts";
import { assigneeTrigger, labelTrigger } from "../triggers.ts";
import { cancelWish, type EventActor, editWish, startWish, type Wish } from "../wish.ts";
import { isOfChecks } from "./check-events.ts";
import { decodeChecks } from "./checks.ts";
import { commented } from "./comments.ts";
import { decodeDependencies } from "./dependencies.ts";
import type { Known, Need } from "./facts.ts";
import { actorOf, addressed, changeKey, itemOf, refsOf, spotOf, subjectOf } from "./issue.ts";
import {
  ACTION,
  ASSIGNED_EVENT,
  type AssignedEvent,
  COMMENT_EVENT,
  EDITED_EVENT,
  type EditedEvent,
  ISSUE_EVENT,
  type Issue,
  type IssueEvent,
  LABELED_EVENT,
  type LabeledEvent,
} from "./payload.ts";
import { decodePulls, isOfPulls } from "./pulls.ts";
import { aboutRepository } from "./repository.ts";

type GithubAudience = Audience<unknown, Known>;

export function decodeGithub(event: string, payload: Payload, audience: GithubAudience): Decoded<Need> {
  if (event === "ping") return ignore("a ping: the hook works");
  if (isOfChecks(event)) return decodeChecks(event, payload, audience);
  if (isOfPulls(event)) return decodePulls(event, payload, audience);
  if (event === "issue_dependencies") return decodeDependencies(payload, audience);
  if (event !== "issues" && event !== "issue_comment") return aboutRepository(event, payload, audience);
  const hasComment = payload["comment"] !== undefined;
  if (hasComment !== (event === "issue_comment"))
    return {
      kind: "failed",
      reason: `the body is not that of an '${event}' event, which X-GitHub-Event names`,
    };
  const read = readPayload(ACTION, payload);
  if (read.kind === "failed") return read;
  const decode = ACTIONS.get(`${event}.${read.value.action}`);
  return (
    decode?.(payload, audience) ?? ignore(`nothing listens to '${event}.${nameText(read.value.action)}'`)
  );
}

type Decode = (payload: Payload, audience: GithubAudience) => Decoded<Need>;

const ACTIONS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ["issues.opened", on(readIssue, (event, audience) => standing(event, audience, "opened"))],
  ["issues.reopened", on(readIssue, (event, audience) => standing(event, audience, "reopened"))],
  ["issues.labeled", on((payload) => readPayload(LABELED_EVENT, payload), labeled)],
  ["issues.assigned", on((payload) => readPayload(ASSIGNED_EVENT, payload), assigned)],
  ["issues.closed", on(readIssue, (event, audience) => ended(event, audience, "closed"))],
  ["issues.deleted", on(readIssue, (event, audience) => ended(event, audience, "deleted"))],
  ["issues.edited", on((payload) => readPayload(EDITED_EVENT, payload), edited)],
  ["issues.transferred", on(readIssue, (event, audience) => ended(event, audience, "transferred"))],
  [
    "issues.unlabeled",
    () => ignore("a label was taken away, which stops nothing: a comment with the command stop does"),
  ],
  ["issue_comment.created", on((payload) => readPayload(COMMENT_EVENT, payload), commented)],
]);

function on<E>(
  read: (payload: Payload) => Read<E>,
  decode: (event: E, audience: GithubAudience) => Decoded<Need>,
): Decode {
  return (payload, audience) => {
    const event = read(payload);
    return event.kind === "failed" ? event : decode(event.value, audience);
  };
}

function readIssue(payload: Payload): Read<IssueEvent> {
  return readPayload(ISSUE_EVENT, payload);
}

/** Opened and reopened: what counts is what the issue carries now. */
function standing(event: IssueEvent, audience: GithubAudience, change: "opened" | "reopened"): Decoded {
  const { issue } = event;
  return start(event, audience, change, ({ start: rules }) => {
    const labels = issue.labels.map(({ name }) => ({ id: null, name }));
    const people = issue.assignees.map(({ login }) => login);
    return labelTrigger(rules, labels) ?? assigneeTrigger(rules, people);
  });
}

function labeled(event: LabeledEvent, audience: GithubAudience): Decoded {
  const { name } = event.label;
  const change = `labeled:${folded(nameText(name))}`;
  return start(event, audience, change, ({ start: rules }) => labelTrigger(rules, [{ id: null, name }]));
}

function assigned(event: AssignedEvent, audience: GithubAudience): Decoded {
  if (event.assignee == null) return ignore("assigned to an account that is gone");
  const { login } = event.assignee;
  const change = `assigned:${login.toLowerCase()}`;
  return start(event, audience, change, ({ start: rules }) => assigneeTrigger(rules, [login]));
}

function start(
  event: IssueEvent,
  audience: GithubAudience,
  change: string,
  trigger: (project: Project) => string | null,
): Decoded {
  const { source } = audience;
  const found = addressed(audience, event);
  if (found.kind === "ignore") return found;
  if (event.issue.state === "closed") return ignore("the issue is closed");
  const actor = senderOf(event);
  const wishes = found.projects.flatMap((project): Wish[] => {
    const because = trigger(project);
    if (because === null) return [];
    const key = changeKey(event, change);
    const made = { source, project, actor, key, because, spot: spotOf(event, null) };
    return [startWish(itemOf(event), made, change === "reopened")];
  });
  return outcome(event, wishes, `${change.replace(":", " ")}: not what starts a task here`);
}

/** G2. */
function senderOf({ issue, sender }: IssueEvent): EventActor {
  if (issue.user !== null && !isAuthor(issue, sender.login)) {
    return actorOf(sender, { standing: null, implies: "only people with triage rights can do this" });
  }
  const standing = issue.user === null ? null : (issue.author_association ?? null);
  return actorOf(sender, { standing, implies: null });
}

/** G3. */
function ended(
  event: IssueEvent,
  audience: GithubAudience,
  change: "closed" | "deleted" | "transferred",
): Decoded {
  const { source } = audience;
  const found = addressed(audience, event);
  if (found.kind === "ignore") return found;
  const actor = actorOf(event.sender, { standing: null, implies: `whoever had it ${change} may stop it` });
  const wishes = found.projects.map((project): Wish => {
    const key = changeKey(event, change);
    const because = `issue ${change}`;
    const made = { source, project, actor, key, because, spot: null };
    return cancelWish({ refs: refsOf(event) }, made, `the issue was ${change}`, change === "closed");
  });
  return outcome(event, wishes, "");
}

/**
 * Authors may edit their own issues, so only what somebody trusted has written counts: who mends a title has not
 * written the text below it, which a stranger may have changed before.
 */
function edited(event: EditedEvent, audience: GithubAudience): Decoded {
  const { issue, changes } = event;
  const found = addressed(audience, event);
  if (found.kind === "ignore") return found;
  const title = changes?.title == null ? null : issue.title;
  const body = changes?.body == null ? null : (issue.body ?? "");
  if (title === null && body === null) return ignore("neither title nor text was edited");
  const actor = senderOf(event);
  const wishes = found.projects.map((project): Wish => {
    const key = changeKey(event, "edited");
    const change = { source: audience.source, project, actor, key, because: "issue edited", spot: null };
    return editWish({ refs: refsOf(event) }, change, { title, body });
  });
  return outcome(event, wishes, "");
}

function isAuthor({ user }: Issue, login: string): boolean {
  return user !== null && same(user.login, login);
}

function outcome(event: IssueEvent, wishes: readonly Wish[], otherwise: string): Decoded {
  return wishes.length > 0 ? { kind: "wish", subject: subjectOf(event), wishes } : ignore(otherwise);
}
