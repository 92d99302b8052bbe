/** What is to be read of a task at its issue, in each state. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { CardFacts } from "../../../notifier/cards/facts.ts";
import { drawComment } from "../../../notifier/outside/comment.ts";
import type { PullRequest } from "../../../workflow/phases/pull.ts";
import { HOSTILE } from "../../hostile-text.ts";
import { matchGolden } from "../../store/golden.ts";
import { FORM, field, question } from "../../workflow/questions.ts";
import { APPROVAL, cause, FACTS, phase, run, SCENES, TASK } from "../cards/scenes.ts";

const SETTING = {
  redact: (text: string): string => text,
  command: "/agent",
  branchUrl: (branch: string): string => `https://forge.example/acme/shop/tree/${branch}`,
};

for (const [name, { facts }] of Object.entries(SCENES))
  test(`D14: the comment about a task that is ${name} says so`, async () => {
    await matchGolden(`comments/${name}.md`, `${drawComment(facts, SETTING)}\n`);
  });

test("M1: what an agent does and uses meanwhile changes nothing", () => {
  const live = run({ id: "r9", status: "running" });
  const facts = { ...FACTS, isRunning: true, phases: [phase({ status: "running", finishedAt: null })] };
  const before = drawComment({ ...facts, runs: [live] }, SETTING);
  assert.equal(drawComment({ ...facts, runs: [{ ...live, usage: [] }] }, SETTING), before);
});

test("M2: whatever stands in a task, nobody is called, nothing is loaded, and the comment stays short", () => {
  const texts = [
    ...Object.values(HOSTILE),
    "@octocat #12 Closes acme/shop#3",
    "<img src=x>",
    "![x](http://evil.example/x)",
  ];
  for (const text of texts) {
    const asked = question({
      form: { ...FORM, title: text, reason: text, fields: [field("x", { label: text, options: [text] })] },
    });
    const facts: CardFacts = {
      ...FACTS,
      task: { ...TASK, branch: "chargehand/SHOP-12", commit: "0123456789abcdef", reason: text },
      causes: [cause({ about: "task", reason: text.repeat(50), remedy: text })],
      phases: [phase({ phase: text, verdict: text, summary: text.repeat(500) })],
      runs: [run({ summary: text.repeat(500), model: text })],
    };
    for (const scene of [facts, { ...facts, question: asked }, { ...facts, approval: APPROVAL }]) {
      const written = drawComment(scene, SETTING);
      assert.ok(written.length < 20_001, `${written.length} characters`);
      const outsideCode = written.replace(/`[^`\n]*`/g, "").replace(/\\[!-/:-@[-`{-~]/g, "");
      assert.doesNotMatch(outsideCode, /@[a-z0-9]|#\d|<(?!https:\/\/forge\.example)|!\[/i, text);
    }
  }
});

test("I12: no secret is told", () => {
  const redact = (text: string): string => text.replaceAll("hunter2", "[secret]");
  const facts = {
    ...FACTS,
    task: { ...TASK, status: "failed" as const },
    runs: [run({ summary: "it is hunter2" })],
  };
  assert.doesNotMatch(drawComment(facts, { ...SETTING, redact }), /hunter2/);
});

test("its pull request is named, with how it stands, and may be reviewed where somebody is asked", () => {
  const pull: PullRequest = {
    ...{ source: "github", repo: "acme/shop", number: 7, project: "shop", task: TASK.key, branch: "b" },
    ...{ url: "https://forge.example/acme/shop/pull/7", status: "open", isDraft: true, isOurs: true },
    ...{ commit: null, mergedAs: null, endedBy: null, openedAt: 1, changedAt: 1, finishedAt: null },
  };
  const facts: CardFacts = { ...FACTS, pull };
  const [name, link] = ["pull request 7", "(https://forge.example/acme/shop/pull/7)"];
  assert.ok(drawComment(facts, SETTING).includes(`⇄ [${name}]${link} · a draft`));
  assert.match(drawComment({ ...facts, pull: { ...pull, status: "merged" } }, SETTING), /⇄ .* · merged$/m);
  const odd = { ...pull, url: "javascript:alert(1)" };
  assert.match(drawComment({ ...facts, pull: odd }, SETTING), /⇄ `acme\/shop#7` · a draft/);
  const command = "look: chargehand task SHOP-12";
  const asked = { ...facts, approval: APPROVAL, causes: [cause({ about: "task", remedy: command })] };
  assert.match(drawComment(asked, SETTING), /approve.*, or review the pull request/);
  assert.ok(!drawComment(asked, SETTING).includes(command), "here a command line helps nobody");
  assert.ok(drawComment(asked, { ...SETTING, command: null }).includes(command));
});

test("where comments command nothing, it is said what does", () => {
  const facts = { ...FACTS, approval: APPROVAL, task: { ...TASK, status: "blocked" as const } };
  assert.match(drawComment(facts, SETTING), /`\/agent approve`/);
  const told = drawComment(facts, { ...SETTING, command: null });
  assert.doesNotMatch(told, /\/agent/);
  assert.match(told, /To answer/);
});
