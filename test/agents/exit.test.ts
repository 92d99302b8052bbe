/** How a run ended as far as its exit record tells. */

import assert from "node:assert/strict";
import test from "node:test";
import { judgeExit, judgeNeverRan } from "../../agents/exit.ts";
import { SILENT_END } from "./profile.ts";

test("An exit code or a signal names the class, and the last line of stderr the reason", () => {
  const classOf = (exitCode: number | null, signal: string | null = null): string | null =>
    judgeExit({ ...SILENT_END, exitCode, signal })?.failure ?? null;
  assert.equal(classOf(0), null, "success is left to the backend");
  assert.equal(classOf(null), "crashed");
  assert.equal(classOf(null, "SIGSEGV"), "crashed");
  assert.equal(classOf(null, "SIGKILL"), "crashed");
  for (const asked of ["SIGHUP", "SIGINT", "SIGTERM"]) assert.equal(classOf(null, asked), "interrupted");
  for (const code of [129, 130, 143])
    assert.equal(classOf(code), "interrupted", "as a shell in between tells it");
  assert.equal(classOf(126), "program_missing");
  assert.equal(classOf(127), "program_missing");
  assert.equal(classOf(1), "agent_error");
  const told = judgeExit({ ...SILENT_END, exitCode: 3, stderrTail: "warning\nno disk left\n\n" });
  assert.equal(told?.reason, "the agent exited with code 3: no disk left");
});

test("What never ran was stopped by a closed start gate, or by what should have put it into a scope", () => {
  for (const exitCode of [null, 75])
    assert.equal(judgeNeverRan({ ...SILENT_END, exitCode, stderrTail: "no unit" }).failure, "interrupted");
  assert.equal(judgeNeverRan({ ...SILENT_END, exitCode: 1 }).failure, "interrupted");
  const scope = judgeNeverRan({ ...SILENT_END, exitCode: 1, stderrTail: "no unit" });
  assert.equal(scope.failure, "host");
  assert.match(scope.reason, /failed: no unit$/);
});
