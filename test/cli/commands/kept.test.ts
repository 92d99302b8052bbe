/** `kept`: what could not be published, and what a person does with it. */

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
} from "../scripted-daemon.ts";

const WORK = {
  ...{ id: 1, task: "SHOP-1", project: "shop", run: "r", name: "ci", status: "kept", commit: "c0ffee" },
  ...{ branch: "chargehand/SHOP-1-x", files: 2, reason: "it changes CI files", remedy: null },
  ...{ kept_at: "2020-01-01T00:00:00Z", until: "2999-01-01T00:00:00Z", told_at: null, finished_at: null },
};
const SHOWN = {
  ...WORK,
  commits: ["c0ffee Fix \u001b[31mit"],
  paths: ["M ci.yml"],
  is_cut: true,
  unreadable: null,
};

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /kept": json({ kept: [WORK], next_cursor: "7" }),
    "GET /kept/SHOP-1": json({ task: "SHOP-1", kept: [SHOWN] }),
    "GET /kept/SHOP-2": json({ task: "SHOP-2", kept: [] }),
    "POST /kept/SHOP-1/publish": json({ ...WORK, status: "published" }),
    "POST /kept/SHOP-1/drop": json({ ...WORK, status: "dropped" }),
    "POST /kept/SHOP-2/drop": problem(409, "ci of SHOP-2 is dropped already"),
    "POST /kept/SHOP-3/drop": problem(404, "nothing is kept of SHOP-3"),
    "POST /kept/SHOP-4/publish": problem(502, "git push failed"),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(["kept", ...args], knowing(daemon));

test("kept lists what could not be published, and why", async () => {
  const { out } = await run();
  assert.match(out, /^SHOP-1 +ci .*2 .*it changes CI files/m);
  assert.match(out, /add --cursor 7/);
  await run("list", "--task", "SHOP-2", "--status", "dropped");
  assert.equal(daemon.asked.at(-1)?.line, "GET /api/v1/kept?task=SHOP-2&status=dropped&limit=50");
});

test("kept show has commits and paths, safe for a terminal", async () => {
  const { out } = await run("show", "SHOP-1");
  assert.match(out, /^ {2}c0ffee Fix {1,2}\[31mit$/m);
  assert.match(out, /^ {2}M ci\.yml\n {2}…$/m);
  assert.doesNotMatch(out, /\u001b/);
  assert.equal((await run("show", "SHOP-2")).out, "Nothing was kept of SHOP-2.\n");
});

test("I15: kept publish and drop say what was pushed where, with the exit codes of their answers", async () => {
  const published = await run("publish", "SHOP-1", "--name", "ci");
  assert.equal(published.out, "ci of SHOP-1 was pushed to chargehand/SHOP-1-x (commit c0ffee, 2 files).\n");
  assert.deepEqual(daemon.asked.at(-1), { line: "POST /api/v1/kept/SHOP-1/publish", body: '{"name":"ci"}' });
  assert.equal((await run("drop", "SHOP-1")).out, "ci of SHOP-1 is dropped.\n");
  const codes = [await run("drop", "SHOP-2"), await run("drop", "SHOP-3"), await run("publish", "SHOP-4")];
  assert.deepEqual(
    codes.map(({ code }) => code),
    [5, 4, 1],
  );
  const { out } = await run("publish", "SHOP-1", "--json");
  assert.equal(JSON.parse(out).status, "published");
});
