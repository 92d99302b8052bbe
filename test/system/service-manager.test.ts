/** What is said to a service manager, and how. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogLine } from "../../system/log.ts";
import { managerWith } from "./heard-manager.ts";

test("without a service manager nothing is said, and none that watches somebody else is obeyed", async () => {
  const said: string[] = [];
  const quiet = managerWith({}, said);
  await quiet.ready();
  await quiet.watchdog();
  assert.deepEqual([said, quiet.isHeard, quiet.watchdogMs], [[], false, null]);
  const env = { NOTIFY_SOCKET: "/run/x", WATCHDOG_USEC: "30000000" };
  assert.equal(managerWith(env, said).watchdogMs, 30_000);
  assert.equal(managerWith({ ...env, WATCHDOG_PID: String(process.pid) }, said).watchdogMs, 30_000);
  assert.equal(managerWith({ ...env, WATCHDOG_PID: "1" }, said).watchdogMs, null);
  assert.equal(managerWith({ ...env, WATCHDOG_USEC: "0" }, said).watchdogMs, null);
});

test("what is said goes out one after the other, on one line, and a failure is logged once", async () => {
  const said: string[] = [];
  const lines: LogLine[] = [];
  const manager = managerWith({ NOTIFY_SOCKET: "/run/x" }, said, lines);
  const all = [manager.reloading(), manager.ready(), manager.status("2 running\nREADY=1")];
  await Promise.all(all);
  assert.deepEqual(said, ["RELOADING=1", "READY=1", "STATUS=2 running READY=1"]);
  assert.deepEqual(
    lines.map(({ event, reason }) => [event, reason]),
    [["notify.failed", "nobody there"]],
  );
});
