/** What wants a person is told, and once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { EVERYTHING, type NewWideHold } from "../../workflow/hold.ts";
import { SENT, type Stage, stage } from "./stage.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const BROKEN: NewWideHold = {
  scope: "account",
  subject: "team",
  kind: "broken",
  reason: "the key was refused",
  remedy: "mend it, then: chargehand cooldown clear team",
  until: null,
};

async function hold(it: Stage, more: Partial<NewWideHold> = {}): Promise<void> {
  await it.store.holds.put({ ...BROKEN, ...more }, it.clock.now());
}

function messages(it: Stage): readonly unknown[] {
  return it.calls.map(({ payload }) => payload["message"]);
}

test("a broken account is told once for as long as it is broken, and again when it breaks again", async (t) => {
  const it = await stage(t);
  it.start();
  await hold(it);
  await it.pass(5_000);
  await hold(it, { reason: "the key was refused again" });
  for (let looks = 0; looks < 3; looks++) await it.pass(5_000);
  assert.deepEqual(messages(it), ["account team is closed"]);
  const [call] = it.calls;
  assert.deepEqual(
    [call?.kind, call?.subject, call?.payload["reason"], call?.payload["remedy"]],
    ["account.closed", { kind: "account", name: "team" }, BROKEN.reason, BROKEN.remedy],
  );
  await it.store.accounts.clear("team");
  await it.pass(5_000);
  await hold(it);
  await it.pass(5_000);
  assert.equal(it.calls.length, 2);
});

test("a daemon that starts anew does not tell again what was told", async (t) => {
  const it = await stage(t);
  await hold(it);
  const key = `account team broken ${it.clock.now()}`;
  const told = await it.store.events.notice({ kind: "account", name: "team" }, { kind: "k", key }, [], 1);
  assert.ok(told);
  it.start();
  await it.settle();
  assert.equal(it.calls.length, 0);
});

test("an agent profile that comes and goes is told once a day; a cooldown and a pause are nobody's business", async (t) => {
  const it = await stage(t);
  it.start();
  await hold(it, { kind: "cooldown", until: it.clock.now() + DAY });
  await hold(it, { scope: "project", subject: "shop", kind: "pause" });
  await hold(it, { scope: "all", subject: EVERYTHING, kind: "pause" });
  await hold(it, { scope: "agent", subject: "reviewer", until: it.clock.now() + MINUTE });
  await it.pass(5_000);
  await it.store.holds.clear("agent", "reviewer", "broken");
  await hold(it, { scope: "agent", subject: "reviewer", until: it.clock.now() + MINUTE });
  await it.pass(5_000);
  assert.deepEqual(messages(it), ["agent profile reviewer is closed"]);
  assert.deepEqual(it.calls[0]?.subject, { kind: "daemon", name: "box" });
  await it.pass(DAY);
  assert.equal(it.calls.length, 2);
});

test("a project that somebody has to open is told to those who hear of it", async (t) => {
  const it = await stage(t);
  it.add("webhook:mill", "h", async () => SENT);
  it.channels = [
    { target: "log", projects: null },
    { target: "webhook:mill", projects: ["mill"] },
  ];
  it.start();
  await hold(it, { scope: "project", subject: "shop" });
  await it.pass(5_000);
  assert.deepEqual(it.made, ["log project.closed"]);
});

test("a daemon that is closed as a whole until somebody acts is told to all, by the daemon", async (t) => {
  const it = await stage(t);
  it.start();
  await hold(it, { scope: "all", subject: EVERYTHING });
  await it.pass(5_000);
  const [call] = it.calls;
  assert.deepEqual(
    [call?.kind, call?.subject, call?.payload["project"], call?.payload["message"]],
    ["project.closed", { kind: "daemon", name: "box" }, null, "everything is closed"],
  );
});

test("trouble of this machine is told when it lasts a minute, once, and again when it comes back", async (t) => {
  const it = await stage(t);
  it.start();
  const trouble = {
    what: "start",
    message: "this machine cannot start agents",
    reason: "ENOSPC",
    remedy: null,
  };
  it.troubles = [trouble];
  for (let looks = 0; looks < 11; looks++) await it.pass(5_000);
  it.troubles = [];
  await it.pass(5_000);
  assert.equal(it.calls.length, 0, "it was over before");
  for (let times = 1; times <= 2; times++) {
    it.troubles = [trouble];
    for (let looks = 0; looks < 20; looks++) await it.pass(5_000);
    assert.deepEqual(
      messages(it),
      Array.from({ length: times }, () => trouble.message),
    );
    it.troubles = [];
    await it.pass(5_000);
  }
  assert.deepEqual([it.calls[0]?.kind, it.calls[0]?.payload["reason"]], ["host.trouble", "ENOSPC"]);
});

test("N3: what was given up is told once a day and target, and the notice of it is told no further", async (t) => {
  const it = await stage(t);
  it.start();
  await it.owe("webhook:gone", "a", "b");
  await it.settle();
  await it.owe("webhook:gone", "c");
  await it.settle();
  assert.deepEqual(messages(it), ["2 calls to the outside were given up: webhook:gone"]);
  const { items } = await it.store.outbox.list({ limit: 9, before: null, status: "sent", target: "log" });
  assert.equal(items.length, 1);
  await it.pass(DAY);
  await it.owe("webhook:gone", "d");
  await it.settle();
  assert.equal(messages(it).at(-1), "4 calls to the outside were given up: webhook:gone");
  assert.equal(it.calls.length, 2);
});

test("what an earlier daemon has given up without telling is told", async (t) => {
  const it = await stage(t);
  await it.owe("webhook:a", "a");
  await it.store.outbox.buryAll("restored", it.clock.now());
  it.start();
  await it.settle();
  assert.deepEqual(messages(it), ["1 call to the outside was given up: webhook:a"]);
});
