/** What is made of a repository's webhooks, and of what was sent to ours. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeHooks, judgeSent, type Way } from "../../../../cli/doctor/checks/hooks.ts";
import type { Hook, SentHook } from "../../../../forges/ask.ts";

const URL_OF_OURS = "https://agents.example.org/webhooks/github";
const OURS: Hook = { id: "3", url: URL_OF_OURS, events: ["*"], isActive: true };
const PUBLIC = "https://agents.example.org";

const WAY: Way = { source: "github", publicUrl: PUBLIC, takesWebhooks: true, pollMs: null };

function judged(
  hooks: readonly Hook[],
  publicUrl: string | null = PUBLIC,
  way: Way = WAY,
): readonly string[] {
  const { findings } = judgeHooks({ kind: "ok", value: hooks }, "acme/shop", { ...way, publicUrl });
  return findings.map(({ status, says }) => `${status} ${says}`);
}

test("ours is the one that points at public_url; one switched off, or elsewhere, is told", () => {
  assert.deepEqual(judged([OURS]), [`ok the webhook of acme/shop points at ${URL_OF_OURS}`]);
  assert.match(judged([{ ...OURS, isActive: false }]).join(), /^fail .*switched off/);
  assert.match(
    judged([{ ...OURS, events: ["issues"] }]).join("\n"),
    /warn it does not send issue_comment, push/,
  );
  assert.match(
    judged([{ ...OURS, url: "https://old.example.org/webhooks/github" }]).join(),
    /^warn .*old\.example/,
  );
  assert.match(judged([]).join(), /^warn no webhook of acme\/shop points at https:/);
  assert.match(judged([], null).join(), /tasks begin by command alone/);
  assert.match(judged([OURS], null).join("\n"), /warn server\.public_url is not set/);
});

test("where it is asked no webhook is missed, and one that nothing proves is told", () => {
  const way: Way = { ...WAY, takesWebhooks: false, pollMs: 60_000 };
  const asked = ["ok acme/shop is asked every 1m what has happened: no webhook is needed"];
  const elsewhere = { ...OURS, url: "https://ci.example.org/hook" };
  assert.deepEqual(judged([], null, way), asked);
  assert.deepEqual(judged([elsewhere], PUBLIC, way), asked);
  const hidden = { kind: "refused", because: "permission", reason: "no" } as const;
  assert.equal(judgeHooks(hidden, "acme/shop", way).findings[0]?.status, "ok");
  assert.match(judged([OURS], null, way).join(), /^warn .*sources\.github has no secret/);
  assert.deepEqual(judged([OURS], PUBLIC, { ...way, takesWebhooks: true }), judged([OURS]));
});

test("a token that may not see webhooks is no failure, one that is refused is", () => {
  const of = (because: "missing" | "auth"): string | undefined =>
    judgeHooks({ kind: "refused", because, reason: "no" }, "acme/shop", WAY).findings[0]?.status;
  assert.deepEqual([of("missing"), of("auth")], ["warn", "fail"]);
});

function sent(guid: string, status: string, at: number, event = "issues"): SentHook {
  return { id: `${guid}${at}`, guid, at, event, isAgain: false, isGood: status.startsWith("2"), status };
}

test("a ping that came before the daemon is told as such, and counts as no delivery", () => {
  const judged = (...all: readonly SentHook[]): string =>
    judgeSent(all, 10)
      .map(({ status, says, remedy }) => `${status} ${says} ${remedy}`)
      .join();
  const [lost, refused] = [sent("p", "0 ECONNREFUSED", 1, "ping"), sent("p", "401 Unauthorized", 1, "ping")];
  assert.match(
    judged(lost),
    /^warn its ping has not arrived: 0 ECONNREFUSED if no daemon ran then, start it/,
  );
  assert.match(judged(refused), /^warn its ping was not taken: 401 .*its secret is another/);
  assert.match(judged(sent("p", "202 OK", 2, "ping"), lost), /^ok its ping was taken/);
  assert.match(judged(sent("a", "202 OK", 2), lost), /^ok 1 delivery was taken/);
});

test("a delivery that was sent again and taken has not failed; one that never was is told with its cause", () => {
  const good = [sent("a", "202 OK", 9), sent("a", "502 Bad Gateway", 5), sent("b", "202 OK", 4)];
  assert.deepEqual(
    judgeSent(good, 10).map(({ status, says }) => `${status} ${says}`),
    ["ok 2 deliveries were taken in the last day"],
  );
  const [bad] = judgeSent([...good, sent("c", "401 Unauthorized", 3)], 10);
  assert.match(
    `${bad?.status} ${bad?.says} ${bad?.remedy}`,
    /^warn 1 of 3 deliveries .*401.*its secret is another/,
  );
  assert.equal(judgeSent([], 10)[0]?.status, "ok");
});
