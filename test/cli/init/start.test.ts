/** The first task: a real daemon is left running, and one that runs is taken. */

import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "../../../system/clock.ts";
import { place } from "../commands/setup/place.ts";

test("the daemon that is started goes on by itself, and is taken for the next task", {
  timeout: 120_000,
}, async (t) => {
  const here = place(t);
  const file = here.write(
    "chargehand.yaml",
    `data_dir: data
server: { webhooks: { port: 0 }, admin: { port: 0 } }
isolation: none
agents: { developer: { backend: command, argv: [/bin/true] } }
projects: [{ name: shop, prefix: SHOP, clone_url: ./origin.git, base_branch: trunk, agent: developer }]
`,
  );
  const dataDir = join(here.folder, "data");
  const first = await here.first({ file, dataDir, project: "shop", title: "Fix the typo" });
  if (first.kind === "failed") assert.fail(first.message);
  const { daemon, key } = first.value;
  assert.equal(key, "SHOP-1");
  assert.ok(daemon !== null && daemon.pid > 0);
  assert.equal(statSync(daemon.log).mode & 0o777, 0o600);
  t.after(async () => {
    process.kill(daemon.pid);
    while (existsSync(join(dataDir, "daemon.json"))) await systemClock().sleep(50);
  });
  const second = await here.first({ file, dataDir, project: "shop", title: "Fix the other" });
  if (second.kind === "failed") assert.fail(second.message);
  assert.deepEqual([second.value.key, second.value.daemon], ["SHOP-2", null]);
  const doctor = await here.run(["doctor", "--config", file]);
  assert.match(doctor.out, new RegExp(`a daemon runs \\(pid ${daemon.pid}\\)`));
  assert.match(doctor.out, /the database has 2 tasks in .* and is sound/);
});
