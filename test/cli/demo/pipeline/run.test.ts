/** `chargehand demo --workflow pipeline`: all of the built-in workflow with a real daemon, git and agents. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { PipelineReport } from "../../../../cli/demo/pipeline/report.ts";

const PROGRAM = fileURLToPath(new URL("../../../../bin/chargehand.js", import.meta.url));
const USAGE = 2;

function demo(...flags: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return promisify(execFile)(process.execPath, [PROGRAM, "demo", "--workflow", "pipeline", ...flags]);
}

test("A5, D1, D4, D6, B3, G4, D8: every phase is walked, with what goes wrong on the way, to the freeze and the thaw", async () => {
  const { stdout, stderr } = await demo("--yes", "--json");
  assert.equal(stderr, "");
  const report: PipelineReport = JSON.parse(stdout);
  assert.deepEqual(
    report.tasks.map(({ key, status }) => `${key} ${status}`),
    ["SHOP-1 done", "BOOK-1 done"],
  );
  assert.deepEqual(
    report.phases.map(({ phase, cycle, verdict }) => `${phase}#${cycle} ${verdict}`),
    [
      ...["analysis#1 ready", "architecture#1 null", "development#1 null", "review#1 changes_requested"],
      ...[
        "development#2 null",
        "review#2 approved",
        "testing#1 passed",
        "merge#1 merged",
        "deploy#1 DEGRADED",
      ],
      "work#1 null",
    ],
  );
  assert.deepEqual(
    report.runs
      .filter(({ status }) => status !== "succeeded")
      .map((run) => `${run.phase} ${run.failure_class}`),
    ["analysis artifact", "development check"],
  );
  assert.deepEqual(
    report.artifacts.filter(({ is_valid: isValid }) => !isValid).map(({ phase }) => phase),
    ["analysis"],
    "what was not accepted is kept with what was wrong with it",
  );
  assert.deepEqual(
    report.approvals.map(({ phase, status, decided_by: by }) => [phase, status, by]),
    [
      ["analysis", "approved", "you"],
      ["review", "rejected", "scripted"],
      ["review", "approved", "scripted"],
      ["testing", "approved", "scripted"],
    ],
  );
  assert.deepEqual(
    report.questions.map(({ status, answers }) => [status, answers]),
    [["answered", { where: "everywhere" }]],
  );
  assert.deepEqual(
    report.ci.map(({ status }) => status),
    ["passed", "passed"],
  );
  assert.match(
    report.runs.find(({ phase }) => phase === "development")?.summary ?? "",
    /The line breaks stay/,
  );
  assert.deepEqual(
    report.freezes.map(({ kind }) => kind),
    ["project.frozen", "project.unfrozen"],
  );
});

test("without a terminal and without --yes it says what to do, and begins nothing", async () => {
  for (const flags of [[], ["--json"]])
    await assert.rejects(demo(...flags), { code: USAGE, stdout: "", stderr: /add --yes/ });
});
