/** What GitHub Copilot CLI's own record of a session adds. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { copilot } from "../../../agents/copilot/copilot.ts";
import type { Usage } from "../../../workflow/run.ts";
import { sumOf } from "../expected.ts";
import { expectSessionToughness } from "../mangled.ts";
import { NEW_RUN } from "../profile.ts";

const RECORD = readFileSync(new URL("../../fixtures/copilot/session.jsonl", import.meta.url), "utf8");

expectSessionToughness(copilot, RECORD);

test("A16: its record of the session tells every call of this run, and none of an earlier one", () => {
  const { sessions } = copilot;
  assert.ok(sessions !== null);
  const since = (moment: string): readonly Usage[] =>
    sessions.read(copilot.begin(NEW_RUN), RECORD, Date.parse(moment)).usage;
  assert.deepEqual(sumOf(since("2026-11-21T05:00:00Z")), [3518, 154, 10014, 0]);
  assert.deepEqual(sumOf(since("2026-11-21T04:55:00Z")), [7036, 308, 20028, 0]);
  assert.deepEqual(since("2026-11-22T00:00:00Z"), []);
  const where = (env: Readonly<Record<string, string>>, session: string): string => {
    const { root, folders } = sessions.where({ env, cwd: "/w", session });
    return [root, ...folders].join("/");
  };
  assert.equal(where({ HOME: "/home/a" }, "b1de-39"), "/home/a/.copilot/session-state/b1de-39");
  assert.equal(where({ COPILOT_HOME: "/srv/c" }, "../../x"), "/srv/c/session-state/x");
});
