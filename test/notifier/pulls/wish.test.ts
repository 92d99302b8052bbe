/** The pull request that a task is to have: when there is none, when it is a draft, and what it says. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PullFacts } from "../../../notifier/pulls/facts.ts";
import { wantedPull } from "../../../notifier/pulls/wish.ts";
import { subjectText } from "../../../workflow/text/subject.ts";
import { row } from "../../workflow/decide/pulls/pulls.ts";
import { phase, run } from "../cards/scenes.ts";
import { facts } from "./scenes.ts";

const keep = (text: string): string => text;
const wanted = (more: Partial<PullFacts> = {}) => wantedPull(facts(more), "github", keep);

test("G4: it goes on with the one that is open, and opens another for new work alone", () => {
  assert.notEqual(wanted(), null);
  assert.notEqual(wanted({ pull: null }), null);
  const { task } = facts();
  const over = row({ status: "merged", commit: task.commit, finishedAt: 10 });
  assert.equal(wanted()?.over, null);
  assert.equal(wanted({ pull: over })?.over, 7);
  assert.equal(wanted({ pull: { ...over, commit: "0ld" } })?.over, 7, "others had put something on top");
  const later = [run({ commit: task.commit, finishedAt: 11 })];
  const anew = wanted({ pull: { ...over, commit: "0ld", endedBy: "bob" }, runs: later });
  assert.equal(anew?.over, null);
  assert.doesNotMatch(anew?.body ?? "", /Merged/, "of another one");
});

test("G4: the last words of one that is over say who has merged or closed it, and ask for nothing", () => {
  const { task } = facts();
  const over = row({
    status: "merged",
    commit: task.commit,
    finishedAt: 10,
    endedBy: "b`ob",
    mergedAs: "beef",
  });
  const done = { ...task, status: "done" } as const;
  const merged = wanted({ pull: over, task: done })?.body ?? "";
  assert.match(merged, /\n---\n\n\*\*Merged\*\* by `b'ob`, as beef\.\n\n<!-- chargehand:pull:SHOP-12 -->$/);
  assert.doesNotMatch(merged, /To have something changed/);
  assert.match(
    wanted({ pull: { ...over, endedBy: "the merge" }, task: done })?.body ?? "",
    /\*\*Merged\*\*, as beef/,
  );
  const closed = { ...over, status: "closed", mergedAs: null, endedBy: "ann" } as const;
  const cancelled = { ...task, status: "cancelled" } as const;
  assert.match(
    wanted({ pull: closed, task: cancelled })?.body ?? "",
    /\*\*Closed\*\* by `ann`, and not merged/,
  );
  assert.equal(wanted({ pull: { ...over, isOurs: false } }), null, "its words are a person's");
});

test("G4: there is none where nothing was changed, where a person has one, and of a task that nobody wants", () => {
  const { task, project } = facts();
  assert.equal(wanted({ task: { ...task, commit: null } }), null);
  assert.equal(wanted({ task: { ...task, branch: null } }), null);
  assert.equal(wanted({ pull: row({ isOurs: false }) }), null);
  assert.equal(wanted({ pull: null, task: { ...task, status: "cancelled" } }), null);
  assert.match(wanted({ task: { ...task, status: "cancelled" } })?.body ?? "", /Its task is cancelled/);
  const { pull: _, ...branch } = project.publish;
  assert.equal(wanted({ project: { ...project, publish: { ...branch, to: "branch" } } }), null);
});

test("G4: it is a draft until the task comes to be merged, or is done", () => {
  const { task, phases } = facts();
  const at = (key: string) => [...phases, phase({ seq: 4, phase: key, status: "running" })];
  assert.deepEqual(
    [wanted()?.isDraft, wanted({ phases: at("merge") })?.isDraft, wanted({ phases: at("code") })?.isDraft],
    [true, false, true],
  );
  assert.equal(wanted({ task: { ...task, status: "done" } })?.isDraft, false);
  assert.equal(wantedPull(facts({}, { draft: false }), "github", keep)?.isDraft, false);
});

test("G4: its title is the key and the title, made harmless; secrets are taken out of both", () => {
  const { task } = facts();
  const hostile = { ...task, title: "Fixes #3 @bob [skip ci] s3cret" };
  const wish = wantedPull(facts({ task: hostile }), "github", (text) => text.replaceAll("s3cret", "…"));
  assert.equal(wish?.title, `SHOP-12: ${subjectText("Fixes #3 @bob [skip ci] …")}`);
  assert.ok(!wish?.body.includes("s3cret"));
});
