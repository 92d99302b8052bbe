/**
 * The circle of an issue: it is labelled, worked on, shown as a pull request, sent back by CI and by a review, approved
 * and merged; and whoever asked for it reads at the issue how it went. Real daemon, real git, scripted forge.
 */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { openGround, REPO } from "./ground.ts";
import { atEachKind, killing } from "./kills.ts";
import { assertIssueOnce, assertPullOnce, untilOver } from "./once.ts";
import { deeds, PLAYBOOK, play } from "./story.ts";

test("GitHub alone: an issue becomes a pull request, which is sent back twice, approved and merged", async () => {
  const ground = await openGround({ playbook: PLAYBOOK });
  const { stage, github } = ground;
  try {
    await stage.start();
    const { number } = github.people.open({
      repo: REPO,
      by: "ada",
      title: "Build a shelf",
      body: "Of wood.",
    });
    github.people.label({ repo: REPO, by: "ada", number, label: "agent" });
    await play(ground, deeds(ground));
    await untilOver(ground, number);
    assertIssueOnce(ground, number);
    assertPullOnce(ground);
    assert.doesNotMatch(stage.log, new RegExp(github.token));
  } finally {
    await ground.close();
  }
});

test("killed at each kind of write, the daemon does each of them once", async () => {
  const ground = await openGround({ playbook: PLAYBOOK });
  const { stage, github } = ground;
  try {
    await stage.start();
    const { look, kills } = killing(ground, [github]);
    const rules = atEachKind();
    github.faults.play(rules);
    const { number } = github.people.open({
      repo: REPO,
      by: "ada",
      title: "Build a shelf",
      body: "Of wood.",
    });
    github.people.label({ repo: REPO, by: "ada", number, label: "agent" });
    await play(ground, deeds(ground), look);
    await untilOver(ground, number, look);
    assert.equal(kills(), rules.length + 2);
    assertIssueOnce(ground, number);
    assertPullOnce(ground);
  } finally {
    if (process.env["SHOWLOG"]) writeFileSync(process.env["SHOWLOG"], stage.log);
    await ground.close();
  }
});
