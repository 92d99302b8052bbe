/**
 * The keys by which GitHub's webhooks name changes of issues: made of what an API says, they have to come out the same
 * (test/reconciler/github/keys.test.ts holds them against the handlers). Those of pull requests are in `workflow/`.
 */

import { folded } from "../../workflow/text/same.ts";

/** As GitHub writes times: in whole seconds. @param at ms */
export function stamp(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** @param what such as `closed`, or `labeled:agent` @param at when it happened (ms) */
export function issueKey(repo: string, number: number, what: string, at: number): string {
  return `github:${repo}#${number}:${what}:${stamp(at)}`;
}

export function changeOf(what: "labeled" | "assigned" | "closed" | "reopened", to: string | null): string {
  if (to === null) return what;
  return `${what}:${what === "labeled" ? folded(to) : to.toLowerCase()}`;
}

export function commentKey(id: string): string {
  return `github:comment:${id}`;
}

/** The stamp of a webhook and the time in the history are of the same act, and may be a second or two apart. */
const APART_S = [-2, -1, 1, 2];

export function alike(repo: string, number: number, what: string, at: number): readonly string[] {
  return APART_S.map((seconds) => issueKey(repo, number, what, at + seconds * 1_000));
}
