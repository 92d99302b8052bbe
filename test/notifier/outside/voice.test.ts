/** A further account of a forge: its trouble is its own. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../../../forges/api/answer.ts";
import type { Remote } from "../../../forges/tell.ts";
import { voiceOf } from "../../../notifier/outside/voice.ts";

async function said(answer: Answer<Remote>): Promise<Answer<Remote>> {
  const forge = { review: async () => answer, reply: async () => answer };
  const voice = voiceOf(forge, "sources.github.accounts.reviewer");
  const thread = { comment: "1", mark: "m", text: "t" };
  const reply = await voice.reply("acme/shop", 7, thread);
  const review = await voice.review("acme/shop", 7, { commit: "c", said: "approved", mark: "m", text: "t" });
  assert.deepEqual(review, reply);
  return reply;
}

test("I16: neither a limit nor a wrong token of it keeps the calls of others waiting", async () => {
  const limited = await said({ kind: "retry", reason: "slow down", afterMs: 5, fault: "host" });
  assert.deepEqual(limited, { kind: "retry", reason: "slow down", afterMs: 5, fault: "call" });
  const wrong = await said({ kind: "refused", because: "auth", reason: "Bad credentials" });
  assert.ok(wrong.kind === "retry" && wrong.fault === "call" && wrong.afterMs >= 60_000);
  assert.match(
    wrong.reason,
    /Bad credentials .*put a token that is good into sources\.github\.accounts\.reviewer/,
  );
});

test("what it may not do is told by its name, and all else as it was answered", async () => {
  const refused = await said({ kind: "refused", because: "permission", reason: "no" });
  assert.deepEqual(refused, {
    kind: "refused",
    because: "permission",
    reason: "no (by sources.github.accounts.reviewer)",
  });
  for (const answer of [
    { kind: "ok", value: { id: "1", url: null } },
    { kind: "unreachable", reason: "gone", neverSent: true },
  ] as const)
    assert.deepEqual(await said(answer), answer);
});
