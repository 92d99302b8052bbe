/** The end of a run: written down once, with what follows from it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { concludeRun } from "../../../daemon/run/conclude.ts";
import { failure } from "../../../daemon/run/own-outcomes.ts";
import { scene } from "./scene.ts";

const DONE = {
  status: "succeeded",
  summary: "sorted",
  session: null,
  branch: "b",
  commit: "c0ffee",
} as const;

test("a success ends the task, and its worktree is put away; another end of the same run changes nothing", async (t) => {
  const { ports, claim, row, task, deeds, log, signal } = await scene(t, { as: "exited" });
  await concludeRun(ports, claim.run, DONE, signal);
  assert.deepEqual([(await row()).status, (await task()).status, deeds], ["succeeded", "done", ["remove"]]);
  await concludeRun(ports, claim.run, failure("interrupted", "too late", "lost"), signal);
  assert.equal((await row()).status, "succeeded");
  assert.deepEqual(
    log.lines.map(({ event, ...line }) => [event, line["status"]]),
    [["run.finished", "succeeded"]],
  );
});

test("the worktree of a project that has left the configuration stays, and the log says so", async (t) => {
  const { ports, claim, projects, deeds, log, signal } = await scene(t, { as: "exited" });
  projects.clear();
  await concludeRun(ports, claim.run, DONE, signal);
  assert.deepEqual(deeds, []);
  const line = log.lines.at(-1);
  assert.deepEqual([line?.event, line?.["task"]], ["worktree.kept", "SHOP-1"]);
});

test("an end that says this machine is short of something is told to the host, and the job is tried again", async (t) => {
  const { ports, claim, row, task, deeds, signal } = await scene(t, { as: "claimed" });
  await concludeRun(ports, claim.run, failure("host", "no memory left"), signal);
  assert.deepEqual(deeds, ["host failed: no memory left"]);
  assert.deepEqual([(await row()).status, (await task()).status], ["failed", "active"]);
});

test("an end that is true of one status only is not written down in another", async (t) => {
  const { ports, claim, row, signal } = await scene(t, { as: "running" });
  await concludeRun(ports, claim.run, failure("interrupted", "never began", "lost"), signal, "starting");
  assert.equal((await row()).status, "running");
});

test("a reason of any length is cut, and written down", async (t) => {
  const { ports, claim, row, signal } = await scene(t, { as: "exited" });
  await concludeRun(ports, claim.run, failure("interrupted", "x".repeat(100_000), "lost"), signal);
  const { reason, status } = await row();
  assert.equal(status, "lost");
  assert.match(reason ?? "", /^x{100,5000}$/);
});
