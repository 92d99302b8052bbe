/** What the files of a run tell of its set-up: how far it is, and why it has ended. */

import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { awaitSetup, isSettingUp, setupFailure } from "../../../agents/supervision/setting-up.ts";
import { systemClock } from "../../../system/clock.ts";
import { systemFiles } from "../../../system/files.ts";
import { LOG_BYTES_MAX } from "../../../workflow/limits.ts";

const IDENTITY = { pid: 1, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };
const NEVER_RAN = { code: 77, signal: null, neverRan: true };
const { door } = systemFiles();

function directory(t: TestContext, files: Readonly<Record<string, string>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), "chargehand-setting-up-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

test("the reason of a failed set-up is its last lines, as people see them", async (t) => {
  const said = Array.from({ length: 40 }, (_, n) => `line ${n}`).join("\n");
  const log = `${said}\n\u001b[31mnpm ERR!\u001b[0m gone\u202e\r\n\nset-up: ended with exit code 1: npm ci\n`;
  const path = directory(t, { "setup.sh": "", "setup.log": log, "setup.failed": "3\n" });
  const { failure, reason } = (await setupFailure(door, path, NEVER_RAN)) ?? assert.fail("no failure");
  assert.equal(failure, "setup");
  assert.match(
    reason,
    /^the set-up of its project failed: line 27 \/ .* \/ npm ERR! gone \/ set-up: ended with/,
  );
  writeFileSync(join(path, "setup.log"), `${"x".repeat(100_000)}\nthe end`);
  const long = (await setupFailure(door, path, NEVER_RAN))?.reason ?? "";
  assert.ok(long.length < 1_100 && long.endsWith("x / the end"), long.slice(-50));
});

test("a set-up that took too long says so", async (t) => {
  for (const status of ["124\n", "137\n"]) {
    const path = directory(t, { "setup.sh": "", "setup.log": "$ npm ci\n", "setup.failed": status });
    const failure = await setupFailure(door, path, NEVER_RAN);
    assert.deepEqual(
      [failure?.failure, failure?.reason],
      ["setup", "the set-up of its project took longer than its timeout: $ npm ci"],
    );
  }
});

test("a set-up that somebody has ended is an interruption", async (t) => {
  const path = directory(t, { "setup.sh": "", "setup.log": "" });
  const failure = await setupFailure(door, path, { code: null, signal: "SIGKILL", neverRan: true });
  assert.equal(failure?.failure, "interrupted");
});

test("I14: an agent that ran was not kept by a set-up, whatever lies in its run's folder", async (t) => {
  const files = { "setup.sh": "", "setup.log": "x", "setup.failed": "3\n" };
  const path = directory(t, files);
  assert.equal(await setupFailure(door, path, { code: 77, signal: null, neverRan: false }), null);
  assert.equal(await setupFailure(door, path, null), null);
  assert.equal(await setupFailure(door, directory(t), NEVER_RAN), null, "there is no set-up");
  assert.equal(await setupFailure(door, directory(t, { "setup.sh": "" }), NEVER_RAN), null, "gate closed");
  const done = directory(t, { "setup.sh": "", "setup.log": "", "setup.done": "" });
  assert.equal(await setupFailure(door, done, NEVER_RAN), null, "it had succeeded");
});

test("I14: what lies in the place of its log is not read", async (t) => {
  const path = directory(t, { "setup.sh": "", secret: "the secret", "setup.failed": "3\n" });
  symlinkSync("secret", join(path, "setup.log"));
  assert.equal(await setupFailure(door, path, NEVER_RAN), null);
});

/** Waits for the set-up of a process that ends when `end` is called. */
function waiting(path: string, isOver: () => boolean = () => false) {
  const left = new AbortController();
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const floods: string[] = [];
  const result = awaitSetup(
    { identity: IDENTITY, directory: path },
    { clock: systemClock(), processes: { ended: () => ended }, files: { door } },
    { isOver, onFlood: async () => void floods.push("flood") },
    left.signal,
  );
  return { result, end, leave: () => left.abort(), floods };
}

test("an agent begins when its set-up is done, whoever looks, and when", async (t) => {
  const path = directory(t, { "setup.sh": "", "setup.log": "" });
  assert.equal(isSettingUp(path), true);
  const { result } = waiting(path);
  writeFileSync(join(path, "setup.done"), "");
  utimesSync(join(path, "setup.done"), 1_700_000_000, 1_700_000_000);
  const at = await result;
  assert.ok(at !== null && at >= 1_700_000_000_000);
  assert.equal(await waiting(path).result, 1_700_000_000_000, "another daemon, later");
  assert.equal(isSettingUp(path), false);
});

test("a run without a set-up is not waited for", async (t) => {
  const path = directory(t);
  assert.equal(await waiting(path).result, null);
  assert.equal(isSettingUp(path), false);
});

test("the waiting ends with the process, with a shutdown, and when the run has to be stopped", async (t) => {
  const path = directory(t, { "setup.sh": "" });
  const gone = waiting(path);
  gone.end();
  assert.equal(await gone.result, null);
  const left = waiting(path);
  left.leave();
  assert.equal(await left.result, null);
  let late = false;
  const stopped = waiting(path, () => late);
  late = true;
  assert.equal(await stopped.result, null);
});

test("a set-up that fills the disk is told", async (t) => {
  const path = directory(t, { "setup.sh": "", "setup.log": "" });
  mkdirSync(join(path, "out"));
  truncateSync(join(path, "setup.log"), LOG_BYTES_MAX + 1);
  const flood = waiting(path);
  assert.equal(await flood.result, null);
  assert.deepEqual(flood.floods, ["flood"]);
});
