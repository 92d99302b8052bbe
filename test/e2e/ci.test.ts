/** A task waits for CI with a real daemon, real pushes and the real command line. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chargehand, chargehandEnds, explain, statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

const USAGE = 2;

const WORKFLOW = `
name: checked
description: Work that CI has to find good, and a word about it.
phases:
  - key: work
    role: developer
    instructions: Do it.
    gate: { ci: { required: [test], timeout: 1h } }
  - key: tell
    role: developer
    instructions: Say what you did.
`;

function agent(folder: string): readonly string[] {
  const script = `
    cat > ${folder}/prompt-$CHARGEHAND_PHASE
    echo "$CHARGEHAND_PHASE" >> ${folder}/journal
    [ "$CHARGEHAND_PHASE" = work ] && echo "worked" >> work.txt || true`;
  return ["/bin/sh", "-c", script];
}

interface Told {
  readonly branch: string;
  readonly phases: readonly {
    readonly phase: string;
    readonly cycle: number;
    readonly status: string;
    readonly commit: string | null;
  }[];
  readonly ci: readonly { readonly status: string; readonly commit: string }[];
  readonly runs: readonly unknown[];
}

async function told(stage: DaemonProcess): Promise<Told> {
  return JSON.parse(await chargehand(stage, "task", "SHOP-1", "--json"));
}

async function untilGated(stage: DaemonProcess, cycle: number): Promise<string> {
  let commit = "";
  await stage.until(`SHOP-1 waits for CI for the ${cycle}. time`, async () => {
    const { phases, branch } = (await stage.api<Told>("/api/v1/tasks/SHOP-1")).body;
    const now = phases.at(-1);
    if (now?.cycle !== cycle || now.status !== "gated") return false;
    commit = now.commit ?? "";
    assert.equal(stage.git(stage.remote, "rev-parse", branch).trim(), commit, "it is what was pushed");
    return true;
  });
  return commit;
}

test("D6: pushed work waits for CI over a killed daemon, is repaired when a check fails, and goes on when all is good", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  try {
    writeFileSync(join(stage.folder, "checked.yaml"), WORKFLOW);
    stage.configure({ argv: agent(stage.folder), workflow: "./checked.yaml" });
    await stage.start();
    await stage.label(1);
    const first = await untilGated(stage, 1);
    await stage.end("SIGKILL");
    await stage.start();
    assert.equal(await statusOf(stage, "SHOP-1"), "active");
    const [why] = (await explain(stage, "SHOP-1")).reasons;
    assert.match(
      why?.sentence ?? "",
      new RegExp(
        `^SHOP-1 waits for CI of commit ${first.slice(0, 12)} in its phase work; no check is known yet$`,
      ),
    );
    assert.match(why?.remedy ?? "", /^report with: chargehand ci SHOP-1 --check /);

    assert.equal((await chargehandEnds(stage, "ci", "SHOP-1", "--check", "test=red")).code, USAGE);
    const other = await chargehand(
      stage,
      "ci",
      "SHOP-1",
      "--check",
      "test=failure",
      "--commit",
      "ab".repeat(20),
    );
    assert.match(other, new RegExp(`^Written down\\. SHOP-1 waits for CI of another commit: ${first}`));
    assert.match(
      await chargehand(stage, "ci", "SHOP-1", "--check", "lint=failure"),
      /^Written down\. Phase work of SHOP-1 waits for more checks/,
    );
    assert.match(
      await chargehand(stage, "ci", "SHOP-1", "--check", "test=failure", "--summary", "3 of 9 tests are red"),
      /^CI of phase work of SHOP-1 is failed\. It goes on with phase work\./,
    );
    const second = await untilGated(stage, 2);
    assert.notEqual(second, first);
    const prompt = readFileSync(join(stage.folder, "prompt-work"), "utf8");
    assert.match(prompt, /Feedback of CI[\s\S]*Check test has failed\s+3 of 9 tests are red/);
    assert.doesNotMatch(prompt, /Check lint/, "only what counts is told");

    const late = await chargehand(stage, "ci", "SHOP-1", "--check", "test=success", "--commit", first);
    assert.match(late, /^Written down\. SHOP-1 waits for CI of another commit/);
    await chargehand(stage, "ci", "SHOP-1", "--check", "test=success");
    await stage.until("SHOP-1 is done", async () => (await statusOf(stage, "SHOP-1")) === "done");
    const { phases, ci, runs } = await told(stage);
    assert.deepEqual(
      phases.map(({ phase, cycle, status }) => `${phase}#${cycle} ${status}`),
      ["work#1 failed", "work#2 completed", "tell#1 completed"],
    );
    assert.deepEqual(
      ci.map(({ status, commit }) => `${status} ${commit}`),
      [`failed ${first}`, `passed ${second}`],
    );
    assert.equal(runs.length, 3);
    assert.match(await chargehand(stage, "task", "SHOP-1"), /CHECK\s+STATUS[\s\S]*test\s+success/);
  } finally {
    await stage.close();
  }
});
