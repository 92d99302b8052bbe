/** `jobs`: what it asks for, and why each job waits. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chargehand, json, knowing, type ScriptedDaemon, scriptedDaemon } from "../scripted-daemon.ts";

const JOBS = {
  jobs: [
    {
      ...{ id: 8, task: "SHOP-13", project: "shop", phase: "work", agent: "developer", status: "held" },
      ...{ attempts: 1, transients: 2, interruptions: 0, reason: null, created_at: "2026-01-15T11:00:00Z" },
      holds: [
        {
          ...{ kind: "backoff", reason: "waits before the next try", remedy: "check clone_url" },
          until: "2026-01-15T12:04:00Z",
        },
      ],
    },
  ],
  counts: { queued: 0, held: 1, done: 14 },
  next_cursor: "8",
};

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /jobs": json(JOBS),
  });
});
after(() => daemon.close());

test("jobs tells counts by status, and each job with its tries, why it waits, and what can be done", async () => {
  const { out } = await chargehand(["jobs", "--project", "shop", "--task", "shop-13"], knowing(daemon), null);
  assert.equal(daemon.asked.at(-1)?.line, "GET /api/v1/jobs?project=shop&task=shop-13&limit=50");
  assert.match(out, /^all jobs: 1 held, 14 done$/m);
  assert.match(
    out,
    /^8 +SHOP-13 +held +developer +3 +waits before the next try \(in 4m\); check clone_url +1h ago$/m,
  );
  assert.match(out, /add --cursor 8/);
});
