/** Somebody changes the text of a task: what it was is kept, whoever works on it is told, and what is over stays. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Commented, commented } from "../../../handlers/commands/comments.ts";
import { githubExample } from "../../../handlers/payloads.ts";

const edited = (changes: Readonly<Record<string, unknown>> = {}) =>
  githubExample("issues", 9, {
    action: "edited",
    changes: { body: { from: "before" } },
    "issue.number": 1,
    "issue.body": "the new text",
    "issue.updated_at": `at ${JSON.stringify(changes).length}`,
    ...changes,
  });

async function begun(t: Parameters<typeof commented>[0]): Promise<Commented> {
  const world = await commented(t);
  await world.comment("/agent", { "issue.body": "the old text", "issue.title": "Title" });
  return world;
}

const textOf = async ({ store }: Commented): Promise<readonly unknown[]> => {
  const task = await store.tasks.get("SHOP-1");
  return [task?.title, task?.body];
};

test("what a trusted person edits is the text from then on; the old one is kept, and the agent is told", async (t) => {
  const world = await begun(t);
  const both = { changes: { title: { from: "a" }, body: { from: "b" } }, "issue.title": "Other" };
  const heard = await world.hear("issues", edited(both));
  assert.equal(heard.status, "processed", heard.reason ?? "");
  assert.deepEqual(await textOf(world), ["Other", "the new text"]);
  const [revision] = await world.store.revisions.ofTask("SHOP-1");
  assert.deepEqual(
    [revision?.number, revision?.title, revision?.body, revision?.replacedBy],
    [1, "Title", "the old text", "Codertocat"],
  );
  const [said] = await world.store.approvals.unheard("SHOP-1");
  assert.match(said?.text ?? "", /^What is asked for was changed[\s\S]*Title: Other\n\nthe new text$/);
  const again = await world.hear("issues", edited(both));
  assert.match(again.reason ?? "", /already/);
});

test("a stranger's edit changes nothing: the text stays as it was when it was asked for", async (t) => {
  const world = await begun(t);
  const stranger = {
    "issue.author_association": "NONE",
    "sender.login": "mallory",
    "issue.user.login": "mallory",
  };
  const heard = await world.hear("issues", edited(stranger));
  assert.match(heard.reason ?? "", /^not trusted: mallory/);
  assert.deepEqual(await textOf(world), ["Title", "the old text"]);
  assert.deepEqual(await world.store.revisions.ofTask("SHOP-1"), []);
});

test("who mends the title does not bring in what a stranger has made of the text", async (t) => {
  const world = await begun(t);
  const title = { changes: { title: { from: "Title" } }, "issue.title": "Other", "issue.body": "evil" };
  assert.equal((await world.hear("issues", edited(title))).status, "processed");
  assert.deepEqual(await textOf(world), ["Other", "the old text"]);
});

test("a task that is over keeps the text that it was worked on by", async (t) => {
  const world = await begun(t);
  await world.comment("/agent stop");
  const heard = await world.hear("issues", edited());
  assert.match(heard.reason ?? "", /SHOP-1 is cancelled: its text stays/);
  assert.deepEqual(await textOf(world), ["Title", "the old text"]);
});
