/** Blockers that change later hold a task that has not begun, and let it go: told by webhook, and found by asking. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, REPO, type Scene, within } from "../scene.ts";

/** By key, whether its job may be claimed, is held or is over. */
async function standing({ tasks, store }: Scene): Promise<readonly string[]> {
  const all = (await tasks()).map(async ({ key }) => {
    const [job] = await store.jobs.ofTask(key);
    return `${key} ${job?.status}`;
  });
  return (await Promise.all(all)).toSorted();
}

/** Two tasks, and how the second stands after each change. */
async function blockAndClose(it: Scene, heed: () => Promise<void>): Promise<void> {
  const { people } = it.github;
  const second = { repo: REPO, by: "ada", number: 2, on: { repo: REPO, number: 1 } };
  for (const title of ["Door", "Window"]) people.open({ repo: REPO, by: "ada", title, labels: ["agent"] });
  await heed();
  assert.deepEqual(await standing(it), ["SHOP-1 queued", "SHOP-2 queued"]);
  people.block(second);
  await heed();
  assert.deepEqual(await standing(it), ["SHOP-1 queued", "SHOP-2 held"]);
  people.block({ ...second, isBlocked: false });
  await heed();
  assert.deepEqual(await standing(it), ["SHOP-1 queued", "SHOP-2 queued"]);
  people.block(second);
  await heed();
  assert.deepEqual(await standing(it), ["SHOP-1 queued", "SHOP-2 held"]);
  people.close({ repo: REPO, by: "ada", number: 1 });
  await heed();
  assert.deepEqual(await standing(it), ["SHOP-1 cancelled", "SHOP-2 queued"]);
}

test("A9: told by webhooks, a blocker holds and lets go, and one that is closed lets go", () =>
  within(async (it) => {
    it.hook();
    await it.look(0);
    await blockAndClose(it, async () => {
      await it.settle();
      // GitHub's times are in whole seconds.
      it.clock.move(2_000);
    });
  }));

test("A9, A13: found by asking they do the same, and what has not changed is told once", () =>
  within(async (it) => {
    await it.look(0);
    await blockAndClose(it, () => it.look());
    const before = (await it.deliveries()).length;
    for (let n = 0; n < 3; n += 1) await it.look(HOUR);
    assert.equal((await it.deliveries()).length, before);
    assert.deepEqual(it.github.violations, []);
  }));

test("A blocker that was closed without anybody hearing of it lets go at the next full look, also after a restart", () =>
  within(async (it) => {
    const { people } = it.github;
    it.hook();
    await it.look(0);
    for (const title of ["Door", "Window"]) people.open({ repo: REPO, by: "ada", title, labels: ["agent"] });
    people.block({ repo: REPO, by: "ada", number: 2, on: { repo: REPO, number: 1 } });
    await it.settle();
    assert.deepEqual(await standing(it), ["SHOP-1 queued", "SHOP-2 held"]);
    await it.look(HOUR);
    it.github.world.repo(REPO).issues.get(2)?.blockedBy.clear();
    it.restart();
    await it.look(HOUR);
    assert.deepEqual(await standing(it), ["SHOP-1 queued", "SHOP-2 queued"]);
  }));
