/** The circle while the daemon is killed whenever it has told a forge something and nobody has heard the answer. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openGround, REPO } from "./ground.ts";
import { atEachKind, killing } from "./kills.ts";
import { assertIssueOnce, assertPullOnce, isToldAt, untilOver } from "./once.ts";
import { deeds, PLAYBOOK, play } from "./story.ts";

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
    await untilOver(ground, () => isToldAt(ground, number), look);
    assert.equal(kills(), rules.length + 2);
    assertIssueOnce(ground, number);
    assertPullOnce(ground);
  } finally {
    await ground.close();
  }
});
