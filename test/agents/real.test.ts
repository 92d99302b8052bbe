/** The supervisor on real processes: one that works and ends, and one that is stopped and has left a stray. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import test, { type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { claude } from "../../agents/claude/claude.ts";
import type { Checkpoint } from "../../agents/supervision/checkpoint.ts";
import { type Supervised, supervise } from "../../agents/supervision/supervise.ts";
import { systemClock } from "../../system/clock.ts";
import { systemFiles } from "../../system/files.ts";
import { systemProcesses } from "../../system/process/linux.ts";
import { createWake } from "../../system/wake.ts";
import { markOf, RUN_MARK, type StopReason } from "../../workflow/run.ts";
import { NEW_RUN } from "./profile.ts";

const FIXTURE = fileURLToPath(new URL("../fixtures/claude/success.stdout", import.meta.url));
const clock = systemClock();
const processes = systemProcesses(clock);

/** Starts a shell script as an agent and supervises it; `seen` answers every report with a reason to stop, or none. */
async function run(
  t: TestContext,
  script: string,
  seen: (checkpoint: Checkpoint) => StopReason | null,
): Promise<Supervised> {
  const directory = mkdtempSync(`${tmpdir()}/chargehand-agents-`);
  const worktree = mkdtempSync(`${tmpdir()}/chargehand-worktree-`);
  const mark = markOf(directory);
  t.after(async () => {
    await processes.sweep("test", mark, worktree);
    for (const path of [directory, worktree]) rmSync(path, { recursive: true, force: true });
  });
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", [RUN_MARK]: directory };
  const spec = {
    argv: ["/bin/sh", "-c", script, "agent", FIXTURE],
    cwd: worktree,
    env,
    directory,
    stdin: null,
  };
  const result = await processes.launch("test", spec);
  assert.ok(result.kind === "launched");
  result.launched.release();
  const wake = createWake(clock);
  let reason: StopReason | null = null;
  const now = clock.now();
  const supervised = await supervise(
    {
      ...{ run: directory, identity: result.launched.identity, directory, worktree, backend: claude },
      ...{
        beginning: NEW_RUN,
        transcript: null,
        logOffset: 0,
        startedAt: now,
        activeAt: now,
        timeoutMs: 60_000,
      },
    },
    { clock, processes, files: systemFiles(), wake },
    {
      onProgress: async (report) => {
        reason = seen(report);
        wake.ring();
        return true;
      },
      stopAsked: () => reason,
      onStop: async () => true,
    },
    new AbortController().signal,
  );
  assert.equal(await processes.sweep("test", mark, worktree), 0, "nothing is left to sweep");
  return supervised;
}

test("A real process is read to its end, and its exit code is known", { timeout: 30_000 }, async (t) => {
  const result = await run(t, 'cat "$1"; exit 3', () => null);
  assert.ok(result.kind === "ended");
  assert.deepEqual(result.exit, { code: 3, signal: null, neverRan: false });
  assert.equal(result.stopped, null);
  assert.equal(result.transcript.usage[0]?.outputTokens, 154);
});

test("A real process is stopped by SIGINT, and the tool it started in a session of its own is swept", {
  timeout: 30_000,
}, async (t) => {
  const script = 'setsid sleep 300 & head -n 1 "$1"; exec sleep 300';
  const result = await run(t, script, ({ session }) => (session === null ? null : "cancelled"));
  assert.ok(result.kind === "ended");
  assert.equal(result.stopped, "cancelled");
  assert.deepEqual(result.exit, { code: null, signal: "SIGINT", neverRan: false });
});
