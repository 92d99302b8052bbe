/** What a phase has to prove before its run counts. */

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { type Played, phaseOfRun, prove } from "../../../../daemon/run/proof/prove.ts";
import type { RunOutcome } from "../../../../workflow/run.ts";
import { SINGLE } from "../../../../workflow/workflow.ts";
import { HOSTILE } from "../../../hostile-text.ts";
import { phase } from "../../../workflow/decide/phases.ts";
import { type Scene, scene } from "../scene.ts";

const SCHEMA = {
  type: "object",
  required: ["verdict"],
  properties: { verdict: { enum: ["good", "bad"] } },
} as const;
const GOOD: RunOutcome = {
  ...{ status: "succeeded", branch: null, commit: null, summary: "did it", session: "s1" },
};

async function played({ task }: Scene, isProven = true): Promise<Played> {
  const spec = { path: "review.json", schema: SCHEMA };
  const own = phase("review", { artifact: isProven ? spec : null });
  return { task: await task(), workflow: { ...SINGLE, phases: [own] }, phase: own, ends: true };
}

async function proven(stage: Scene, text: string | null): Promise<RunOutcome> {
  const out = `${stage.ports.runsDirectory}/r/out`;
  mkdirSync(out, { recursive: true });
  if (text !== null) writeFileSync(`${out}/review.json`, text);
  return prove(stage.ports, await stage.row(), await played(stage), GOOD);
}

test("A5: the phase of a run is that of the workflow which its task is pinned to; of nobody's it is none", async (t) => {
  const { ports, row, signal } = await scene(t);
  const run = await row();
  const found = (await phaseOfRun(ports, run, signal)) ?? assert.fail("it has no phase");
  assert.deepEqual([found.phase.key, found.task.key, found.ends], ["work", "SHOP-1", true]);
  assert.equal(await phaseOfRun(ports, { ...run, phase: "gone" }, signal), null);
  assert.equal(await phaseOfRun(ports, { ...run, task: "SHOP-99" }, signal), null);
});

test("A5: a run whose artifact is as it has to be has it in its outcome", async (t) => {
  const outcome = await proven(await scene(t), '{"verdict":"good"}');
  assert.equal(outcome.status, "succeeded");
  const { verdict, isValid, path, bytes } = outcome.artifact ?? assert.fail();
  assert.deepEqual([verdict, isValid, path, bytes], ["good", true, "review.json", 18]);
});

test("D4: without it, or with a wrong one, the run failed, in its session, with what to mend in lines", async (t) => {
  const missing = await proven(await scene(t), null);
  assert.ok(missing.status === "failed");
  assert.deepEqual([missing.failure, missing.session, missing.summary], ["artifact", "s1", "did it"]);
  assert.match(missing.trouble ?? "", /^the artifact review\.json was not written: write it to \//);
  const wrong = await proven(await scene(t), '{"verdict":"ugly"}');
  assert.ok(wrong.status === "failed");
  const [first = "", ...problems] = (wrong.trouble ?? "").split("\n");
  assert.equal(first, wrong.reason);
  assert.match(problems.join("\n"), /^verdict: is none of the allowed values/);
  const { artifact } = wrong;
  assert.deepEqual(
    [missing.artifact, artifact?.text, artifact?.verdict, artifact?.isValid, artifact?.problems],
    [null, '{"verdict":"ugly"}', null, false, problems],
  );
});

test("what has failed by itself, has nothing to prove, or is nobody's, passes unchanged", async (t) => {
  const stage = await scene(t);
  const run = await stage.row();
  const failed: RunOutcome = {
    ...{ status: "failed", failure: "agent_error", reason: "it broke", summary: null, session: null },
    retryAfterMs: 0,
  };
  assert.equal(await prove(stage.ports, run, await played(stage), failed), failed);
  assert.equal(await prove(stage.ports, run, await played(stage, false), GOOD), GOOD);
  assert.equal(await prove(stage.ports, run, null, GOOD), GOOD);
});

for (const [what, words] of Object.entries(HOSTILE))
  test(`I13: ${what} in an artifact is no verdict and nothing but a sentence`, async (t) => {
    const stage = await scene(t);
    for (const text of [words, JSON.stringify({ verdict: words }), JSON.stringify({ [words]: words })]) {
      const outcome = await proven(stage, text);
      assert.ok(outcome.status === "failed" && outcome.artifact?.isValid === false);
      assert.equal(outcome.artifact.verdict, null);
      assert.doesNotMatch(`${outcome.reason}${outcome.trouble}`, /[[\p{Cc}\p{Bidi_Control}]--[\n]]/v);
      assert.ok(
        outcome.reason.length < 2_000 && !outcome.reason.includes("\n"),
        outcome.reason.slice(0, 300),
      );
    }
  });
