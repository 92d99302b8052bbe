/** Approvals and questions answered from a chat: by buttons, by commands, by answers to messages. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ask } from "../../../../store/settle.ts";
import type { Form } from "../../../../workflow/phases/question.ts";
import type { Workflow } from "../../../../workflow/workflow.ts";
import { APPROVAL, artifact, PIPELINE, phase, starting } from "../../../workflow/decide/phases.ts";
import { asks, field } from "../../../workflow/questions.ts";
import { NOW } from "../../hand-moved.ts";
import { type Room, room } from "../room.ts";

const KEY = "SHOP-12";
const BOB = { person: { id: "4712", name: "whoever" } };
const FOUND = { status: "succeeded", branch: null, commit: null, summary: "planned", session: null } as const;

/** A task that asks for an approval, which is the number 1, in the message `tok`. */
async function gated(t: TestContext, gate = APPROVAL): Promise<Room> {
  const it = await room(t);
  const workflow: Workflow = { ...PIPELINE, phases: [phase("plan", { gate }), phase("work")] };
  assert.equal((await ask(it.store, [starting(workflow)], null, NOW)).kind, "done");
  await it.finish(await it.start(), { ...FOUND, artifact: artifact("good") });
  it.know("tok", "m7", { task: KEY, purpose: "card" });
  return it;
}

const approvals = async (it: Room) =>
  (await it.store.approvals.ofTask(KEY)).map(({ status, decidedBy, decidedFrom }) => [
    status,
    decidedBy,
    decidedFrom,
  ]);

test("a press approves once; a late one is told who and when, and changes nothing", async (t) => {
  const it = await gated(t);
  assert.equal((await it.press("tok", "approve.1")).delivery.status, "processed");
  it.clock.move(60_000);
  for (const action of ["approve.1", "reject.1", "abort.1"]) {
    const late = await it.press("tok", action, { ...BOB, text: "no" });
    assert.equal(late.delivery.status, "ignored");
    const when = new Date(NOW).toISOString();
    assert.match(late.text, new RegExp(`was approved by ada already[\\s\\S]*That was ${when}`));
    assert.equal(late.replies[0]?.isPrivate, true);
  }
  assert.deepEqual(await approvals(it), [["approved", "ada", "chat"]]);
});

test("who may approve goes by the name of the configuration, never by one that they have chosen", async (t) => {
  const it = await gated(t, { ...APPROVAL, approvers: ["bob"] });
  const wrong = await it.press("tok", "approve.1", { person: { id: "4711", name: "bob" } });
  assert.match(wrong.text, /ada may not answer here; those who may are bob/);
  assert.equal((await it.say(`/approve ${KEY}`, BOB)).delivery.status, "processed");
  assert.deepEqual(await approvals(it), [["approved", "bob", "chat"]]);
});

test("a rejection without words asks for them, and the answer to that reaches the next agent", async (t) => {
  const it = await gated(t);
  const { replies, text } = await it.press("tok", "reject.1");
  assert.match(text, /Answer this message with what has to change/);
  assert.deepEqual([replies[0]?.purpose, replies[0]?.task], ["reject.1", KEY]);
  assert.deepEqual(await approvals(it), [["pending", null, null]]);
  it.know("tok2", "m8", { task: KEY, purpose: "reject.1" });
  await it.say("think bigger", { replyTo: "m8" });
  const [said] = await it.store.approvals.unheard(KEY);
  assert.deepEqual([said?.by, said?.from, said?.text], ["ada", "chat", "think bigger"]);
  // The phase is played again, and asks for an approval of its own: the old button is for the old one.
  await it.finish(await it.start(), { ...FOUND, artifact: artifact("good", "cd".repeat(32)) });
  const old = await it.press("tok", "approve.1");
  assert.match(old.text, /asks for another approval now/);
  assert.deepEqual(
    (await approvals(it)).map(([status]) => status),
    ["rejected", "pending"],
  );
  assert.equal((await it.press("tok", "approve.2")).delivery.status, "processed");
});

test("words that come with the press, and the commands, reject and give up as well", async (t) => {
  const one = await gated(t);
  await one.press("tok", "reject.1", { text: "too small" });
  assert.deepEqual(await approvals(one), [["rejected", "ada", "chat"]]);
  const two = await gated(t);
  await two.say("/reject it is too small", { replyTo: "m7" });
  assert.deepEqual(await approvals(two), [["rejected", "ada", "chat"]]);
  const three = await gated(t);
  await three.say(`/abort ${KEY} no time`);
  assert.equal((await three.store.tasks.get(KEY))?.status, "cancelled");
});

test("a command in answer to what was asked is about exactly that, and not about what is asked since", async (t) => {
  for (const command of ["/approve", "/reject it is too small", "/abort", `/approve ${KEY}`]) {
    const it = await gated(t);
    it.know("ask", "m8", { task: KEY, purpose: "approval.1" });
    await it.press("tok", "reject.1", { text: "bigger" });
    await it.finish(await it.start(), { ...FOUND, artifact: artifact("good", "cd".repeat(32)) });
    assert.match((await it.say(command, { replyTo: "m8" })).text, /asks for another approval now/, command);
    assert.deepEqual(
      (await approvals(it)).map(([status]) => status),
      ["rejected", "pending"],
    );
    it.know("ask2", "m9", { task: KEY, purpose: "approval.2" });
    assert.equal((await it.say(command, { replyTo: "m9" })).delivery.status, "processed", command);
  }
  const it = await gated(t);
  it.know("ask", "m8", { task: "SHOP-1", purpose: "approval.99" });
  assert.equal(
    (await it.say(`/approve ${KEY}`, { replyTo: "m8" })).delivery.status,
    "processed",
    "another task's",
  );
});

async function asked(t: TestContext, form: Partial<Form> = {}): Promise<Room> {
  const it = await room(t);
  await it.newTask();
  await it.finish(await it.start(), { ...FOUND, session: "s1", asks: asks(form) });
  it.know("tok", "m7", { task: "SHOP-1", purpose: "card" });
  it.know("ask", "m8", { task: "SHOP-1", purpose: "answer.1" });
  return it;
}

const answers = async (it: Room) => (await it.store.questions.get(1))?.answers ?? null;

test("a choice is a button; the first one wins, and a late one is told who, what and when", async (t) => {
  const it = await asked(t);
  assert.match((await it.press("tok", "answer.1.7")).text, /no such choice/);
  assert.equal((await it.press("tok", "answer.1.1")).delivery.status, "processed");
  assert.deepEqual(await answers(it), { size: "large" });
  const late = await it.press("tok", "answer.1.0", BOB);
  assert.match(late.text, /was answered by ada already: size = large[\s\S]*That was 20/);
  assert.deepEqual(await answers(it), { size: "large" });
});

test("an answer to the question's message is its answer, and one to the card is feedback", async (t) => {
  const it = await asked(t, { fields: [field("why")] });
  const { replies } = await it.press("tok", "answer.1");
  assert.equal(replies[0]?.purpose, "answer.1");
  await it.say("by the way: hurry", { replyTo: "m7" });
  assert.equal(await answers(it), null);
  assert.equal((await it.store.approvals.unheard("SHOP-1"))[0]?.text, "by the way: hurry");
  await it.say("because it is red", { replyTo: "m8" });
  assert.deepEqual(await answers(it), { why: "because it is red" });
});

test("a command answers what is open; what is wrong with it is told", async (t) => {
  const it = await asked(t);
  const wrong = await it.say("/answer SHOP-1 huge");
  assert.match(wrong.text, /answers\.size must be one of small, large/);
  await it.say("/answer SHOP-1 SMALL");
  assert.deepEqual(await answers(it), { size: "small" });
});

test("an answer by command to a question's message is for that question alone", async (t) => {
  const it = await asked(t);
  it.know("old", "m9", { task: "SHOP-1", purpose: "question.99" });
  assert.equal((await it.say("/answer small", { replyTo: "m9" })).delivery.status, "ignored");
  assert.equal(await answers(it), null);
  it.know("now", "m10", { task: "SHOP-1", purpose: "question.1" });
  assert.equal((await it.say("/answer small", { replyTo: "m10" })).delivery.status, "processed");
  assert.deepEqual(await answers(it), { size: "small" });
});

test("a secret is taken by no chat, and it says where it is", async (t) => {
  for (const [form, text] of [
    [{ fields: [field("token", { type: "secret" })] }, "hunter2"],
    [{}, "token: hunter2"],
    [{ fields: [field("a"), field("token", { type: "secret" })] }, "a: 1\ntoken: hunter2"],
  ] as const) {
    const it = await asked(t, form);
    const said = await it.say(text, { replyTo: "m8" });
    assert.match(said.text, /no chat may see: answer it in a terminal \(chargehand answer SHOP-1\)/);
    assert.equal(await answers(it), null);
    assert.doesNotMatch(said.text, /hunter2/);
  }
});
