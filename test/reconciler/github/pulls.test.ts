/** Pull requests, their reviews and CI, found by asking alone. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { UNCHANGED } from "../../../workflow/decide/change.ts";
import { aboutTask } from "../../../workflow/subject.ts";
import { REPO, type Scene, within } from "../scene.ts";

const PULL = { source: "github", repo: REPO, number: 2 } as const;
const BRANCH = "work/1";
const MINUTE = 60_000;

/** A task whose work was published, as its run would have written it down. */
async function published(it: Scene): Promise<string> {
  const { people } = it.github;
  await it.look(0);
  people.open({ repo: REPO, by: "ada", title: "Fix the door", labels: ["agent"] });
  await it.look();
  const commit = await people.push({ repo: REPO, by: "chargehand-bot", branch: BRANCH, files: { a: "1" } });
  await write(it, commit);
  return commit;
}

async function write({ store, clock }: Scene, commit: string): Promise<void> {
  const base = (await store.tasks.get("SHOP-1")) ?? assert.fail();
  const task = { change: "keep", branch: BRANCH, commit } as const;
  assert.equal((await store.commit([{ ...UNCHANGED, base, task }], null, clock.now())).kind, "committed");
}

async function opened(it: Scene): Promise<void> {
  const { number } = await it.github.people.openPull({ repo: REPO, by: "bob", head: BRANCH, title: "Door" });
  assert.equal(number, PULL.number);
  await it.look();
}

async function kinds({ store }: Scene): Promise<readonly string[]> {
  return (await store.events.of(aboutTask("SHOP-1"), 0, 200)).map(({ kind }) => kind);
}

test("A19: one that a person has opened is taken up; reviews are heard once, those of strangers not", () =>
  within(async (it) => {
    await published(it);
    await opened(it);
    assert.equal((await it.store.pulls.get(PULL))?.status, "open");
    const { people } = it.github;
    people.requestChanges({ repo: REPO, by: "ada", number: 2, body: "more paint" });
    people.approve({ repo: REPO, by: "mallory", number: 2 });
    people.comment({ repo: REPO, by: "ada", number: 2, body: "and a handle, please" });
    await it.look();
    const reasons = (await it.deliveries()).map(
      ({ event, status, reason }) => `${event} ${reason ?? status}`,
    );
    assert.match(reasons.join("; "), /pull_request_review not trusted: mallory/);
    const before = await it.deliveries();
    it.restart();
    for (let n = 0; n < 3; n += 1) await it.look();
    assert.equal((await it.deliveries()).length, before.length, "nothing is told twice");
    const feedback = (await kinds(it)).filter((kind) => kind === "task.told");
    assert.equal(feedback.length, 2, (await kinds(it)).join());
  }));

test("A19: a review is found though the host fails behind the list that shows it, look after look", () =>
  within(async (it) => {
    await published(it);
    await opened(it);
    await it.look(2 * MINUTE);
    const { people, faults } = it.github;
    people.requestChanges({ repo: REPO, by: "ada", number: 2, body: "more paint" });
    // What is read before the pull request breaks off, until the list says that nothing has changed since.
    faults.play([
      { kind: "502", call: "/issues/comments", times: 1 },
      { kind: "503", call: "/pulls/", times: 4 },
    ]);
    for (let n = 0; n < 7; n += 1) await it.look(MINUTE);
    assert.equal(faults.struck, 5);
    assert.equal((await kinds(it)).filter((kind) => kind === "task.told").length, 1);
  }));

for (const way of ["told by webhook", "found by asking"])
  test(`G6: a review that is dismissed takes its vote back: ${way}`, () =>
    within(async (it) => {
      const commit = await published(it);
      await opened(it);
      const { people } = it.github;
      const base = (await it.store.tasks.get("SHOP-1")) ?? assert.fail();
      const ask = { change: "ask", seq: 1, phase: "work", artifact: null, commit, until: null } as const;
      await it.store.commit([{ ...UNCHANGED, base, task: { change: "keep" }, approvals: [ask] }], null, 1);
      const asked = (await it.store.approvals.newest("SHOP-1")) ?? assert.fail();
      const { id } = people.approve({ repo: REPO, by: "ada", number: 2 });
      await it.look();
      const voted = (await it.store.tasks.get("SHOP-1")) ?? assert.fail();
      const vote = { change: "vote", id: asked.id, by: "ada" } as const;
      await it.store.commit(
        [{ ...UNCHANGED, base: voted, task: { change: "keep" }, approvals: [vote] }],
        null,
        1,
      );
      const votes = async () => (await it.store.approvals.newest("SHOP-1"))?.votes;
      assert.deepEqual(await votes(), ["ada"]);
      if (way === "told by webhook") it.hook();
      people.dismissReview({ repo: REPO, by: "bob", number: 2, review: id });
      await (way === "told by webhook" ? it.settle() : it.look());
      assert.deepEqual(await votes(), []);
      const before = (await it.deliveries()).length;
      for (let n = 0; n < 2; n += 1) await it.look();
      assert.equal((await it.deliveries()).length, before, "it is told once");
    }));

test("G4: a push of others, closing, opening again and merging are found", () =>
  within(async (it) => {
    await published(it);
    await opened(it);
    const { people } = it.github;
    const pushed = await people.push({ repo: REPO, by: "bob", branch: BRANCH, files: { b: "2" } });
    await it.github.look();
    await it.look();
    assert.equal((await it.store.pulls.get(PULL))?.commit, pushed);
    await it.look();
    assert.equal((await kinds(it)).filter((kind) => kind === "pull.pushed").length, 1);
    await people.merge({ repo: REPO, by: "ada", number: 2 });
    await it.look();
    const row = await it.store.pulls.get(PULL);
    assert.equal(row?.status, "merged");
    assert.equal(row?.endedBy, "ada");
    assert.match(row?.mergedAs ?? "", /^[0-9a-f]{40}$/);
  }));

test("G4: closing ends the task; closed twice and opened between, all of it is found", () =>
  within(async (it) => {
    await published(it);
    await opened(it);
    const { people } = it.github;
    people.close({ repo: REPO, by: "ada", number: 2 });
    await it.look();
    assert.equal((await it.store.pulls.get(PULL))?.status, "closed");
    assert.equal((await it.tasks())[0]?.status, "cancelled");
    people.reopen({ repo: REPO, by: "ada", number: 2 });
    await it.look();
    assert.equal((await it.store.pulls.get(PULL))?.status, "open");
    people.close({ repo: REPO, by: "ada", number: 2 });
    await it.look();
    assert.equal((await it.store.pulls.get(PULL))?.status, "closed");
  }));

test("A18: what CI has said of an awaited commit is found, all of it at once, and once", () =>
  within(async (it) => {
    const commit = await published(it);
    const base = (await it.store.tasks.get("SHOP-1")) ?? assert.fail();
    const now = it.clock.now();
    const ask = { change: "ask", seq: 1, phase: "work", commit, until: now + 1e9, dueAt: now + 1e9 } as const;
    await it.store.commit([{ ...UNCHANGED, base, task: { change: "keep" }, ci: [ask] }], null, now);
    const checks = async () =>
      (await it.store.ci.checks("SHOP-1", commit)).map(({ name, status }) => `${name} ${status}`);
    await it.look();
    assert.deepEqual(await checks(), []);
    await it.github.ci.status({ repo: REPO, at: commit, state: "pending", context: "lint" });
    await it.look();
    assert.deepEqual(await checks(), ["lint pending"]);
    await it.github.ci.status({ repo: REPO, at: commit, state: "success", context: "lint" });
    await it.github.ci.run({
      repo: REPO,
      at: commit,
      jobs: [{ name: "test", conclusion: "failure", log: "E: no" }],
    });
    await it.look();
    assert.deepEqual(await checks(), ["lint success", "test failure"]);
    const before = (await it.deliveries()).length;
    for (let n = 0; n < 3; n += 1) await it.look();
    assert.equal((await it.deliveries()).length, before);
  }));
