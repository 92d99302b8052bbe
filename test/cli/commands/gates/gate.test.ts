/** `approve`, `reject` and `abort`: what they post, and what they say. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  problem,
  type ScriptedDaemon,
  scriptedDaemon,
  TASK,
} from "../../scripted-daemon.ts";

const [USAGE, REFUSED] = [2, 5] as const;
const AT = "2026-01-15T11:00:00Z";

function answered(task: string, approval: string, phase = "work", key = "SHOP-12"): object {
  const asked = { phase: "plan", status: approval, votes: [], artifact: null, asked_at: AT };
  const now = { phase, role: "r", agent: "a", cycle: 1, status: "running", entered_at: AT };
  return { ...TASK, key, status: task, phases: [now], approvals: [asked] };
}

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "POST /tasks/SHOP-12/approve": json(answered("active", "approved")),
    "POST /tasks/SHOP-13/approve": json(answered("blocked", "pending", "plan", "SHOP-13")),
    "POST /tasks/SHOP-14/approve": json(answered("done", "approved", "plan", "SHOP-14")),
    "POST /tasks/SHOP-15/approve": problem(409, "phase plan of SHOP-15 was rejected by bob already"),
    "POST /tasks/SHOP-12/reject": json(answered("active", "rejected", "plan")),
    "POST /tasks/SHOP-12/abort": json(answered("cancelled", "aborted", "plan")),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, { ...knowing(daemon), USER: "alice" });

function posted(): unknown {
  const { line = "", body = "{}" } = daemon.asked.at(-1) ?? {};
  return [line.replace("POST /api/v1/tasks", ""), JSON.parse(body)];
}

test("D6: approve says who says so, and about what, and tells where the task goes", async () => {
  const { code, out } = await run("approve", "SHOP-12", "--because", "good", "--artifact", "abababab");
  assert.deepEqual(posted(), ["/SHOP-12/approve", { because: "good", artifact: "abababab", by: "alice" }]);
  assert.equal(code, 0);
  assert.equal(
    out,
    "Phase plan of SHOP-12 is approved. It goes on with phase work; " +
      "follow it with: chargehand logs SHOP-12 --follow\n",
  );
  await run("approve", "SHOP-12", "--as", "bob", "--commit", "c0ffee00");
  assert.deepEqual(posted(), ["/SHOP-12/approve", { commit: "c0ffee00", by: "bob" }]);
});

test("D6: approve tells that more have to, that the task is done, and what was decided before", async () => {
  const more = await run("approve", "SHOP-13");
  assert.equal(more.out, "Phase plan of SHOP-13 is pending. It waits for more who approve.\n");
  assert.equal(
    (await run("approve", "SHOP-14")).out,
    "Phase plan of SHOP-14 is approved. SHOP-14 is done.\n",
  );
  const late = await run("approve", "SHOP-15");
  assert.deepEqual([late.code, late.out], [REFUSED, ""]);
  assert.match(late.err, /phase plan of SHOP-15 was rejected by bob already/);
});

test("D6: reject has to say what has to change, and abort need not say why", async () => {
  assert.equal((await run("reject", "SHOP-12")).code, USAGE);
  const rejected = await run("reject", "SHOP-12", "--because", "think bigger");
  assert.deepEqual(posted(), ["/SHOP-12/reject", { because: "think bigger", by: "alice" }]);
  assert.match(rejected.out, /^Phase plan of SHOP-12 is rejected\. It goes on with phase plan; /);
  assert.equal(
    (await run("abort", "SHOP-12")).out,
    "Phase plan of SHOP-12 is aborted. SHOP-12 is cancelled.\n",
  );
  assert.deepEqual(posted(), ["/SHOP-12/abort", { by: "alice" }]);
});
