/** What webhooks have lost, found by asking; and both ways at once, which have one effect. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, REPO, type Scene, scene } from "./scene.ts";

async function within(work: (it: Scene) => Promise<void>, setting: Parameters<typeof scene>[0] = {}) {
  const it = await scene(setting);
  try {
    await work(it);
  } finally {
    await it.close();
  }
}

test("A13: a label that no webhook has told becomes one task, by who has set it, and nothing more at later looks", () =>
  within(async (it) => {
    await it.look(0);
    it.github.people.open({ repo: REPO, by: "ada", title: "Fix the door" });
    it.github.people.label({ repo: REPO, by: "bob", number: 1, label: "agent" });
    await it.look();
    const [task, ...others] = await it.tasks();
    assert.equal(others.length, 0);
    assert.equal(task?.title, "Fix the door");
    const [first] = await it.deliveries();
    assert.equal(first?.status, "processed");
    assert.match(first?.deliveryId ?? "", /^reconcile:github:acme\/shop#1:labeled:agent:/);
    for (let n = 0; n < 3; n += 1) await it.look();
    assert.equal((await it.tasks()).length, 1);
    assert.equal((await it.deliveries()).length, 1);
    assert.deepEqual(it.github.violations, []);
  }));

test("A13: what a stranger has set starts nothing, and leaves a recorded reason", () =>
  within(async (it) => {
    await it.look(0);
    it.github.people.open({ repo: REPO, by: "mallory", title: "Mine bitcoins", labels: ["agent"] });
    await it.look();
    assert.deepEqual(await it.tasks(), []);
    const [one] = await it.deliveries();
    assert.equal(one?.status, "ignored");
    assert.match(one?.reason ?? "", /^not trusted: mallory/);
  }));

test("A13: commands in comments are found, by their authors, and what was said before the first look is left alone", () =>
  within(async (it) => {
    it.github.people.open({ repo: REPO, by: "ada", title: "Fix the door" });
    it.github.people.comment({ repo: REPO, by: "ada", number: 1, body: "/agent start too early" });
    await it.look(HOUR);
    it.clock.move(1_000);
    it.github.people.comment({ repo: REPO, by: "bob", number: 1, body: "just words" });
    it.github.people.comment({ repo: REPO, by: "mallory", number: 1, body: "/agent start me" });
    it.github.people.comment({ repo: REPO, by: "bob", number: 1, body: "/agent start and be quick" });
    await it.look();
    const tasks = await it.tasks();
    assert.equal(tasks.length, 1);
    const kinds = (await it.deliveries()).map(({ status, reason }) => reason ?? status).toSorted();
    assert.equal(kinds.length, 2);
    assert.match(kinds.join(), /not trusted: mallory.*processed/);
  }));

test("I2: a webhook and the reconciler that tell the same have one effect, whichever comes first", () =>
  within(async (it) => {
    it.hook();
    await it.look(0);
    const { people, courier } = it.github;
    people.open({ repo: REPO, by: "ada", title: "First the webhook", labels: ["agent"] });
    await it.settle();
    const before = (await it.deliveries()).length;
    await it.look();
    assert.equal((await it.tasks()).length, 1);
    assert.equal((await it.deliveries()).length, before, "what was told is not told again");
    courier.play({ delayMs: 200 });
    people.open({ repo: REPO, by: "ada", title: "First the look", labels: ["agent"] });
    people.comment({ repo: REPO, by: "mallory", number: 2, body: "/agent start" });
    people.comment({ repo: REPO, by: "bob", number: 2, body: "/agent say mind the paint" });
    await it.look();
    const outbox = (await it.store.outbox.list({ limit: 100, before: null })).items.length;
    await it.settle();
    assert.equal((await it.tasks()).length, 2);
    const said = await it.store.approvals.lastSaid("SHOP-2");
    assert.ok(said > 0);
    assert.equal((await it.store.outbox.list({ limit: 100, before: null })).items.length, outbox);
  }));

test("A13: what is closed is found, and ends its task; an old closing does not", () =>
  within(async (it) => {
    await it.look(0);
    const { people } = it.github;
    people.open({ repo: REPO, by: "ada", title: "Fix the door", labels: ["agent"] });
    await it.look();
    people.close({ repo: REPO, by: "ada", number: 1 });
    await it.look();
    assert.equal((await it.tasks())[0]?.status, "cancelled");
    people.comment({ repo: REPO, by: "bob", number: 1, body: "/agent start again" });
    await it.look(2 * HOUR);
    await it.look();
    people.comment({ repo: REPO, by: "bob", number: 1, body: "by the way" });
    await it.look();
    assert.equal((await it.tasks())[0]?.status, "active");
  }));

test("A quiet look is three calls at most, and none of them counts", () =>
  within(async (it) => {
    await it.look(0);
    it.github.people.open({ repo: REPO, by: "ada", title: "Fix the door", labels: ["agent"] });
    for (let n = 0; n < 4; n += 1) await it.look(HOUR / 2);
    const count = (): number => [...it.github.calls.values()].reduce((sum, one) => sum + one, 0);
    const before = count();
    await it.look();
    assert.ok(count() - before <= 3, `${count() - before} calls`);
  }));

test("A19, F8: what is done to pull requests, reviews and CI are found, and are one effect each", () =>
  within(
    async (it) => {
      const { people, ci } = it.github;
      await it.look(0);
      people.open({ repo: REPO, by: "ada", title: "Fix the door", labels: ["agent"] });
      await it.look();
      const commit = await people.push({ repo: REPO, by: "chargehand-bot", branch: "work/1", files: { a: "1" } });
      await published(it, "SHOP-1", "work/1", commit);
      const pull = await people.openPull({ repo: REPO, by: "bob", head: "work/1", base: "main", title: "Door" });
      await it.look();
      const name = { source: "github", repo: REPO, number: pull.number } as const;
      assert.equal((await it.store.pulls.get(name))?.status, "open", "one that a person has opened is taken up");
      people.review({ repo: REPO, by: "ada", number: pull.number, state: "CHANGES_REQUESTED", body: "more paint" });
      people.review({ repo: REPO, by: "mallory", number: pull.number, state: "APPROVED", body: "" });
      await it.look();
      const kinds = async () =>
        (await it.store.events.of(aboutTask("SHOP-1"), 0, 100)).map(({ kind }) => kind);
      assert.equal((await kinds()).filter((kind) => kind === "task.told").length, 1);
      const pushed = await people.push({ repo: REPO, by: "bob", branch: "work/1", files: { b: "2" } });
      await it.github.look();
      await it.look();
      assert.equal((await it.store.pulls.get(name))?.commit, pushed);
      assert.ok((await kinds()).includes("pull.pushed"));
      people.close({ repo: REPO, by: "ada", number: pull.number });
      await it.look();
      assert.equal((await it.store.pulls.get(name))?.status, "closed");
      assert.equal((await it.tasks())[0]?.status, "cancelled");
      const before = await it.deliveries();
      for (let n = 0; n < 3; n += 1) await it.look();
      it.restart();
      await it.look();
      assert.equal((await it.deliveries()).length, before.length, "nothing is told twice");
      assert.deepEqual(before.filter(({ status }) => status === "failed" || status === "received"), []);
      void ci;
    },
  ));
