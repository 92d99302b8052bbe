/** Notices: what wants a person, as a call to nobody in particular. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { REASON_CHARS_MAX, TITLE_CHARS_MAX } from "../../workflow/limits.ts";
import { NOTICE_TARGET, NOTICES, noticeCall } from "../../workflow/outbox.ts";

const NOTICE = { kind: "task.failed", project: "shop", message: "m", reason: null, remedy: null } as const;

test("a notice is a call to whoever is told of notices", () => {
  assert.deepEqual(noticeCall({ ...NOTICE, title: "t", except: "log" }), {
    target: NOTICE_TARGET,
    kind: "task.failed",
    payload: { project: "shop", message: "m", title: "t", reason: null, remedy: null, except: "log" },
  });
});

test("its texts are as long as a person reads, and are text", () => {
  const long = `${"x".repeat(TITLE_CHARS_MAX - 1)}\u{1f600}${"y".repeat(REASON_CHARS_MAX)}`;
  const { payload } = noticeCall({ ...NOTICE, title: long, reason: long, remedy: long, message: long });
  assert.equal(String(payload["title"]).length, TITLE_CHARS_MAX);
  for (const name of ["reason", "remedy", "message"])
    assert.equal(String(payload[name]).length, REASON_CHARS_MAX);
  assert.ok(String(payload["title"]).isWellFormed());
});

test("docs/notify.md tells of every kind of notice, and of no other", async () => {
  const page = await readFile(new URL("../../docs/notify.md", import.meta.url), "utf8");
  const told = [...page.matchAll(/^\| `(\w+\.\w+)` \|/gm)].map(([, kind]) => kind);
  assert.deepEqual(new Set(told), new Set(Object.keys(NOTICES)));
});
