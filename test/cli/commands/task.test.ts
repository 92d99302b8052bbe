/** `task`: what it shows of one task. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  type ScriptedDaemon,
  scriptedDaemon,
  TASK,
} from "../scripted-daemon.ts";

const SNAPSHOT = {
  ...{ phase: "review", cycle: 2, status: "completed", verdict: "approved", branch: "b", commit: "c0ffee" },
  ...{ artifacts: { review: "ab".repeat(32) }, agents: { reviewer: "careful" }, session_id: "s-1" },
  ...{ session_turns: 7, run: "01jh", runs: 3, input_tokens: 1_000, output_tokens: 500, cost_usd: 0.25 },
  ...{ events: 12, at: "2026-01-15T11:59:00Z" },
};

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /tasks/SHOP-12": json(TASK),
    "GET /tasks/SHOP-13": json({ ...TASK, key: "SHOP-13", waited: { people_s: 10_800, ci_s: 240 } }),
    "GET /tasks/SHOP-12/snapshots": json({ task: "SHOP-12", snapshots: [SNAPSHOT] }),
    "GET /tasks/SHOP-13/snapshots": json({ task: "SHOP-13", snapshots: [] }),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("task shows the task with its jobs and its runs", async () => {
  const { code, out } = await run("task", "SHOP-12");
  assert.equal(code, 0);
  assert.match(out, /^ {2}SHOP-12 /);
  assert.match(out, /running/);
});

test("A21: task shows how long it has waited for people and for CI", async () => {
  assert.doesNotMatch((await run("task", "SHOP-12")).out, /time/);
  assert.match((await run("task", "SHOP-13")).out, /your time +3h\n +CI's time +4m\n/);
});

test("I13: a key with slashes or dots is one segment of the path, whatever it says", async () => {
  await run("task", "../status?x=1");
  assert.equal(daemon.asked.at(-1)?.line, "GET /api/v1/tasks/..%2Fstatus%3Fx%3D1");
});

test("D13: --snapshots shows how the task stood at the end of each phase", async () => {
  const { code, out } = await run("task", "SHOP-12", "--snapshots");
  assert.equal(code, 0);
  assert.match(out, /review +2 +completed +approved +abababababab +c0ffee .* 3 +1\.5k +\$0\.25/);
  assert.match((await run("task", "SHOP-13", "--snapshots")).out, /^No phase of SHOP-13 has ended yet\.$/m);
});
