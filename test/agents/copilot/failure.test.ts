/** What GitHub Copilot CLI says about calls that failed. */

import assert from "node:assert/strict";
import test from "node:test";
import { failureOf } from "../expected.ts";
import { recording } from "../transcripts.ts";
import { concluded, ended, FOLDER, read, says, sessionError } from "./lines.ts";

test("A12: a usage limit is known by its name in the service's answer, with the moment of its reset", () => {
  const { terminal } = concluded("usage-limit");
  assert.ok(!terminal.ok);
  const said = new TextDecoder().decode(recording("usage-limit", FOLDER).stdout);
  const [, seconds] = [...said.matchAll(/resets_at\\":(\d+)/g)].at(-1) ?? [];
  assert.deepEqual([terminal.failure, terminal.resetAt], ["usage_limit", Number(seconds) * 1_000]);
});

test("A12: errors that were not recorded fall to the class that their name or status tells", () => {
  const judged = (...lines: readonly object[]): string => failureOf(read(...lines, ended(1)).terminal);
  assert.equal(judged(sessionError("authentication", "no")), "auth");
  assert.equal(judged(sessionError("authorization", "no")), "forbidden");
  assert.equal(judged(sessionError("query", "no", 402)), "billing");
  assert.equal(judged(sessionError("query", "no", 500)), "server_error");
  assert.equal(judged(sessionError("query", "no")), "agent_error");
  assert.equal(judged(), "agent_error");
  const transport = { type: "model.call_failure", data: { failureKind: "transport", errorMessage: '"no"' } };
  assert.equal(judged(transport, sessionError("query", "no")), "network");
  // What failed before the model answered is over.
  assert.equal(judged(transport, says("Hello"), sessionError("query", "no")), "agent_error");
});
