/** What is to be seen at the forge, as short lines: who has done what there, in the order of time. */

import type { Comment, Issue, Review } from "../../stage/fake-github/model/nouns.ts";
import type { PullIssue } from "../../stage/fake-github/model/pulls.ts";
import { latestRuns } from "../../stage/fake-github/model/suites.ts";
import { FAKE_BOT } from "../../stage/fake-github/start.ts";
import type { ForgeView } from "./forge.ts";

export interface ForgeSight {
  /** Of what it is about: told when it is new, and when its text has changed. */
  readonly id: string;
  /** In whose column it stands. */
  readonly place: "issue" | "pull request";
  readonly text: string;
  /** Below it. */
  readonly quotes: readonly string[];
}

const SHA_CHARS = 7;

export function sightsOf({ repo, issue, pull }: ForgeView): readonly ForgeSight[] {
  if (issue === null) return [];
  const comments = [...repo.comments.values()];
  return [
    sight("issue", "opened", `${issue.author.login} opens #${issue.number}: ${issue.title}`),
    ...[...issue.labels].map((name) => sight("issue", `label ${name}`, `has the label ${name}`)),
    ...signsAt(issue),
    ...comments.filter(isAt(issue)).map((one) => saidAt("issue", one)),
    ...(pull === null ? [] : pullSights({ repo, issue, pull }, comments.filter(isAt(pull)))),
    ...(issue.isOpen ? [] : [sight("issue", "closed", `#${issue.number} is closed as ${issue.stateReason}`)]),
  ];
}

function pullSights(
  { repo, pull: issue }: ForgeView & { readonly pull: PullIssue },
  comments: readonly Comment[],
): readonly ForgeSight[] {
  const { number, pull, author, title } = issue;
  const { headSha: sha, reviews, threads, merged } = pull;
  const at = sha.slice(0, SHA_CHARS);
  const runs = latestRuns(repo.checkRuns.filter((run) => run.sha === sha));
  const opened = `${author.login} opens #${number}${pull.isDraft ? ", a draft" : ""}: ${title}`;
  const tell = (id: string, text: string, ...quotes: string[]): ForgeSight =>
    sight("pull request", id, text, ...quotes);
  return [
    tell(`opened ${number}`, opened),
    tell(`head ${sha}`, `its head is ${at}`),
    ...runs.map(({ id, name, conclusion, title: found }) =>
      tell(
        `check ${id} ${conclusion}`,
        `${conclusion === "success" ? "✓" : "✗"} CI at ${at}: ${name}, ${found ?? conclusion}`,
      ),
    ),
    ...comments.map((one) => saidAt("pull request", one)),
    ...reviews.filter(isWorthTelling).map((one) => reviewSight(one)),
    ...threads.flatMap(({ id, path, line, resolvedBy, remarks }) => [
      ...remarks.map((one) =>
        tell(`remark ${one.id}`, `${one.author.login} at ${path}:${line}`, ...quoted(one.body)),
      ),
      ...(resolvedBy === null
        ? []
        : [tell(`resolved ${id}`, `${resolvedBy.login} resolves the thread at ${path}:${line}`)]),
    ]),
    ...(pull.isDraft ? [] : [tell(`ready ${number}`, "is ready to be merged")]),
    ...(merged === null
      ? []
      : [tell(`merged ${number}`, `${merged.by.login} merges it as ${merged.sha.slice(0, SHA_CHARS)}`)]),
  ];
}

const VERDICTS: Readonly<Partial<Record<Review["state"], string>>> = {
  APPROVED: "✓ approved by",
  CHANGES_REQUESTED: "✗ changes are wanted by",
  COMMENTED: "reviewed by",
};

/** An answer in a thread is a review without words. */
function isWorthTelling({ state, body }: Review): boolean {
  return VERDICTS[state] !== undefined && (state !== "COMMENTED" || body !== "");
}

function reviewSight({ id, state, author, body }: Review): ForgeSight {
  return sight("pull request", `review ${id}`, `${VERDICTS[state]} ${author.login}`, ...quoted(body));
}

/** What stands at the top of the one comment that is kept up to date. */
export function headOf(body: string): string {
  return (body.split("\n")[0] ?? "").replaceAll("**", "");
}

function saidAt(place: ForgeSight["place"], { id, author, body, createdAt, updatedAt }: Comment): ForgeSight {
  if (author.login !== FAKE_BOT)
    return sight(place, `comment ${id}`, `${author.login} comments`, ...quoted(body));
  const head = headOf(body);
  const text = updatedAt > createdAt ? `the comment now says: ${head}` : `${author.login} comments: ${head}`;
  return sight(place, `comment ${id}`, text);
}

function signsAt({ reactions }: Issue): readonly ForgeSight[] {
  return reactions
    .filter(({ user }) => user.login === FAKE_BOT)
    .map(({ id, content, user }) =>
      sight("issue", `reaction ${id}`, `${user.login} has seen it${content === "eyes" ? " 👀" : ""}`),
    );
}

function isAt({ number }: Issue): (comment: Comment) => boolean {
  return ({ issue }) => issue === number;
}

/** Without what people do not see. */
function quoted(text: string): readonly string[] {
  return text
    .replace(/<!--[\s\S]*?(?:-->|$)/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function sight(place: ForgeSight["place"], id: string, text: string, ...quotes: string[]): ForgeSight {
  return { id: `${place} ${id}`, place, text, quotes };
}
