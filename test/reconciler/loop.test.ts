/** What webhooks have lost, found by asking; and both ways at once, which have one effect. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { aboutTask } from "../../workflow/subject.ts";
import { HOUR, REPO, within } from "./scene.ts";

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
    people.comment({ repo: REPO, by: "bob", number: 1, body: "/agent say mind the paint" });
    people.comment({ repo: REPO, by: "mallory", number: 1, body: "/agent say mind me" });
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
    const twice = (await it.deliveries()).filter(({ reason }) => /has told this already$/.test(reason ?? ""));
    assert.equal(twice.length, 3, "the label and both comments");
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

test("R2: a daemon that dies between what it has found and its mark finds it again, and has one effect", () => {
  let isDown = true;
  return within(
    async (it) => {
      await it.look(0);
      for (const title of ["one", "two", "three"])
        it.github.people.open({ repo: REPO, by: "ada", title, labels: ["agent"] });
      await it.look();
      assert.equal((await it.tasks()).length, 1, "the door was shut after the first");
      const [standing] = it.reconciler().standings();
      assert.match(standing?.faults[0]?.reason ?? "", /cannot be stored now/);
      isDown = false;
      it.restart();
      await it.look();
      assert.equal((await it.tasks()).length, 3);
      assert.equal((await it.deliveries()).length, 3);
      assert.deepEqual(it.reconciler().standings()[0]?.faults, []);
    },
    {
      door: (record) => {
        let stored = 0;
        return (delivery) => {
          stored += 1;
          return isDown && stored > 1 ? Promise.resolve({ kind: "unavailable" }) : record(delivery);
        };
      },
    },
  );
});

for (const seed of [1, 2, 3])
  test(`R1: hosts that fail at random change nothing of the end, with and without webhooks (${seed})`, () =>
    within(async (it) => {
      if (seed === 3) it.hook();
      await it.look(0);
      const { people, faults, courier } = it.github;
      if (seed === 3) courier.play({ lost: 0.3, twice: 0.3, delayMs: 20, shuffled: true, seed });
      for (const title of ["one", "two", "three"])
        people.open({ repo: REPO, by: "ada", title, labels: ["agent"] });
      people.open({ repo: REPO, by: "ada", title: "four" });
      people.comment({ repo: REPO, by: "bob", number: 1, body: "/agent say mind the paint" });
      people.comment({ repo: REPO, by: "mallory", number: 4, body: "/agent start" });
      faults.play(
        [
          { kind: "500", odds: 0.2, times: 1_000 },
          { kind: "429", odds: 0.1, times: 1_000 },
          { kind: "reset", odds: 0.1, times: 1_000 },
          { kind: "502_after", odds: 0.1, times: 1_000 },
        ],
        seed,
      );
      for (let n = 0; n < 12; n += 1) await it.look(HOUR / 2);
      people.close({ repo: REPO, by: "ada", number: 2 });
      for (let n = 0; n < 8; n += 1) await it.look(HOUR / 2);
      faults.play([]);
      for (let n = 0; n < 4; n += 1) await it.look(HOUR);
      await it.settle();
      const tasks = (await it.tasks()).map(({ title, status }) => `${title} ${status}`).toSorted();
      assert.deepEqual(tasks, ["one active", "three active", "two cancelled"]);
      const told = (await it.store.events.of(aboutTask("SHOP-1"), 0, 100)).filter(
        ({ kind }) => kind === "task.told",
      );
      assert.equal(told.length, 1);
      assert.deepEqual(it.reconciler().standings()[0]?.faults, []);
    }));

test("A13: a deleted issue ends its task at the next full look, and a token that sees nothing any more ends none", () =>
  within(async (it) => {
    await it.look(0);
    const { people } = it.github;
    for (const title of ["one", "two"]) people.open({ repo: REPO, by: "ada", title, labels: ["agent"] });
    await it.look();
    people.delete({ repo: REPO, by: "ada", number: 1 });
    it.github.faults.play([{ kind: "503", call: "/issues\\?", times: 2 }]);
    await it.look(2 * HOUR);
    assert.equal((await it.tasks()).length, 2);
    await it.look(2 * HOUR);
    await it.look(2 * HOUR);
    const tasks = (await it.tasks()).map(({ title, status }) => `${title} ${status}`).toSorted();
    assert.deepEqual(tasks, ["one cancelled", "two active"]);
  }));
