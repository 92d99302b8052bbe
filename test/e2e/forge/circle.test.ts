/**
 * The circle of an issue: it is labelled, worked on, shown as a pull request, sent back by CI and by a review, approved
 * and merged; and whoever asked for it reads at the issue how it went. Real daemon, real git, scripted forge.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startPlane } from "../../proof/plane/start.ts";
import { openGround, REPO } from "./ground.ts";
import { assertIssueOnce, assertItemOnce, assertPullOnce, isToldAt, untilOver } from "./once.ts";
import { deeds, PLAYBOOK, play } from "./story.ts";

const TELL =
  "tell: { labels: { working: agent-works, waiting: agent-waits, failed: agent-failed }, states: { started: started, done: completed } }";

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
    await untilOver(ground, () => isToldAt(ground, number));
    assertIssueOnce(ground, number);
    assertPullOnce(ground);
    assert.doesNotMatch(stage.log, new RegExp(github.token));
  } finally {
    await ground.close();
  }
});

test("Plane beside GitHub: a work item is worked on, and follows its pull request to the end", async () => {
  const plane = await startPlane({ retryMs: 500 });
  const ground = await openGround({ playbook: PLAYBOOK, plane, project: [TELL] });
  const { stage } = ground;
  try {
    await stage.start();
    const html = "<p>Of wood.</p>";
    const { sequence: number } = plane.people.create({
      project: "SHOP",
      by: "ada",
      name: "Build a shelf",
      html,
    });
    plane.people.setLabels({ project: "SHOP", by: "ada", number, labels: ["agent"] });
    await play(ground, deeds(ground));
    const item = plane.people.item({ project: "SHOP", number });
    await untilOver(ground, () => item.comments.some(({ html: said }) => said.includes("<strong>Done<")));
    assertItemOnce(plane, number);
    assertPullOnce(ground);
  } finally {
    await ground.close();
  }
});
