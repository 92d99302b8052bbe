/** A notice becomes one call per channel that is to tell it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel } from "../../notifier/ports.ts";
import { callsOf } from "../../notifier/split.ts";
import { noticeCall } from "../../workflow/outbox.ts";
import { call, NOW } from "./calls.ts";

const CHANNELS: readonly Channel[] = [
  { target: "webhook:all", projects: null },
  { target: "webhook:shop", projects: ["shop", "till"] },
  { target: "webhook:mill", projects: ["mill"] },
];

function told(more: { readonly project?: string | null; readonly except?: string }, channels = CHANNELS) {
  const notice = { kind: "task.failed", project: "shop", message: "m", reason: "r", remedy: null } as const;
  let drawn = 0;
  return callsOf(call({ ...noticeCall({ ...notice, ...more }) }), channels, () => `id${++drawn}`);
}

test("each channel of the project has a call of its own, with an id of its own", () => {
  const calls = told({});
  assert.deepEqual(
    calls.map(({ target, kind, payload }) => [target, kind, payload["message_id"], payload["at"]]),
    [
      ["webhook:all", "task.failed", "id1", NOW],
      ["webhook:shop", "task.failed", "id2", NOW],
    ],
  );
  assert.equal(calls[0]?.payload["project"], "shop");
});

test("what concerns all projects is told everywhere", () => {
  assert.deepEqual(
    told({ project: null }).map(({ target }) => target),
    ["webhook:all", "webhook:shop", "webhook:mill"],
  );
});

test("a channel does not tell what is about itself; where no other is left, the log does", () => {
  const [all] = CHANNELS;
  assert.ok(all !== undefined);
  assert.deepEqual(
    told({ except: "webhook:all" }, [all]).map(({ target }) => target),
    ["log"],
  );
  assert.deepEqual(
    told({}, []).map(({ target }) => target),
    ["log"],
  );
  assert.equal(told({ except: "webhook:all" }, [all])[0]?.payload["except"], undefined);
});
