/** `ci`: what it posts, what it says, and what it does not understand. */

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

const [USAGE, NOT_FOUND] = [2, 4] as const;
const COMMIT = "ab".repeat(20);

function told(status: string, phases: readonly string[]): object {
  return {
    ...TASK,
    status: "active",
    phases: phases.map((phase) => ({ phase, role: "r", agent: "a", cycle: 1, status: "running" })),
    ci: [{ phase: "work", status, commit: COMMIT }],
  };
}

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "POST /tasks/SHOP-1/ci": json(told("pending", ["work"])),
    "POST /tasks/SHOP-2/ci": json(told("passed", ["work", "after"])),
    "POST /tasks/SHOP-3/ci": json({ ...TASK, key: "SHOP-3", ci: [] }),
    "POST /tasks/SHOP-4/ci": problem(404, "there is no task SHOP-4"),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> =>
  chargehand(["ci", ...args], { ...knowing(daemon), USER: "alice" });

test("checks are posted with who says it, and it is said what follows", async () => {
  const pending = await run(
    "SHOP-1",
    "--check",
    "a=b=success",
    "--check",
    "lint=failure",
    "--summary",
    "red",
  );
  assert.deepEqual([pending.code, pending.err], [0, ""]);
  assert.match(pending.out, /^Written down\. Phase work of SHOP-\d+ waits for more checks\./);
  assert.deepEqual(JSON.parse(daemon.asked.at(-1)?.body ?? ""), {
    checks: [
      { name: "a=b", status: "success", summary: "red" },
      { name: "lint", status: "failure", summary: "red" },
    ],
    by: "alice",
  });
  const other = await run("SHOP-1", "--check", "a=success", "--commit", "cd".repeat(20));
  assert.match(other.out, new RegExp(`waits for CI of another commit: ${COMMIT}`));
  const passed = await run("SHOP-2", "--check", "a=success", "--link", "https://ci.example/1");
  assert.match(passed.out, /^CI of phase work of SHOP-\d+ is passed\. It goes on with phase after\./);
  const { checks } = JSON.parse(daemon.asked.at(-1)?.body ?? "");
  assert.equal(checks[0].url, "https://ci.example/1");
  assert.match((await run("SHOP-3", "--check", "a=success")).out, /waits for no CI now/);
  assert.equal((await run("SHOP-4", "--check", "a=success")).code, NOT_FOUND);
});

test("what is no check is refused before anybody is asked", async () => {
  const before = daemon.asked.length;
  for (const args of [["SHOP-1"], ["SHOP-1", "--check", "test=green"], ["SHOP-1", "--check", "=success"]]) {
    const { code, err } = await run(...args);
    assert.equal(code, USAGE);
    assert.match(err, /check/);
  }
  assert.equal(daemon.asked.length, before);
});
