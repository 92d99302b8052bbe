/** GitHub's issues in the words of the house. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { actorOf, addressed, changeKey, itemOf, refsOf, subjectOf } from "../../../handlers/github/issue.ts";
import { ISSUE_EVENT, type IssueEvent } from "../../../handlers/github/payload.ts";
import { githubExample } from "../payloads.ts";
import { project } from "../project.ts";

const event = (changes: Readonly<Record<string, unknown>> = {}): IssueEvent =>
  ISSUE_EVENT.parse(githubExample("issues", 9, { "issue.number": 12, "issue.id": 345, ...changes }));

test("A13: an issue is known by its number and by its id, which outlives the repository's name", () => {
  assert.deepEqual(refsOf(event()), [
    { source: "github", kind: "issue", id: "acme/shop#12" },
    { source: "github", kind: "issue_id", id: "345" },
  ]);
  assert.equal(subjectOf(event()), "github:acme/shop#12");
  assert.notDeepEqual(itemOf(event()).refs, itemOf(event({ "issue.number": 13, "issue.id": 346 })).refs);
});

test("A13: two changes of an issue have two keys, and the same one told twice has one", () => {
  const key = changeKey(event({ "issue.updated_at": "2026-01-15T11:00:00Z" }), "opened");
  assert.equal(key, "github:acme/shop#12:opened:2026-01-15T11:00:00Z");
  assert.notEqual(key, changeKey(event({ "issue.updated_at": "2026-01-15T11:00:01Z" }), "opened"));
  assert.notEqual(key, changeKey(event({ "issue.updated_at": "2026-01-15T11:00:00Z" }), "reopened"));
});

test("an issue without a body or an author is one all the same", () => {
  const { body, author } = itemOf(event({ "issue.body": null, "issue.user": null }));
  assert.deepEqual([body, author], ["", null]);
});

test("an event is for every project of its repository, in any case, and our own is for none", () => {
  const projects = [project({ repo: "Acme/Shop" }), project({ repo: "acme/other" }), project({ repo: null })];
  const told = addressed({ projects, own: [] }, event());
  assert.deepEqual(told, { kind: "ok", projects: projects.slice(0, 1) });
  const elsewhere = addressed({ projects: projects.slice(1), own: [] }, event());
  assert.deepEqual(elsewhere, { kind: "ignore", reason: "no project has the repository 'acme/shop'" });
  const own = [{ login: null, id: "4242" }];
  const ours = addressed({ projects, own }, event({ "sender.id": 4242 }));
  assert.deepEqual(ours, { kind: "ignore", reason: "Chargehand's own doing" });
});

test("either sign of a bot makes one", () => {
  const proof = { standing: "OWNER", implies: null };
  assert.deepEqual(actorOf({ login: "alice", type: "User" }, proof), {
    name: "alice",
    isBot: false,
    ...proof,
  });
  assert.equal(actorOf({ login: "renovate", type: "Bot" }, proof).isBot, true);
  assert.equal(actorOf({ login: "Renovate[BOT]", type: "User" }, proof).isBot, true);
});
