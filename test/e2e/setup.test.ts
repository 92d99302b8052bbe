/** Projects with a set-up, in the whole daemon: with real git, with and without real sandboxes. */

import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NO_SANDBOX } from "../agents/sandbox/walled.ts";
import { DaemonProcess } from "./daemon-process.ts";
import { marked, runsOf, taskStatus, untilDone } from "./scene.ts";

/** A daemon whose project has this set-up, and whose agent runs this script. */
async function staged(
  isolation: "sandbox" | "none",
  setup: object,
  agent: string,
  work: (stage: DaemonProcess) => Promise<void>,
): Promise<void> {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const argv = JSON.stringify(["/bin/sh", "-c", agent]);
  // Its time limit is shorter than the set-ups below.
  const profile = `{ backend: command, argv: ${argv}, timeout: 5s, max_attempts: 1 }`;
  stage.configure({ argv: [], isolation, agent: profile });
  appendFileSync(stage.config, `    setup: ${JSON.stringify(setup)}\n`);
  try {
    await stage.start();
    await work(stage);
  } finally {
    await stage.close();
  }
}

for (const isolation of ["sandbox", "none"] as const) {
  const skip = isolation === "sandbox" && NO_SANDBOX;
  test(`${isolation}: a task finds what the last one's set-up has made, none of it is published, and a failure is told`, {
    skip,
  }, () => {
    const install = '[ -e deps/made ] || { mkdir deps; echo "$CHARGEHAND_TASK" > deps/made; }';
    const check = '[ ! -e "$CHARGEHAND_DATA/broken" ] || { echo "no such package: shelf" >&2; exit 4; }';
    const agent = `cp deps/made work.txt; echo poison > deps/made; date >> "$CHARGEHAND_DATA/seen"
      wc -l < "$CHARGEHAND_DATA/seen" > count.txt`;
    return staged(isolation, { run: [check, install], cache: ["deps"] }, agent, async (stage) => {
      for (const number of [1, 2]) {
        await stage.label(number);
        await untilDone(stage, `SHOP-${number}`);
      }
      const branch = "chargehand/SHOP-2-issue-2";
      assert.equal(stage.git(stage.remote, "show", `${branch}:work.txt`), "SHOP-1\n");
      assert.equal(stage.git(stage.remote, "show", `${branch}:count.txt`), "2\n", "it outlives its task");
      const files = stage.git(stage.remote, "ls-tree", "-r", "--name-only", branch);
      assert.deepEqual(files.trim().split("\n"), ["README.md", "count.txt", "work.txt"]);
      const [, second] = await runsOf(stage);
      const log = readFileSync(join(stage.dataDir, "runs", second?.id ?? "", "setup.log"), "utf8");
      assert.match(log, /^set-up: deps comes from the cache$/m);

      writeFileSync(join(stage.dataDir, "projects/shop/data/broken"), "");
      await stage.label(3);
      await stage.until("the run has failed", async () => (await runsOf(stage))[2]?.status === "failed");
      const run = (await runsOf(stage))[2];
      assert.equal(run?.failure_class, "setup");
      assert.match(
        run?.reason ?? "",
        /^the set-up of its project failed: .*no such package: shelf \/ .* exit code 4/,
      );
      assert.equal(
        existsSync(join(stage.dataDir, "worktrees/SHOP-3/work.txt")),
        false,
        "no agent was started",
      );
      assert.notEqual(await taskStatus(stage, "SHOP-3"), "failed", "it is tried again");
    });
  });
}

test("I6: a set-up outlives its daemon, the next one waits for it, and the agent has all its time", () => {
  // The walls have a /tmp of their own: the test speaks to the set-up by the folder that the project keeps.
  const run = `echo x >> "$CHARGEHAND_DATA/starts"
    while [ ! -e "$CHARGEHAND_DATA/go" ]; do sleep 0.05; done; sleep 6`;
  const isolation = NO_SANDBOX === false ? "sandbox" : "none";
  return staged(isolation, { run: [run], timeout: "5m" }, "echo worked > work.txt", async (stage) => {
    const kept = join(stage.dataDir, "projects/shop/data");
    await stage.label(4);
    await stage.until("the set-up works", () => existsSync(join(kept, "starts")));
    const [before] = await runsOf(stage);
    await stage.end("SIGKILL");
    await stage.start();
    writeFileSync(join(kept, "go"), "");
    await untilDone(stage, "SHOP-4");
    const [after, ...others] = await runsOf(stage);
    assert.deepEqual([after?.id, after?.pid, others], [before?.id, before?.pid, []]);
    assert.equal(after?.timeout_ms, 5_000, "the limit of the agent, since it began");
    assert.equal(readFileSync(join(kept, "starts"), "utf8"), "x\n");
  });
});

test("cancel ends a set-up, and leaves nothing of it", () =>
  staged("none", { run: ['echo $$ > "$CHARGEHAND_DATA/pid"; sleep 1000'] }, "true", async (stage) => {
    const pid = join(stage.dataDir, "projects/shop/data/pid");
    await stage.label(5);
    await stage.until("the set-up works", () => existsSync(pid) && readFileSync(pid, "utf8").endsWith("\n"));
    await stage.api("/api/v1/tasks/SHOP-5/cancel", "POST", { reason: "not needed" });
    await stage.until("the run is over", async () => (await runsOf(stage))[0]?.status === "killed");
    const [run] = await runsOf(stage);
    assert.equal(run?.failure_class, "cancelled");
    assert.deepEqual(marked(run?.id ?? ""), []);
  }));
