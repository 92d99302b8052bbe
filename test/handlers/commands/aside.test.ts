/** Commands in comments, from the delivery to what came of it: also those that change no task. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { doAside } from "../../../handlers/commands/aside.ts";
import type { Aside } from "../../../handlers/wish.ts";
import type { Workflow } from "../../../workflow/workflow.ts";
import { APPROVAL, artifact, PIPELINE, phase } from "../../workflow/decide/phases.ts";
import { asks } from "../../workflow/questions.ts";
import { NOW } from "../hand-moved.ts";
import { project } from "../project.ts";
import { type Commented, commented } from "./comments.ts";

const GATED: Workflow = { ...PIPELINE, phases: [phase("plan", { gate: APPROVAL }), phase("work")] };
const FOUND = { branch: null, commit: null, summary: null, session: "s1" } as const;

async function statusOf({ store }: Commented): Promise<string | undefined> {
  return (await store.tasks.get("SHOP-1"))?.status;
}

/** A task that waits for an approval of its plan. */
async function planned(world: Commented): Promise<void> {
  assert.equal((await world.comment("/agent")).status, "processed");
  await world.finish(await world.start(), {
    status: "succeeded",
    ...FOUND,
    artifact: artifact("good"),
  });
  assert.equal(await statusOf(world), "blocked");
}

test("a comment approves what is open, in the name of whoever wrote it, and only once", async (t) => {
  const world = await commented(t, { workflow: GATED });
  await planned(world);
  const early = { "comment.created_at": new Date(NOW - 600_000).toISOString() };
  const old = await world.comment("/agent approve", early);
  assert.deepEqual([old.status, old.task], ["ignored", "SHOP-1"]);
  assert.match(old.reason ?? "", /asks for another approval now than when that was said/);
  assert.equal((await world.comment("/agent approve looks good")).status, "processed");
  const [approval] = await world.store.approvals.ofTask("SHOP-1");
  assert.deepEqual(
    [approval?.status, approval?.decidedBy, approval?.decidedFrom, approval?.reason],
    ["approved", "Codertocat", "github", "looks good"],
  );
  assert.match((await world.comment("/agent approve")).reason ?? "", /was approved by Codertocat already/);
});

test("a rejection in a comment is feedback for whoever plays the phase again", async (t) => {
  const world = await commented(t, { workflow: GATED });
  await planned(world);
  assert.equal((await world.comment("/agent reject\n\n- no tests\n- too large")).status, "processed");
  assert.deepEqual(
    (await world.store.approvals.unheard("SHOP-1")).map(({ text }) => text),
    ["- no tests\n- too large"],
  );
  assert.equal(await statusOf(world), "active");
});

test("a question is answered by name, by number and by lines; a secret is refused, and where to say it is told", async (t) => {
  const world = await commented(t);
  await world.comment("/agent");
  const ask = async (form: Parameters<typeof asks>[0], hash: string): Promise<void> => {
    await world.finish(await world.start(), { status: "succeeded", ...FOUND, asks: asks(form, hash) });
    assert.equal(await statusOf(world), "blocked");
  };
  await ask({}, "a");
  assert.match((await world.comment("/agent answer huge")).reason ?? "", /size must be one of small, large/);
  assert.match(
    (await world.comment("/agent answer\ntoken: hunter2")).reason ?? "",
    /asks for a secret.*chargehand answer SHOP-1/,
  );
  assert.equal((await world.comment("/agent answer 2")).status, "processed");
  assert.deepEqual((await world.store.questions.ofTask("SHOP-1")).at(-1)?.answers, { size: "large" });
  await ask({}, "b");
  assert.equal((await world.comment("/agent answer\nsize: SMALL")).status, "processed");
  assert.deepEqual((await world.store.questions.ofTask("SHOP-1")).at(-1)?.answers, { size: "small" });
});

test("pause, resume, say and cancel do what they say", async (t) => {
  const world = await commented(t);
  await world.comment("/agent");
  assert.equal((await world.comment("/agent pause for 2h because of the release")).status, "processed");
  const paused = await world.store.tasks.get("SHOP-1");
  assert.deepEqual([paused?.status, paused?.pausedUntil], ["paused", NOW + 7_200_000]);
  assert.equal((await world.comment("/agent resume")).status, "processed");
  assert.equal((await world.comment("/agent say use tabs")).status, "processed");
  assert.deepEqual(
    (await world.store.approvals.unheard("SHOP-1")).map(({ text }) => text),
    ["use tabs"],
  );
  assert.equal((await world.comment("/agent stop not needed")).status, "processed");
  assert.match(
    (await world.store.tasks.get("SHOP-1"))?.reason ?? "",
    /^Codertocat asked for it: not needed$/,
  );
});

test("status and explain change nothing, and a freeze is put once, with its reason", async (t) => {
  const world = await commented(t);
  assert.match((await world.comment("/agent status")).reason ?? "", /no task here yet: \/agent start/);
  await world.comment("/agent");
  const before = await world.store.tasks.get("SHOP-1");
  for (const verb of ["status", "explain", "budget", "help"]) {
    const { status, reason } = await world.comment(`/agent ${verb}`);
    assert.deepEqual([verb, status, reason], [verb, "processed", null]);
  }
  const calls = (await world.store.outbox.list({ limit: 500, before: null })).items;
  const replies = calls.flatMap(({ kind, payload }) => (kind === "reply" ? [String(payload["text"])] : []));
  assert.equal(replies.length, 5, "of the four, and of the one before that was refused");
  assert.ok(replies.some((text) => text.includes("SHOP-1 is active")));
  assert.ok(replies.some((text) => text.includes("- `/agent reject reason` say what has to change")));
  assert.deepEqual(await world.store.tasks.get("SHOP-1"), before);
  assert.equal((await world.comment("/agent freeze main is red")).status, "processed");
  assert.match((await world.store.freezes.of("shop"))?.reason ?? "", /main is red/);
  assert.equal((await world.comment("/agent unfreeze")).status, "processed");
  assert.equal(await world.store.freezes.of("shop"), null);
});

test("a stranger's command does nothing, whatever it is, and the reason stands with the delivery", async (t) => {
  const world = await commented(t);
  await world.comment("/agent");
  const stranger = {
    "comment.author_association": "NONE",
    "sender.login": "mallory",
    "comment.user.login": "mallory",
  };
  for (const text of [
    "stop",
    "approve",
    "reject x",
    "answer x",
    "say x",
    "freeze",
    "status",
    "budget $5",
    "pause",
  ]) {
    const { status, reason } = await world.comment(`/agent ${text}`, stranger);
    assert.deepEqual([text, status], [text, "ignored"]);
    assert.match(reason ?? "", /^not trusted: mallory/);
  }
  assert.equal(await statusOf(world), "active");
});

test("what is shown stands in a block of code that nothing in it can end, and is bounded", async (t) => {
  const world = await commented(t);
  await world.comment("/agent", { "issue.title": "```` @all <b> \u202e", "issue.body": "x" });
  const { store, clock, log, app } = world;
  const aside: Aside = {
    kind: "aside",
    ...{ project: "shop", by: { kind: "github", name: "ada" }, key: "k", because: "command", why: null },
    ...{ target: { key: "SHOP-1" }, what: "status" },
  };
  const api = (request: Request, bindings: Parameters<typeof app.fetch>[1]) => app.fetch(request, bindings);
  const { isDone, task, text } = await doAside({ store, clock, log, api }, aside, project());
  assert.deepEqual([isDone, task], [true, "SHOP-1"]);
  const [fence = "", ...lines] = text.split("\n");
  assert.equal(fence, "`````text");
  assert.equal(lines.at(-1), "`````");
  assert.match(lines[0] ?? "", /^SHOP-1 ```` @all <b>/);
  assert.ok(text.length < 4_500);
});
