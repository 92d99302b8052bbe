/** Who pays for the runs of a profile. */

import assert from "node:assert/strict";
import test from "node:test";
import { accountsOf, isReachable } from "../../agents/accounts.ts";
import { PROFILE } from "./profile.ts";

test("A profile without accounts has the one of its backend, a command one of its own, and named ones stay in order", () => {
  assert.deepEqual(accountsOf(PROFILE), ["claude"]);
  assert.deepEqual(accountsOf({ ...PROFILE, backend: "command", name: "script" }), ["command:script"]);
  assert.deepEqual(accountsOf({ ...PROFILE, accounts: ["max", "spare"] }), ["max", "spare"]);
});

test("An account is reached if it is configured, or is the one by default; that of another backend is not", () => {
  const configured = new Map([["max", {}]]);
  assert.equal(isReachable(configured, PROFILE, "max"), true);
  assert.equal(isReachable(configured, PROFILE, "claude"), true);
  assert.equal(isReachable(configured, PROFILE, "codex"), false);
  assert.equal(
    isReachable(configured, { ...PROFILE, backend: "command", name: "script" }, "command:other"),
    false,
  );
});
