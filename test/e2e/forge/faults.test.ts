/** The circle on bad days of the forge: errors, pauses, and answers that are lost, by chance from a seed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULT_KINDS } from "../../../cli/stage/fake-host/faults.ts";
import { openGround, REPO } from "./ground.ts";
import { assertIssueOnce, assertPullOnce, isToldAt, untilOver } from "./once.ts";
import { deeds, PLAYBOOK, play } from "./story.ts";

/** Of the day that is played. */
const SEED = process.env["CIRCLE_SEED"];
const skip = SEED === undefined ? "a day is chosen by CIRCLE_SEED: it takes minutes" : false;
/** What hangs takes as long as a call may take, and is seen elsewhere. */
const KINDS = FAULT_KINDS.filter((kind) => !kind.startsWith("hang"));

test("errors, pauses and lost answers at random: the same end, and everything once", { skip }, async () => {
  const ground = await openGround({ playbook: PLAYBOOK });
  const { stage, github } = ground;
  try {
    await stage.start();
    const rules = KINDS.map((kind) => ({ kind, odds: 0.02, times: 2 }));
    github.faults.play(rules, Number(SEED));
    const { number } = github.people.open({
      repo: REPO,
      by: "ada",
      title: "Build a shelf",
      body: "Of wood.",
    });
    github.people.label({ repo: REPO, by: "ada", number, label: "agent" });
    await play(ground, deeds(ground));
    await untilOver(ground, () => isToldAt(ground, number));
    assert.ok(github.faults.struck > 0);
    assertIssueOnce(ground, number);
    assertPullOnce(ground);
  } finally {
    await ground.close();
  }
});
