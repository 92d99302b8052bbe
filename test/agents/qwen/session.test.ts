/** What Qwen Code's own record of a session adds. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { qwen } from "../../../agents/qwen/qwen.ts";
import type { Usage } from "../../../workflow/run.ts";
import { sumOf } from "../expected.ts";
import { NEW_RUN } from "../profile.ts";
import { BEFORE } from "./lines.ts";

test("A16: its session file tells reasoning and every call of this run, and none of an earlier one", () => {
  const text = readFileSync(new URL("../../fixtures/qwen/session.jsonl", import.meta.url), "utf8");
  const { sessions } = qwen;
  assert.ok(sessions !== null);
  const usageSince = (since: string): readonly Usage[] =>
    sessions.read(qwen.begin(NEW_RUN), text, Date.parse(since)).usage;
  assert.deepEqual(usageSince("2026-11-21T05:23:00Z"), [BEFORE]);
  assert.deepEqual(sumOf(usageSince("2026-11-21T04:53:00Z")), [7036, 308, 20028, 0]);
  assert.deepEqual(usageSince("2026-11-22T00:00:00Z"), []);
  const place = { env: { HOME: "/home/a" }, cwd: "/srv/w/SHOP-1", session: "s" };
  const { root, folders } = sessions.where(place);
  assert.equal([root, ...folders].join("/"), "/home/a/.qwen/projects/-srv-w-SHOP-1/chats");
});
